"""Stages 3 to 5: faults on purpose, and only where they are known to end."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import iam

from components.chaos.chaos_log import ALARM_ON_ACTIONS, ChaosLog, ChaosLogArgs, log_group
from components.chaos.chaos_permissions import fault_permissions, fis_trust, halt_permissions, runner_permissions
from components.chaos.experiment import Experiment, ExperimentArgs
from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.fault_kinds import fault_kinds
from components.chaos.pipeline_alarm import ALARM as ALARM_ON_PIPELINE
from components.chaos.pipeline_alarm import PipelineAlarm, PipelineAlarmArgs
from components.chaos.rollback_permissions import rollback_permissions
from components.chaos.scheduled_start import scheduled_start
from components.chaos.score_alarm import ALARM as ALARM_ON_SCORE
from components.chaos.score_alarm import STAGE as SCORE_STAGE
from components.chaos.score_alarm import ScoreAlarm, ScoreAlarmArgs
from components.chaos.state_machine.ordering import SuiteMachinesArgs
from components.chaos.state_machine.suite_machines import SuiteMachines
from components.chaos.watched_versions import watched_versions
from components.late import late
from components.observability.notifications import TOPIC
from components.observability.run_markers import RunMarkers
from components.roles import account_trust, role
from components.settings import Settings
from contract import experiments, rollback, terms
from contract.suites import Suite

STAGE = 3


@dataclass(frozen=True, kw_only=True)
class ChaosArgs:
    """The stack's settings, its experiments with the stage that brought each, and what earlier stages made."""

    settings: Settings
    experiments: tuple[tuple[int, ExperimentSpec], ...]
    topic_arn: pulumi.Input[str]
    records_table: str
    suites: tuple[Suite, ...] = ()


def lacks(spec: ExperimentSpec, settings: Settings) -> str | None:
    """The part of the workload that an experiment needs and the stack does not have; None when all is there."""
    lacking = fault_kinds()[spec.fault.kind].lacks(settings)
    if lacking is not None:
        return lacking
    expected = (expectation.probe for expectation in spec.hypothesis.expectations)
    probes = (*spec.hypothesis.probes, *expected, *spec.evidence)
    return next((part for probe in probes if (part := probe.lacks(settings)) is not None), None)


def run_markers(settings: Settings, experiments: tuple[tuple[int, ExperimentSpec], ...]) -> RunMarkers:
    """What runs of these experiments leave to be shown: none without one that is possible here."""
    possible = [spec for _, spec in experiments if lacks(spec, settings) is None]
    if not possible:
        return RunMarkers()
    planned = settings.chaos.starter == "pipeline" and any(spec.schedule for spec in possible)
    scored = settings.goals.score_below is not None and settings.stage >= SCORE_STAGE
    alarms = [(ALARM_ON_PIPELINE, planned), (ALARM_ON_SCORE, scored), (ALARM_ON_ACTIONS, True)]
    return RunMarkers(
        log_group=log_group(settings.place), alarms=tuple(role_name for role_name, there in alarms if there)
    )


