"""One registration as the program made it, and who creates what was registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from google.protobuf import struct_pb2

from pricing.dynamic_code import code_of
from pricing.resource import STACK_TYPE, UNKNOWN, Plain, Resource, component_chain


def resource_urn(stack: str, project: str, parent: str, type_token: str, name: str) -> str:
    """The URN that the engine gives: the parent's whole type chain, without the stack's own type, comes first."""
    chain = parent.split("::")[2] if parent.count("::") >= 3 else ""
    qualified = f"{chain}${type_token}" if chain and chain != STACK_TYPE else type_token
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Custom time limits in seconds; zero means none."""

    create: float = 0
    update: float = 0
    delete: float = 0


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One resource as registered, after transforms.

    `wire` holds the inputs untouched, with their secrets and unknowns as they travel.
    """

    urn: str
    type: str
    name: str
    custom: bool
    parent: str = ""
    wire: struct_pb2.Struct = field(default_factory=struct_pb2.Struct)
    properties: Mapping[str, Plain] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: str = ""
    providers: Mapping[str, str] = field(default_factory=dict)
    protect: bool = False
    retain_on_delete: bool = False
    ignore_changes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    timeouts: Timeouts | None = None
    import_id: str = ""
    unread: bool = False
    external: bool = False
    source: str = ""

    def resource(self) -> Resource:
        """What pricing and policies see of it, before its provider places it."""
        return Resource(
            urn=self.urn,
            type=self.type,
            name=self.name,
            properties={key: value for key, value in self.properties.items() if not key.startswith("__")},
            components=component_chain(self.urn),
            parent=self.parent or None,
            dependencies=self.dependencies,
            custom=self.custom,
            external=self.external,
            protect=self.protect,
            retain_on_delete=self.retain_on_delete,
            import_id=self.import_id,
            unread=self.unread,
            aliases=self.aliases,
            ignore_changes=self.ignore_changes,
            code=code_of(self.type, self.properties),
            secrets=frozenset(key for key in self.secrets if not key.startswith("__")),
        )


@dataclass(frozen=True)
class Provisioned:
    """What creation gave: the id, and the outputs by name. An id that is not known yet is the empty string."""

    id: str
    outputs: Mapping[str, Plain]


class Provisioner(Protocol):
    """Creates registered resources. Calls come one at a time, in an order that respects dependencies.

    A `preview.errors.ProvisionError` fails the program's run with its message.
    """

    def create(self, request: Registration) -> Provisioned:
        """Creates a custom resource and returns its id and outputs."""

    def read(self, request: Registration, resource_id: str) -> Provisioned:
        """Reads a resource that exists already."""

    def invoke(self, token: str, args: Mapping[str, Plain]) -> Mapping[str, Plain]:
        """Answers a data-source call."""


class UnknownOutputs:
    """The provisioner of a preview: inputs come back as outputs, ids and all other outputs stay unknown."""

    def create(self, request: Registration) -> Provisioned:
        """Echoes the inputs."""
        return Provisioned("", request.properties)

    def read(self, request: Registration, resource_id: str) -> Provisioned:
        """Echoes the inputs under the id that was asked for."""
        return Provisioned(resource_id, request.properties)

    def invoke(self, token: str, args: Mapping[str, Plain]) -> Mapping[str, Plain]:  # noqa: ARG002
        """Knows nothing: a data source is a call to the cloud."""
        return {"": UNKNOWN}
