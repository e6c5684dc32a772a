"""A stack that the real engine holds: its settings, its outputs, and its end."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pulumi import automation

from preview.errors import EngineError
from runners.destroy_events import DestroyEvents


class NoStackError(EngineError):
    """The backend does not know the stack."""


_MISSING = "the `pulumi` command is not on PATH: install the Pulumi CLI, or use `--engine local`"


def stack_outputs(folder: Path, stack: str) -> Mapping[str, Any]:
    """The outputs of a stack, without its secrets.

    Raises:
        EngineError: the CLI or the stack is missing.
    """
    try:
        found = _selected(folder, stack).outputs()
    except automation.CommandError as error:
        raise _translated(error) from error
    return {key: value.value for key, value in found.items() if not value.secret}


def stack_config(folder: Path, stack: str) -> dict[str, str]:
    """All settings of a stack, secrets decrypted; structured ones as JSON.

    Raises:
        EngineError: the CLI or the stack is missing, or a secret cannot be decrypted here.
    """
    try:
        found = _selected(folder, stack).get_all_config()
    except automation.CommandError as error:
        raise _translated(error) from error
    return {key: held.value for key, held in found.items()}


def exported_stack(folder: Path, stack: str) -> Mapping[str, Any]:
    """A stack's state as `pulumi stack export` gives it; secrets stay encrypted.

    Raises:
        EngineError: the CLI or the stack is missing.
    """
    try:
        found = _selected(folder, stack).export_stack()
    except automation.CommandError as error:
        raise _translated(error) from error
    return {"version": found.version, "deployment": found.deployment}


def destroy_stack(folder: Path, stack: str, say: Callable[[str], object]) -> int:
    """Deletes what is in a stack and not kept, and returns how many resources that were.

    Raises:
        EngineError: the CLI or the stack is missing, or something could not be deleted; the message names it.
    """
    events = DestroyEvents()
    try:
        _selected(folder, stack).destroy(on_output=say, on_event=events.take, color="never")
    except automation.CommandError as error:
        raise events.error(stack, _translated(error)) from error
    return len(events.deleted)


def _selected(folder: Path, stack: str) -> automation.Stack:
    if shutil.which("pulumi") is None:
        raise EngineError(_MISSING)
    try:
        return automation.select_stack(stack, work_dir=str(folder))
    except automation.StackNotFoundError:
        msg = f"the backend has no stack {stack!r}: run `pulumi stack init {stack}`"
        raise NoStackError(msg) from None
    except automation.CommandError as error:
        raise _translated(error) from error


def _translated(error: automation.CommandError) -> EngineError:
    text = str(error)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "no message")
    return EngineError(f"the Pulumi engine failed: {first.removeprefix('error:').strip()}", text)
