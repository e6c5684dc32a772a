from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from runners.chaos.action_refresh import ActionRefresh, ListedAction, refresh_actions
from runners.errors import InputError
from tests.runners.conftest import ROOT

TODAY = date(2026, 12, 1)
WAIT = ListedAction(id="aws:fis:wait", targets={}, required=frozenset({"duration"}), optional=frozenset())
NEW = ListedAction(
    id="aws:new:fault", targets={"Things": "aws:new:thing"}, required=frozenset(), optional=frozenset({"b", "a"})
)


@dataclass
class Listed:
    """A region with these actions."""

    found: Iterable[ListedAction]

    def actions(self) -> Iterable[ListedAction]:
        return self.found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "policies/fis_actions.json", tmp_path))


def refresh(file: Path, *found: ListedAction, write: bool = True) -> ActionRefresh:
    return refresh_actions(Listed(found), file, TODAY, write=write)


def test_what_is_new_and_what_changed_is_told_and_written(file: Path) -> None:
    done = refresh(file, replace(WAIT, optional=frozenset({"jitter"})), NEW)
    assert (done.added, done.changed) == (("aws:new:fault",), ("aws:fis:wait",))
    held = json.loads(file.read_text())
    assert held["actions"]["aws:fis:wait"]["optional"] == ["jitter"]
    assert held["actions"]["aws:new:fault"] == NEW.document()
    assert held["read"] == "2026-12-01"
    assert list(held["actions"]) == sorted(held["actions"])
    assert refresh(file, replace(WAIT, optional=frozenset({"jitter"})), NEW).changed == ()


def test_what_a_region_lacks_stays(file: Path) -> None:
    before = json.loads(file.read_text())
    done = refresh(file, WAIT)
    assert len(done.missing) == 49
    after = json.loads(file.read_text())
    assert after["actions"] == before["actions"]
    assert after["documents"] == before["documents"]


def test_without_writing_the_file_stays(file: Path) -> None:
    before = file.read_text()
    assert refresh(file, NEW, write=False).written is False
    assert file.read_text() == before


def test_the_pack_reads_what_is_written(file: Path) -> None:
    from policies.fis_catalogue import catalogue

    refresh(file, NEW)
    assert catalogue(file).actions["aws:new:fault"].names == {"a", "b"}


@pytest.mark.parametrize("text", [None, "", "[]", '{"version": 1}', '{"version": 2, "actions": {}}'])
def test_a_damaged_catalogue_is_not_written_over(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "fis_actions.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(InputError, match=r"fis_actions\.json: not a catalogue of FIS actions of version 1"):
        refresh(file, NEW)
    assert not file.exists() or file.read_text() == text
