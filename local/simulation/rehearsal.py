"""A rehearsal: the workload, its metrics and alarms, and FIS, all in one time that moves only when somebody waits."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from typing import Any, Final

from contract.alarms.evaluation import State
from local.simulation.action_effects import ActionEffects
from local.simulation.alarm_watch import AlarmWatch
from local.simulation.cloud_side import CloudSide, place
from local.simulation.deployed_design import deployed_design
from local.simulation.design import Design
from local.simulation.experiment import Action, Experiment
from local.simulation.experiment_log import ExperimentLog
from local.simulation.fault_knobs import FaultKnobs
from local.simulation.metric_store import MetricStore
from local.simulation.telemetry import MINUTE, Telemetry
from local.simulation.workload import Workload

# What happened before the rehearsal, so that alarms have data when it begins.
HISTORY_SECONDS: Final = 600
LONGEST_WAIT: Final = 6 * 3600
_OPT_OUT: Final = "engaged"


class RehearsalError(Exception):
    """A request of FIS that is refused; `code` is AWS's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Rehearsal:
    """One rehearsal. Everything that it does happens under one lock, in `advance` and in FIS's calls."""

    def __init__(self, cloud: CloudSide, design: Design, knobs: FaultKnobs, namespace: str, begins: float) -> None:
        self.design, self.knobs, self._cloud = design, knobs, cloud
        self.lock = threading.RLock()
        self.now = begins - begins % MINUTE - HISTORY_SECONDS
        self.workload = Workload(
            design,
            cloud.group_instances(),
            cloud.launch_for,
            cloud.place_of,
            cloud.replaces_unhealthy,
            cloud.terminate,
        )
        self.store = MetricStore(cloud.cloudwatch)
        self.alarms = AlarmWatch(cloud.cloudwatch, self.store)
        self.experiments: dict[str, Experiment] = {}
        self.lever, self.lever_reason = "disengaged", ""
        self._said: tuple[str, ...] = ()
        self.replaced_at: dict[str, tuple[float, float]] = {}
        self._telemetry = Telemetry(place(namespace))
        self._log = ExperimentLog(cloud.write_log)
        self._effects = ActionEffects(self.workload, self.alarms.states, cloud.terminate)
        self.advance(HISTORY_SECONDS)

    def advance(self, seconds: float) -> None:
        """Lets time pass, in whole seconds."""
        with self.lock:
            for _ in range(round(min(seconds, LONGEST_WAIT))):
                self._second()

    def load(self, requests_per_second: float) -> None:
        """Requests beside those of the users, until the next call."""
        with self.lock:
            self.workload.extra_requests = requests_per_second

    def start(self, template_id: str, token: str, tags: dict[str, str], *, skip_all: bool) -> Experiment:
        """StartExperiment: the same token gives the same experiment.

        Raises:
            RehearsalError: the template does not exist.
        """
        with self.lock:
            known = next((held for held in self.experiments.values() if held.token == token), None)
            return known or self._new(template_id, token, tags, skip_all=skip_all)

    def stop(self, id_: str) -> Experiment:
        """StopExperiment.

        Raises:
            RehearsalError: there is no such experiment, or it is over.
        """
        with self.lock:
            experiment = self.found(id_)
            if experiment.over:
                raise RehearsalError("ValidationException", f"experiment {id_} is {experiment.status}")
            experiment.stop(self.now, "Experiment stopped by a request.", self._undo_of(experiment))
            return experiment

    def found(self, id_: str) -> Experiment:
        """An experiment.

        Raises:
            RehearsalError: there is none of that id.
        """
        if id_ not in self.experiments:
            raise RehearsalError("ResourceNotFoundException", f"experiment {id_} does not exist")
        return self.experiments[id_]

    def set_lever(self, status: str, reason: str) -> None:
        """Engages the safety lever, which stops everything, or releases it."""
        with self.lock:
            self.lever, self.lever_reason = status, reason
            if status == _OPT_OUT:
                for experiment in self.experiments.values():
                    experiment.stop(self.now, "The safety lever was engaged.", self._undo_of(experiment))

    @property
    def silent(self) -> bool:
        """Whether FIS does not answer now."""
        begun = min((held.created for held in self.experiments.values()), default=None)
        first, last = self.knobs.silent_from, self.knobs.silent_until
        if begun is None or first is None:
            return False
        return first <= self.now - begun < (last if last is not None else first)

    def _new(self, template_id: str, token: str, tags: dict[str, str], *, skip_all: bool) -> Experiment:
        template = self._cloud.template(template_id)
        if template is None:
            raise RehearsalError("ResourceNotFoundException", f"Experiment template {template_id} does not exist")
        targets: Mapping[str, Mapping[str, Any]] = template.targets
        fewer = self.knobs.hit_fewer
        experiment = Experiment(
            id="EXP" + uuid.UUID(int=len(self.experiments) + 1).hex[-16:],
            token=token,
            template=template_id,
            role=template.role_arn,
            tags=tags,
            stop_alarms=tuple(held["value"] for held in template.stop_conditions if held.get("value")),
            hit={name: self._cloud.resolve(target, self.design.seed, fewer) for name, target in targets.items()},
            resource_types={name: str(target.get("resourceType")) for name, target in targets.items()},
            actions=[_action(name, held) for name, held in template.actions.items()],
            created=self.now,
            skip_all=skip_all,
            never_ends=self.knobs.never_ends,
            log_group=self._cloud.log_group_of(template),
        )
        self.experiments[experiment.id] = experiment
        if self.lever == _OPT_OUT:
            experiment.cancel(self.now)
        elif any(not hit for hit in experiment.hit.values()):
            experiment.fail(self.now, "InvalidTarget", "Target resolution returned empty set")
        elif self.knobs.fail_with:
            experiment.fail(self.now, self.knobs.fail_with, "Unable to start the action.")
        self._log.note(experiment, self.now)
        return experiment

    def _follow_versions(self) -> None:
        """A version that was rolled out since is what serves users from now on."""
        said = self._cloud.deployed()
        if said != self._said:
            self._said = said
            self.workload.design = deployed_design(self.design, *said)

    def _second(self) -> None:
        self.now += 1
        self._follow_versions()
        for experiment in self.experiments.values():
            if not experiment.over:
                self._run(experiment)
                self._log.note(experiment, self.now)
        self._telemetry.note(self.workload.step(), self.workload)
        if self.now % MINUTE == 0:
            self.store.publish(self._telemetry.minute(), self.now - MINUTE)
            self.alarms.evaluate(self.now)

    def _run(self, experiment: Experiment) -> None:
        since = self.now - experiment.created
        if self.knobs.alarm and since == self.knobs.alarm_after:
            self.alarms.set_state(self.knobs.alarm, State.ALARM, self.now)
        if since == self.knobs.lever_after:
            self.set_lever(_OPT_OUT, "rehearsed")
        states = self.alarms.states()
        for arn in experiment.stop_alarms:
            if states.get(arn.split(":alarm:")[-1]) is State.ALARM:
                experiment.stop(self.now, f"Experiment halted by stop condition: {arn}", self._undo_of(experiment))
        experiment.step(self.now, lambda action: self._act(experiment, action), self._undo_of(experiment))

    def _act(self, experiment: Experiment, action: Action) -> str | None:
        if action.name == self.knobs.skip_action:
            action.end("skipped", self.now, "rehearsed")
            return None
        if self.knobs.no_effect and action.targets:
            return None
        hit = tuple(arn for target in action.targets.values() for arn in experiment.hit.get(target, ()))
        return self._effects.act(experiment.id, action, hit)

    def _undo_of(self, experiment: Experiment) -> Any:
        return lambda action: self._effects.undo(experiment.id, action)


def _action(name: str, held: Mapping[str, Any]) -> Action:
    return Action(
        name=name,
        id=str(held["actionId"]),
        parameters=dict(held.get("parameters") or {}),
        targets=dict(held.get("targets") or {}),
        after=tuple(held.get("startAfter") or ()),
    )
