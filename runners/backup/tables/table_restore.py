"""A real restore of a table: shown first, carried out beside the original, its settings put back, then proven."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from msgspec import UNSET

from pricing.price_book import PriceBook
from runners.backup.arrival import ask_once
from runners.backup.drill import DrillLimits, DrillRun
from runners.backup.lines import Arrived
from runners.backup.reasons import RestoreReason
from runners.backup.restore_result import Restored, RestorePlan
from runners.backup.tables.lines import ItemsCounted, PutBack, SettingsKept, TableBeside
from runners.backup.tables.pace import Pacer
from runners.backup.tables.parallel_scan import scanned, segments_for
from runners.backup.tables.reading import copy_rate, copy_reading, item_bytes
from runners.backup.tables.restored_settings import expired_told, items_checks, planned_settings, time_to_live
from runners.backup.tables.restored_table import restored_table
from runners.backup.tables.table_cost import table_cost
from runners.backup.tables.table_description import TableDescription
from runners.backup.tables.table_differences import differences
from runners.backup.tables.table_parts import PARTS
from runners.backup.tables.table_settings import SettingsStore
from runners.backup.tables.tables import Tables, TableShape
from runners.errors import AwsError, InputError
from runners.runs.clock import Clock, parse_rfc3339, rfc3339
from runners.runs.reason import NotNowError

# API reference, RestoreTableToPointInTime: TargetTableName.
_NAME: Final = re.compile(r"[a-zA-Z0-9_.-]{3,255}")


@dataclass(frozen=True, kw_only=True)
class TableRestore:
    """Restores one table of a stack. The source stays as it is; what is restored is never deleted by this."""

    stack: str
    table: str
    tables: Tables
    settings: SettingsStore
    prices: PriceBook
    region: str
    clock: Clock
    limits: DrillLimits

    def plan(self, at: datetime, target: str | None = None) -> RestorePlan:
        """What would be done. Reads, changes nothing.

        Raises:
            InputError: the table, the time or the name of the target cannot be used.
            AwsError: something could not be read.
        """
        source = self._source()
        at = at.astimezone(UTC).replace(microsecond=0)
        self._check_window(at)
        name = target or f"{self.table}-restored-{self.clock.now():%Y%m%d-%H%M%S}"
        if _NAME.fullmatch(name) is None:
            msg = f"--to {name}: is no name of a table; accepted: 3 to 255 letters, digits, `_`, `-` and `.`"
            raise InputError(msg)
        if name == self.table or self.tables.shape(name) is not None:
            raise NotNowError(RestoreReason.NAME_TAKEN.against(kind="table", name=name))
        found = self.tables.describe(self.table)
        cost = table_cost(source, self.prices, self.region)
        return RestorePlan(
            stack=self.stack,
            kind="table",
            source=self.table,
            target=name,
            at=rfc3339(at),
            cost_usd=cost.usd,
            steps=(
                f"restore {self.table} ({source.size_bytes / 1024**3:.2f} GB) as of {rfc3339(at)} to new table {name}",
                f"count the items by reading {name} {copy_reading(source)}",
                *planned_settings(found),
                "compare every setting that AWS tells of with the source's",
            ),
            afterwards=self._afterwards(name),
            duration="minutes to hours: it depends on the size and on the number of indexes, not on the items changed",
            notes=cost.unknown,
        )

    def carry_out(self, run: DrillRun, plan: RestorePlan) -> Restored:
        """Does it. May be called again for the same run: what is done is not done again.

        Raises:
            RunnerError: something failed; what exists is named by the plan, and the run can be resumed.
        """
        name = plan.target
        kept = run.step(SettingsKept, self._settings, "reading the settings")
        wanted = TableDescription.read(kept.data())
        run.step(TableBeside, lambda: self._restore(name, parse_rfc3339(plan.at)), f"restoring to {name}")
        run.step(Arrived, lambda: self._wait(run, name), f"waiting for {name}")
        counted = run.step(ItemsCounted, lambda: self._count(run, name, wanted), "counting the items by reading them")
        if counted.expired:
            run.say(expired_told(counted.expired, wanted))
        refused = self._put_back(run, name, wanted)
        found = differences(wanted, self.tables.describe(name))
        for finding in found.told:
            run.say(f"{finding.what}: {finding.advice}")
        checks = (
            *(held.check(refused.get(held.part.name, "")) for held in found.parts),
            *items_checks(counted.items, counted.expired, wanted),
        )
        return Restored(run=run.id, plan=plan, checks=checks)

    def _settings(self) -> SettingsKept:
        return SettingsKept.exactly(self.tables.describe(self.table).document())

    def _put_back(self, run: DrillRun, name: str, wanted: TableDescription) -> dict[str, str]:
        """Puts back what differs and can be; what AWS refuses is told, and the others go on."""
        for part in differences(wanted, self.tables.describe(name)).to_put:
            put = partial(self._put, run, name, part, wanted)
            run.step(PutBack, put, f"putting back {part}", of=part)
        self._wait(run, name)
        told = ((part.name, run.result(PutBack, part.name)) for part in PARTS)
        return {part: done.refused for part, done in told if done is not None and done.refused is not UNSET}

    def _source(self) -> TableShape:
        return self._shape(self.table)

    def _shape(self, name: str) -> TableShape:
        shape = self.tables.shape(name)
        if shape is None:
            raise NotNowError(RestoreReason.TABLE_GONE.against(table=name, region=self.region))
        return shape

    def _check_window(self, at: datetime) -> None:
        window = self.tables.window(self.table)
        if not window.enabled:
            raise NotNowError(RestoreReason.NO_POINT_IN_TIME.against(table=self.table))
        if window.earliest is None or window.latest is None:
            raise NotNowError(RestoreReason.RECOVERY_JUST_BEGUN.against(table=self.table))
        if not window.earliest.replace(microsecond=0) <= at <= window.latest + timedelta(seconds=1):
            accepted = f"{rfc3339(window.earliest)} to {rfc3339(window.latest)}"
            raise NotNowError(RestoreReason.OUTSIDE_RECOVERY.against(at=rfc3339(at), accepted=accepted))

    def _restore(self, name: str, at: datetime) -> TableBeside:
        # The name was free when it was planned.
        ask_once(lambda: self.tables.restore(self.table, name, at), lambda: self.tables.shape(name) is not None)
        return TableBeside(table=name)

    def _wait(self, run: DrillRun, name: str) -> Arrived:
        return Arrived(arn=restored_table(run, self.tables, name, self.limits).arn)

    def _put(self, run: DrillRun, name: str, part: str, wanted: TableDescription) -> PutBack:
        # A table takes one change at a time.
        self._wait(run, name)
        try:
            self.settings.put(name, part, wanted)
        except AwsError as error:
            run.say(f"{part} could not be put back: {error}")
            return PutBack(part=part, refused=str(error))
        return PutBack(part=part)

    def _count(self, run: DrillRun, name: str, wanted: TableDescription) -> ItemsCounted:
        shape = self._shape(name)
        rate = copy_rate(shape)
        pace = Pacer(
            run.clock, lambda: copy_rate(self._shape(name)), what=f"table {name}", item_bytes=item_bytes(shape)
        )
        expires, now = time_to_live(wanted), run.clock.now().timestamp()
        keys = shape.key_names
        found = scanned(self.tables, name, keys, segments_for(shape, rate), pace, expires=expires, now=now)
        manifest = found.manifest
        return ItemsCounted(items=manifest.items, digest=manifest.digest, expired=found.expired)

    def _afterwards(self, name: str) -> tuple[str, ...]:
        alarms = self.settings.watching(self.table)
        told = f"alarms that watch {self.table} do not watch {name}: {', '.join(alarms)}" if alarms else ""
        return tuple(
            text
            for text in (
                f"point the application to {name}, or write back from it only what is wrong",
                f"point what reads the stream of {self.table} (triggers, pipes) to that of {name}, if it has one",
                f"set ial:workload tables to {name} and apply the stack, so that it is protected and watched",
                told,
                f"delete {self.table} when nobody needs it: it has deletion protection",
            )
            if text
        )
