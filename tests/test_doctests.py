"""Examples in docstrings are true. Only modules with examples are imported: looking for them reads texts alone."""

from __future__ import annotations

import doctest
import importlib
from typing import Final

import pytest

from tests.sources import PACKAGES, ROOT

WITH_EXAMPLES: Final = sorted(
    str(path.relative_to(ROOT))
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


def test_there_are_examples() -> None:
    assert WITH_EXAMPLES


@pytest.mark.parametrize("path", WITH_EXAMPLES)
def test_examples_are_true(path: str) -> None:
    module = importlib.import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    found = doctest.testmod(module)
    # What is decorated, or stands in a comment, is where doctest does not look.
    assert found.attempted == (ROOT / path).read_text(encoding="utf-8").count(">>> ")
    assert not found.failed
