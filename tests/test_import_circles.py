"""No module imports itself by way of others, late imports inside functions counted: each can be read after the last."""

from __future__ import annotations

import graphlib
from pathlib import Path

import grimp
import pytest

from tests.sources import PACKAGES, ROOT


def imports(*packages: str) -> dict[str, set[str]]:
    """What each module imports, anywhere in it. Imports that only a type checker sees do not count."""
    graph = grimp.build_graph(
        *packages, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def circle(found: dict[str, set[str]]) -> list[str]:
    """The modules of a circle, each importing the next; empty when there is none."""
    try:
        graphlib.TopologicalSorter(found).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1][::-1])
    return []


def test_there_is_no_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders >= set(PACKAGES)
    found = imports(*folders)
    assert " imports ".join(circle(found)) == ""
    # The program is no module of a package: it can only be in a circle when somebody imports it.
    assert [module for module, others in found.items() if "__main__" in others] == []


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("from planted_rooms.upper import up", True),
        ("def late():\n    from planted_rooms.upper import up", True),
        ("def late():\n    from planted_rooms import upper", True),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from planted_rooms.upper import up", False),
        ("from planted_rooms.lowest import low", False),
    ],
)
def test_a_circle_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closing: str, expected: bool) -> None:
    rooms = tmp_path / "planted_rooms"
    rooms.mkdir()
    files = {"__init__": "", "upper": "from planted_rooms.lower import late", "lower": closing, "lowest": ""}
    for name, text in files.items():
        (rooms / f"{name}.py").write_text(text + "\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert (set(circle(imports("planted_rooms"))) == {"planted_rooms.upper", "planted_rooms.lower"}) is expected
