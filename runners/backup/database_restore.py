"""A real restore of a database: shown first, carried out beside the original with its settings, then proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_UP, Decimal
from typing import Any, Final

from pricing.price_book import PriceBook
from runners.backup.databases import Database, Databases
from runners.backup.drill import DrillLimits, DrillRun
from runners.backup.evidence import Check
from runners.backup.restore_result import Restored, RestorePlan
from runners.clock import Clock, parse_rfc3339, rfc3339, wait_for
from runners.errors import AwsError, InputError

_MONTH_HOURS: Final = 730
_LONGEST_NAME: Final = 63


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
        """What would be done. Reads, changes nothing.

        Raises:
            InputError: the database, the time or the name of the target cannot be used.
            AwsError: something could not be read.
            CatalogError: its size has no price.
        """
        source = self._found(self.name)
        at = at.astimezone(UTC).replace(microsecond=0)
        latest = source.latest_restorable
        if latest is None or source.retention_days == 0 or at > latest:
            accepted = "no time: automated backups are off" if latest is None else f"up to {rfc3339(latest)}"
            msg = f"--at {rfc3339(at)} cannot be restored; accepted: {accepted}"
            raise InputError(msg)
        name = target or f"{self.name}-restored-{self.clock.now():%Y%m%d-%H%M%S}"
        if len(name) > _LONGEST_NAME or self.databases.database(name) is not None:
            msg = f"--to {name}: a database of that name exists, or the name cannot be used; choose another one"
            raise InputError(msg)
        price = self.prices.price(f"rds.instance.{source.engine}.single_az.{source.size}", self.region)
        monthly = price.cost(Decimal(_MONTH_HOURS))
        return RestorePlan(
            stack=self.stack,
            kind="database",
            source=self.name,
            target=name,
            at=rfc3339(at),
            cost_usd=monthly.quantize(Decimal("0.01"), ROUND_UP),
            steps=(
                f"restore {self.name} as of {rfc3339(at)} to the new instance {name}, {source.size}, "
                f"with its subnet group, security groups{' and standby' if source.multi_az else ''}",
                "switch on deletion protection",
                "compare engine, size, storage and encryption with the source",
            ),
            afterwards=(
                f"ask {name} whether the data is what you want",
                f"point the application to {name}, or rename both instances so that {name} takes the old address",
                f"delete {self.name} when nobody needs it, with a last snapshot",
            ),
            duration="ten minutes to an hour, by size; the first reads are slow until storage has been loaded",
        )

    def carry_out(self, run: DrillRun, plan: RestorePlan) -> Restored:
        """Does it. May be called again for the same run.

        Raises:
            RunnerError: something failed; what exists is named by the plan, and the run can be resumed.
        """
        source, name = self._found(self.name), plan.target
        run.step("restore", lambda: self._restore(source, name, parse_rfc3339(plan.at)), f"restoring to {name}")
        run.step("restored", lambda: self._wait(run, name), f"waiting for {name}")
        run.step("protect", lambda: self._protect(source, name), "switching on deletion protection")
        found = self._found(name)
        pairs = (
            ("engine", f"{source.engine} {source.version}", f"{found.engine} {found.version}"),
            ("size", source.size, found.size),
            ("storage", f"{source.storage_gb} GB", f"{found.storage_gb} GB"),
            ("encryption", str(source.encrypted), str(found.encrypted)),
            ("deletion-protection", "True", str(found.deletion_protection)),
        )
        checks = tuple(Check(name=what, ok=want == have, expected=want, observed=have) for what, want, have in pairs)
        return Restored(run=run.id, plan=plan, checks=checks)

    def _found(self, name: str) -> Database:
        found = self.databases.database(name)
        if found is None:
            msg = (
                f"database {name} does not exist in {self.region}; a deleted one comes back from a snapshot: "
                "`aws rds describe-db-snapshots` lists them"
            )
            raise InputError(msg)
        return found

    def _restore(self, source: Database, name: str, at: datetime) -> Mapping[str, Any]:
        if self.databases.database(name) is None:
            try:
                self.databases.restore(source, name, at, dict(source.tags))
            except AwsError:
                if self.databases.database(name) is None:
                    raise
        return {"database": name}

    def _wait(self, run: DrillRun, name: str) -> Mapping[str, Any]:
        def available() -> Database | None:
            found = self.databases.database(name)
            return found if found is not None and found.status == "available" else None

        limits = self.limits
        found = wait_for(run.clock, f"database {name}", available, within=limits.restored_within, every=limits.every)
        return {"arn": found.arn}

    def _protect(self, source: Database, name: str) -> Mapping[str, Any]:
        self.databases.protect(name, standby=source.multi_az)
        return {"database": name}
