"""The drill of a database: restored beside itself to a moment, asked by the user's own command, compared, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from contract.names import drill_name
from pricing.price_book import PriceBook
from runners.backup.arrival import arrived, ask_once
from runners.backup.databases.database_comparison import Difference, How, differences
from runners.backup.databases.databases import Database, DatabaseProbe, Databases
from runners.backup.databases.lines import Asked, DatabaseBeside, DatabaseMoment
from runners.backup.drill import Cost, DrillLimits, DrillRun
from runners.backup.evidence import Check, Finding, Kind
from runners.backup.known_cost import known_cost
from runners.backup.lines import Arrived, Recovered
from runners.backup.reasons import DrillReason
from runners.backup.tables.table_drill import STACK_TAG, TAG
from runners.errors import DeadlineError
from runners.runs.clock import parse_rfc3339, rfc3339, wait_for
from runners.runs.reason import NotNowError, Obstacle

_LONGEST_NAME: Final = 63
_HOURS: Final = Decimal(2)
_MONTH_HOURS: Final = Decimal(730)
_LOOK: Final = "a real restore would be without them until they are put back"
# What a drill leaves out on purpose, as `runners/aws/database_settings.py` says with the reasons.
_LEFT_OUT: Final = frozenset(
    {
        "BackupRetentionPeriod",
        "DomainMemberships",
        "EnabledCloudwatchLogsExports",
        "PreferredBackupWindow",
        "PubliclyAccessible",
        "TagList",
    }
)


def side_database(database: str, run: str) -> str:
    """What the restored instance is called."""
    return drill_name(database, run)


@dataclass(frozen=True, kw_only=True)
class DatabaseDrill:
    """One instance. The source is only read."""

    resource: str
    stack: str
    databases: Databases
    probe: DatabaseProbe | None
    prices: PriceBook
    region: str
    limits: DrillLimits

    kind = Kind.DATABASE
    required = frozenset({"engine", "size", "storage", "encryption", "settings", "probe", "recovery-time"})

    def cost(self) -> Cost:
        """Two hours of a second instance and of its storage; a size without a price costs an unknown amount.

        Raises:
            InputError: there is no such instance.
            AwsError: it could not be described.
        """
        source = self._source()
        parts = (
            (f"hours of class {source.size}", _HOURS, f"rds.instance.{source.engine}.single_az.{source.size}"),
            (
                "GB-months of its storage",
                source.storage_gb * _HOURS / _MONTH_HOURS,
                f"rds.storage.single_az.{source.storage_type}",
            ),
        )
        return known_cost(self.prices, self.region, parts)

    def obstacles(self) -> list[Obstacle]:
        """Why the database cannot be drilled now."""
        source = self._source()
        found = []
        if source.status != "available":
            told = {"database": self.resource, "status": source.status}
            found.append(DrillReason.DRILLED_DATABASE_NOT_AVAILABLE.against(**told))
        if source.latest_restorable is None or source.retention_days == 0:
            found.append(DrillReason.NO_AUTOMATED_BACKUPS.against(database=self.resource))
        if len(side_database(self.resource, "20261125-083000-a1b2")) > _LONGEST_NAME:
            found.append(DrillReason.NAME_TOO_LONG.against(kind="database", name=self.resource))
        return found

    def carry_out(self, run: DrillRun) -> None:
        """Restores, asks, compares; may be called again for the same run."""
        source = self._source()
        moment = run.step(DatabaseMoment, lambda: self._moment(run, source))
        at = parse_rfc3339(moment.at)
        name = side_database(self.resource, run.id)
        told = f"restoring {self.resource} as of {rfc3339(at)}"
        run.step(DatabaseBeside, lambda: self._restore(run, source, at), told)
        run.step(Arrived, lambda: self._wait(run, name), f"waiting for {name}")
        restored = self._found(name)
        for check in _checks(source, restored):
            run.check(check)
        run.step(Asked, lambda: self._ask(restored), "asking it")
        self._conclude(run, source, restored, at, moment.rpo_seconds)

    def clean_up(self, run: DrillRun) -> list[str]:
        """Deletes the restored instance, and nothing else."""
        if run.began("restore") is None:
            return []
        name = side_database(self.resource, run.id)

        def gone() -> bool | None:
            if self.databases.database(name) is None:
                return True
            self.databases.delete(name)
            return True if self.databases.database(name) is None else None

        limits = self.limits
        try:
            wait_for(run.clock, f"the end of {name}", gone, within=limits.deleted_within, every=limits.every)
        except DeadlineError:
            return [f"database {name}"]
        return []

    def _source(self) -> Database:
        return self._found(self.resource)

    def _found(self, name: str) -> Database:
        found = self.databases.database(name)
        if found is None:
            raise NotNowError(DrillReason.DATABASE_MISSING.against(database=name, region=self.region))
        return found

    def _moment(self, run: DrillRun, source: Database) -> DatabaseMoment:
        latest = source.latest_restorable
        assert latest is not None
        at = latest.astimezone(UTC).replace(microsecond=0)
        behind = max(0.0, round((run.clock.now() - at).total_seconds(), 3))
        return DatabaseMoment(at=rfc3339(at), rpo_seconds=behind)

    def _restore(self, run: DrillRun, source: Database, at: datetime) -> DatabaseBeside:
        name, tags = side_database(self.resource, run.id), {TAG: run.id, STACK_TAG: self.stack}
        refused = ask_once(
            lambda: self.databases.restore_beside(source, name, at, tags),
            lambda: self.databases.database(name) is not None,
        )
        return DatabaseBeside(database=name, refused=refused or "")

    def _wait(self, run: DrillRun, name: str) -> Arrived:
        def available() -> Database | None:
            found = self.databases.database(name)
            return found if found is not None and found.status == "available" and found.address else None

        return Arrived(arn=arrived(run, f"database {name}", available, self.limits).arn)

    def _ask(self, restored: Database) -> Asked:
        if self.probe is None or restored.address is None:
            return Asked(ok=None, said="nothing asked it; give --probe COMMAND")
        ok, said = self.probe.ask(*restored.address)
        return Asked(ok=ok, said=said)

    def _conclude(self, run: DrillRun, source: Database, restored: Database, at: datetime, rpo: float) -> None:
        asked = run.result(Asked)
        began, done = run.began("restore"), run.result_at("probe")
        assert asked is not None
        assert began is not None
        assert done is not None
        run.check(Check(name="probe", ok=asked.ok, expected="an answer", observed=asked.said))
        beside = run.result(DatabaseBeside)
        if beside is not None and beside.refused:
            run.finding(Finding(what=f"RDS refused the settings of the source: {beside.refused}", advice=_LOOK))
        for finding in _findings(source, restored):
            run.finding(finding)
        rto = round((done - began).total_seconds(), 3)
        run.step(Recovered, lambda: Recovered(restored_to=rfc3339(at), rto_seconds=rto, rpo_seconds=rpo))
        run.check(self.limits.objective_check(rto))


def _checks(source: Database, restored: Database) -> Iterator[Check]:
    pairs = (
        ("engine", f"{source.engine} {source.version}", f"{restored.engine} {restored.version}"),
        ("size", source.size, restored.size),
        (
            "storage",
            f"{source.storage_gb} GB {source.storage_type}",
            f"{restored.storage_gb} GB {restored.storage_type}",
        ),
        (
            "encryption",
            "on" if source.encrypted else "off",
            "on" if restored.encrypted else "off",
        ),
    )
    for name, expected, observed in pairs:
        yield Check(name=name, ok=expected == observed, expected=expected, observed=observed)
    other = [held for held in _compared(source, restored) if held.how is How.RESTORED]
    yield Check(
        name="settings",
        ok=not other,
        expected="what RDS takes with a restore, as at the source",
        observed="exactly that" if not other else f"{len(other)} are not",
        detail="; ".join(f"{held.what}: {held.observed} instead of {held.expected}" for held in other),
    )


def _compared(source: Database, restored: Database) -> list[Difference]:
    return [held for held in differences(source.described, restored.described) if held.member not in _LEFT_OUT]


def _findings(source: Database, restored: Database) -> Iterator[Finding]:
    """What RDS does not take with a restore."""
    for held in _compared(source, restored):
        if held.how is How.PUT_BACK:
            yield Finding(
                what=f"a restore loses {held.what}", advice=f"`ial backup restore {source.name}` puts it back"
            )
        elif held.how is How.LOST:
            yield Finding(what=f"a restore loses {held.what} ({held.expected})", advice="somebody has to set it again")
