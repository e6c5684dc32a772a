"""What is known of planned things: when they last ran, from the table and this machine's journals, and reservations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from contract.run_table import CHAOS, DRILLS, collection
from runners.errors import JournalError
from runners.runs.clock import parse_rfc3339, rfc3339
from runners.runs.journal import read_entries
from runners.runs.records import Records
from runners.runs.run_folder import Runs, run_began
from runners.runs.run_history import recent_months
from runners.runs.steps import REFUSED, STARTED
from runners.schedules.due import Known, Reservation
from runners.schedules.planned import Planned
from runners.schedules.planned_kind import PlannedKind

# The lease under which one of two triggers decides, and the collection of what is kept of each planned thing.
LEASE: Final = "due"
_KEPT: Final = "schedules"
# A year and a month, as long as records are kept.
_MONTHS: Final = 13
_JOURNALS: Final = timedelta(days=62)
_NAMED: Final = {CHAOS: "experiment", DRILLS: "resource"}


@dataclass(frozen=True, kw_only=True)
class Started:
    """The newest start of each experiment and of each drilled resource; a refused one is none."""

    experiments: Mapping[str, datetime]
    resources: Mapping[str, datetime]

    def newest(self, experiments: Iterable[str]) -> datetime | None:
        """Of these experiments, the newest start; None when none has run."""
        return max((self.experiments[name] for name in experiments if name in self.experiments), default=None)


@dataclass(frozen=True)
class Ledger:
    """One stack's."""

    records: Records
    runs: Runs

    def started(self, experiments: Collection[str], resources: Collection[str], now: datetime) -> Started:
        """Reads back month by month, until each has run or nothing older is kept.

        Raises:
            AwsError: the table could not be read.
        """
        found = {CHAOS: dict[str, datetime](), DRILLS: dict[str, datetime]()}
        for kind, name, began in self._journals(now):
            _later(found[kind], name, began)
        for kind, wanted in ((CHAOS, experiments), (DRILLS, resources)):
            for month in _months(now):
                if set(wanted) <= set(found[kind]) and month != f"{now:%Y-%m}":
                    break
                for name, began in _starts(self.records.all(collection(kind, month)), _NAMED[kind]):
                    _later(found[kind], name, began)
        return Started(experiments=found[CHAOS], resources=found[DRILLS])

    def known(self, items: Sequence[Planned], started: Started, resources: Collection[str]) -> dict[str, Known]:
        """What the records say of each; a recovery test began when the first of its resources was last begun.

        Raises:
            AwsError: the table could not be read.
        """
        kept = self.records.all(_KEPT)
        whole = None
        if resources and all(name in started.resources for name in resources):
            whole = min(started.resources[name] for name in resources)
        return {
            item.key: Known(
                started=started.experiments.get(item.name) if item.kind is PlannedKind.EXPERIMENT else whole,
                reservation=_reservation(kept[item.key]) if item.key in kept else None,
            )
            for item in items
        }

    def keep(self, key: str, held: Reservation) -> None:
        """Writes down what is kept of one.

        Raises:
            AwsError: the table could not be written.
        """
        document = {
            "schedule": held.schedule,
            "since": rfc3339(held.since),
            "planned": None if held.planned is None else rfc3339(held.planned),
            "attempts": held.attempts,
            "at": None if held.at is None else rfc3339(held.at),
        }
        self.records.put(_KEPT, key, document)

    def _journals(self, now: datetime) -> Iterator[tuple[str, str, datetime]]:
        """Runs of this machine; a journal that is damaged says nothing of a start that the table would not.

        Of older ones the table knows: it is written before a fault.
        """
        for run in self.runs.all():
            if run_began(run) < now - _JOURNALS:
                continue
            try:
                entries = read_entries(self.runs.journal(run))
            except JournalError:
                continue
            if not entries or entries[0].step != STARTED or any(entry.step == REFUSED for entry in entries):
                continue
            told = entries[0].data
            if isinstance(told.get("experiment"), Mapping):
                yield CHAOS, str(told["experiment"].get("name")), run_began(run)
            elif "resource" in told:
                yield DRILLS, str(told["resource"]), run_began(run)


def last_drill(records: Records, resource: str, now: datetime) -> datetime | None:
    """When a resource was last restored beside itself: when that ended, or began if that is all there is.

    Raises:
        AwsError: the table could not be read.
    """
    runs = [
        run
        for month in recent_months(now)
        for run, item in records.all(collection(DRILLS, month)).items()
        if item.get("resource") == resource and item.get("verdict") != "refused"
    ]
    if not runs:
        return None
    kept = records.get(max(runs), "record")
    ended = kept.get("ended") if kept is not None else None
    return run_began(max(runs)) if ended is None else parse_rfc3339(ended)


def _starts(items: Mapping[str, Mapping[str, Any]], named: str) -> Iterator[tuple[str, datetime]]:
    for run, item in items.items():
        if item.get("verdict") != "refused" and named in item:
            yield str(item[named]), run_began(run)


def _later(found: dict[str, datetime], name: str, began: datetime) -> None:
    found[name] = max(found.get(name, began), began)


def _months(now: datetime) -> Iterator[str]:
    moment = now.astimezone(UTC)
    for _ in range(_MONTHS):
        yield f"{moment:%Y-%m}"
        moment = moment.replace(day=1) - timedelta(days=1)


def _reservation(document: Mapping[str, Any]) -> Reservation:
    planned, at = document["planned"], document["at"]
    return Reservation(
        schedule=document["schedule"],
        since=parse_rfc3339(document["since"]),
        planned=None if planned is None else parse_rfc3339(planned),
        attempts=document["attempts"],
        at=None if at is None else parse_rfc3339(at),
    )
