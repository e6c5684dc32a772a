"""What is protected and what is not, resource by resource: read now, not believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from contract.parts import plain
from contract.run_table import DRILLS, collection
from contract.suites import CONFIGURATION
from runners.backup.evidence import Check, Kind, Verdict
from runners.backup.status_document import (
    DrillBudget,
    LastDrillDocument,
    ProtectionDocument,
    State,
    StatusDocument,
    StatusExit,
)
from runners.errors import AwsError
from runners.exit_codes import ExitCode
from runners.runs.clock import Clock, parse_rfc3339

if TYPE_CHECKING:
    from contract.outputs import Bucket, Outputs, Table
    from runners.backup.buckets.objects import Objects
    from runners.backup.copier import Copier
    from runners.backup.databases.databases import Databases
    from runners.backup.tables.tables import Tables
    from runners.runs.records import Records

_MONTHS: Final = 13
_STALE_DATABASE: Final = timedelta(minutes=15)
# Point-in-time recovery of DynamoDB is five minutes behind; more than this is not normal.
_STALE_TABLE: Final = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class LastDrill:
    """The newest drill of a resource."""

    run: str
    verdict: str
    started: datetime
    rto_seconds: float | None
    rpo_seconds: float | None


@dataclass(frozen=True, kw_only=True)
class Protection:
    """One resource. `unreadable` says why it could not be looked at: then nobody knows whether it is protected."""

    name: str
    kind: Kind
    rpo_seconds: float | None
    checks: tuple[Check, ...]
    last_drill: LastDrill | None
    unreadable: str | None = None

    @property
    def state(self) -> State:
        """protected, unprotected, or unknown."""
        if self.unreadable is not None:
            return "unknown"
        return "protected" if all(check.ok is True for check in self.checks) else "unprotected"

    def document(self, *, overdue: bool) -> ProtectionDocument:
        """For machines."""
        drill = self.last_drill
        return ProtectionDocument(
            resource=self.name,
            kind=self.kind,
            state=self.state,
            rpo_seconds=self.rpo_seconds,
            unreadable=self.unreadable,
            checks=self.checks,
            last_drill=None
            if drill is None
            else LastDrillDocument(
                run=drill.run,
                verdict=drill.verdict,
                started=drill.started.isoformat(),
                rto_seconds=drill.rto_seconds,
                rpo_seconds=drill.rpo_seconds,
            ),
            drill_overdue=overdue,
        )


@dataclass(frozen=True, kw_only=True)
class Status:
    """The whole stack; `proven` says whether every resource's last drill passed and is not overdue."""

    stack: str
    protections: tuple[Protection, ...]
    budget_usd: Decimal
    spent_usd: Decimal
    overdue_days: int
    now: datetime

    def overdue(self, protection: Protection) -> bool:
        """Whether no drill has passed for as long as the stack allows."""
        drill = protection.last_drill
        late = timedelta(days=self.overdue_days)
        return drill is None or drill.verdict != Verdict.PASSED or self.now - drill.started > late

    @property
    def exit_code(self) -> ExitCode:
        """0 all protected, 1 something is not, 6 something could not be looked at."""
        states = {protection.state for protection in self.protections}
        if "unprotected" in states:
            return ExitCode.REFUSED
        return ExitCode.AWS_FAILED if "unknown" in states else ExitCode.OK

    def document(self) -> dict[str, Any]:
        """For machines."""
        return plain(
            StatusDocument(
                stack=self.stack,
                resources=tuple(held.document(overdue=self.overdue(held)) for held in self.protections),
                drill_budget=DrillBudget(monthly_usd=str(self.budget_usd), taken_usd=str(self.spent_usd)),
                exit_code=cast("StatusExit", int(self.exit_code)),
            )
        )


