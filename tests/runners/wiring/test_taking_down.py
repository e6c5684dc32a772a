"""The order of things in `ial down`: ask, note what stays, destroy, list or delete; with the engines left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from preview.engines import Engine
from preview.errors import EngineError, ProjectError
from runners.errors import InputError
from runners.kept.holders import Look
from runners.kept.kept import Kept
from runners.kept.notes import Notes
from runners.runs.clock import SystemClock
from runners.stack import local_cloud, pulumi_stack
from runners.wiring import grounds, taking_down
from runners.wiring.taking_down import Ending, take_down

TAGS = {"managed-by": "ial", "environment": "dev"}
TABLE = Kept(kind="table", name="ial-dev-records", environment="dev")
STATE = {
    "deployment": {
        "resources": [
            {"urn": "urn:pulumi:dev::ial::aws:dynamodb/table:Table::records", "type": "aws:dynamodb/table:Table",
             "custom": True, "retainOnDelete": True, "inputs": {"name": TABLE.name, "tags": TAGS}}
        ]
    }
}  # fmt: skip


class Cloud:
    """One table, an engine that destroys, and what happened in which order."""

    def __init__(self) -> None:
        self.there, self.log, self.fails = True, list[str](), False

    def look(self, name: str) -> Look | None:
        return Look(tags=TAGS, holds="about 3 items", size=5) if self.there else None

    def remove(self, held: Kept) -> str:
        self.log.append(f"remove {held.name}")
        self.there = False
        return ""

    def destroy(self, *_: Any) -> int:
        self.log.append("destroy")
        if self.fails:
            raise EngineError("stack dev: 78 resources were deleted, 3 could not be")
        return 78


class Ground:
    """The stack's own account."""

    def open(self) -> None:
        """Nothing is wrong with it."""


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    found = Cloud()
    monkeypatch.setattr(grounds, "ground_to_take_down", lambda *_: Ground())
    monkeypatch.setattr(taking_down, "_holders", lambda *_: {"table": found})
    monkeypatch.setattr(taking_down, "_of_program", lambda _: ())
    monkeypatch.setattr(pulumi_stack, "exported_stack", lambda *_: STATE)
    monkeypatch.setattr(pulumi_stack, "destroy_stack", found.destroy)
    return found


def ending(folder: Path, *, delete_data: str | None = None, engine: Engine = Engine.PULUMI) -> Ending:
    return Ending.of("dev", program=folder, engine=engine, delete_data=delete_data, say=lambda _: None)


def test_without_consent_nothing_happens(cloud: Cloud, tmp_path: Path) -> None:
    done = take_down(ending(tmp_path), lambda _: False)
    assert (done.done, done.deleted, cloud.log) == (False, 0, [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["prod", "", "Dev"])
def test_the_name_must_be_repeated(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="does not repeat the name"):
        ending(tmp_path, delete_data=name)


def test_what_holds_data_stays_and_is_listed(cloud: Cloud, tmp_path: Path) -> None:
    done = take_down(ending(tmp_path), lambda _: True)
    assert cloud.log == ["destroy"]
    assert [(held.held, held.state) for held in done.outcomes] == [(TABLE, "kept")]
    text = "\n".join(done.summary())
    assert "table       ial-dev-records" in text
    assert "about 3 items, 5 bytes" in text
    assert 'ial:adopt: ["ial-dev-records"]' in text


def test_with_the_name_repeated_nobody_is_asked_and_the_stack_goes_first(cloud: Cloud, tmp_path: Path) -> None:
    done = take_down(ending(tmp_path, delete_data="dev"), lambda _: pytest.fail("asked"))
    assert cloud.log == ["destroy", "remove ial-dev-records"]
    assert (done.exit_code, [held.state for held in done.outcomes]) == (0, ["deleted"])


def test_what_stays_is_known_after_a_destroy_that_failed(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.fails = True
    with pytest.raises(EngineError, match="78 resources"):
        take_down(ending(tmp_path, delete_data="dev"), lambda _: True)
    with Notes.open(tmp_path, "dev", SystemClock()) as notes:
        assert notes.left() == {TABLE}
    assert cloud.there
    # The stack is removed by hand meanwhile: its name in the notes is all that is left.
    monkeypatch.setattr(pulumi_stack, "exported_stack", _no_stack)
    assert take_down(ending(tmp_path, delete_data="dev"), lambda _: True).deleted == 0
    assert not cloud.there


def _no_stack(*_: Any) -> Any:
    raise pulumi_stack.NoStackError("the backend has no stack 'dev'")


def test_a_stack_that_is_gone_is_an_error_where_no_data_is_to_go(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulumi_stack, "exported_stack", _no_stack)
    with pytest.raises(EngineError, match="no stack"):
        take_down(ending(tmp_path), lambda _: True)
    assert cloud.log == []


def test_settings_that_cannot_be_read_keep_no_local_stack_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = Cloud()
    monkeypatch.setattr(local_cloud, "held_state", lambda *_: STATE)
    monkeypatch.setattr(local_cloud, "destroy", cloud.destroy)
    done = take_down(ending(tmp_path, engine=Engine.LOCAL), lambda _: True)
    assert [held.why for held in done.outcomes] == ["what is in it was not looked at"]
    with pytest.raises(ProjectError):
        take_down(ending(tmp_path, delete_data="dev", engine=Engine.LOCAL), lambda _: True)
    assert cloud.log == ["destroy"]


def test_where_nobody_knows_the_account_nothing_is_taken_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = Cloud()

    def unread(*_: Any) -> Any:
        raise ProjectError("Pulumi.yaml: no such file")

    monkeypatch.setattr(grounds, "ground_to_take_down", unread)
    monkeypatch.setattr(pulumi_stack, "destroy_stack", cloud.destroy)
    with pytest.raises(ProjectError):
        take_down(ending(tmp_path), lambda _: pytest.fail("asked"))
    assert cloud.log == []
