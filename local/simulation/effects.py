"""What the actions of FIS do to the simulated workload, and how it is undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from local.alarms.evaluation import State
from local.simulation.experiment import Action
from local.simulation.instance import Instance
from local.simulation.workload import Workload


@dataclass
class Effects:
    """Acts on one workload. `states` gives the alarms' states; `terminated` tells the cloud what is gone."""

    workload: Workload
    states: Callable[[], Mapping[str, State]]
    terminated: Callable[[str], None]
    _undo: dict[tuple[str, str], Callable[[], None]] = field(default_factory=dict)

    def act(self, experiment: str, action: Action, hit: tuple[str, ...]) -> str | None:
        """Does what the action does to what was hit; returns why it failed, None if it didn't."""
        if action.id == "aws:cloudwatch:assert-alarm-state":
            return self._assert_alarms(action)
        if action.id == "aws:fis:wait":
            return None
        undo = self._fault(action, hit)
        if undo is None:
            return f"the local cloud does not know what {action.id} does"
        self._undo[experiment, action.name] = undo
        return None

    def undo(self, experiment: str, action: Action) -> None:
        """Takes the fault away; what cannot be taken away, stays."""
        undo = self._undo.pop((experiment, action.name), None)
        if undo is not None:
            undo()

    def _instances(self, hit: tuple[str, ...]) -> list[Instance]:
        found = [self.workload.instance(arn.rsplit("/", 1)[-1]) for arn in hit]
        return [instance for instance in found if instance is not None] or list(self.workload.registered)

    def _assert_alarms(self, action: Action) -> str | None:
        wanted = {state.strip() for state in action.parameters.get("alarmStates", "").split(",")}
        states = self.states()
        for arn in action.parameters.get("alarmArns", "").split(","):
            state = states.get(arn.strip().split(":alarm:")[-1])
            if state is None or state.value not in wanted:
                return f"alarm {arn} is {state.value if state else 'missing'}"
        return None

    def _fault(self, action: Action, hit: tuple[str, ...]) -> Callable[[], None] | None:
        instances = self._instances(hit)
        given = {**action.parameters, **_document_parameters(action)}
        kind = _kind(action)
        if kind in ("shift", "network", "hold"):
            return self._around_instances(kind, given, hit)
        if kind == "terminate":
            for instance in instances:
                self.workload.terminate(instance.id)
                self.terminated(instance.id)
            return _nothing
        if kind == "latency":
            return _set(
                instances, "delay_ms", float(given.get("DelayMilliseconds", given.get("delayMilliseconds", 200)))
            )
        if kind == "blackhole":
            direction = given.get("TrafficType", given.get("trafficType", "ingress"))
            return _set(instances, "reachable" if direction == "ingress" else "database_reachable", value=False)
        if kind == "unreachable":
            return _set(instances, "reachable", value=False)
        if kind == "connections":
            return _set(list(self.workload.registered), "database_reachable", value=False)
        if kind == "database":
            return self._database_down()
        return None

    def _around_instances(self, kind: str, given: Mapping[str, str], hit: tuple[str, ...]) -> Callable[[], None]:
        if kind == "shift":
            return self._shift(given.get("availabilityZoneIdentifier", ""))
        if kind == "network":
            return self._cut_off(hit, given.get("scope", "all"))
        return self._hold(len(hit) * int(given.get("Connections", 0)))

    def _shift(self, zone: str) -> Callable[[], None]:
        """Keeps traffic from a zone, by its id; users who do not follow stay where they are."""
        if not self.workload.design.zonal_shift:
            return _nothing
        self.workload.shifted.add(zone)
        return lambda: self.workload.shifted.discard(zone)

    def _hold(self, connections: int) -> Callable[[], None]:
        self.workload.held += connections

        def give_back() -> None:
            self.workload.held -= connections

        return give_back

    def _cut_off(self, hit: tuple[str, ...], scope: str) -> Callable[[], None]:
        subnets = [arn.rsplit("/", 1)[-1] for arn in hit]
        self.workload.cut_off.update(dict.fromkeys(subnets, scope))

        def reconnect() -> None:
            for subnet in subnets:
                self.workload.cut_off.pop(subnet, None)

        return reconnect

    def _database_down(self) -> Callable[[], None]:
        self.workload.database_up = False

        def up() -> None:
            self.workload.database_up = True

        return up


def _kind(action: Action) -> str:
    document = action.parameters.get("documentArn", "").rsplit("/", 1)[-1]
    name = f"{action.id} {document}"
    kinds = {
        "terminate-instances": "terminate",
        "stop-instances": "unreachable",
        "stop-task": "terminate",
        "atency": "latency",
        "lackhole-": "blackhole",
        "disrupt-connectivity": "network",
        "start-zonal-autoshift": "shift",
        "rds:": "database",
        "connection-hold": "hold",
        "start-automation-execution": "connections",
    }
    return next((kind for part, kind in kinds.items() if part in name), "")


def _document_parameters(action: Action) -> Mapping[str, str]:
    text = action.parameters.get("documentParameters", "{}")
    given: Mapping[str, str] = json.loads(text)
    return given


def _set(instances: list[Instance], name: str, value: object) -> Callable[[], None]:
    """Disturbs the instances, and gives back what takes the disturbance away."""
    before = [(instance, getattr(instance, name)) for instance in instances]
    for instance in instances:
        setattr(instance, name, value)

    def undo() -> None:
        for instance, old in before:
            setattr(instance, name, old)

    return undo


def _nothing() -> None:
    """What is gone cannot be brought back; the group replaces it."""
