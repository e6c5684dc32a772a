"""From the engine's request messages to records."""

from __future__ import annotations

import re
from typing import Final

from preview.inheritance import with_parent_aliases
from preview.protocol import resource_pb2
from preview.registration import Registration, Timeouts, resource_urn
from preview.wire import plain_properties, read_struct

_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_PART: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ms|us|µs|ns|h|m|s)")


def from_request(
    urn: str, request: resource_pb2.RegisterResourceRequest, parent: Registration | None = None
) -> Registration:
    """The record of a registration whose transforms have run."""
    properties, secrets = plain_properties(read_struct(request.object))
    return Registration(
        urn=urn,
        type=request.type,
        name=request.name,
        custom=request.custom,
        parent=request.parent,
        wire=request.object,
        properties=properties,
        secrets=secrets,
        # The SDK keeps dependencies in sets, so their order differs from run to run.
        dependencies=tuple(sorted(request.dependencies)),
        property_dependencies={
            key: tuple(sorted(request.propertyDependencies[key].urns)) for key in sorted(request.propertyDependencies)
        },
        provider=request.provider,
        providers=dict(request.providers),
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        ignore_changes=tuple(request.ignoreChanges),
        aliases=with_parent_aliases(urn, _aliases(urn, request), parent),
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        timeouts=_timeouts(request) if request.HasField("customTimeouts") else None,
        import_id=request.importId,
        source=_source(request),
    )


def from_read(urn: str, request: resource_pb2.ReadResourceRequest) -> Registration:
    """The record of a resource that is only looked up: it exists, so it is neither created nor priced."""
    properties, secrets = plain_properties(read_struct(request.properties))
    return Registration(
        urn=urn,
        type=request.type,
        name=request.name,
        custom=True,
        parent=request.parent,
        wire=request.properties,
        properties=properties,
        secrets=secrets,
        dependencies=tuple(sorted(request.dependencies)),
        provider=request.provider,
        external=True,
    )


def seconds(duration: str) -> float:
    """A Go duration (`1h30m`) in seconds; zero when empty.

    Raises:
        ValueError: it is not a duration.
    """
    if _PART.sub("", duration):
        msg = f"{duration!r} is not a duration; accepted: numbers with a unit, such as 90s or 1h30m"
        raise ValueError(msg)
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(duration))


def _timeouts(request: resource_pb2.RegisterResourceRequest) -> Timeouts:
    custom = request.customTimeouts
    return Timeouts(create=seconds(custom.create), update=seconds(custom.update), delete=seconds(custom.delete))


def _aliases(urn: str, request: resource_pb2.RegisterResourceRequest) -> list[str]:
    stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
    found = list(request.aliasURNs)
    for alias in request.aliases:
        if alias.WhichOneof("alias") == "urn":
            found.append(alias.urn)
            continue
        spec = alias.spec
        parent = "" if spec.noParent else spec.parentUrn or request.parent
        found.append(
            resource_urn(
                spec.stack or stack,
                spec.project or project,
                parent,
                spec.type or request.type,
                spec.name or request.name,
            )
        )
    return found


def _source(request: resource_pb2.RegisterResourceRequest) -> str:
    position = request.sourcePosition
    return f"{position.uri.removeprefix('project://').removeprefix('file://')}:{position.line}" if position.uri else ""
