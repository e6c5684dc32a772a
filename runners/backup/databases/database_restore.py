"""A real restore of a database: shown first, carried out beside the original with its settings, then proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_UP, Decimal
from typing import Any, Final

from pricing.price_book import PriceBook
from runners.backup.arrival import arrived, ask_once
from runners.backup.databases.database_comparison import Difference, How, differences, lost, settings
from runners.backup.databases.databases import Database, Databases
from runners.backup.databases.lines import DatabaseBeside, SettingsPutBack, Settled
from runners.backup.drill import Cost, DrillLimits, DrillRun
from runners.backup.evidence import Check
from runners.backup.known_cost import known_cost
from runners.backup.lines import Arrived
from runners.backup.reasons import RestoreReason
from runners.backup.restore_result import Restored, RestorePlan
from runners.errors import AwsError, DeadlineError, InputError
from runners.runs.clock import Clock, parse_rfc3339, rfc3339, wait_for
from runners.runs.reason import NotNowError

_MONTH_HOURS: Final = Decimal(730)
_LONGEST_NAME: Final = 63
_SETTLED_WITHIN: Final = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class DatabaseRestore:
    """Restores the database of a stack. The source stays as it is."""

    stack: str
    name: str
    databases: Databases
    prices: PriceBook
    region: str
    clock: Clock
    limits: DrillLimits

    def plan(self, at: datetime, target: str | None = None) -> RestorePlan:
        """What would be done. Reads, changes nothing. An unknown price is told, and stands in nobody's way.

        Raises:
            InputError: the database, the time or the name of the target cannot be used.
            AwsError: something could not be read.
        """
        source = self._found(self.name)
        at = at.astimezone(UTC).replace(microsecond=0)
        notes = self._within_window(source, at)
        name = target or f"{self.name}-restored-{self.clock.now():%Y%m%d-%H%M%S}"
        if len(name) > _LONGEST_NAME:
            msg = f"--to {name}: is no name of a database; accepted: at most {_LONGEST_NAME} characters"
            raise InputError(msg)
        if self.databases.database(name) is not None:
            raise NotNowError(RestoreReason.NAME_TAKEN.against(kind="database", name=name))
        cost = self._cost(source)
        notes += cost.unknown
        notes += [f"RDS cannot bring back {what}; set it again" for what in lost(source.described)]
        return RestorePlan(
            stack=self.stack,
            kind="database",
            source=self.name,
            target=name,
            at=rfc3339(at),
            cost_usd=None if cost.usd is None else cost.usd.quantize(Decimal("0.01"), ROUND_UP),
            steps=(
                f"restore {self.name} as of {rfc3339(at)} to the new instance {name}, {source.size}, "
                "with its network, groups and settings",
                f"switch on deletion protection{' and the standby' if source.multi_az else ''}, and put back the rest",
                "compare everything that RDS describes with the source",
            ),
            afterwards=(
                f"ask {name} whether the data is what you want",
                f"point the application to {name}, or rename both instances so that {name} takes the old address",
                f"delete {self.name} when nobody needs it, with a last snapshot",
            ),
            duration="ten minutes to an hour, by size; the first reads are slow until storage has been loaded",
            notes=tuple(notes),
        )

    def _cost(self, source: Database) -> Cost:
        """What the restored instance costs a month."""
        zones = "multi_az" if source.multi_az else "single_az"
        parts = (
            (f"class {source.size}", _MONTH_HOURS, f"rds.instance.{source.engine}.{zones}.{source.size}"),
            ("its storage", Decimal(source.storage_gb), f"rds.storage.{zones}.{source.storage_type}"),
        )
        return known_cost(self.prices, self.region, parts)

    def _within_window(self, source: Database, at: datetime) -> list[str]:
        """Refuses a time that cannot be restored; what is not known of the window is told."""
        latest, notes, earliest = source.latest_restorable, [], None
        if latest is None or source.retention_days == 0:
            off = "no time: automated backups are off"
            raise NotNowError(RestoreReason.OUTSIDE_RECOVERY.against(at=rfc3339(at), accepted=off))
        try:
            earliest = self.databases.earliest(self.name)
        except AwsError as error:
            notes.append(f"how far back its backups go is not known, RDS will say: {error}")
        # RDS restores whole seconds.
        first = None if earliest is None else earliest.astimezone(UTC).replace(microsecond=0)
        if at > latest or (first is not None and at < first):
            since = "" if first is None else f"from {rfc3339(first)} "
            accepted = f"{since}to {rfc3339(latest)}"
            raise NotNowError(RestoreReason.OUTSIDE_RECOVERY.against(at=rfc3339(at), accepted=accepted))
        return notes

    def carry_out(self, run: DrillRun, plan: RestorePlan) -> Restored:
        """Does it. May be called again for the same run.

        Raises:
            RunnerError: something failed; what exists is named by the plan, and the run can be resumed.
        """
        source, name = self._found(self.name), plan.target
        at = parse_rfc3339(plan.at)
        begun = run.step(DatabaseBeside, lambda: self._restore(source, name, at), f"restoring to {name}")
        run.step(Arrived, lambda: self._wait(run, name), f"waiting for {name}")
        told = "switching on deletion protection, and putting back what a restore does not take"
        done = run.step(SettingsPutBack, lambda: SettingsPutBack(refused=self.databases.put_back(source, name)), told)
        run.step(Settled, lambda: self._settle(run, source, name), "waiting for it")
        refused = [text for text in (begun.refused, done.refused) if text]
        found = self._found(name)
        wanted = {**source.described, "DeletionProtection": True}
        checks = [_compared(wanted, found.described)]
        checks += [_check(difference) for difference in differences(wanted, found.described)]
        checks += [Check(name="accepted", ok=False, expected="no refusal", observed=text) for text in refused]
        return Restored(run=run.id, plan=plan, checks=tuple(checks))

    def _found(self, name: str) -> Database:
        found = self.databases.database(name)
        if found is None:
            raise NotNowError(RestoreReason.DATABASE_GONE.against(database=name, region=self.region))
        return found

    def _restore(self, source: Database, name: str, at: datetime) -> DatabaseBeside:
        # The name was free when it was planned.
        refused = ask_once(
            lambda: self.databases.restore(source, name, at), lambda: self.databases.database(name) is not None
        )
        return DatabaseBeside(database=name, refused=refused or "")

    def _wait(self, run: DrillRun, name: str) -> Arrived:
        def available() -> Database | None:
            found = self.databases.database(name)
            return found if found is not None and found.status == "available" else None

        return Arrived(arn=arrived(run, f"database {name}", available, self.limits).arn)

    def _settle(self, run: DrillRun, source: Database, name: str) -> Settled:
        """Waits for what was put back; what has not come by then is a difference that the comparison tells."""

        def settled() -> bool | None:
            found = self.databases.database(name)
            return True if found is not None and found.is_settled and not self._to_come(source, found) else None

        limits = self.limits
        try:
            wait_for(run.clock, f"the settings of {name}", settled, within=_SETTLED_WITHIN, every=limits.every)
        except DeadlineError as error:
            return Settled(late=str(error))
        return Settled(late="")

    @staticmethod
    def _to_come(source: Database, found: Database) -> bool:
        wanted = {**source.described, "DeletionProtection": True}
        return any(held.how is How.PUT_BACK for held in differences(wanted, found.described))


def _compared(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> Check:
    number, other = len(settings(wanted)), [held.what for held in differences(wanted, found)]
    return Check(
        name="settings",
        ok=not other,
        expected=f"{number} settings as at the source",
        observed="exactly that" if not other else f"{len(other)} are not: {', '.join(other)}",
    )


def _check(held: Difference) -> Check:
    return Check(
        name=held.what, ok=False, expected=held.expected, observed=held.observed, detail=f"comes back {held.how}"
    )
