"""Every client that an adapter asks for by name has a type, and what the type comes from is no part of the program."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
TYPED = set(re.findall(r'service: Literal\["([a-z0-9-]+)"\]', (ROOT / "runners/aws/typed_clients.py").read_text()))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_every_service_that_is_asked_has_a_type() -> None:
    asked = {
        name
        for path in (ROOT / "runners").rglob("*.py")
        for name in re.findall(r'lients?(?:\(\))?\.client\("([a-z0-9-]+)"\)', path.read_text(encoding="utf-8"))
    }
    assert asked - TYPED - UNTYPED == set()
    assert asked >= UNTYPED


# Asked in one place each, and their types are not worth a package.
UNTYPED: set[str] = set()


def test_types_are_for_developers_alone() -> None:
    packages = {f"mypy-boto3-{service}" for service in TYPED}
    wanted = {re.split(r"[<>=\[]", line)[0] for line in PROJECT["optional-dependencies"]["dev"]}
    assert packages <= wanted
    assert not [line for line in PROJECT["dependencies"] if "stubs" in line or "mypy" in line]
    imports = [
        line
        for path in (ROOT / "runners").rglob("*.py")
        for line in path.read_text().splitlines()
        if "mypy_boto3" in line
    ]
    assert imports
    assert [line for line in imports if not line.startswith("    from ")] == []
