"""What a policy pack says of a stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["mandatory", "advisory"]


@dataclass(frozen=True, order=True)
class PolicyFinding:
    """One sentence of one policy, about one resource or about the stack (`urn` is None)."""

    policy: str
    level: Level
    message: str
    urn: str | None = None


@dataclass(frozen=True, kw_only=True)
class PackVerdict:
    """All findings of a pack, the level of each of its policies, and those mandatory ones that could not run."""

    name: str
    version: str
    policies: Mapping[str, str]
    findings: tuple[PolicyFinding, ...] = ()
    unjudged: tuple[PolicyFinding, ...] = ()
    report: Mapping[str, object] | None = field(default=None)
