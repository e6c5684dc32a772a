"""One experiment: its FIS template, and the schedule that starts it if FIS is to be started without a runner."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, fis, iam, scheduler

from components.chaos.chaos_permissions import start_permissions, starter_role
from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.fault import Fault
from components.chaos.mute_plan import MutePlan, mute_plan
from components.chaos.scheduled_start import scheduled_start
from components.chaos.template_content import actions, content, targets
from components.chaos_settings import USD_PER_ACTION_MINUTE
from components.late import late
from components.observability.critical_signals import critical_signals
from components.roles import role, service_trust
from components.settings import Settings
from contract import experiments, schedule_tag
from contract.fingerprint import fingerprint
from contract.names import RUN_OWNER_TAG

# The least that Scheduler takes.
_GIVEN_UP_AFTER_SECONDS = 60
_START = "arn:aws:scheduler:::aws-sdk:fis:startExperiment"


@dataclass(frozen=True, kw_only=True)
class ExperimentArgs:
    """What runs, in which role of FIS, and where it is logged."""

    settings: Settings
    stage: int
    spec: ExperimentSpec
    fault: Fault
    role: iam.Role
    role_arn: str
    log_group: str
    owner: str


class Experiment(pulumi.ComponentResource):
    """A template whose content is known at preview, so that the gate can judge it and runners can recognise it."""

    document: experiments.Experiment
    template_id: pulumi.Output[str]

    def __init__(self, name: str, args: ExperimentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:chaos:Experiment", name, None, opts)
        self._args, self._place, self._name = args, args.settings.place, name
        self._content = content(args.spec, args.fault, self._place, args.role_arn, args.log_group)
        template = self._template()
        self.template_id = template.id
        self._start = scheduled_start(args.spec, args.settings.chaos)
        if self._start is not None:
            self._schedule(template, self._start)
        plan = mute_plan(args.spec, args.settings.chaos)
        self.document = self._document(template, None if plan is None else self._mute(plan))
        self.register_outputs({"template_id": template.id})

    def _template(self) -> fis.ExperimentTemplate:
        args, held = self._args, self._content
        tags = {**self._place.tags(args.stage), "Name": self._place.name(args.spec.name)}
        if args.spec.schedule and args.settings.chaos.starter == "pipeline":
            tags[schedule_tag.TAG] = schedule_tag.written(args.spec.schedule)
        log = held["logConfiguration"]["cloudWatchLogsConfiguration"]["logGroupArn"]
        return fis.ExperimentTemplate(
            f"{self._name}-template",
            description=args.spec.description,
            role_arn=args.role.arn,
            actions=actions(held),
            targets=targets(held),
            stop_conditions=[
                fis.ExperimentTemplateStopConditionArgs(source=stop["source"], value=stop["value"])
                for stop in held["stopConditions"]
            ],
            log_configuration=fis.ExperimentTemplateLogConfigurationArgs(
                log_schema_version=2,
                cloudwatch_logs_configuration=fis.ExperimentTemplateLogConfigurationCloudwatchLogsConfigurationArgs(
                    log_group_arn=log
                ),
            ),
            experiment_options=fis.ExperimentTemplateExperimentOptionsArgs(
                account_targeting="single-account", empty_target_resolution_mode="fail"
            ),
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _schedule(self, template: fis.ExperimentTemplate, expression: str) -> None:
        """Starts FIS without a runner: the stop condition watches, nobody judges.

        A start that fails is given up: Scheduler's own choice is 185 attempts in a day, at any hour of it.
        """
        place, spec = self._place, self._args.spec
        starter = role(
            f"{self._name}-starter",
            place,
            role_name=starter_role(spec.name),
            stage=self._args.stage,
            trust=service_trust(place, "scheduler"),
            statements=start_permissions(place),
            parent=self,
        )
        tags = {RUN_OWNER_TAG: self._args.owner}
        request = template.id.apply(
            lambda id_: json.dumps(
                {"ClientToken": "<aws.scheduler.execution-id>", "ExperimentTemplateId": id_, "Tags": tags}
            )
        )
        scheduler.Schedule(
            f"{self._name}-schedule",
            name=place.name(spec.name),
            description=spec.description,
            schedule_expression=expression,
            schedule_expression_timezone=self._args.settings.chaos.timezone,
            flexible_time_window=scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
            target=scheduler.ScheduleTargetArgs(
                arn=_START.replace("arn:aws:", f"arn:{place.partition}:"),
                role_arn=starter.arn,
                input=request,
                retry_policy=scheduler.ScheduleTargetRetryPolicyArgs(
                    maximum_retry_attempts=0, maximum_event_age_in_seconds=_GIVEN_UP_AFTER_SECONDS
                ),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _mute(self, plan: MutePlan) -> str | None:
        """Holds back the notifications of the expected alarms at the planned times; AWS refuses alarms that lack."""
        place, spec = self._place, self._args.spec
        there = {alarm.signal for alarm in critical_signals(self._args.settings)}
        alarms = [place.name(signal) for signal in plan.signals if signal in there]
        if not alarms:
            return None
        name = place.name(f"mute-{spec.name}")
        cloudwatch.AlarmMuteRule(
            f"{self._name}-mute",
            name=name,
            description=f"Planned runs of {spec.name}: the alarms that it expects page nobody.",
            mute_targets=cloudwatch.AlarmMuteRuleMuteTargetsArgs(alarm_names=alarms),
            rule=cloudwatch.AlarmMuteRuleRuleArgs(
                schedule=cloudwatch.AlarmMuteRuleRuleScheduleArgs(
                    expression=plan.expression, duration=f"PT{plan.minutes}M", timezone=plan.timezone
                )
            ),
            tags=place.tags(self._args.stage),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return name

    def _document(self, template: fis.ExperimentTemplate, mute_rule: str | None) -> experiments.Experiment:
        spec, fault, place = self._args.spec, self._args.fault, self._place
        return experiments.Experiment(
            name=spec.name,
            kind=spec.fault.kind,
            category=spec.category,
            description=spec.description,
            template_id=late(template.id),
            template_sha256=fingerprint(self._content),
            role_arn=self._args.role_arn,
            duration_seconds=fault.seconds,
            action_minutes=fault.action_minutes,
            usd_per_run=f"{fault.action_minutes * USD_PER_ACTION_MINUTE:.2f}",
            schedule=spec.schedule,
            schedule_name=None if self._start is None else place.name(spec.name),
            blast_radius=_blast_radius(spec, fault),
            hypothesis=spec.hypothesis.document(self._args.settings),
            evidence=tuple(probe.document(self._args.settings) for probe in spec.evidence),
            expected_alarms=tuple(place.name(signal) for signal in spec.expected_alarms),
            stop_alarms=tuple(place.name(signal) for signal in spec.stop_alarms),
            mute_rule=mute_rule,
            perturbed_metrics=fault.perturbed_metrics,
            load=spec.load,
            weight=str(spec.weight),
            required=spec.required,
            allow_outage=spec.allow_outage,
            needs_recovery_point=spec.needs_recovery_point or fault.connections is not None,
            undo=fault.undo,
        )


def _blast_radius(spec: ExperimentSpec, fault: Fault) -> experiments.BlastRadius:
    return experiments.BlastRadius(
        resource_type=fault.resource_type,
        wanted=fault.wanted or spec.targets.count,
        tags=dict(fault.tags),
        group_kind=fault.group_kind,
        group=fault.group,
        most=spec.targets.most,
        most_percent=spec.targets.most_percent,
        min_healthy=spec.targets.min_healthy,
        zone=fault.zone,
        connections=fault.connections,
    )
