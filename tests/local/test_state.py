from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.errors import LocalCloudError
from local.state import Held, StackState


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
