"""The drill of a DynamoDB table: restored beside itself at a time, and compared with what it held then."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from contract.names import drill_name
from pricing.price_book import PriceBook
from runners.backup.arrival import ask_once
from runners.backup.drill import Cost, DrillLimits, DrillRun
from runners.backup.evidence import Kind
from runners.backup.lines import Arrived, Moment, Recovered
from runners.backup.reasons import DrillReason
from runners.backup.tables.lines import (
    Restorable,
    Scanned,
    ScannedAgain,
    ScannedCopy,
    SentinelChanged,
    SentinelWritten,
    SettingsCompared,
    TableBeside,
)
from runners.backup.tables.pace import Pacer
from runners.backup.tables.parallel_scan import items_in, scanned, segments_for
from runners.backup.tables.reading import (
    SOURCE_SCANS,
    ReadLimits,
    copy_rate,
    copy_reading,
    duration,
    item_bytes,
    source_rate,
    source_reading,
)
from runners.backup.tables.restored_table import restored_table
from runners.backup.tables.table_comparison import Comparison, compare
from runners.backup.tables.table_cost import table_cost
from runners.backup.tables.table_differences import RESTORED, differences
from runners.backup.tables.table_digest import Manifest, canonical, key_text
from runners.backup.tables.table_sentinel import TableSentinel
from runners.backup.tables.tables import Tables, TableShape
from runners.errors import DeadlineError
from runners.runs.clock import parse_rfc3339, pause, rfc3339, wait_for
from runners.runs.reason import NotNowError, Obstacle

TAG: Final = "ial:drill-run"
STACK_TAG: Final = "ial:stack"
_MOST_NAMED: Final = 20
_LONGEST_NAME: Final = 255


def side_table(table: str, run: str) -> str:
    """What the restored table is called."""
    return drill_name(table, run)


# What was read is kept beside the journal, by the step that read it.
_FILES: Final = {Scanned.step: "before", ScannedAgain.step: "after", ScannedCopy.step: "restored"}
S = TypeVar("S", bound=Scanned)


@dataclass(frozen=True, kw_only=True)
class TableDrill:
    """One table. The only thing it writes to the source is one item, which it takes away again.

    Without `with_sentinel` it writes nothing, and the record says what is not proven then.
    """

    resource: str
    stack: str
    tables: Tables
    prices: PriceBook
    region: str
    limits: DrillLimits
    reads: ReadLimits = field(default_factory=ReadLimits)
    with_sentinel: bool = True
    # One for each table, so that two scans in one second do not take twice the share.
    paces: dict[str, Pacer] = field(default_factory=dict, init=False, compare=False, repr=False)

    kind = Kind.TABLE

    @property
    def required(self) -> frozenset[str]:
        """The checks without which it has not passed."""
        always = {*RESTORED, "count", "content", "recovery-time"}
        return frozenset(always | {"sentinel"} if self.with_sentinel else always)

    def cost(self) -> Cost:
        """What a run costs at most.

        Raises:
            InputError: there is no such table.
            AwsError: it could not be described.
        """
        source = self._source()
        reads = {"source": source_reading(source, self.reads), "copy": copy_reading(source)}
        return replace(table_cost(source, self.prices, self.region), reads=reads)

    def obstacles(self) -> list[Obstacle]:
        """Why the table cannot be drilled now."""
        shape, window = self._source(), self.tables.window(self.resource)
        found = []
        if shape.status != "ACTIVE":
            found.append(DrillReason.TABLE_NOT_ACTIVE.against(table=self.resource, status=shape.status))
        if not window.enabled:
            found.append(DrillReason.RECOVERY_OFF.against(table=self.resource))
        if len(side_table(self.resource, "20261125-083000-a1b2")) > _LONGEST_NAME:
            found.append(DrillReason.NAME_TOO_LONG.against(kind="table", name=self.resource))
        return [*found, *self._too_slow(shape)]

    def _too_slow(self, source: TableShape) -> list[Obstacle]:
        reading, most = source_reading(source, self.reads), int(self.reads.within.total_seconds())
        if reading.seconds is None or reading.seconds <= most * SOURCE_SCANS:
            return []
        return [DrillReason.READ_TOO_SLOW.against(table=self.resource, reading=reading, most=duration(most))]

    def carry_out(self, run: DrillRun) -> None:
        """Restores beside the original and compares; may be called again for the same run."""
        source = self._source()
        before, after, at = self._read_around(run, source)
        rpo = run.step(Restorable, lambda: self._wait_restorable(run, at), "waiting until the time can be restored")
        side = run.step(TableBeside, lambda: self._restore(run, at), f"restoring {self.resource} as of {rfc3339(at)}")
        name = side.table
        run.step(Arrived, lambda: self._wait_restored(run, name), f"waiting for {name}")
        self._compare(run, source, name, before, after)
        run.step(SettingsCompared, lambda: self._compare_settings(run, name), "comparing every setting")
        self._conclude(run, at, rpo.rpo_seconds)

    def clean_up(self, run: DrillRun) -> list[str]:
        """Removes the sentinel and the restored table, as far as they may exist."""
        left = []
        source = self.tables.shape(self.resource)
        if source is not None:
            self._sentinel.remove(run, source)
        name = side_table(self.resource, run.id)
        if run.began("restore") is not None and not self._gone(run, name):
            left.append(f"table {name}")
        for attachment in _FILES.values():
            run.attachment(attachment).unlink(missing_ok=True)
        return left

    @property
    def _sentinel(self) -> TableSentinel:
        return TableSentinel(tables=self.tables, table=self.resource, wanted=self.with_sentinel)

    def _source(self) -> TableShape:
        return self._shape(self.resource)

    def _shape(self, name: str) -> TableShape:
        shape = self.tables.shape(name)
        if shape is None:
            raise NotNowError(DrillReason.TABLE_MISSING.against(table=name, region=self.region))
        return shape

    def _read_around(self, run: DrillRun, source: TableShape) -> tuple[Manifest, Manifest, datetime]:
        """What the table held before the time, and right after it."""
        if self.with_sentinel:
            run.step(SentinelWritten, lambda: self._sentinel.write(run, source), "writing the sentinel")
        first = run.step(Scanned, lambda: self._scan(run, self.resource, Scanned), f"reading {self.resource}")
        moment = run.step(Moment, lambda: self._moment(run))
        told = f"reading {self.resource} again"
        second = run.step(ScannedAgain, lambda: self._scan(run, self.resource, ScannedAgain), told)
        if self._sentinel.is_written(run):
            # Only now: a restore that ignores the time differs from both readings.
            run.step(SentinelChanged, lambda: self._sentinel.change(run, source), "changing the sentinel")
        before = Manifest.read(run.attachment("before"), first.digest)
        after = Manifest.read(run.attachment("after"), second.digest)
        return before, after, parse_rfc3339(moment.at)

    def _scan(self, run: DrillRun, name: str, line: type[S]) -> S:
        shape = self._shape(name)
        rate = self._rate(shape)
        found = scanned(self.tables, name, shape.key_names, segments_for(self._source(), rate), self._pace(run, shape))
        manifest = found.manifest
        return line(
            items=manifest.items,
            digest=manifest.write(run.attachment(_FILES[line.step])),
            read_units=found.units,
            units_per_second=rate,
        )

    def _rate(self, shape: TableShape) -> float | None:
        return source_rate(shape, self.reads) if shape.name == self.resource else copy_rate(shape)

    def _pace(self, run: DrillRun, shape: TableShape) -> Pacer:
        """By the units in force while it is read, also after application auto scaling has changed them."""
        if shape.name not in self.paces:
            own = shape.name == self.resource
            self.paces[shape.name] = Pacer(
                run.clock,
                lambda: self._rate(self._shape(shape.name)),
                what=f"table {shape.name}",
                item_bytes=item_bytes(self._source()),
                within=self.reads.within if own else None,
            )
        self.paces[shape.name].begin()
        return self.paces[shape.name]

    def _moment(self, run: DrillRun) -> Moment:
        """The next whole second, once it has passed: requests to restore carry no fractions."""
        now = run.clock.now()
        at = now.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        pause(run.clock, at - now + timedelta(seconds=0.05), "the end of a second")
        return Moment(at=rfc3339(at))

    def _wait_restorable(self, run: DrillRun, at: datetime) -> Restorable:
        def behind() -> float | None:
            latest = self.tables.window(self.resource).latest
            return (run.clock.now() - latest).total_seconds() if latest is not None and latest >= at else None

        limits = self.limits
        what = f"a time of table {self.resource} that can be restored"
        rpo = wait_for(run.clock, what, behind, within=limits.restorable_within, every=limits.every)
        return Restorable(rpo_seconds=round(max(0.0, rpo), 3))

    def _restore(self, run: DrillRun, at: datetime) -> TableBeside:
        name = side_table(self.resource, run.id)
        ask_once(lambda: self.tables.restore(self.resource, name, at), lambda: self.tables.shape(name) is not None)
        return TableBeside(table=name)

    def _wait_restored(self, run: DrillRun, name: str) -> Arrived:
        shape = restored_table(run, self.tables, name, self.limits)
        self.tables.tag(shape.arn, {TAG: run.id, STACK_TAG: self.stack})
        return Arrived(arn=shape.arn)

    def _compare(self, run: DrillRun, source: TableShape, name: str, before: Manifest, after: Manifest) -> None:
        scanned = run.step(ScannedCopy, lambda: self._scan(run, name, ScannedCopy), f"reading {name}")
        restored = Manifest.read(run.attachment("restored"), scanned.digest)
        found = compare(before, after, restored)
        for check in found.checks(self._culprits(run, source, name, found) if found.wrong else ""):
            run.check(check)
        self._sentinel.check(run, source, name)

    def _culprits(self, run: DrillRun, source: TableShape, name: str, found: Comparison) -> str:
        """The keys that differ in the wrong buckets, as the source is now."""
        keys = source.key_names
        wanted, restored = (
            {
                key_text(item, keys): canonical(item)
                for item in items_in(self.tables, shape.name, keys, found.wrong, self._pace(run, shape))
            }
            for shape in (source, self._shape(name))
        )
        told = [f"{key} is missing" for key in sorted(wanted.keys() - restored.keys())]
        told += [f"{key} is too much" for key in sorted(restored.keys() - wanted.keys())]
        told += [f"{key} is changed" for key in sorted(wanted.keys() & restored.keys()) if wanted[key] != restored[key]]
        if not told:
            return "what was restored is what the table holds now, not what it held then"
        more = f", and {len(told) - _MOST_NAMED} more" if len(told) > _MOST_NAMED else ""
        return ", ".join(told[:_MOST_NAMED]) + more

    def _compare_settings(self, run: DrillRun, name: str) -> SettingsCompared:
        """What every restore brings back is checked; what it loses is told."""
        found = differences(self.tables.describe(self.resource), self.tables.describe(name))
        lost = [held for held in found.parts if held.same is not True and held.part.name not in RESTORED]
        for held in found.parts:
            if held.part.name in RESTORED:
                run.check(held.check())
        findings = [*(held.finding(self.resource) for held in lost), *found.told]
        for finding in findings:
            run.finding(finding)
        return SettingsCompared(found=len(findings))

    def _conclude(self, run: DrillRun, at: datetime, rpo: float) -> None:
        began = run.began("restore")
        validated = run.result_at("content")
        assert began is not None
        assert validated is not None
        rto = round((validated - began).total_seconds(), 3)
        run.step(Recovered, lambda: Recovered(restored_to=rfc3339(at), rto_seconds=rto, rpo_seconds=rpo))
        run.check(self.limits.objective_check(rto))

    def _gone(self, run: DrillRun, name: str) -> bool:
        """Deletes the restored table: one that is still being made has to be waited for."""

        def deleted() -> bool | None:
            if self.tables.shape(name) is None:
                return True
            self.tables.delete(name)
            return True if self.tables.shape(name) is None else None

        limits = self.limits
        try:
            return wait_for(run.clock, f"the end of {name}", deleted, within=limits.deleted_within, every=limits.every)
        except DeadlineError:
            return False
