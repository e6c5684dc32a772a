"""Reasons of single kinds of faults not to start: each kind that has some is one file in `kinds/`.

What a fault may hit has parts that only its kind knows to judge, such as a zone. A part that nobody judged refuses.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from contract.experiments import Experiment
from runners.chaos.before.reasons import ChaosReason
from runners.chaos.before.situation import TargetSituation
from runners.runs.reason import Obstacle

OwnRule = Callable[[Experiment, TargetSituation], Iterator[Obstacle]]
_PACKAGE: Final = "runners.chaos.before.kinds"
# What of a blast radius is a kind's own, and so must be judged by its rule.
OWN_PARTS: Final = ("zone", "connections")
_rules: dict[str, tuple[str, OwnRule]] = {}


def judges(kind: str, part: str) -> Callable[[OwnRule], OwnRule]:
    """Registers what stands against faults of a kind by a part of their blast radius."""

    def register(rule: OwnRule) -> OwnRule:
        if kind in _rules or part not in OWN_PARTS:
            msg = f"faults of kind {kind} are judged twice, or by {part}, which is none of {', '.join(OWN_PARTS)}"
            raise ValueError(msg)
        _rules[kind] = part, rule
        return rule

    return register


@lru_cache(maxsize=1)
def all_rules() -> dict[str, tuple[str, OwnRule]]:
    """By kind, the part that its rule judges, and the rule."""
    package = importlib.import_module(_PACKAGE)
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{_PACKAGE}.{module}")
    return _rules


def own_obstacles(experiment: Experiment, seen: TargetSituation) -> Iterator[Obstacle]:
    """What the fault's own kind has against it."""
    judged, rule = all_rules().get(experiment.kind, (None, None))
    for part in OWN_PARTS:
        if part != judged and getattr(experiment.blast_radius, part) is not None:
            yield ChaosReason.KIND_UNKNOWN.against(kind=experiment.kind, part=part)
    if rule is not None:
        yield from rule(experiment, seen)
