from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runners.errors import InputError
from runners.pull_requests.judged_stacks import read_judged_stacks
from tests.runners.conftest import ROOT


def read(folder: Path, text: str) -> list[Any]:
    path = folder / "judged.json"
    path.write_text(text, encoding="utf-8")
    return read_judged_stacks(path)


def entry(**changes: Any) -> dict[str, Any]:
    return {"name": "dev", "project": ".", "stack": "dev", **changes}


def test_the_shipped_list_names_the_shipped_stacks() -> None:
    listed = read_judged_stacks(ROOT / ".github/judged.json")
    assert {judged.stack for judged in listed} == {path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml")}
    assert {judged.program for judged in listed} == {"head"}


@pytest.mark.parametrize(
    ("changes", "program"),
    [({}, "head"), ({"project": "shop/infra.d"}, "head/shop/infra.d"), ({"stack": "org/shop/dev"}, "head")],
)
def test_stacks_are_read(tmp_path: Path, changes: dict[str, str], program: str) -> None:
    [judged] = read(tmp_path, json.dumps([entry(**changes)]))
    assert judged.program == program


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        [entry(more=1)],
        [{"name": "dev", "stack": "dev"}],
        [entry(name="Dev")],
        [entry(name="dev\n")],
        [entry(name="../dev")],
        [entry(name="")],
        [entry(project="..")],
        [entry(project="../other")],
        [entry(project="a/../../b")],
        [entry(project="/etc")],
        [entry(project="a b")],
        [entry(stack="")],
        [entry(stack="-x")],
        [entry(), entry(stack="prod")],
        [entry(), entry(name="again")],
    ],
)
def test_what_is_not_clear_is_refused(tmp_path: Path, document: Any) -> None:
    with pytest.raises(InputError, match=r"judged\.json"):
        read(tmp_path, json.dumps(document))


@pytest.mark.parametrize("text", ["", "[", '[{"name": "a", "name": "b"}]'])
def test_what_is_not_json_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"judged\.json:"):
        read(tmp_path, text)
