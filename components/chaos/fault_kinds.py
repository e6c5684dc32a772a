"""The kinds of faults: each is one file in `faults/`, there by being there."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

import pulumi

from components.chaos.fault import Fault
from components.chaos.fault_settings import FaultSettings
from components.place import Place
from components.reading import Reader
from components.settings import Settings

S = TypeVar("S", bound=FaultSettings)
Asked = TypeVar("Asked", bound=FaultSettings, covariant=True)
Beside = Callable[[str, Place, int, pulumi.ResourceOptions], object]


@dataclass(frozen=True, kw_only=True)
class FaultOrder(Generic[Asked]):
    """What an experiment asks of its fault: the settings of the kind, and how many resources are hit."""

    experiment: str
    fault: Asked
    count: int
    allow_outage: bool


@dataclass(frozen=True, kw_only=True)
class FaultKind(Generic[S]):
    """One kind. `needs` are parts of the workload by their key in the settings; the first that lacks is named.

    `happens` is what the documentation says of it. `on_hosts` says that the network of the instance itself is changed.
    `beside` makes what a stack with such a fault has once, beside its templates.
    """

    name: str
    settings: type[S]
    make: Callable[[FaultOrder[S], Settings], Fault]
    happens: str
    needs: tuple[str, ...]
    on_hosts: bool
    beside: Beside | None

    def lacks(self, settings: Settings) -> str | None:
        """The key of the part of the workload that it needs and the stack does not have; None when all is there."""
        return settings.workload.missing(self.needs)


_kinds: dict[str, FaultKind[Any]] = {}


def fault_kind(
    name: str,
    settings: type[S],
    *,
    happens: str,
    needs: tuple[str, ...],
    on_hosts: bool = False,
    beside: Beside | None = None,
) -> Callable[[Callable[[FaultOrder[S], Settings], Fault]], Callable[[FaultOrder[S], Settings], Fault]]:
    """Registers what makes the faults of a kind."""

    def register(make: Callable[[FaultOrder[S], Settings], Fault]) -> Callable[[FaultOrder[S], Settings], Fault]:
        if name in _kinds:
            msg = f"fault kind {name} is there twice"
            raise ValueError(msg)
        _kinds[name] = FaultKind(
            name=name, settings=settings, make=make, happens=happens, needs=needs, on_hosts=on_hosts, beside=beside
        )
        return make

    return register


@lru_cache(maxsize=1)
def fault_kinds() -> dict[str, FaultKind[Any]]:
    """Every kind by its name, in the order of the names."""
    package = importlib.import_module("components.chaos.faults")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"components.chaos.faults.{module}")
    return dict(sorted(_kinds.items()))


def read_fault(reader: Reader) -> FaultSettings:
    """The section `fault` of an experiment.

    Raises:
        SettingsError: one line that names key, value and what is accepted.
    """
    kinds = fault_kinds()
    kind = reader.choice("kind", {name: name for name in kinds}, "")
    if not kind:
        raise reader.refuse("kind", ", ".join(kinds))
    found: FaultSettings = kinds[kind].settings.read(reader, kind, [held.settings for held in kinds.values()])
    return found
