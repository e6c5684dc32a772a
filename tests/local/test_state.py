from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from contract.writing.errors import LockedError
from contract.writing.lock import locked
from local.deployment import LocalStack
from local.errors import LocalCloudError
from local.state import Held, StackState
from preview.project import Project

ROOT = Path(__file__).parents[2]


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    state = StackState(tmp_path / "a" / "state.json", instance="i", outputs={"o": 1})
    state.resources["u"] = Held(urn="u", type="t", name="n", pending=True, inputs={"k": [1]})
    state.save()
    assert StackState.load(state.file) == state
    assert [found.name for found in state.file.parent.iterdir()] == ["state.json"]


def test_a_write_that_fails_leaves_the_old_state(tmp_path: Path) -> None:
    state = StackState(tmp_path / "state.json", instance="first")
    state.save()
    state.instance, state.outputs = "second", {"not": object()}
    with pytest.raises(TypeError):
        state.save()
    assert StackState.load(state.file).instance == "first"


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '{"version": 2}', '{"version": 1}',
        json.dumps({"version": 1, "instance": "", "resources": [{"urn": "u", "odd": 1}], "outputs": {}}),
    ],
)  # fmt: skip
def test_what_is_no_state_is_one_clear_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(text)
    with pytest.raises(LocalCloudError, match="not a state of the local cloud") as caught:
        StackState.load(file)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_only_a_new_cloud_is_forgotten(tmp_path: Path) -> None:
    state = StackState(tmp_path / "state.json", instance="i", outputs={"o": 1})
    state.resources["u"] = Held(urn="u", type="t", name="n")
    state.forget_if_cloud_is_new("i")
    assert list(state.resources) == ["u"]
    state.forget_if_cloud_is_new("j")
    assert (state.resources, state.outputs, state.instance) == ({}, {}, "j")


@pytest.mark.parametrize("change", ["up", "down"])
def test_two_do_not_change_one_stack_at_the_same_time(tmp_path: Path, change: str) -> None:
    stack = LocalStack(replace(Project.load(ROOT, "dev"), directory=tmp_path))
    lock = locked(tmp_path / ".ial" / "dev" / "state.lock", "`ial up` of stack dev")
    with lock, pytest.raises(LockedError, match="`ial up` of stack dev"):
        getattr(stack, change)()
    with pytest.raises(LocalCloudError, match="does not run"):
        getattr(stack, change)()
