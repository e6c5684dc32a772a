"""One request of the engine, read once: the SDK reads a resource anew for each policy, and there are thirty of them.

What is read is the SDK's own work and is shared by the policies of one request, which do not change it. It is kept
as long as the request is, and in one thread, for each request has a thread of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from types import SimpleNamespace
from typing import Any, Final, TypeVar

from pulumi_policy import policy as servicer

_Made = TypeVar("_Made")
_METHODS: Final = ("Analyze", "AnalyzeStack")
# What the SDK does with the properties of a resource, one after the other.
_STEPS: Final = ("json_format", "deserialize_properties", "unknown_checking_proxy")
_PROVIDER: Final = "_get_provider_resource"
_HERE: Final = threading.local()


def once(key: Hashable, make: Callable[[], _Made]) -> _Made:
    """What `make` gives, made once in a request; outside of one, each time."""
    kept: dict[Hashable, Any] | None = getattr(_HERE, "kept", None)
    if kept is None:
        return make()
    if key not in kept:
        kept[key] = make()
    found: _Made = kept[key]
    return found


class _Read:
    """The properties of a resource on their way through the SDK's steps: what comes out is there already."""

    def __init__(self, result: Any) -> None:
        self.result = result


def read_once() -> None:
    """Makes the SDK read the properties of each resource once in a request."""
    # A release of the SDK that renames one of these would read everything thirty times: then the pack must not start.
    form, deserialize, proxy = (servicer.__dict__[name] for name in _STEPS)

    def read(message: Any) -> Any:
        if getattr(_HERE, "kept", None) is None:
            return form.MessageToDict(message)
        # The message is kept with what it says, so that its identity is not given to another one.
        return once(
            ("properties", id(message)),
            lambda: (_Read(proxy(deserialize(form.MessageToDict(message)))), message),
        )[0]

    def deserialized(properties: Any, *args: Any, **named: Any) -> Any:
        return properties if isinstance(properties, _Read) else deserialize(properties, *args, **named)

    def proxied(properties: Any) -> Any:
        return properties.result if isinstance(properties, _Read) else proxy(properties)

    for name, step in zip(_STEPS, (SimpleNamespace(MessageToDict=read), deserialized, proxied), strict=True):
        setattr(servicer, name, step)
    methods = servicer._PolicyAnalyzerServicer
    for name in _METHODS:
        setattr(methods, name, _requested(getattr(methods, name)))
    setattr(methods, _PROVIDER, _shared(getattr(methods, _PROVIDER)))


def _shared(method: Callable[..., Any]) -> Callable[..., Any]:
    """Most resources of a stack have the same provider, and each comes with it."""
    return lambda self, request: once(("provider", request.provider.urn), lambda: method(self, request))


def _requested(method: Callable[..., Any]) -> Callable[..., Any]:
    def answered(*args: Any) -> Any:
        _HERE.kept = {}
        try:
            return method(*args)
        finally:
            _HERE.kept = None

    return answered
