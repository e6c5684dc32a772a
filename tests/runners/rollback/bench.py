"""A rollback over the production adapters of versions, records, holds and leases; experiments are acted."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from local.server import Running
from runners.aws.holds import AwsHolds
from runners.aws.leases import TableLeases
from runners.aws.run_records import TableRecords
from runners.aws.session import AwsClients
from runners.rollback.consideration import Considering
from runners.rollback.kind import Kind
from runners.rollback.life_cycle import Pace, RollbackLifeCycle
from runners.rollback.ports import Surroundings
from runners.rollback.record import RollbackRecord
from runners.runs.clock import SystemClock
from runners.runs.run_folder import Runs, new_run_id
from tests.runners.journal_lines import assert_fits
from tests.runners.rollback.conftest import Rolled

CALM = Surroundings(fault_over=True, halted=False, incidents=(), limit="", hurt=False)
EXPERIMENT = "latency"


class Stored(TableRecords):
    """The table alone, which also has what is archived."""

    def archive(self, run: str, kind: str, document: Mapping[str, Any]) -> None:
        self.put(f"archive#{kind}", run, document)


@dataclass
class ActedTrials:
    """Experiments whose verdicts are said beforehand, each once for each mark."""

    records: Stored
    versions: Callable[[], list[dict[str, Any]]]
    around: Surroundings = CALM
    verdicts: dict[str, str] = field(default_factory=lambda: {"again": "failed", "validation": "passed"})
    is_steady: bool | None = True
    too_dear: str | None = None
    begun: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def by_users(self, record: Mapping[str, Any]) -> bool | None:
        return bool(record.get("stoppedBy"))

    def surroundings(self, experiment: str) -> Surroundings:
        return self.around

    def steady(self, experiment: str) -> tuple[bool | None, Sequence[str]]:
        return self.is_steady, [] if self.is_steady else ["errors"]

    def again(self, experiment: str, mark: str) -> Mapping[str, Any]:
        if mark not in self.begun:
            self.begun[mark] = self.ran(self.verdicts[mark.rpartition(", ")[2]])
        return self.begun[mark]

    def affordable(self, experiment: str) -> str | None:
        return self.too_dear

    def ran(self, verdict: str) -> dict[str, Any]:
        """A stored run of the experiment, on what runs now."""
        run = new_run_id(SystemClock().now())
        parts = self.versions()
        record = {
            **{"run": run, "experiment": EXPERIMENT, "verdict": verdict, "steadyBefore": True, "cleaned": True},
            "versions": {"commit": None, "parts": parts},
        }
        self.records.put(run, "record", record)
        item = {"run": run, "experiment": EXPERIMENT, "usd": "0", "verdict": verdict}
        self.records.put(f"chaos#{run[:4]}-{run[4:6]}", run, item)
        return record


@dataclass
class ActedAlarms:
    """Who was called, and why everything was halted."""

    pages: list[str] = field(default_factory=list)
    halts: list[str] = field(default_factory=list)

    def page(self, subject: str, text: str) -> None:
        self.pages.append(f"{subject}: {text}")

    def halt(self, reason: str) -> Sequence[str]:
        self.halts.append(reason)
        return []


class Bench:
    """One part with a good version that passed and a bad one that failed."""

    def __init__(self, rolled: Any, cloud: Running, clients: AwsClients, folder: Path) -> None:
        self.rolled: Rolled = rolled
        self.kind: Kind = rolled.kind
        self.clients, self.folder, self.said = clients, folder, list[str]()
        mark = uuid.uuid4().hex[:8]
        self.table, self.path = f"rollback-{mark}", f"/ial/{mark}/rollback/holds"
        keys = ("run", "step")
        clients.client("dynamodb").create_table(
            TableName=self.table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=True)
            ],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        )
        self.records = Stored(clients, self.table, SystemClock())
        self.holds = AwsHolds(clients, self.path, mark)
        self.trials = ActedTrials(self.records, lambda: [self.kind.version().document()])
        self.alarms = ActedAlarms()
        self.passed = self.trials.ran("passed")
        rolled.rolled_out(rolled.versions[1])
        self.failed = self.trials.ran("failed")

    def close(self) -> None:
        self.rolled.remove()  # type: ignore[attr-defined]
        self.clients.client("dynamodb").delete_table(TableName=self.table)
        for hold in self.holds.all():
            self.holds.release(hold)

    @property
    def good(self) -> str:
        return str(self.rolled.versions[0])  # type: ignore[attr-defined]

    @property
    def bad(self) -> str:
        return str(self.rolled.versions[1])  # type: ignore[attr-defined]

    def cycle(self) -> RollbackLifeCycle:
        clock = SystemClock()
        kinds: dict[tuple[str, str], Kind] = {(self.kind.kind, self.kind.name): self.kind}
        return RollbackLifeCycle(
            stack="dev",
            operator="tests",
            runs=Runs(self.folder, "dev"),
            considering=Considering(
                kinds=kinds, records=self.records, trials=self.trials, holds=self.holds, clock=clock
            ),
            holds=self.holds,
            hold_for=timedelta(hours=1),
            alarms=self.alarms,
            leases=TableLeases(self.clients, self.table, clock),
            say=self.said.append,
            pace=Pace(
                every=timedelta(seconds=0.02),
                arrive_within=timedelta(seconds=5),
                settles_within=timedelta(seconds=0.2),
                steady_within=timedelta(),
            ),
        )

    def run(self, confirm: str | None = "dev", suite: str | None = None) -> RollbackRecord:
        record = self.cycle().run(self.failed, confirm=confirm, suite=suite)
        assert_fits(Runs(self.folder, "dev").journal(record.run), "a rollback")
        return record

    @property
    def name(self) -> str:
        """The only rollback whose journal is here."""
        [run] = Runs(self.folder, "dev").all()
        return run

    def held(self) -> list[str]:
        return [hold.held for hold in self.holds.all() if hold.active(datetime.fromisoformat(hold.since))]

    def item(self) -> Mapping[str, Any]:
        run = self.name
        return self.records.all(f"rollbacks#{run[:4]}-{run[4:6]}")[run]
