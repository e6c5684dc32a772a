"""What a policy pack says of a stack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Level: TypeAlias = Literal["mandatory", "advisory"]
# Levels at which a policy stops a stack.
REFUSING: Final = ("mandatory", "remediate")


@dataclass(frozen=True, order=True)
class PolicyFinding:
    """One sentence of one policy, about one resource or about the stack (`urn` is None)."""

    policy: str
    level: Level
    message: str
    urn: str | None = None


@dataclass(frozen=True, kw_only=True)
class PackVerdict:
    """All findings of a pack, the level of each of its policies, and what came from mandatory ones as a mere remark.

    `descriptions` is what the pack says of its policies, a sentence each.
    """

    name: str
    version: str
    policies: Mapping[str, str]
    findings: tuple[PolicyFinding, ...] = ()
    unjudged: tuple[PolicyFinding, ...] = ()
    descriptions: Mapping[str, str] = field(default_factory=dict)
    report: Mapping[str, object] | None = field(default=None)


def judged(name: str, version: str, policies: Mapping[str, str], found: Iterable[PolicyFinding]) -> PackVerdict:
    """The verdict of a pack whose policies have these levels.

    A policy that should refuse and only remarks was not judged: the SDK does that to one that meets an unknown value,
    and so does who changes the levels. The same holds for a policy that the pack did not name.
    """
    findings: list[PolicyFinding] = []
    unjudged: list[PolicyFinding] = []
    for finding in dict.fromkeys(found):
        level = policies.get(finding.policy)
        demoted = level is None or (level in REFUSING) != (finding.level == "mandatory")
        (unjudged if demoted else findings).append(finding)
    return PackVerdict(
        name=name, version=version, policies=policies, findings=tuple(findings), unjudged=tuple(unjudged)
    )
