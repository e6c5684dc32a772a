"""What an action does to the simulated workload: each effect is one file in `effects/`, there by being there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from local.simulation.experiment import Action
from local.simulation.instance import Instance
from local.simulation.workload import Workload

Undo = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """What is hit, by its ARNs and as instances, and the parameters of the action and of its document.

    `terminated` tells the cloud what is gone.
    """

    workload: Workload
    arns: Sequence[str]
    instances: Sequence[Instance]
    given: Mapping[str, str]
    terminated: Callable[[str], None]

    def disturb(self, name: str, *, value: object) -> Undo:
        """Sets what disturbs the instances; answers what takes it away again."""
        return disturbed(self.instances, name, value=value)


Effect = Callable[[Hit], Undo]
_effects: dict[str, Effect] = {}


def effect(*actions: str) -> Callable[[Effect], Effect]:
    """Registers what some actions do: each an action's id, with the document's name behind it where one is run."""

    def register(act: Effect) -> Effect:
        for action in actions:
            if action in _effects:
                msg = f"{action} has two effects"
                raise ValueError(msg)
            _effects[action] = act
        return act

    return register


def effect_of(action: Action) -> Effect | None:
    """What an action does; None where that is not known."""
    _load()
    document = action.parameters.get("documentArn", "").rsplit("/", 1)[-1]
    name = f"{action.id} {document}".strip()
    return next((act for pattern, act in _effects.items() if fnmatchcase(name, pattern)), None)


def disturbed(instances: Sequence[Instance], name: str, *, value: object) -> Undo:
    """Sets what disturbs instances; answers what gives each its own value back."""
    before = [(instance, getattr(instance, name)) for instance in instances]
    for instance in instances:
        setattr(instance, name, value)

    def undo() -> None:
        for instance, old in before:
            setattr(instance, name, old)

    return undo


def nothing() -> None:
    """What is gone cannot be brought back; the group replaces it."""


@lru_cache(maxsize=1)
def _load() -> None:
    package = importlib.import_module("local.simulation.effects")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"local.simulation.effects.{module}")
