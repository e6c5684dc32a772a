"""What a fault is to the rest: its actions, targets and permissions, in the form in which FIS takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.roles import Statement
from contract import names
from contract.experiments import Connections, GroupKind, Zone

OPT_IN = dict([names.OPT_IN])
# The document undoes its fault by itself; the action must still be watching when it does.
UNDO_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Actions and targets by name as FIS's API has them; `statements` allow the fault and its undoing.

    `wanted` is how many resources are hit when they are named one by one; None is what the experiment says. `zone` is
    what runners have to know of a zone that is impaired, `connections` of a database whose connections are taken.
    """

    actions: Mapping[str, Mapping[str, Any]]
    targets: Mapping[str, Mapping[str, Any]]
    statements: Sequence[Statement]
    resource_type: str
    tags: Mapping[str, str]
    group_kind: GroupKind | None
    group: str | None
    seconds: int
    action_minutes: int
    perturbed_metrics: tuple[str, ...]
    undo: str
    wanted: int | None = None
    zone: Zone | None = None
    connections: Connections | None = None


def minutes(seconds: int) -> int:
    """Whole minutes, rounded up: FIS bills by the minute."""
    return -(-seconds // 60)