class Chaos(pulumi.ComponentResource):
    """Templates with a role of their own for each kind, their log and alerts, and the roles of those who run them."""

    document: experiments.Chaos

    def __init__(self, name: str, args: ChaosArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:chaos:Chaos", name, None, opts)
        self._prefix, self._args, self._settings = name, args, args.settings
        self._child = pulumi.ResourceOptions(parent=self)
        self._roles: dict[str, iam.Role] = {}
        # Without a template nothing writes into a log, and its metric and alarm would be paid for nothing.
        log = self._log() if self._possible else None
        runner, halt = self._runner_role(), self._halt_role()
        owner = f"{pulumi.get_project()}-{pulumi.get_stack()}"
        made = [self._experiment(stage, spec, log.group_name, owner) for stage, spec in self._possible] if log else []
        watched = run_markers(args.settings, args.experiments).alarms
        if ALARM_ON_SCORE in watched:
            self._watch_score()
        if log:
            log.tell_changes([experiment.template_id for experiment in made])
        if ALARM_ON_PIPELINE in watched:
            self._pipeline_alarm()
        self.document = experiments.Chaos(
            owner=owner,
            monthly_budget_usd=str(self._settings.chaos.monthly_budget),
            confirm=self._settings.chaos.confirm,
            starter=self._settings.chaos.starter,
            timezone=self._settings.chaos.timezone,
            window=self._window(),
            freezes=tuple(terms.Freeze(first=held.first, last=held.last) for held in self._settings.chaos.freezes),
            runner_role=late(runner.arn),
            halt_role=late(halt.arn),
            experiments=tuple(experiment.document for experiment in made),
            suites=self._args.suites,
            versions=watched_versions(self._settings),
            rollback=self._rollback(),
            state_machines=self._machines(tuple(held.document for held in made), owner),
        )
        self.register_outputs({"log_group": log and log.group_name})

    @property
    def _possible(self) -> list[tuple[int, ExperimentSpec]]:
        return [(stage, spec) for stage, spec in self._args.experiments if lacks(spec, self._settings) is None]

    def _watch_score(self) -> None:
        settings, below = self._settings, self._settings.goals.score_below
        assert below is not None, "nobody asks for an alarm without a limit"
        ScoreAlarm(
            f"{self._prefix}-score",
            ScoreAlarmArgs(
                place=settings.place, below=below, namespace=settings.namespace, topic_arn=self._args.topic_arn
            ),
            self._child,
        )

    def _log(self) -> ChaosLog:
        settings = self._settings
        return ChaosLog(
            f"{self._prefix}-log",
            ChaosLogArgs(
                place=settings.place,
                stage=STAGE,
                retention_days=settings.log_retention_days,
                namespace=settings.namespace,
                topic_arn=self._args.topic_arn,
            ),
            self._child,
        )

    def _machines(self, made: tuple[experiments.Experiment, ...], owner: str) -> tuple[experiments.StateMachine, ...]:
        if not self._settings.chaos.state_machines:
            return ()
        args = SuiteMachinesArgs(
            settings=self._settings,
            stage=STAGE,
            suites=self._args.suites,
            experiments=made,
            records_table=self._args.records_table,
            owner=owner,
        )
        return SuiteMachines(f"{self._prefix}-suites", args, self._child).documents

    def _pipeline_alarm(self) -> None:
        settings = self._settings
        PipelineAlarm(
            f"{self._prefix}-pipeline",
            PipelineAlarmArgs(
                place=settings.place, stage=STAGE, namespace=settings.namespace, topic_arn=self._args.topic_arn
            ),
            self._child,
        )

    def _experiment(self, stage: int, spec: ExperimentSpec, log_group: str, owner: str) -> Experiment:
        settings, kind = self._settings, spec.fault.kind
        fault = spec.ordered_fault(settings)
        name, beside = f"chaos-{kind}", fault_kinds()[kind].beside
        if kind not in self._roles:
            if beside is not None:
                beside(self._prefix, settings.place, stage, self._child)
            self._roles[kind] = role(
                f"{self._prefix}-role-{kind}",
                settings.place,
                role_name=name,
                stage=stage,
                trust=fis_trust(settings.place),
                statements=fault_permissions(fault),
                parent=self,
            )
        return Experiment(
            f"{self._prefix}-{spec.name}",
            ExperimentArgs(
                settings=settings,
                stage=stage,
                spec=spec,
                fault=fault,
                role=self._roles[kind],
                role_arn=settings.place.global_arn("iam", f"role/{settings.place.name(name)}"),
                log_group=log_group,
                owner=owner,
            ),
            self._child,
        )

    def _runner_role(self) -> iam.Role:
        settings = self._settings
        return role(
            f"{self._prefix}-runner",
            settings.place,
            role_name="runner-chaos",
            stage=STAGE,
            trust=account_trust(settings.place, settings.trusted.chaos),
            statements=runner_permissions(settings, self._args.records_table),
            parent=self,
        )

    def _halt_role(self) -> iam.Role:
        settings = self._settings
        starts = [spec.name for _, spec in self._possible if scheduled_start(spec, settings.chaos) is not None]
        return role(
            f"{self._prefix}-halt",
            settings.place,
            role_name="chaos-halt",
            stage=STAGE,
            trust=account_trust(settings.place, settings.trusted.halt),
            statements=halt_permissions(settings, self._args.records_table, starts),
            parent=self,
        )

    def _rollback(self) -> rollback.Rollback | None:
        """The role of those who roll back, only where somebody has switched that on."""
        settings, asked = self._settings, self._settings.chaos.rollback
        if asked is None:
            return None
        place = settings.place
        topic = place.arn("sns", place.name(TOPIC))
        made = role(
            f"{self._prefix}-rollback",
            place,
            role_name="rollback",
            stage=STAGE,
            trust=account_trust(place, settings.trusted.rollback),
            statements=rollback_permissions(place, asked.targets, topic, self._args.records_table),
            parent=self,
        )
        return rollback.Rollback(
            role=late(made.arn),
            topic_arn=topic,
            holds=rollback.holds_path(place.environment),
            hold_hours=asked.hold_hours,
        )

    def _window(self) -> terms.Window | None:
        window = self._settings.chaos.window
        if window is None:
            return None
        return terms.Window(timezone=window.timezone, days=window.days, opens=window.opens, closes=window.closes)
