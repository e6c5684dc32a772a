from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from contract.redaction import SECRETS
from runners.errors import JournalError
from runners.runs.journal import Journal, read_entries
from tests.runners.rehearsal import QuickClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "a.jsonl"


def test_a_line_is_on_disk_when_write_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(path.read_text()))
    journal = Journal.create(path, QuickClock())
    synced.clear()
    journal.write("restore", table="orders")
    assert [json.loads(line)["step"] for line in synced[-1].splitlines()] == ["restore"]
    journal.close()


def test_it_goes_on_where_it_ended(path: Path) -> None:
    first = Journal.create(path, QuickClock())
    first.write("a", n=1)
    first.close()
    second = Journal.reopen(path, QuickClock())
    second.write("b")
    second.close()
    assert [(entry.number, entry.step, dict(entry.data)) for entry in read_entries(path)] == [
        (1, "a", {"n": 1}),
        (2, "b", {}),
    ]


def test_half_a_last_line_is_cut_off(path: Path) -> None:
    journal = Journal.create(path, QuickClock())
    journal.write("a")
    journal.close()
    with path.open("ab") as file:
        file.write(b'{"version":1,"numb')
    assert [entry.step for entry in read_entries(path)] == ["a"]
    again = Journal.reopen(path, QuickClock())
    again.write("b")
    again.close()
    assert [entry.step for entry in read_entries(path)] == ["a", "b"]


def test_last_gives_the_newest(path: Path) -> None:
    journal = Journal.create(path, QuickClock())
    journal.write("a", n=1)
    journal.write("b")
    newest = journal.write("a", n=2)
    assert journal.last("a") == newest
    assert journal.last("c") is None
    journal.close()


def test_a_second_process_is_kept_out(path: Path) -> None:
    journal = Journal.create(path, QuickClock())
    with pytest.raises(JournalError, match="another process drives this run"):
        Journal.reopen(path, QuickClock())
    journal.close()
    Journal.reopen(path, QuickClock()).close()


def test_a_journal_is_never_written_over(path: Path) -> None:
    Journal.create(path, QuickClock()).close()
    with pytest.raises(JournalError, match="cannot be started here"):
        Journal.create(path, QuickClock())


def test_a_missing_journal_is_named(path: Path) -> None:
    for read in (lambda: Journal.reopen(path, QuickClock()), lambda: read_entries(path)):
        with pytest.raises(JournalError, match=r"a\.jsonl: No such file"):
            read()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "line 1 is not a journal line"),
        ("[]", "line 1 is not a journal line"),
        ('{"version":1,"number":1,"at":"","step":"a"}', "line 1 is not a journal line"),
        ('{"version":2,"number":1,"at":"","step":"a","data":{}}', "line 1: version 2"),
        ('{"version":1,"number":7,"at":"","step":"a","data":{}}', "line 1: version 1, number 7"),
        ('{"version":1,"number":1,"at":"","step":3,"data":{}}', "line 1: version 1"),
    ],
)
def test_a_damaged_line_is_named(path: Path, line: str, said: str) -> None:
    path.parent.mkdir()
    path.write_text(line + "\n")
    with pytest.raises(JournalError, match=said):
        read_entries(path)


def test_a_full_disk_stops_the_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal.create(path, QuickClock())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(JournalError, match="No space left on device; free some space and resume the run"):
        journal.write("restore")
    assert journal.entries == []
    journal.close()


def test_a_line_that_could_not_be_written_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal.create(path, QuickClock())
    journal.write("a")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        said = journal.try_write("a long line that did not get there", why="the disk is full")
    assert said is not None
    assert "No space left on device" in said
    assert journal.try_write("b") is None
    journal.close()
    assert [(entry.number, entry.step) for entry in read_entries(path)] == [(1, "a"), (2, "b")]


def test_a_write_that_gets_no_further_is_continued(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda handle, line, at: write(handle, line[:7], at))
    journal = Journal.create(path, QuickClock())
    journal.write("a", n=1)
    journal.close()
    assert [dict(entry.data) for entry in read_entries(path)] == [{"n": 1}]


def test_no_secret_is_written_down(path: Path) -> None:
    SECRETS.note("hunter2-secret")
    journal = Journal.create(path, QuickClock())
    journal.write("began", why="it said hunter2-secret", inside=[{"hunter2-secret": "kept"}])
    journal.close()
    assert "hunter2" not in path.read_text()
    assert "kept" in path.read_text()
