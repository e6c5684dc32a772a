"""The types of probes: each one's name, and what it looks at in a workload. How it looks is a file of the runners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

ProbeType = Literal[
    "metric",
    "alarm",
    "target-health",
    "target-share",
    "group",
    "service",
    "http",
    "database",
    "instances",
    "replaced",
]


@dataclass(frozen=True, kw_only=True)
class ProbeKind:
    """What a type looks at.

    `needs` is the part of the workload without which there is nothing to see. `parts` name what is looked at where the
    file names nothing, with a slash between them, and `otherwise` does where no part does. `named` says that the file
    may name another, `of_stack` that what it names is one of the stack's own. `shows_fault` says that it sees the time
    of the fault, and not only what is there when it is over; `expected_only`, that it says nothing of a steady state.
    """

    needs: str | None = None
    parts: tuple[str, ...] = ()
    otherwise: str = ""
    named: bool = True
    of_stack: bool = False
    shows_fault: bool = False
    expected_only: bool = False


PROBE_TYPES: Final[Mapping[ProbeType, ProbeKind]] = {
    # What it needs is what each of its metrics needs.
    "metric": ProbeKind(named=False, shows_fault=True),
    "alarm": ProbeKind(of_stack=True),
    "target-health": ProbeKind(needs="target_group", parts=("target_group",)),
    "target-share": ProbeKind(needs="target_group", parts=("target_group",)),
    "group": ProbeKind(needs="auto_scaling_group", parts=("auto_scaling_group",)),
    "service": ProbeKind(needs="ecs_service", parts=("ecs_cluster", "ecs_service")),
    "http": ProbeKind(needs="load_balancer", otherwise="/"),
    "database": ProbeKind(needs="database", parts=("database",)),
    "instances": ProbeKind(named=False, shows_fault=True),
    "replaced": ProbeKind(needs="auto_scaling_group", parts=("auto_scaling_group",), named=False, expected_only=True),
}
