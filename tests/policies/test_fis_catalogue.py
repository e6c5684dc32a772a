"""What FIS takes, as it was read: a file that says it otherwise judges nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policies.fis_catalogue import VERSION, Catalogue, Signature, catalogue, suggestion
from pricing.errors import CatalogError

STRESS: dict[str, Any] = {"required": ["seconds"], "optional": ["load", "cpu"]}
STOP: dict[str, Any] = {"required": [], "optional": [], "targets": {"Tasks": "aws:ecs:task"}}
WHOLE: dict[str, Any] = {"version": 1, "read": "2026-11-25", "actions": {"stop": STOP}, "documents": {"Stress": STRESS}}


def read(folder: Path, data: object) -> Catalogue:
    file = folder / "fis_actions.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    return catalogue(file)


def test_what_a_catalogue_says(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)
    assert found.read == "2026-11-25"
    assert found.actions == {"stop": Signature(frozenset(), frozenset(), {"Tasks": "aws:ecs:task"})}
    stress = Signature(frozenset({"seconds"}), frozenset({"load", "cpu"}), {})
    assert found.documents == {"Stress": stress}
    assert stress.names == {"seconds", "load", "cpu"}
    assert VERSION == 1


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (WHOLE | {"version": 2}, "version 2"),
        (WHOLE | {"version": "1"}, "version '1'"),
        ({key: value for key, value in WHOLE.items() if key != "read"}, "'read'"),
        (WHOLE | {"actions": ["stop"]}, "'list' object has no attribute 'items'"),
        (WHOLE | {"actions": {"stop": {"required": []}}}, "'optional'"),
        (WHOLE | {"actions": {"stop": STOP | {"targets": []}}}, "targets []"),
        (WHOLE | {"actions": {"stop": STOP | {"required": "seconds"}}}, "required 'seconds'"),
        (WHOLE | {"documents": {"Stress": STRESS | {"optional": None}}}, "optional None"),
        ([], "list indices"),
    ],
)
def test_a_damaged_one_is_named_with_what_is_wrong(tmp_path: Path, data: object, fault: str) -> None:
    with pytest.raises(CatalogError) as raised:
        read(tmp_path, data)
    text = str(raised.value)
    assert text.startswith(f"{tmp_path / 'fis_actions.json'}: not a catalogue of FIS actions of version 1 (")
    assert fault in text
    assert text.endswith("); restore the file")


def test_what_was_probably_meant() -> None:
    names = [f"name-{letter}" for letter in "abcdefghijkl"]
    assert suggestion("name_b", names) == "did you mean `name-b`?"
    assert suggestion("zzz", names) == f"accepted: {', '.join(names)}"
    assert suggestion("zzz", [*names, "name-m"]) == "see `aws fis list-actions`"
    # Half of it alike is near enough; less is not.
    assert suggestion("abxy", ["abcd"]) == "did you mean `abcd`?"
    assert suggestion("axyz", ["abcd"]) == "accepted: abcd"
