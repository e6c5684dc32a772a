"""Acts on the simulated workload as the actions of FIS do, and takes it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from contract.alarms.evaluation import State
from local.simulation.effect import Hit, Undo, effect_of
from local.simulation.experiment import Action
from local.simulation.instance import Instance
from local.simulation.workload import Workload


@dataclass
class ActionEffects:
    """Acts on one workload. `states` gives the alarms' states; `terminated` tells the cloud what is gone."""

    workload: Workload
    states: Callable[[], Mapping[str, State]]
    terminated: Callable[[str], None]
    _undo: dict[tuple[str, str], Undo] = field(default_factory=dict)

    def act(self, experiment: str, action: Action, hit: tuple[str, ...]) -> str | None:
        """Does what the action does to what was hit; returns why it failed, None if it didn't."""
        if action.id == "aws:cloudwatch:assert-alarm-state":
            return self._assert_alarms(action)
        if action.id == "aws:fis:wait":
            return None
        effect = effect_of(action)
        if effect is None:
            return f"the local cloud does not know what {action.id} does"
        self._undo[experiment, action.name] = effect(
            Hit(
                workload=self.workload,
                arns=hit,
                instances=self._instances(hit),
                given={**action.parameters, **_document_parameters(action)},
                terminated=self.terminated,
            )
        )
        return None

    def undo(self, experiment: str, action: Action) -> None:
        """Takes the fault away; what cannot be taken away, stays."""
        undo = self._undo.pop((experiment, action.name), None)
        if undo is not None:
            undo()

    def _instances(self, hit: tuple[str, ...]) -> list[Instance]:
        found = [self._instance(arn) for arn in hit]
        return [instance for instance in found if instance is not None] or list(self.workload.registered)

    def _instance(self, arn: str) -> Instance | None:
        """The instance itself, or the one that a task is on: each has one, by its number."""
        name = arn.rsplit("/", 1)[-1]
        if ":task/" not in arn:
            return self.workload.instance(name)
        members = list(self.workload.registered)
        return members[int(name, 16)] if int(name, 16) < len(members) else None

    def _assert_alarms(self, action: Action) -> str | None:
        wanted = {state.strip() for state in action.parameters.get("alarmStates", "").split(",")}
        states = self.states()
        for arn in action.parameters.get("alarmArns", "").split(","):
            state = states.get(arn.strip().split(":alarm:")[-1])
            if state is None or state.value not in wanted:
                return f"alarm {arn} is {state.value if state else 'missing'}"
        return None


def _document_parameters(action: Action) -> Mapping[str, str]:
    text = action.parameters.get("documentParameters", "{}")
    given: Mapping[str, str] = json.loads(text)
    return given
