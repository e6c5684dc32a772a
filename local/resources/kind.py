"""How one resource type lives in the local cloud: created, changed in place, deleted, by real boto3 requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.endpoint import Endpoint

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """What creation gave: the id, and the outputs that only the cloud knows, in camelCase."""

    id: str
    outputs: Mapping[str, Any] = field(default_factory=dict)


Create = Callable[[Endpoint, Properties], Made]
Update = Callable[[Endpoint, str, Properties], Made]
Delete = Callable[[Endpoint, str, Properties], None]
There = Callable[[Endpoint, str], bool]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A resource type. `create` must be repeatable: after a crash nobody knows whether it had happened.

    `identity` names the inputs whose change means another resource; without `update`, any change does. `there` says
    whether one of a name exists, for types of which AWS makes no second one; the name is the first of `identity`.
    """

    create: Create
    delete: Delete
    update: Update | None = None
    identity: tuple[str, ...] = ()
    there: There | None = None


def upsert(create: Create, delete: Delete, *identity: str, there: There | None = None) -> Kind:
    """A type whose creation call also changes what exists."""
    return Kind(
        create=create,
        delete=delete,
        update=lambda endpoint, _, props: create(endpoint, props),
        identity=identity,
        there=there,
    )


def tag_list(properties: Properties) -> list[dict[str, str]]:
    """Tags in the list form that most services take."""
    return [{"Key": key, "Value": value} for key, value in sorted((properties.get("tags") or {}).items())]


def pascal(value: Any) -> Any:
    """Property names in AWS's spelling: `noncurrentDays` becomes `NoncurrentDays`, at every depth."""
    if isinstance(value, Mapping):
        return {key[:1].upper() + key[1:]: pascal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [pascal(item) for item in value]
    return value
