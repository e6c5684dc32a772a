"""Modules and functions stay small enough to be read at once."""

from __future__ import annotations

import ast
from typing import Final

import pytest

from tests.sources import PACKAGES, ROOT

MOST_LINES: Final = 300
MOST_LINES_OF_A_FUNCTION: Final = 40
# A command's parameters are its options, each on a line of its own.
LONGER: Final = {
    "runners/cli/commands/cost.py:refresh_prices": "eleven options, and one sentence for each outcome",
    "runners/cli/commands/preview.py:preview": "sixteen options",
    "runners/cli/commands/stack.py:up": "ten options",
}


@pytest.fixture(scope="module")
def functions() -> dict[str, int]:
    """Lines of each function, the longest of those that share a name in a module."""
    found: dict[str, int] = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                    name = f"{path.relative_to(ROOT)}:{node.name}"
                    found[name] = max(found.get(name, 0), node.end_lineno - node.lineno + 1)
    return found


def test_no_module_is_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > MOST_LINES
    }
    assert long == {}


def test_no_function_is_long(functions: dict[str, int]) -> None:
    long = {name: lines for name, lines in functions.items() if lines > MOST_LINES_OF_A_FUNCTION}
    assert {name: lines for name, lines in long.items() if name not in LONGER} == {}


def test_what_may_be_longer_is(functions: dict[str, int]) -> None:
    assert [name for name in LONGER if functions[name] <= MOST_LINES_OF_A_FUNCTION] == []
