"""Which holds an update would undo: the program declares what is held, and another version than the good one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pricing.resource import UNKNOWN, Plain, Resource
from runners.rollback.held_weights import declares_weights
from runners.rollback.hold import Hold

# A version that is named by what it is at the time, and so may be any.
_MOVING: Final = ("$Latest", "$Default", "$LATEST")


def brought_back(hold: Hold, resources: Iterable[Resource]) -> str | None:
    """What of a program would bring the held version back, or may do so; None when nothing does.

    A program that does not declare the part leaves it alone. One that declares a third version goes forward.
    """
    look = _LOOKS.get(hold.kind)
    for resource in resources if look is not None else ():
        declared = None if look is None else look(hold, resource)
        if declared is None or declared.ignored:
            continue
        if declared.version is None:
            return f"{resource.name} declares a version of {hold.kind} {hold.name} that is not known before"
        if _same(declared.version, hold.held):
            return f"{resource.name} declares {declared.version}, which was rolled back"
    return None


@dataclass(frozen=True)
class _Declared:
    """What a resource says of the version; None is not known."""

    version: str | None
    ignored: bool


def _service(hold: Hold, resource: Resource) -> _Declared | None:
    cluster, _, name = hold.name.partition("/")
    if resource.type != "aws:ecs/service:Service" or not _is(resource.properties.get("name"), name):
        return None
    if not _ends(resource.properties.get("cluster"), cluster):
        return None
    version = _text(resource.properties.get("taskDefinition"))
    # A family alone means its newest revision.
    exact = version if version is not None and version.rpartition(":")[2].isdigit() else None
    return _Declared(exact, "taskDefinition" in resource.ignore_changes)


def _group(hold: Hold, resource: Resource) -> _Declared | None:
    if resource.type != "aws:autoscaling/group:Group" or not _is(resource.properties.get("name"), hold.name):
        return None
    template = resource.properties.get("launchTemplate")
    version = _text(template.get("version")) if isinstance(template, dict) else None
    named = hold.held.partition(":")[0]
    found = None if version is None or version in _MOVING else f"{named}:{version}"
    return _Declared(found, any(path.startswith("launchTemplate") for path in resource.ignore_changes))


def _alias(hold: Hold, resource: Resource) -> _Declared | None:
    function, _, alias = hold.name.partition(":")
    if resource.type != "aws:lambda/alias:Alias" or not _is(resource.properties.get("name"), alias):
        return None
    if not _ends(resource.properties.get("functionName"), function):
        return None
    version, shares = _text(resource.properties.get("functionVersion")), _shares(resource)
    if shares is None or version in _MOVING:
        version = None
    elif hold.held in shares:
        # A share of the users is enough.
        version = hold.held
    routed = resource.properties.get("routingConfig") is not None and "routingConfig" not in resource.ignore_changes
    ignored = "functionVersion" in resource.ignore_changes and not routed
    return _Declared(version, ignored)


def _shares(resource: Resource) -> Collection[str] | None:
    """The other versions of an alias that users get; None is not known."""
    routing = resource.properties.get("routingConfig")
    found = routing.get("additionalVersionWeights") if isinstance(routing, dict) else routing
    return None if found is UNKNOWN else list(found) if isinstance(found, dict) else []


def _weights(hold: Hold, resource: Resource) -> _Declared | None:
    found = declares_weights(hold, resource)
    if found is None:
        return None
    held, ignored = found
    return _Declared(None if held is None else hold.held if held else "others", ignored)


def _configuration(hold: Hold, resource: Resource) -> _Declared | None:
    keys = ("applicationId", "environmentId", "configurationProfileId")
    if resource.type != "aws:appconfig/deployment:Deployment":
        return None
    given = dict(zip(keys, hold.name.split("/"), strict=True))
    if not all(_is(resource.properties.get(key), value) for key, value in given.items()):
        return None
    return _Declared(_text(resource.properties.get("configurationVersion")), ignored=False)


def _text(value: Plain) -> str | None:
    return None if value is None or value is UNKNOWN or isinstance(value, list | dict) else str(value)


def _is(value: Plain, wanted: str) -> bool:
    """What is not known may be it."""
    return value is None or value is UNKNOWN or value == wanted


def _ends(value: Plain, wanted: str) -> bool:
    """A name, or an ARN that ends in it."""
    if not isinstance(value, str):
        return _is(value, wanted)
    return value == wanted or value.endswith((f"/{wanted}", f":{wanted}"))


def _same(declared: str, held: str) -> bool:
    """As an ARN, or without what is before the family's name."""
    return declared == held or held.endswith((f"/{declared}", f":{declared}"))


def is_asked_for(chaos: Any) -> bool:
    """Whether a stack's settings switch rollback on."""
    return isinstance(chaos, Mapping) and bool(chaos.get("rollback"))


def told(holds: Iterable[Hold], resources: Iterable[Resource]) -> Iterator[tuple[str, str | None]]:
    """Each hold in words for people, and what of the program would undo it."""
    known = list(resources)
    for hold in holds:
        yield str(hold), brought_back(hold, known)


_LOOKS: Final[dict[str, Callable[[Hold, Resource], _Declared | None]]] = {
    "ecs-service": _service,
    "auto-scaling-group": _group,
    "lambda-alias": _alias,
    "app-config": _configuration,
    "listener-weights": _weights,
}
