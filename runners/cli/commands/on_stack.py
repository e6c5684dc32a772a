"""What every command about one stack has in common: its options, and where it writes what it found.

Modules that use it, and this one, have no `from __future__ import annotations`: typer would evaluate each option anew
whenever the command line starts.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, NoReturn, ParamSpec, Protocol, TypeVar

import typer

from preview.engines import Engine
from runners.cli.commands.options import EngineChoice, Json, Program, Stack
from runners.cli.terminal import Terminal

P = ParamSpec("P")
Given = tuple[str, Path | None, Engine, Callable[[str], object]]


class Found(Protocol):
    """What a command ends with: a document, and the exit code that follows from it."""

    def document(self) -> Mapping[str, Any]:
        """It as data."""

    @property
    def exit_code(self) -> int:
        """How the command ends."""


F = TypeVar("F", bound=Found)


@dataclass(frozen=True)
class OnStack:
    """The stack that a command is about, and the terminal to which it writes."""

    stack: str
    program: Path | None
    engine: Engine
    terminal: Terminal

    @property
    def given(self) -> Given:
        """Stack, program, engine, and who tells people of it: what opens a stack's AWS takes them."""
        return self.stack, self.program, self.engine, self.terminal.say

    def show(self, document: Mapping[str, Any], show: Callable[[Terminal], object]) -> None:
        """Writes the document with `--json`, and else what people see."""
        self.terminal.document(document) if self.terminal.as_json else show(self.terminal)

    def end(self, found: F, show: Callable[[F, Terminal], object]) -> NoReturn:
        """Writes what was found, and ends with its exit code."""
        self.show(found.document(), lambda terminal: show(found, terminal))
        raise typer.Exit(found.exit_code)


def _common(stack: Stack, program: Program = None, engine: EngineChoice = Engine.AUTO, json: Json = False) -> OnStack:
    return OnStack(stack, program, engine, Terminal(json))


def on_stack(command: Callable[Concatenate[OnStack, P], None]) -> Callable[..., None]:
    """Gives a command `--stack`, `--program`, `--engine` and `--json`: they come as one, its own as they are."""
    of_all = inspect.signature(_common, eval_str=True).parameters
    _, *own = inspect.signature(command, eval_str=True).parameters.values()

    def with_options(**given: Any) -> None:
        on = _common(**{name: given.pop(name) for name in of_all})
        # What is left is what the signature below has of the command itself.
        command(on, **given)  # type: ignore[call-arg]

    stack, *others = of_all.values()
    named = [held.replace(kind=inspect.Parameter.KEYWORD_ONLY) for held in (stack, *own, *others)]
    with_options.__name__, with_options.__doc__ = command.__name__, command.__doc__
    with_options.__annotations__ = {held.name: held.annotation for held in named}
    vars(with_options)["__signature__"] = inspect.Signature(named)
    return with_options
