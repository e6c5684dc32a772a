"""What is due on one stack, and the start of it: with what the stack has for experiments and drills."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contract.run_table import TURN as RUNS
from runners.chaos.before.terms import allowed, excused_until, terms_text
from runners.exit_codes import ExitCode
from runners.schedules.due import Due, Stand, Terms, due, reserved, seen
from runners.schedules.ledger import LEASE, Ledger, Started, last_drill
from runners.schedules.planned import NotPlanned, Planned, planned_in
from runners.schedules.planned_kind import PlannedKind
from runners.stack.stack_outputs import namespace_of
from runners.wiring.chaos import operator

if TYPE_CHECKING:
    from pathlib import Path

    from preview.engines import Engine
    from runners.wiring.backup import Access
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.drills import DrillPlan


@dataclass(frozen=True)
class DueRun:
    """What was started, and what came of it; `record` is None when nothing was due."""

    due: Due
    record: Mapping[str, Any] | None
    exit_code: ExitCode

    def document(self, stack: str) -> dict[str, Any]:
        """The answer of `ial chaos due --run --json`."""
        return {**self.due.document(stack), "record": self.record, "exitCode": int(self.exit_code)}


@contextmanager
def opened(
    stack: str,
    program: Path | None,
    engine: Engine,
    say: Callable[[str], object],
    *,
    only: PlannedKind | None,
    probe: str | None,
    as_runner: bool,
    rehearsal: list[str] | None,
    alone: bool,
) -> Iterator[DueRuns]:
    """What is due on a stack. As runners, each kind is run as its own role.

    A job that may take on one of the two roles alone asks for that kind `only`. The rest is as `ChaosAccess.open`.

    Raises:
        RunnerError: the stack cannot be opened, or a role cannot be taken on.
    """
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.drills import DrillPlan

    role = "drill" if only is PlannedKind.DRILL else "runner"
    with ChaosAccess.open(
        stack, program, engine, say, assume=role if as_runner else None, rehearsal=rehearsal, alone=alone
    ) as chaos:
        drilling = chaos.access.as_role("drill") if as_runner and only is None else chaos.access
        yield DueRuns(chaos, DrillPlan(drilling, probe), only)


@dataclass(frozen=True)
class DueRuns:
    """One stack. `drilling` is what drills work with: as another role, where roles are taken on."""

    chaos: ChaosAccess
    drills: DrillPlan
    only: PlannedKind | None = None

    def read(self) -> Due:
        """How everything stands now. Reads, changes nothing.

        Raises:
            AwsError: the records could not be read.
        """
        found, _, _ = self._read()
        return found

    def run(self, confirm: str | None) -> DueRun:
        """Starts what is due, if anything is. Of two triggers at once, one decides and the other waits for its turn.

        Raises:
            LeaseHeldError: another trigger decides just now.
            AwsError: the records could not be read or written; nothing was started.
            RunnerError: what was due could not be started.
        """
        found = self._reserved()
        self._tell(found)
        if found.first is None:
            return DueRun(found, None, ExitCode.OK)
        record, code = self._start(found.first, confirm)
        return DueRun(found, record, code)

    @property
    def _access(self) -> Access:
        return self.chaos.access

    @cached_property
    def _ledger(self) -> Ledger:
        return Ledger(self.chaos.records, self.chaos.runs)

    def _reserved(self) -> Due:
        lease = self._access.leases.acquire(LEASE, f"{operator()}, a trigger {secrets.token_hex(4)},")
        try:
            found, items, started = self._read()
            known = self._ledger.known(items, started, self._resources)
            for item in items:
                kept = seen(item, known[item.key], found.now)
                if kept != known[item.key].reservation:
                    self._ledger.keep(item.key, kept)
            if found.first is not None:
                key = found.first.item.key
                self._ledger.keep(key, reserved(found.first, known[key], found.now))
            return found
        finally:
            self._access.leases.release(lease)

    def _read(self) -> tuple[Due, tuple[Planned, ...], Started]:
        items, others = self._items()
        now = self.chaos.clock.now()
        named = [item.name for item in items if item.kind is PlannedKind.EXPERIMENT]
        started = self._ledger.started(named, self._resources, now)
        known = self._ledger.known(items, started, self._resources)
        return due(items, known, self._terms(started, now), now, others), items, started

    def _items(self) -> tuple[tuple[Planned, ...], tuple[NotPlanned, ...]]:
        items, others = planned_in(self._access.outputs)
        return tuple(item for item in items if self.only in (None, item.kind)), others

    @property
    def _resources(self) -> Collection[str]:
        """What a recovery test restores, without what nobody can ask."""
        drills = self._access.backup.drills
        if drills is None:
            return ()
        chosen, _ = self.drills.chosen(())
        return tuple(drill.resource for drill in chosen)

    def _terms(self, started: Started, now: datetime) -> Terms:
        outputs = self._access.outputs
        database, chaos = outputs.workload.database, outputs.chaos
        window, freezes = (chaos.window, chaos.freezes) if chaos else (None, ())
        disturbing = [held.name for held in chaos.experiments if held.of_database] if chaos else []
        zone = chaos.timezone if chaos else "UTC"
        return Terms(
            allowed=allowed(window, freezes, now, zone),
            excused=excused_until(window, freezes, now, zone),
            text=terms_text(window, freezes),
            busy=self._access.leases.holder(RUNS),
            drilled=last_drill(self.chaos.records, database, now) if database else None,
            disturbed=started.newest(disturbing),
        )

    def _start(self, stand: Stand, confirm: str | None) -> tuple[Mapping[str, Any], ExitCode]:
        if stand.item.kind is PlannedKind.EXPERIMENT:
            record = self.chaos.life_cycle().run(self.chaos.experiment(stand.item.name), confirm)
            return record.document(), record.exit_code
        test = self.drills.test(())
        return test.document(), test.exit_code

    def _tell(self, found: Due) -> None:
        """How many were missed, also when it is none: that nobody tells is an alarm too."""
        from runners.aws.schedule_signals import ScheduleSignals

        if not found.stands:
            return
        namespace = namespace_of(self._access.outputs)
        chaos = self.chaos
        signals = ScheduleSignals(clients=chaos.clients, namespace=namespace, records=chaos.records, clock=chaos.clock)
        signals.missed(len(found.missed))
