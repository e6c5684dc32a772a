"""A control run as a kind of run: an experiment's looks, and no fault. What rings then rings for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from contract.probes import Probe
from contract.run_table import collection
from runners.chaos.control.control_record import ControlRecord, begun_in, control_record, probes_of
from runners.chaos.control.lines import (
    CONTROL,
    TYPE,
    WATCHED,
    WATCHING,
    ControlStarted,
    Looked,
    Noted,
    Watched,
    Watching,
)
from runners.chaos.control.reasons import ControlReason
from runners.chaos.control.watched_probes import WatchedProbe
from runners.chaos.equipment import Equipment
from runners.chaos.evidence.probing import is_metric
from runners.errors import AwsError
from runners.runs.clock import parse_rfc3339, rfc3339
from runners.runs.life_cycle import LifeCycle
from runners.runs.reason import Obstacle
from runners.runs.run import Run
from runners.runs.run_folder import Runs, month_of
from runners.runs.run_kind import RunKind, Words
from runners.runs.run_lock import RunLock
from runners.runs.steps import STARTED

CONTROLS: Final = "controls"
_EVERY: Final = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class ControlLifeCycle:
    """Carries control runs out."""

    stack: str
    operator: str
    runs: Runs
    kit: Equipment

    def run(self, probes: Sequence[WatchedProbe], minutes: int, name: str | None = None) -> ControlRecord:
        """One run from the beginning. `name` is a run's that somebody has written down already.

        Raises:
            JournalError: the journal cannot be written; nothing was started.
        """
        line = ControlStarted(
            stack=self.stack,
            operator=self.operator,
            minutes=minutes,
            alarms=list(self.kit.alarms_watched),
            probes=list(probes),
        )
        return self._cycle.begin(STARTED, line.data(), lambda held: _Watching(held, self), name)

    def resume(self, run: str) -> ControlRecord:
        """Goes on with a run that was cut off, as long as it was to last; what nobody looked at is told.

        Raises:
            JournalError: there is no such run, its journal is damaged, or another process drives it.
            LeaseHeldError: another run of the stack is under way; nothing was done.
        """
        return self._cycle.resume(run, lambda held: _Watching(held, self))

    @property
    def _cycle(self) -> LifeCycle:
        return LifeCycle(runs=self.runs, clock=self.kit.clock, say=self.kit.say, records=self.kit.records)


class _Watching(RunKind[ControlRecord]):
    type = TYPE
    lines = CONTROL

    def __init__(self, run: Run, site: ControlLifeCycle) -> None:
        super().__init__(run, Words(what="the control run", resume=f"ial chaos control --resume {run.id}"))
        self._site, self._kit = site, site.kit
        self.turn = RunLock(f"{run.id}, a control run,", site.kit.leases, run.clock)

    def obstacles(self) -> list[Obstacle]:
        if self._probes or self._kit.alarms_watched:
            return []
        return [ControlReason.NOTHING_TO_WATCH.against()]

    def carry_out(self) -> None:
        if self.run.journal.last(WATCHED) is not None:
            return
        began = self._begin()
        until = began + timedelta(minutes=self._begun["minutes"])
        self._watch(until)
        self.run.journal.add(self._looked_back(began, until))

    def clean_up(self) -> list[str]:
        return []

    def record(self) -> ControlRecord:
        return control_record(self.run.journal.entries)

    def store(self, record: ControlRecord) -> None:
        records = self._kit.records
        records.put(record.run, "record", record.document())
        told = {"run": record.run, "type": TYPE, "verdict": record.verdict, "minutes": record.minutes}
        records.put(collection(CONTROLS, month_of(record.run)), record.run, told)

    @property
    def _begun(self) -> Mapping[str, Any]:
        return begun_in(self.run.journal.entries)

    @property
    def _probes(self) -> tuple[WatchedProbe, ...]:
        return probes_of(self._begun)

    def _begin(self) -> datetime:
        watching = self.run.journal.last(WATCHING)
        if watching is not None:
            return parse_rfc3339(watching.data["began"])
        states = self._kit.alarms.states(self._kit.alarms_watched)
        already = [name for name, held in states.items() if held == "ALARM"]
        gone = [name for name in self._kit.alarms_watched if name not in states]
        began = self._kit.clock.now()
        self.run.journal.add(Watching(began=rfc3339(began), already=already, gone=gone))
        return began

    def _watch(self, until: datetime) -> None:
        """Looks at what can only be seen live; what CloudWatch keeps is read afterwards."""
        live, clock = [held.probe for held in self._probes if not is_metric(held.probe)], self._kit.clock
        while (left := until - clock.now()) > timedelta(0):
            self.run.guard()
            if live:
                seen = zip(live, self._kit.probing.look(live, ()), strict=True)
                self.run.journal.add(Looked(at=rfc3339(clock.now()), samples=_noted(seen)))
            self.run.say(f"watching, {-(-left // timedelta(minutes=1))} min to go")
            clock.sleep(min(left, _EVERY).total_seconds())

    def _looked_back(self, began: datetime, until: datetime) -> Watched:
        clock, lag = self._kit.clock, self._kit.pace.lag
        clock.sleep(max(until + lag - clock.now(), timedelta(0)).total_seconds())
        metrics = [held.probe for held in self._probes if is_metric(held.probe)]
        series = zip(metrics, self._kit.probing.series(metrics, began, until), strict=True)
        return Watched(ended=rfc3339(until), samples=_noted(series), changes=self._changes(began, until))

    def _changes(self, began: datetime, until: datetime) -> list[tuple[str, str, str]] | None:
        try:
            changes = self._kit.alarms.changes(self._kit.alarms_watched, began, until)
        except AwsError as error:
            self.run.say(f"the alarms' history could not be read: {error}")
            return None
        return [(change.alarm, rfc3339(change.at), change.state) for change in changes]


def _noted(seen: Iterable[tuple[Probe, Iterable[tuple[datetime, float | None]]]]) -> list[Noted]:
    return [(rfc3339(at), probe.name, value) for probe, own in seen for at, value in own]
