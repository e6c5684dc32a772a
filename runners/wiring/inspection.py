"""`ial inspect`: what is there, what an update would set, and what it leaves; reads only."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from preview.engines import Engine
from runners.aws.identity import Identity
from runners.gate.borrowed_decisions import Decision, borrowed, decisions
from runners.wiring.opening import Ground, stack_project

VERSION: Final = 1


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """Who would sign, and what becomes of each setting and each name that others may have."""

    stack: str
    engine: str
    region: str
    identity: Identity
    settings: tuple[Decision, ...]

    @property
    def obstacles(self) -> list[str]:
        """What stands against an update, one line each."""
        return [f"{held.resource}: {held.setting}: {held.why}" for held in self.settings if held.decision == "refuse"]

    def document(self) -> dict[str, Any]:
        """The answer of `ial inspect --json`."""
        return {
            "version": VERSION,
            "stack": self.stack,
            "engine": self.engine,
            "account": self.identity.account,
            "identity": self.identity.arn,
            "region": self.region,
            "settings": [msgspec.to_builtins(held) for held in self.settings],
            "obstacles": self.obstacles,
        }


def inspect_stack(stack: str, folder: Path, engine: Engine, overrides: Sequence[str]) -> Inspection:
    """Runs the program offline, and looks at everything that an update would touch and others may own.

    Raises:
        WrongAccountError: the credentials are not of the stack's account.
        PreviewError: the program failed.
        InspectionError: the program could not say what it would do.
        AwsError: AWS could not be asked.
    """
    from runners.wiring.grounds import ground_to_apply

    return inspect_ground(ground_to_apply(stack, folder, engine, overrides), folder, overrides)


def inspect_ground(ground: Ground, folder: Path, overrides: Sequence[str]) -> Inspection:
    """The same where the stack's ground is known already."""
    from preview.program import record

    _, identity = ground.identified()
    project = stack_project(ground.stack, folder, ground.engine, overrides)
    registrations = record(project).registrations
    config, surroundings = _signing(ground, folder, project.config)
    return Inspection(
        stack=ground.stack,
        engine=ground.engine.value,
        region=ground.region,
        identity=identity,
        settings=decisions(project, borrowed(registrations), config, surroundings),
    )


def _signing(ground: Ground, folder: Path, config: Mapping[str, str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Settings and variables of the process that asks: those of the stack, and on the local cloud the cloud's alone."""
    if ground.engine is Engine.PULUMI:
        return config, os.environ
    from runners.stack.local_cloud import surroundings

    return {}, surroundings(folder)
