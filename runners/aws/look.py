"""How a probe looks: each type is one file in `looks/`, there by being there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from contract.probe_types import ProbeType
from runners.aws.session import Clients
from runners.runs.clock import Clock


@dataclass(frozen=True)
class Looking:
    """Where probes look: one account and region.

    `base` is the load balancer's address, for paths, `host_name` the service's name. `remembered` has what does not
    change while it is asked for.
    """

    clients: Clients
    clock: Clock
    base: Callable[[], str]
    host_name: str | None = None
    remembered: dict[str, str] = field(default_factory=dict)


# One value of what a probe's target names, or of the resources that were hit; None when it says nothing.
Look = Callable[[Looking, str, Sequence[str]], float | None]
_looks: dict[ProbeType, Look] = {}


def look(type_: ProbeType) -> Callable[[Look], Look]:
    """Registers how a type of probe looks."""

    def register(act: Look) -> Look:
        if type_ in _looks:
            msg = f"probe type {type_} looks in two ways"
            raise ValueError(msg)
        _looks[type_] = act
        return act

    return register


@lru_cache(maxsize=1)
def all_looks() -> dict[ProbeType, Look]:
    """How each type looks that is looked at once at a time; metrics are read together, and `replaced` afterwards."""
    package = importlib.import_module("runners.aws.looks")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"runners.aws.looks.{module}")
    return _looks
