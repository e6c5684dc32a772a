"""Leftovers of drills that were cut off and never resumed: found by name and tag, removed when somebody says so."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from contract.names import SENTINEL_PREFIX, drill_name
from contract.parts import plain
from contract.run_name import RUN_NAME
from contract.run_table import DRILLS, collection
from runners.backup.buckets.bucket_drill import COPIES
from runners.backup.buckets.bucket_sentinel import SENTINEL
from runners.backup.reap_document import LeftoverDocument, LeftoverKind, ReapDocument, ReapExit
from runners.backup.status import recent_months
from runners.backup.tables.sentinel import is_ours, marks, sentinel_key
from runners.exit_codes import ExitCode
from runners.runs.clock import Clock
from runners.runs.run_folder import Runs, run_began

if TYPE_CHECKING:
    from contract.outputs import Outputs
    from runners.backup.buckets.objects import Objects
    from runners.backup.databases.databases import Databases
    from runners.backup.tables.tables import Tables
    from runners.runs.records import Records

_SIDE: Final = re.compile(drill_name(r"(?P<source>.+)", r"(?P<run>" + RUN_NAME + r")"))
_COPY: Final = re.compile(rf"{COPIES}/(?P<run>{RUN_NAME})/.+")


class Names(Protocol):
    """What there is, by name. Each call raises AwsError when it fails for good."""

    def tables(self) -> Iterator[str]:
        """Every table of the region."""

    def databases(self) -> Iterator[str]:
        """Every database instance of the region."""


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """Something that a run made. `removed` is None as long as nobody asked; `why` says why it stays."""

    kind: LeftoverKind
    name: str
    run: str
    age: timedelta
    removed: bool | None = None
    why: str = ""

    def told(self) -> LeftoverDocument:
        """For machines."""
        return LeftoverDocument(
            kind=self.kind,
            name=self.name,
            run=self.run,
            age_seconds=round(self.age.total_seconds()),
            removed=self.removed,
            why=self.why,
        )


@dataclass(frozen=True, kw_only=True)
class Reaped:
    """What was found."""

    stack: str
    leftovers: tuple[Leftover, ...]

    @property
    def exit_code(self) -> ExitCode:
        """7 when something that should go is still there."""
        return ExitCode.LEFT_BEHIND if any(held.removed is False for held in self.leftovers) else ExitCode.OK

    def document(self) -> dict[str, Any]:
        """For machines."""
        leftovers, code = tuple(held.told() for held in self.leftovers), cast("ReapExit", int(self.exit_code))
        return plain(ReapDocument(stack=self.stack, leftovers=leftovers, exit_code=code))


@dataclass(frozen=True, kw_only=True)
class Reaper:
    """Looks at the stack's own tables, buckets and database only."""

    outputs: Outputs
    names: Names
    tables: Tables
    databases: Databases
    objects: Objects
    runs: Runs
    records: Records
    clock: Clock

    def reap(self, older_than: timedelta, *, remove: bool) -> Reaped:
        """Lists leftovers, and removes them if asked to. A run that a living process drives keeps what it has.

        Raises:
            AwsError: something could not be listed or removed.
        """
        found = [held for held in self._found() if held.age >= older_than]
        done = tuple(self._treated(held, remove=remove) for held in found)
        return Reaped(stack=self.outputs.stack, leftovers=done)

    def _treated(self, held: Leftover, *, remove: bool) -> Leftover:
        if self._is_driven(held.run):
            return _with(held, None, "a living process drives this run")
        if not remove:
            return held
        left = self._remove(held)
        return _with(held, not left, left)

    def _remove(self, held: Leftover) -> str:
        if held.kind == "table":
            gone = self.tables.delete(held.name)
            return "" if gone else "it cannot be deleted yet; try again when its restore is over"
        if held.kind == "database":
            gone = self.databases.delete(held.name)
            return "" if gone else "it cannot be deleted yet; try again when its restore is over"
        source, key = held.name.split("/", 1)
        if held.kind == "item":
            shape = self.tables.shape(source)
            if shape is not None:
                self.tables.delete_item(source, sentinel_key(shape, held.run), only=marks(held.run))
            return ""
        held_there = self.objects.versions(source, key)
        # A sentinel is one key, which may begin another's; copies lie under a prefix.
        ours = [version for version in held_there if held.kind == "copies" or version.key == key]
        return "; ".join(self.objects.remove(source, ours))

    def _found(self) -> Iterator[Leftover]:
        work, backup = self.outputs.workload, self.outputs.backup
        sources = {table.name: table.arn for table in work.tables}
        for name in self.names.tables():
            match = _SIDE.fullmatch(name)
            if match is not None and match["source"] in sources:
                shape = self.tables.shape(name)
                # Somebody may call a table so: only one that was restored from its source is a drill's.
                if shape is not None and shape.restored_from == sources[match["source"]]:
                    yield self._leftover("table", name, match["run"])
        yield from self._items(sources)
        for name in self.names.databases() if work.database else ():
            match = _SIDE.fullmatch(name)
            database = self.databases.database(name) if match and match["source"] == work.database else None
            if match is not None and database is not None and database.tags.get("ial:drill-run") == match["run"]:
                yield self._leftover("database", name, match["run"])
        for bucket in work.buckets:
            for key, run in self._keys(bucket.name, SENTINEL_PREFIX, SENTINEL):
                yield self._leftover("sentinel", f"{bucket.name}/{key}", run)
        if backup is not None:
            runs = {run for _, run in self._keys(backup.configuration_bucket, f"{COPIES}/", _COPY)}
            for run in sorted(runs):
                yield self._leftover("copies", f"{backup.configuration_bucket}/{COPIES}/{run}/", run)

    def _items(self, sources: Mapping[str, str]) -> Iterator[Leftover]:
        """Sentinels of runs that reserved their cost and never came to an end."""
        for month in recent_months(self.clock.now()):
            for run, item in self.records.all(collection(DRILLS, month)).items():
                table = item["resource"]
                shape = self.tables.shape(table) if item["verdict"] is None and table in sources else None
                if shape is not None and is_ours(self.tables.get(table, sentinel_key(shape, run)), run):
                    yield self._leftover("item", f"{table}/{SENTINEL_PREFIX}{run}", run)

    def _keys(self, bucket: str, prefix: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
        seen = set()
        for version in self.objects.versions(bucket, prefix):
            match = pattern.fullmatch(version.key)
            if match is not None and version.key not in seen:
                seen.add(version.key)
                yield version.key, match["run"]

    def _leftover(self, kind: LeftoverKind, name: str, run: str) -> Leftover:
        began = run_began(run)
        return Leftover(kind=kind, name=name, run=run, age=self.clock.now() - began)

    def _is_driven(self, run: str) -> bool:
        path = self.runs.journal(run)
        if not path.is_file():
            return False
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False


def _with(held: Leftover, removed: bool | None, why: str) -> Leftover:
    return Leftover(kind=held.kind, name=held.name, run=held.run, age=held.age, removed=removed, why=why)
