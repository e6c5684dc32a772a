"""The signals that page somebody: each is one file in `signals/`, there by being there."""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from components.observability.alarm_spec import AlarmSpec
from components.observability.threshold import Threshold, Thresholds
from components.observability.widgets import Widget
from components.reading import Reader
from components.workload.workload import Workload


class Row(StrEnum):
    """Where on the dashboard a signal is drawn."""

    TRAFFIC = "traffic"
    CAPACITY = "capacity"
    # A line on the graphs of the data stores, which are drawn as far as the metrics of a free dashboard reach.
    DATA = "data"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a signal is chosen from: the parts of the workload, and the stack's own metrics and thresholds."""

    work: Workload
    namespace: str
    region: str
    thresholds: Thresholds


Watch = Callable[[Scene], AlarmSpec | None]
Draw = Callable[[Scene, Sequence[AlarmSpec]], list[Widget]]


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One signal. `place` is its place among the others, from 1 on: alarms and outputs keep that order.

    `watch` makes its alarm, and None where the workload has nothing to watch; `absent` says why then. `draw` makes its
    widgets in the dashboard's `row`, with the lines of the alarms that it is given; those of data stores have none of
    their own. Its runbook has its name.
    """

    name: str
    place: int
    thresholds: tuple[Threshold, ...]
    absent: str
    row: Row
    watch: Watch
    draw: Draw | None


_signals: dict[str, Signal] = {}


def signal(
    name: str,
    *,
    place: int,
    thresholds: tuple[Threshold, ...],
    absent: str,
    row: Row,
    draw: Draw | None = None,
) -> Callable[[Watch], Watch]:
    """Registers what watches a signal."""

    def register(watch: Watch) -> Watch:
        if name in _signals or any(held.place == place for held in _signals.values()):
            msg = f"signal {name} is there twice, or another has its place {place}"
            raise ValueError(msg)
        if (draw is None) != (row is Row.DATA):
            msg = f"signal {name} draws nothing in row {row}, or something in that of the data stores"
            raise ValueError(msg)
        _signals[name] = Signal(
            name=name, place=place, thresholds=thresholds, absent=absent, row=row, watch=watch, draw=draw
        )
        return watch

    return register


@lru_cache(maxsize=1)
def all_signals() -> tuple[Signal, ...]:
    """Every signal, in the order of their places."""
    package = importlib.import_module("components.observability.signals")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"components.observability.signals.{module}")
    return tuple(sorted(_signals.values(), key=lambda held: held.place))


def read_thresholds(reader: Reader) -> Thresholds:
    """From `ial:thresholds`: the keys of all signals."""
    return Thresholds.read(reader, [key for held in all_signals() for key in held.thresholds])
