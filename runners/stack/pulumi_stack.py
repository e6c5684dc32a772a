"""A stack that the real engine holds: its settings, its outputs, and its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from pulumi import automation

from preview.engine_failures import engine_error
from preview.engine_run import NoStackError, engine_command, selected
from runners.stack.destroy_events import DestroyEvents

__all__ = ["NoStackError", "destroy_stack", "exported_stack", "stack_config", "stack_outputs"]
READING_LIMIT_SECONDS: Final = 600.0
# A database takes a quarter of an hour to go.
DESTROY_LIMIT_SECONDS: Final = 6 * READING_LIMIT_SECONDS


def stack_outputs(folder: Path, stack: str) -> Mapping[str, Any]:
    """The outputs of a stack, without its secrets.

    Raises:
        EngineError: the CLI or the stack is missing.
    """
    try:
        found = _selected(folder, stack).outputs()
    except automation.CommandError as error:
        raise engine_error(error) from error
    return {key: value.value for key, value in found.items() if not value.secret}


def stack_config(folder: Path, stack: str) -> dict[str, str]:
    """All settings of a stack, secrets decrypted; structured ones as JSON.

    Raises:
        EngineError: the CLI or the stack is missing, or a secret cannot be decrypted here.
    """
    try:
        found = _selected(folder, stack).get_all_config()
    except automation.CommandError as error:
        raise engine_error(error) from error
    return {key: held.value for key, held in found.items()}


def exported_stack(folder: Path, stack: str) -> Mapping[str, Any]:
    """A stack's state as `pulumi stack export` gives it; secrets stay encrypted.

    Raises:
        EngineError: the CLI or the stack is missing.
    """
    try:
        found = _selected(folder, stack).export_stack()
    except automation.CommandError as error:
        raise engine_error(error) from error
    return {"version": found.version, "deployment": found.deployment}


def destroy_stack(folder: Path, stack: str, say: Callable[[str], object]) -> int:
    """Deletes what is in a stack and not kept, and returns how many resources that were.

    Raises:
        EngineError: the CLI or the stack is missing, or something could not be deleted; the message names it.
    """
    events = DestroyEvents()
    try:
        found = _selected(folder, stack, DESTROY_LIMIT_SECONDS)
        found.destroy(on_output=say, on_event=events.take, color="never")
    except automation.CommandError as error:
        raise events.not_destroyed(stack, engine_error(error)) from error
    return len(events.deleted)


def _selected(folder: Path, stack: str, limit: float = READING_LIMIT_SECONDS) -> automation.Stack:
    # None of the caller's options for the CLI (engine_environment.py) may change what is read or destroyed.
    return selected(folder, stack, engine_command(limit), {})
