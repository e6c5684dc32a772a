"""The plan's measures: each is one file in this folder, there by being there."""

from __future__ import annotations

import importlib
import pkgutil
from abc import abstractmethod
from typing import Any, ClassVar, Final, TypeVar

from runners.analysis.inputs import Inputs
from runners.analysis.model import Kpi
from runners.analysis.taker import R, Taker

_PACKAGE: Final = "runners.analysis.kpis"


class Measure(Taker[R]):
    """Takes records of some kinds in, one by one, and says whether the goal is met.

    `place` is its place among the others.
    """

    place: ClassVar[int]

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs

    @abstractmethod
    def found(self) -> Kpi:
        """What all of them say."""


M = TypeVar("M", bound=type[Measure[Any]])
_measures: dict[int, type[Measure[Any]]] = {}


def measure(kind: M) -> M:
    """Registers a measure."""
    if kind.place in _measures:
        msg = f"{kind.__name__} has the place of {_measures[kind.place].__name__}"
        raise ValueError(msg)
    _measures[kind.place] = kind
    return kind


def all_measures(inputs: Inputs) -> list[Measure[Any]]:
    """A new one of each, in the order of their places."""
    package = importlib.import_module(_PACKAGE)
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{_PACKAGE}.{module}")
    return [_measures[place](inputs) for place in sorted(_measures)]