@dataclass(frozen=True, kw_only=True)
class StatusReader:
    """Reads it all."""

    outputs: Outputs
    tables: Tables
    objects: Objects
    databases: Databases
    copier: Copier
    records: Records
    clock: Clock

    def read(self, budget_usd: Decimal, overdue_days: int) -> Status:
        """The status of everything that the stack names.

        Raises:
            AwsError: the records of drills could not be read.
        """
        drills, spent = self._drills()
        return Status(
            stack=self.outputs.stack,
            protections=tuple(self._protections(drills)),
            budget_usd=budget_usd,
            spent_usd=spent,
            overdue_days=overdue_days,
            now=self.clock.now(),
        )

    def _protections(self, drills: Mapping[str, LastDrill]) -> Iterator[Protection]:
        work, backup = self.outputs.workload, self.outputs.backup
        for table in work.tables:
            yield self._one(table.name, Kind.TABLE, lambda table=table: self._table(table), drills)  # type: ignore[misc]
        for bucket in work.buckets:
            yield self._one(bucket.name, Kind.BUCKET, lambda bucket=bucket: self._bucket(bucket), drills)  # type: ignore[misc]
        if work.database:
            name = work.database
            yield self._one(name, Kind.DATABASE, lambda: self._database(name), drills)
        if backup is not None:
            yield self._one(
                backup.configuration_bucket,
                Kind.CONFIGURATION,
                lambda: self._own_bucket(backup.configuration_bucket),
                drills,
            )

    def _one(
        self,
        name: str,
        kind: Kind,
        look: Callable[[], tuple[float | None, list[Check]]],
        drills: Mapping[str, LastDrill],
    ) -> Protection:
        drilled = drills.get(CONFIGURATION if kind is Kind.CONFIGURATION else name)
        try:
            rpo, checks = look()
        except AwsError as error:
            return Protection(
                name=name, kind=kind, rpo_seconds=None, checks=(), last_drill=drilled, unreadable=str(error)
            )
        return Protection(name=name, kind=kind, rpo_seconds=rpo, checks=tuple(checks), last_drill=drilled)

    def _table(self, declared: Table) -> tuple[float | None, list[Check]]:
        shape = self.tables.shape(declared.name)
        if shape is None:
            return None, [_missing("table")]
        window = self.tables.window(declared.name)
        checks = [_flag("point-in-time-recovery", window.enabled)]
        rpo = None
        if window.enabled and window.latest is not None:
            behind = self.clock.now() - window.latest
            rpo = max(0.0, behind.total_seconds())
            days = window.days or 35
            checks += [
                _at_least("recovery-window", days, declared.recovery_days, "days"),
                _within("recovery-point", behind, _STALE_TABLE),
            ]
        if declared.deletion_protection:
            checks.append(_flag("deletion-protection", shape.deletion_protection))
        return rpo, [*checks, *self._copies(declared.arn)]

    def _copies(self, arn: str) -> Iterator[Check]:
        plan = self.outputs.backup.plan if self.outputs.backup else None
        if plan is None:
            return
        points = self.copier.points(arn, plan.vault)
        newest = points[0] if points else None
        # A copy is made weekly: that none is there yet is no fault of the protection, and is told all the same.
        shown = "none yet" if newest is None else f"{newest.status}, {_age(self.clock.now() - newest.created)} old"
        yield Check(
            name="copies", ok=newest is None or newest.status == "COMPLETED", expected="COMPLETED", observed=shown
        )

    def _bucket(self, declared: Bucket) -> tuple[float | None, list[Check]]:
        window = self.outputs.recovery_window_days
        return self._versions(declared.name, window, "versioning" not in declared.left_to_owner)

    def _own_bucket(self, name: str) -> tuple[float | None, list[Check]]:
        return self._versions(name, self.outputs.recovery_window_days, True)

    def _versions(self, name: str, window: int, ours: bool) -> tuple[float | None, list[Check]]:
        rules = self.objects.rules(name)
        kept = rules.noncurrent_days
        checks = [_flag("versioning", rules.versioning, "" if ours else "left to its owner by ial:workload")]
        if kept is not None:
            checks.append(_at_least("overwritten-kept", kept, window, "days"))
        return (0.0 if rules.versioning else None), checks

    def _database(self, name: str) -> tuple[float | None, list[Check]]:
        found = self.databases.database(name)
        if found is None:
            return None, [_missing("database")]
        checks = [_flag("automated-backups", found.retention_days > 0)]
        rpo = None
        if found.latest_restorable is not None and found.retention_days > 0:
            behind = self.clock.now() - found.latest_restorable
            rpo = max(0.0, behind.total_seconds())
            checks.append(_within("recovery-point", behind, _STALE_DATABASE))
        return rpo, checks

    def _drills(self) -> tuple[dict[str, LastDrill], Decimal]:
        """The newest drill of each resource within a year, and what this month has cost."""
        found: dict[str, LastDrill] = {}
        spent = Decimal(0)
        for number, month in enumerate(recent_months(self.clock.now())):
            held = self.records.all(collection(DRILLS, month))
            if number == 0:
                spent = sum((Decimal(item["usd"]) for item in held.values()), Decimal(0))
            for run in sorted(held, reverse=True):
                item = held[run]
                if item["verdict"] not in (None, Verdict.REFUSED) and item["resource"] not in found:
                    found[item["resource"]] = LastDrill(
                        run=run,
                        verdict=item["verdict"],
                        started=parse_rfc3339(item["started"]),
                        rto_seconds=item["rtoSeconds"],
                        rpo_seconds=item["rpoSeconds"],
                    )
        return found, spent


def recent_months(now: datetime) -> Iterator[str]:
    """This month and the twelve before it, as records name them."""
    year, month = now.year, now.month
    for _ in range(_MONTHS):
        yield f"{year}-{month:02}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def _missing(what: str) -> Check:
    detail = "apply the stack again, or take it out of ial:workload"
    return Check(name="exists", ok=False, expected=f"a {what}", observed="nothing", detail=detail)


def _flag(name: str, on: bool, detail: str = "") -> Check:
    return Check(name=name, ok=on, expected="on", observed="on" if on else "off", detail=detail)


def _at_least(name: str, found: int, wanted: int, unit: str) -> Check:
    return Check(name=name, ok=found >= wanted, expected=f"{wanted} {unit} or more", observed=f"{found} {unit}")


def _within(name: str, behind: timedelta, most: timedelta) -> Check:
    limit = f"at most {most.total_seconds() / 60:g} min behind"
    return Check(name=name, ok=behind <= most, expected=limit, observed=f"{_age(behind)} behind")


def _age(span: timedelta) -> str:
    seconds = max(0.0, span.total_seconds())
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
