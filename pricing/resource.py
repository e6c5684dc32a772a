"""The record of one declared resource: what pricing and policies see, whatever engine or file it came from."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias


class Unknown(enum.Enum):
    """The type of `UNKNOWN`: a value that the program cannot know before the cloud answers."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN

Plain: TypeAlias = "bool | str | Decimal | Unknown | list[Plain] | dict[str, Plain] | None"

STACK_TYPE: Final = "pulumi:pulumi:Stack"
PROVIDER_PREFIX: Final = "pulumi:providers:"
OWN_COMPONENT_PREFIX: Final = "ial:"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of a stack: `properties` are its inputs in camelCase, numbers as `Decimal`, unknowns as `UNKNOWN`.

    `components` is the chain of component types from the outermost to the direct parent, as the URN holds it.
    `undeclared` names the properties that only the state has: what the cloud held when it was last asked.
    """

    urn: str
    type: str
    name: str
    properties: Mapping[str, Plain] = field(default_factory=dict)
    components: tuple[str, ...] = ()
    parent: str | None = None
    dependencies: tuple[str, ...] = ()
    protect: bool = False
    secrets: frozenset[str] = frozenset()
    undeclared: frozenset[str] = frozenset()

    @property
    def capability(self) -> str:
        """The area of the outermost component of ours (`observability`, `backup`, ...), else `other`."""
        for token in self.components:
            if token.startswith(OWN_COMPONENT_PREFIX):
                return token.split(":")[1]
        return "other"

    @property
    def is_cloud(self) -> bool:
        """True for what can cost money: neither the stack, nor a provider, nor a component."""
        return not (self.type == STACK_TYPE or self.type.startswith((PROVIDER_PREFIX, OWN_COMPONENT_PREFIX)))

    def get(self, path: str, default: Plain = None) -> Plain:
        """The value at a dotted path (`versioningConfiguration.status`); `UNKNOWN` as soon as a step is unknown."""
        value: Plain = dict(self.properties)
        for step in path.split("."):
            if value is UNKNOWN:
                return UNKNOWN
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                return default
        return default if value is None else value


def component_chain(urn: str) -> tuple[str, ...]:
    """The component types inside a URN, outermost first: all types of its type chain but the last."""
    parts = urn.split("::")
    return tuple(parts[2].split("$")[:-1]) if len(parts) > 3 else ()


def urn_type(urn: str) -> str:
    """The resource's own type token inside a URN."""
    parts = urn.split("::")
    return parts[2].split("$")[-1] if len(parts) > 3 else ""


def urn_name(urn: str) -> str:
    """The resource's logical name inside a URN."""
    return "::".join(urn.split("::")[3:])


class Graph:
    """All resources of one stack, in order of registration, with the lookups that rules and policies need."""

    def __init__(self, resources: Mapping[str, Resource] | list[Resource]) -> None:
        items = resources.values() if isinstance(resources, Mapping) else resources
        self._by_urn: dict[str, Resource] = {r.urn: r for r in items}
        self._by_type: dict[str, list[Resource]] = {}
        for resource in self._by_urn.values():
            self._by_type.setdefault(resource.type, []).append(resource)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._by_urn.values())

    def __len__(self) -> int:
        return len(self._by_urn)

    def find(self, urn: str) -> Resource | None:
        """The resource with this URN, if it is in the stack."""
        return self._by_urn.get(urn)

    def of_type(self, *types: str) -> list[Resource]:
        """All resources with one of these type tokens, in order of registration."""
        return [r for t in types for r in self._by_type.get(t, [])]
