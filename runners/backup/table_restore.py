"""A real restore of a table: shown first, carried out beside the original, its settings put back, then proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pricing.price_book import PriceBook
from runners.backup.drill import Cost, DrillLimits, DrillRun
from runners.backup.evidence import Check
from runners.backup.parallel_scan import manifest_of, segments_for
from runners.backup.restore_result import Restored, RestorePlan
from runners.backup.table_cost import table_cost
from runners.backup.table_settings import SettingsStore, TableSettings, settings_checks
from runners.backup.table_shape import shape_checks
from runners.backup.tables import Tables, TableShape
from runners.clock import Clock, parse_rfc3339, rfc3339, wait_for
from runners.errors import AwsError, InputError

_LONGEST_NAME: Final = 255


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
            CatalogError: a price is missing.
        """
        source = self._source()
        at = at.astimezone(UTC).replace(microsecond=0)
        self._check_window(at)
        name = target or f"{self.table}-restored-{self.clock.now():%Y%m%d-%H%M%S}"
        if len(name) > _LONGEST_NAME or name == self.table or self.tables.shape(name) is not None:
            msg = f"--to {name}: a table of that name exists, or the name cannot be used; choose another one"
            raise InputError(msg)
        found = self.settings.read(self.table)
        cost: Cost = table_cost(source, self.prices, self.region)
        return RestorePlan(
            stack=self.stack,
            kind="table",
            source=self.table,
            target=name,
            at=rfc3339(at),
            cost_usd=cost.usd,
            steps=(
                f"restore {self.table} ({source.size_bytes / 1024**3:.2f} GB) as of {rfc3339(at)} to new table {name}",
                *(f"put back {part}: {shown}" for part, shown in found.parts()),
                "compare keys, indexes, billing and encryption with the source, and count the items by reading them",
            ),
            afterwards=self._afterwards(name),
            duration="minutes to hours: it depends on the size and on the number of indexes, not on the items changed",
        )

    def carry_out(self, run: DrillRun, plan: RestorePlan) -> Restored:
        """Does it. May be called again for the same run: what is done is not done again.

        Raises:
            RunnerError: something failed; what exists is named by the plan, and the run can be resumed.
        """
        source, name = self._source(), plan.target
        kept = run.step("settings", lambda: _as_json(self.settings.read(self.table)), "reading the settings")
        wanted = _from_json(kept)
        run.step("restore", lambda: self._restore(name, parse_rfc3339(plan.at)), f"restoring to {name}")
        run.step("restored", lambda: self._wait(run, name), f"waiting for {name}")
        for part, shown in wanted.parts():
            run.step(f"put {part}", lambda part=part: self._put(name, part, wanted), f"putting back {part}: {shown}")  # type: ignore[misc]
        counted = run.step("count", lambda: self._count(name), "counting the items by reading them")
        checks = (
            *shape_checks(source, self._shape(name)),
            *settings_checks(wanted, self.settings.read(name)),
            Check(name="items", ok=True, expected="read one by one", observed=f"{counted['items']} items"),
        )
        return Restored(run=run.id, plan=plan, checks=checks)

    def _source(self) -> TableShape:
        return self._shape(self.table)

    def _shape(self, name: str) -> TableShape:
        shape = self.tables.shape(name)
        if shape is None:
            msg = (
                f"table {name} does not exist in {self.region}; a deleted table comes back from its copies: "
                "`ial backup verify` lists them, the AWS Backup console restores one"
            )
            raise InputError(msg)
        return shape

    def _check_window(self, at: datetime) -> None:
        window = self.tables.window(self.table)
        if not window.enabled or window.earliest is None or window.latest is None:
            msg = (
                f"point-in-time recovery of table {self.table} is off: no time can be restored; restore a copy instead"
            )
            raise InputError(msg)
        if not window.earliest.replace(microsecond=0) <= at <= window.latest + timedelta(seconds=1):
            accepted = f"{rfc3339(window.earliest)} to {rfc3339(window.latest)}"
            msg = f"--at {rfc3339(at)} cannot be restored; accepted: {accepted}"
            raise InputError(msg)

    def _restore(self, name: str, at: datetime) -> Mapping[str, Any]:
        if self.tables.shape(name) is None:
            try:
                self.tables.restore(self.table, name, at)
            except AwsError:
                # A request whose answer was lost is sent again, and then refused: the name was free when planned.
                if self.tables.shape(name) is None:
                    raise
        return {"table": name}

    def _wait(self, run: DrillRun, name: str) -> Mapping[str, Any]:
        def ready() -> TableShape | None:
            shape = self.tables.shape(name)
            return shape if shape is not None and shape.status == "ACTIVE" and not shape.restoring else None

        limits = self.limits
        shape = wait_for(run.clock, f"table {name}", ready, within=limits.restored_within, every=limits.every)
        return {"arn": shape.arn}

    def _put(self, name: str, part: str, wanted: TableSettings) -> Mapping[str, Any]:
        self.settings.put(name, part, wanted)
        return {"part": part}

    def _count(self, name: str) -> Mapping[str, Any]:
        shape = self._shape(name)
        found = manifest_of(self.tables, name, shape.key_names, segments_for(shape))
        return {"items": found.items, "digest": found.digest}

    def _afterwards(self, name: str) -> tuple[str, ...]:
        alarms = self.settings.watching(self.table)
        told = f"alarms that watch {self.table} do not watch {name}: {', '.join(alarms)}" if alarms else ""
        return tuple(
            text
            for text in (
                f"point the application to {name}, or write back from it only what is wrong",
                f"set ial:workload tables to {name} and apply the stack, so that it is protected and watched",
                told,
                f"delete {self.table} when nobody needs it: it has deletion protection",
            )
            if text
        )


def _as_json(settings: TableSettings) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(settings)


def _from_json(held: Mapping[str, Any]) -> TableSettings:
    from runners.backup.table_settings import Scaling

    scaling = tuple(Scaling(**{**entry, "policies": tuple(entry["policies"])}) for entry in held["scaling"])
    return TableSettings(**{**held, "scaling": scaling})
