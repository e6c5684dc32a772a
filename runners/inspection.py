"""`ial inspect`: what is there, what an update would set, and what it leaves; reads only."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from preview.engines import Engine
from runners.aws.existing_names import Name, existing
from runners.aws.identity import Identity
from runners.borrowed_decisions import Decision, borrowed, decisions
from runners.opening import Ground, stack_project

if TYPE_CHECKING:
    from preview.registration import Registration
    from runners.aws.session import Clients

VERSION: Final = 1


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """Who would sign, what becomes of each setting of others, and the names that are taken by something of others."""

    stack: str
    engine: str
    region: str
    identity: Identity
    settings: tuple[Decision, ...]
    taken: tuple[Name, ...]

    @property
    def obstacles(self) -> list[str]:
        """What stands against an update, one line each."""
        refused = [
            f"{held.resource}: {held.setting}: {held.why}" for held in self.settings if held.decision == "refuse"
        ]
        return refused + [f"{name} exists and is not of this stack; rename or remove it" for name in self.taken]

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
            "taken": [asdict(name) for name in self.taken],
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
    from runners.grounds import ground_to_apply

    return inspect_ground(ground_to_apply(stack, folder, engine, overrides), folder, overrides)


def inspect_ground(ground: Ground, folder: Path, overrides: Sequence[str]) -> Inspection:
    """The same where the stack's ground is known already."""
    from preview.program import record

    clients, identity = ground.identified()
    project = stack_project(ground.stack, folder, ground.engine, overrides)
    registrations = record(project).registrations
    config, surroundings = _signing(ground, folder, project.config)
    return Inspection(
        stack=ground.stack,
        engine=ground.engine.value,
        region=ground.region,
        identity=identity,
        settings=decisions(project, borrowed(registrations), config, surroundings),
        taken=tuple(_taken(ground, folder, registrations, clients, identity)),
    )


def _signing(ground: Ground, folder: Path, config: Mapping[str, str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Settings and variables of the process that asks: those of the stack, and on the local cloud the cloud's alone."""
    if ground.engine is Engine.PULUMI:
        return config, os.environ
    from runners.local_cloud import surroundings

    return {}, surroundings(folder)


def _taken(
    ground: Ground, folder: Path, registrations: Sequence[Registration], clients: Clients, identity: Identity
) -> list[Name]:
    wanted = {Name.of(held.type, held.properties) for held in registrations if not held.external}
    ours = {Name.of(str(entry.get("type")), entry.get("inputs") or {}) for entry in _held(ground, folder)}
    partition = identity.arn.split(":")[1]
    topic = f"arn:{partition}:sns:{ground.region}:{identity.account}:"
    return existing(clients, {name for name in wanted - ours if name is not None}, lambda name: topic + name)


def _held(ground: Ground, folder: Path) -> Sequence[Mapping[str, Any]]:
    if ground.engine is Engine.PULUMI:
        from runners.pulumi_stack import held_resources

        return held_resources(folder, ground.stack)
    from runners.local_cloud import held_resources as held_locally

    return held_locally(folder, ground.stack)
