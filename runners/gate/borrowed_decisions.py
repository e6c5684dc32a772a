"""What an update would do to the settings that others own, as the program itself decides it: asked, never done."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from contract.borrowed_types import DYNAMIC
from contract.signing import NAMESPACE
from preview.child_process import with_parent
from pricing.resource import UNKNOWN, component_chain
from runners.errors import InspectionError

if TYPE_CHECKING:
    from preview.project import Project
    from preview.registration import Registration

MODULE: Final = "components.borrowed.inspect"
LIMIT_SECONDS: Final = 300
_OURS: Final = "ial:"
_LATER: Final = "known once it is created"


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One setting: `set` and `merge` write, `keep` and `leave` do not, `refuse` would stop the update.

    `unknown` is what nobody can tell before the update. `result` is what is there afterwards.
    """

    resource: str
    setting: str
    found: str
    wanted: str
    decision: Literal["set", "keep", "leave", "merge", "refuse", "unknown"]
    result: str
    why: str


class _Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    decisions: tuple[Decision, ...]


def borrowed(registrations: Sequence[Registration]) -> list[Registration]:
    """What the program's own providers do beside others: a team's own dynamic resources are none of it."""
    return [held for held in registrations if held.type.startswith(DYNAMIC) and _is_of_ial(held)]


def _is_of_ial(held: Registration) -> bool:
    """Inside of one of ial's components, or with the account in which alone it may act."""
    inside = any(part.startswith(_OURS) for part in component_chain(held.urn))
    return inside or {"account", "environment"} <= held.properties.keys()


def decisions(
    project: Project, settings: Sequence[Registration], config: Mapping[str, str], surroundings: Mapping[str, str]
) -> tuple[Decision, ...]:
    """Asks the program's own code, in the program's environment; `config` and `surroundings` say who signs.

    Raises:
        InspectionError: the program could not be asked, or its answer cannot be read.
    """
    known = [held for held in settings if not _is_unknown(held.properties)]
    unknown = tuple(_unknown(held) for held in settings if _is_unknown(held.properties))
    if not known:
        return unknown
    question = {
        "settings": [{"type": held.type, "props": _inputs(held)} for held in known],
        "config": {key: value for key, value in config.items() if key.startswith(NAMESPACE)},
    }
    return (*_asked(project, json.dumps(question, default=_number), surroundings), *unknown)


def _asked(project: Project, question: str, surroundings: Mapping[str, str]) -> tuple[Decision, ...]:
    folder = project.main.parent
    paths = [str(folder), *filter(None, [surroundings.get("PYTHONPATH")])]
    try:
        done = subprocess.run(
            with_parent([str(project.interpreter), "-m", MODULE]),
            input=question,
            cwd=folder,
            env={**surroundings, "PYTHONPATH": os.pathsep.join(paths)},
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(folder, str(error)) from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise _failed(folder, lines[-1] if lines else f"exit code {done.returncode}")
    try:
        return msgspec.json.decode(done.stdout, type=_Answer).decisions
    except msgspec.MsgspecError as error:
        raise _failed(folder, f"its answer cannot be read: {error}") from error


def _failed(folder: Path, said: str) -> InspectionError:
    return InspectionError(f"the program in {folder} could not say what it would do to settings of others: {said}")


def _inputs(held: Registration) -> dict[str, object]:
    return {name: value for name, value in held.properties.items() if name != "__provider"}


def _is_unknown(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_is_unknown(held) for held in value.values())
    return any(map(_is_unknown, value)) if isinstance(value, list) else value is UNKNOWN


def _unknown(held: Registration) -> Decision:
    return Decision(
        resource=held.name,
        setting=held.type.rpartition(":")[2],
        found=_LATER,
        wanted=_LATER,
        decision="unknown",
        result=_LATER,
        why="what it belongs to has no name before the update",
    )


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)
