"""Reasons not to begin: each has a place that raises it and a test that saw it, and the page has them all."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from runners.publishing.preflight_page import FILE, all_reasons, text
from runners.runs.reason import READ_AGAIN, Reason

ROOT = Path(__file__).parents[3]
REASONS = [held for reasons in all_reasons() for held in reasons]


def trees(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        if path != Path(__file__):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_the_page_is_what_the_reasons_say() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "run `make pages`: the reasons say something else"


def test_every_kind_of_reason_is_found_by_its_files_name() -> None:
    named = {
        node.name
        for _, tree in trees("runners")
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Reason" for base in node.bases)
    }
    assert named == {held.__name__ for held in all_reasons()}
    assert len(REASONS) > 80


def test_a_code_is_one_reason_alone() -> None:
    assert [code for code, number in Counter(held.code for held in REASONS).items() if number > 1] == []


@pytest.mark.parametrize("reasons", all_reasons())
def test_every_reason_says_what_to_do(reasons: type[Reason]) -> None:
    assert [held.code for held in reasons if not held.says or not held.do] == []
    assert [held.code for held in reasons if held.says.endswith(".") or held.do.endswith(".")] == []
    assert [held.code for held in reasons if held.code.endswith("-unknown") is not _is_unread(held)] == []


def _is_unread(reason: Reason) -> bool:
    return reason.do == READ_AGAIN or reason.code in UNREAD_BY_ANOTHER_WORD


# They are not known for what something says, not because it could not be read.
UNREAD_BY_ANOTHER_WORD = {
    "blocking-unknown",
    "cost-unknown",
    "kind-unknown",
    "limit-unknown",
    "runner-place-unknown",
    "window-unknown",
}


def test_no_reason_is_without_a_place_that_raises_it() -> None:
    asked = Counter(
        f"{ast.unparse(node.value)}.{node.attr}"
        for path, tree in trees("runners")
        if path.name != "reasons.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
    )
    assert [str(held) for held in REASONS if not asked[str(held)]] == []


def test_no_reason_is_without_a_test_that_saw_it() -> None:
    """A test names the code: as a whole text, with a mark for a warning, or at the beginning of a message."""
    seen = {
        node.value.partition(":")[0].rstrip("?")
        for _, tree in trees("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [held.code for held in REASONS if held.code not in seen] == []


def test_nothing_refuses_in_free_words() -> None:
    """An obstacle is made by its reason alone."""
    made = {
        path.relative_to(ROOT).as_posix()
        for path, tree in trees("runners")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Obstacle"
    }
    assert made == {"runners/runs/reason.py"}
