from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from runners.errors import InputError
from runners.runs.run_folder import Runs, name_at, new_run_id, run_began


def test_names_sort_by_time() -> None:
    moment = datetime(2026, 11, 25, 8, 30, 5, 630_000, tzinfo=UTC)
    assert new_run_id(moment, lambda _: "b2") == "20261125-083005-a1b2"
    # Of two in one second, too: who wants the last run gets the last.
    assert new_run_id(moment, lambda _: "ff") < new_run_id(moment + timedelta(milliseconds=5), lambda _: "00")
    assert new_run_id(moment.replace(microsecond=999_999), lambda _: "ff") == "20261125-083005-ffff"


def test_journals_lie_with_their_stack(tmp_path: Path) -> None:
    runs = Runs(tmp_path, "dev")
    first, second = "20261125-083005-a1b2", "20261126-083005-a1b2"
    assert runs.journal(first) == tmp_path / ".ial" / "dev" / "runs" / f"{first}.jsonl"
    assert runs.attachment(first, "before").name == f"{first}.before"
    runs.folder.mkdir(parents=True)
    for name in (f"{second}.jsonl", f"{first}.jsonl", f"{first}.before", "notes.jsonl"):
        (runs.folder / name).touch()
    assert runs.all() == [first, second]


@pytest.mark.parametrize("name", ["", "x", "../../etc/passwd", "20261125-083005-A1B2", "20261125-083005-a1b2/"])
def test_what_is_no_run_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="is not a run"):
        Runs(tmp_path, "dev").journal(name)


def test_people_are_sent_to_the_list_that_they_know(tmp_path: Path) -> None:
    run = "20261125-083005-a1b2"
    runs = Runs(tmp_path, "dev", "ial chaos history")
    with pytest.raises(InputError, match=r"see `ial chaos history`$"):
        runs.journal("foo")
    with pytest.raises(InputError, match=f"run {run} has no journal in .*; `ial chaos history` lists the runs"):
        runs.require(run)
    runs.folder.mkdir(parents=True)
    runs.journal(run).touch()
    runs.require(run)
    with pytest.raises(InputError, match=r"see `ial backup drill --list`$"):
        Runs(tmp_path, "dev").journal("foo")


def test_names_are_in_utc_wherever_the_clock_is() -> None:
    east = timezone(timedelta(hours=9))
    moment = datetime(2026, 12, 1, 3, 30, 5, tzinfo=east)
    assert name_at(moment) == "20261130-183005"
    assert new_run_id(moment).startswith("20261130-183005-")
    assert run_began(new_run_id(moment)) == moment
