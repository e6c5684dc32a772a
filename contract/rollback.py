"""The versions of the workload that runs look at, and which of them may be taken back."""

from __future__ import annotations

from typing import Literal

from contract.names import parameter_path
from contract.parts import Arn, Count, Part

VersionKind = Literal[
    "ecs-service", "listener-weights", "lambda-alias", "auto-scaling-group", "app-config", "automation"
]


class RollbackTerms(Part, frozen=True, kw_only=True):
    """How one version may be taken back.

    Attributes:
        compatible: Whether older versions work with what newer ones have written.
        strategy: Deployment strategy of AppConfig; null for other kinds.
    """

    compatible: bool
    strategy: str | None


class WatchedVersion(Part, frozen=True, kw_only=True):
    """Something that has a version, which every run of an experiment notes.

    Attributes:
        kind: What it is, and so how its version is read and taken back.
        name: CLUSTER/SERVICE, the ARN of a listener or a rule, FUNCTION:ALIAS, an Auto Scaling group,
            APPLICATION/ENVIRONMENT/PROFILE by their ids, or an automation document.
        parameter: Parameter in which the version stands that runs; null for other kinds than automation.
        rollback: How it may be taken back; null where that is not switched on.
    """

    kind: VersionKind
    name: str
    parameter: str | None
    rollback: RollbackTerms | None


class Rollback(Part, frozen=True, kw_only=True):
    """What every rollback of the stack works with.

    Attributes:
        role: Role of those who roll back.
        topic_arn: Topic by which people are called.
        holds: Path in Parameter Store under which the holds stand that rollbacks leave.
        hold_hours: Hours after which a hold ends by itself.
    """

    role: Arn
    topic_arn: Arn
    holds: str
    hold_hours: Count


def holds_path(environment: str) -> str:
    """Where an environment's holds stand in Parameter Store."""
    return parameter_path(environment, "rollback", "holds")
