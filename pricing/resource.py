"""The record of one declared resource: what pricing and policies see, whatever engine or file it came from."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
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
# What the engine itself manages: stacks, references to stacks, stashes and providers. Nobody bills for these.
_ENGINE_PREFIXES: Final = ("pulumi:pulumi:", "pulumi:index:Stash", PROVIDER_PREFIX)


class Kind(enum.StrEnum):
    """What a resource is to a bill: only `CUSTOM` ones can be on it."""

    CUSTOM = "custom"
    COMPONENT = "component"
    READ = "read"
    ENGINE = "engine"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of a stack: `properties` are its inputs in camelCase, numbers as `Decimal`, unknowns as `UNKNOWN`.

    `components` is the chain of component types from the outermost to the direct parent, as the URN holds it.
    `custom` is false for components, `external` is true for what somebody else owns and the program only reads.
    `region`, `account` and `default_tags` are those of the resource's provider; None where the provider leaves them to
    the stack. `ignore_changes` are property paths, `aliases` URNs that the resource had before. `unread` says
    that what is imported by `import_id` has not been looked at. `code` names the implementation of a dynamic resource.
    `undeclared` names the properties that only the state has: what the cloud
    held when it was last asked.
    """

    urn: str
    type: str
    name: str
    properties: Mapping[str, Plain] = field(default_factory=dict)
    components: tuple[str, ...] = ()
    parent: str | None = None
    dependencies: tuple[str, ...] = ()
    custom: bool = True
    external: bool = False
    protect: bool = False
    retain_on_delete: bool = False
    import_id: str = ""
    unread: bool = False
    aliases: tuple[str, ...] = ()
    ignore_changes: tuple[str, ...] = ()
    region: Plain = None
    account: Plain = None
    default_tags: Plain = None
    code: str = ""
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
    def kind(self) -> Kind:
        """What the resource is, by how it was registered and never by how its type is spelt.

        The engine's own types are the exception: no program can register a resource of its own under them.
        """
        if is_engines_own(self.type):
            return Kind.ENGINE
        if not self.custom:
            return Kind.COMPONENT
        return Kind.READ if self.external else Kind.CUSTOM

    @property
    def is_cloud(self) -> bool:
        """True for what can cost money."""
        return self.kind is Kind.CUSTOM

    @property
    def tags(self) -> Plain:
        """The resource's tags over its provider's default ones; `UNKNOWN` when not even the keys are known."""
        own = self.get("tags")
        if own is UNKNOWN or not self.default_tags:
            return own
        if isinstance(self.default_tags, dict):
            return {**self.default_tags, **(own if isinstance(own, dict) else {})}
        return own or UNKNOWN

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


def is_engines_own(type_token: str) -> bool:
    """Whether the engine itself manages resources of this type."""
    return type_token.startswith(_ENGINE_PREFIXES)


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
    """All resources of one stack, in order of registration, with the lookups that rules and policies need.

    What is only read stands apart in `read`: it is somebody else's, and its inputs say nothing of what it is.
    """

    def __init__(self, resources: Mapping[str, Resource] | Iterable[Resource]) -> None:
        self._read: list[Resource] = []
        self._by_urn: dict[str, Resource] = {}
        self._by_type: dict[str, dict[str, Resource]] = {}
        for resource in resources.values() if isinstance(resources, Mapping) else resources:
            self.add(resource)

    @property
    def read(self) -> tuple[Resource, ...]:
        """What is only read, in order of registration."""
        return tuple(self._read)

    def add(self, resource: Resource) -> None:
        """One more resource; one that is there already under this URN gives way to it."""
        if resource.kind is Kind.READ:
            self._read.append(resource)
            return
        self._by_urn[resource.urn] = resource
        self._by_type.setdefault(resource.type, {})[resource.urn] = resource

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._by_urn.values())

    def __len__(self) -> int:
        return len(self._by_urn)

    def find(self, urn: str) -> Resource | None:
        """The resource with this URN, if it is in the stack."""
        return self._by_urn.get(urn)

    def of_type(self, *types: str) -> list[Resource]:
        """All resources with one of these type tokens, in order of registration."""
        return [r for t in types for r in list(self._by_type.get(t, {}).values())]
