"""What every command about one stack is given, and how it writes and ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from preview.engines import Engine
from runners.cli.commands.on_stack import OnStack, on_stack
from runners.cli.terminal import Terminal


@dataclass(frozen=True)
class Count:
    number: int

    @property
    def exit_code(self) -> int:
        return self.number

    def document(self) -> Mapping[str, Any]:
        return {"number": self.number}


def show(found: Count, terminal: Terminal) -> None:
    terminal.line(f"it is {found.number}")


@pytest.fixture
def seen() -> list[tuple[object, ...]]:
    return []


@pytest.fixture
def app(seen: list[tuple[object, ...]]) -> typer.Typer:
    made = typer.Typer()

    @made.command()
    @on_stack
    def count(
        on: OnStack,
        name: Annotated[str, typer.Argument()],
        number: Annotated[int, typer.Option("--number")] = 3,
    ) -> None:
        """Count to a number."""
        seen.append((on.given[:3], name, number))
        on.end(Count(number), show)

    return made


def ran(app: typer.Typer, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, words)
    return result.exit_code, result.stdout


def test_a_command_gets_the_stack_and_its_own(app: typer.Typer, seen: list[tuple[object, ...]]) -> None:
    assert ran(app, "sheep", "--stack", "dev") == (3, "it is 3\n")
    given = ("a", "-s", "prod", "--number", "0", "--program", "/p", "--engine", "local")
    assert ran(app, *given) == (0, "it is 0\n")
    assert seen == [(("dev", None, Engine.AUTO), "sheep", 3), (("prod", Path("/p"), Engine.LOCAL), "a", 0)]


def test_with_json_there_is_one_document(app: typer.Typer) -> None:
    code, text = ran(app, "sheep", "--stack", "dev", "--json")
    assert (code, json.loads(text)) == (3, {"number": 3})


def test_without_a_stack_nothing_is_done(app: typer.Typer, seen: list[tuple[object, ...]]) -> None:
    assert ran(app, "sheep")[0] == 2
    assert seen == []


def test_help_has_its_own_options_between_the_stack_and_the_rest(app: typer.Typer) -> None:
    _, text = ran(app, "--help")
    assert "Count to a number." in text
    places = [text.index(option) for option in ("--stack", "--number", "--program", "--engine", "--json")]
    assert places == sorted(places)
