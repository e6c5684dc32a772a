"""The schema of journals is made from the types of their lines, and knows every kind of run there is."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from runners.publishing.journal_schema import FILE, all_lines, schema
from runners.runs.lines import OF_EVERY_RUN

ROOT = Path(__file__).parents[3]
WHOLE = jsonschema.Draft202012Validator(schema())
GOOD: dict[str, Any] = {
    "version": 1,
    "number": 3,
    "at": "2026-11-25T08:30:00.000Z",
    "step": "injecting",
    "data": {"id": "EXP1"},
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"step": "ended", "data": {}},
        {"step": "put tags.done", "data": {"part": "tags"}},
        {"step": "put tags", "data": {}},
        {"step": "restore", "data": {}},
        {"step": "restore.done", "data": {"table": "orders-1"}},
        {"step": "restore.done", "data": {"database": "shop-1", "refused": ""}},
        {"step": "look", "data": {"at": "2026-11-25T08:30:00.000Z", "samples": [["x", "errors", None]]}},
        {"step": "step", "data": {"id": "rest", "run": None}},
        {"step": "change ecs-service shop/web", "data": {}},
        {"step": "change ecs-service shop/web.done", "data": {"how": "it runs already", "before": None}},
        # As it was before reasons had codes.
        {"step": "refused", "data": {"reasons": ["too dear"]}},
    ],
)
def test_lines_that_are_written_fit(change: dict[str, Any]) -> None:
    WHOLE.validate(GOOD | change)


@pytest.mark.parametrize(
    "change",
    [
        {"step": "injected"},
        {"data": {}},
        {"data": {"id": 1}},
        {"data": {"id": "EXP1", "ids": "EXP1"}},
        {"version": 2},
        {"number": 0},
        {"more": 1},
        {"step": "ended", "data": {"at": "x"}},
        {"step": "put .done", "data": {"part": ""}},
        {"step": "restore", "data": {"table": "orders-1"}},
        {"step": "restore.done", "data": {"tables": "orders-1"}},
        {"step": "look", "data": {"at": "2026-11-25T08:30:00.000Z", "samples": [["x", "errors"]]}},
        {"step": "step", "data": {}},
        {"step": "change ecs-service shop/web.done", "data": {"before": None}},
        {"step": "change .done", "data": {"how": "it runs already"}},
    ],
)
def test_other_lines_do_not(change: dict[str, Any]) -> None:
    assert not WHOLE.is_valid(GOOD | change)


def test_every_kind_of_run_says_which_lines_it_may_have() -> None:
    """By its class, or as soon as it is made; so that none goes on with what it does not know."""
    without = {
        node.name
        for path in (ROOT / "runners").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).startswith("RunKind[") for base in node.bases)
        and "lines = " not in ast.unparse(node)
    }
    assert without == set()


def test_every_run_has_the_lines_of_every_run() -> None:
    for lines in all_lines():
        lacking = set(OF_EVERY_RUN) - set(lines.types)
        assert lacking == (set(OF_EVERY_RUN) if lines.kind == "what a stack kept" else set()), lines.kind


def test_no_line_is_written_without_a_type() -> None:
    """`write` is for the first line, to which the life cycle adds the name, and for steps; all else is `add`."""
    written = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "runners").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("write", "try_write")
        and "journal" in ast.unparse(node.func.value)
    }
    assert written == {"runners/runs/life_cycle.py", "runners/runs/run.py"}


def test_the_file_is_small_enough_to_be_read() -> None:
    assert len(json.loads(FILE.read_text())["$defs"]) < 150
