"""Why somebody asks for a rollback: a run that failed, and the last one that passed before or since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from contract.run_table import CHAOS, collection
from runners.errors import InputError
from runners.rollback.decision import BY_ALARM, FAILED, PASSED
from runners.rollback.version import Version, versions_in
from runners.runs.records import Records

# As long as the stack's table keeps records.
_MONTHS: Final = 13
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Passes:
    """The runs of experiments that the stack's table knows."""

    records: Records

    def failed(self, now: datetime, experiment: str | None, run: str | None) -> Record:
        """The record of the run that is meant: by its name, or the newest of an experiment.

        Raises:
            InputError: there is no such run, or none that speaks against a version.
            AwsError: the table could not be read.
        """
        if run is not None:
            return self._required(run)
        for held in self._newest_first(now):
            if experiment in (None, held["experiment"]) and held["verdict"] not in (None, "refused"):
                if held["verdict"] in (FAILED, BY_ALARM):
                    return self._required(held["run"])
                break
        of = f"of experiment {experiment} " if experiment else ""
        msg = f"the newest run {of}did not fail: nothing to roll back; see `ial chaos history`, and give --run"
        raise InputError(msg)

    def last_good(
        self, now: datetime, experiment: str, but: Record | None = None
    ) -> dict[tuple[str, str], Version] | None:
        """The versions of the newest run that passed and knew all of them, `but` one; None when there is none.

        Raises:
            AwsError: the table could not be read.
        """
        for held in self._newest_first(now):
            meant = held["experiment"] == experiment and held["verdict"] == PASSED
            if meant and (but is None or held["run"] != but["run"]):
                found = versions_in(self.records.get(held["run"], "record") or {})
                if found and all(version.running is not None for version in found.values()):
                    return found
        return None

    def _required(self, run: str) -> Record:
        found = self.records.get(run, "record")
        if found is None or "experiment" not in found or not isinstance(found.get("experiment"), str):
            msg = f"run {run} is no stored run of an experiment; `ial chaos history` lists them"
            raise InputError(msg)
        return found

    def _newest_first(self, now: datetime) -> Iterator[Mapping[str, Any]]:
        for back in range(_MONTHS):
            number = now.year * 12 + now.month - 1 - back
            month = f"{number // 12:04}-{number % 12 + 1:02}"
            items = self.records.all(collection(CHAOS, month))
            yield from (items[run] for run in sorted(items, reverse=True))


def failed_in(document: object) -> str | None:
    """The newest run of an experiment that speaks against a version, in what a suite or a run printed; None without.

    >>> failed_in({"record": {"experiment": "x", "run": "r", "verdict": "failed"}})
    'r'
    >>> failed_in({"record": {"experiment": "x", "run": "r", "verdict": "inconclusive"}})
    """
    if not isinstance(document, Mapping):
        return None
    held = document.get("record", document)
    if not isinstance(held, Mapping):
        return None
    steps = [step for step in held.get("steps", ()) if step["kind"] == "experiment"]
    own = [held] if "experiment" in held else []
    failed = [step["run"] for step in (*steps, *own) if step["verdict"] in (FAILED, BY_ALARM)]
    return str(failed[-1]) if failed else None
