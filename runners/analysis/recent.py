"""The newest runs: those that are listed, and of each experiment and resource those that advice rests on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from operator import attrgetter
from typing import ClassVar, Final, Literal

from runners.analysis.model import ShortRun
from runners.analysis.records import KINDS, ChaosRecord, ControlRecord, DrillRecord, Record, UnjudgedRecord, usd_of
from runners.analysis.taker import Taker

Kind = Literal["chaos", "drill", "control", "unjudged"]
# So many times as many are held before the older ones are let go: sorting is what it costs.
_HELD: Final = 4
_BY_RUN: Final = attrgetter("run")
MOST_LISTED: Final = 50
MOST_OF_EACH: Final = 20


@dataclass
class Newest:
    """The newest of whatever number of runs, in whatever order they come."""

    most: int
    _held: list[Record] = field(default_factory=list)
    # A run of before it is not among the newest.
    _from: str = ""

    def __post_init__(self) -> None:
        self._limit = _HELD * self.most

    def add(self, record: Record) -> None:
        """Counts a run."""
        if record.run < self._from:
            return
        self._held.append(record)
        if len(self._held) >= self._limit:
            self._held = self.newest()
            self._from = self._held[-1].run

    def newest(self) -> list[Record]:
        """The newest first."""
        return sorted(self._held, key=_BY_RUN, reverse=True)[: self.most]


class Recent(Taker[Record]):
    """Takes records in, one by one."""

    kinds: ClassVar[frozenset[type[Record]]] = KINDS

    def __init__(self) -> None:
        self._listed = Newest(MOST_LISTED)
        self._experiments: dict[str, Newest] = defaultdict(_of_each)
        self._drills: dict[str, Newest] = defaultdict(_of_each)
        self._unclean = Newest(MOST_OF_EACH)
        self.controls = 0
        self._began = ""

    def add(self, record: Record) -> None:
        """Counts a run that says something."""
        self._listed.add(record)
        if isinstance(record, ControlRecord):
            self.controls += 1
        elif isinstance(record, DrillRecord):
            self._drills[record.resource].add(record)
        elif isinstance(record, ChaosRecord):
            self._experiments[record.experiment].add(record)
        self._note_left(record)

    def leave_out(self, record: Record) -> None:
        """Lists a run that says nothing."""
        self._listed.add(record)
        self._note_left(record)

    def _note_left(self, record: Record) -> None:
        """What is left is there, whatever the run proves."""
        if isinstance(record, DrillRecord):
            if record.clean_up.left or not record.clean_up.confirmed:
                self._unclean.add(record)
        elif isinstance(record, ChaosRecord):
            if record.left or not record.cleaned:
                self._unclean.add(record)
            elif record.verdict != "refused" and record.run > self._began:
                self._began = record.run

    def experiments(self) -> dict[str, list[ChaosRecord]]:
        """Of each experiment the newest runs that say something, the newest first."""
        return {
            name: [record for record in held.newest() if isinstance(record, ChaosRecord)]
            for name, held in sorted(self._experiments.items())
        }

    def drills(self) -> dict[str, list[DrillRecord]]:
        """Of each resource the newest drills that passed or failed, the newest first."""
        return {
            name: [record for record in held.newest() if isinstance(record, DrillRecord)]
            for name, held in sorted(self._drills.items())
        }

    def unclean(self) -> list[Record]:
        """The newest runs that left something behind; no experiment begins while a fault of another one is there."""
        held = self._unclean.newest()
        return [record for record in held if not isinstance(record, ChaosRecord) or record.run > self._began]

    def listed(self) -> tuple[ShortRun, ...]:
        """The newest runs, in a line each."""
        return tuple(_short(record) for record in self._listed.newest())


def _of_each() -> Newest:
    return Newest(MOST_OF_EACH)


def _short(record: Record) -> ShortRun:
    usd = usd_of(record)
    if isinstance(record, ChaosRecord):
        return _run(record, "chaos", record.experiment, record.kpis.recovered_after_seconds, usd)
    if isinstance(record, DrillRecord):
        return _run(record, "drill", record.resource, record.rto_seconds, usd)
    if isinstance(record, UnjudgedRecord):
        return _run(record, "unjudged", record.experiment, None, usd)
    return _run(record, "control", "", None, usd)


def _run(record: Record, kind: Kind, of: str, recovered: float | None, usd: str | None) -> ShortRun:
    return ShortRun(
        run=record.run,
        type=kind,
        of=of,
        verdict=record.verdict,
        scored=record.says_something,
        reasons=record.reasons,
        recovered_after_seconds=recovered,
        usd=usd,
    )
