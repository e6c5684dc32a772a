"""Plain data sources without an answer: their values are unknown, and a program that needs one is told which.

The SDK has no word for an unknown result of a plain call (`aws.ec2.get_ami(...)`) and fails in an assertion. Here such
a result is an object whose values may be handed on, in texts too, and count as unknown wherever they arrive. What
would have to know them (comparing, counting, going through them) raises `UnknownDataSourceError`.
"""

from __future__ import annotations

import asyncio
import sys
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, cast

import pulumi
import pulumi.runtime
from pulumi import _types
from pulumi.output import UNKNOWN as NOTHING_KNOWN
from pulumi.output import Unknown, _OutputData
from pulumi.runtime import rpc
from pulumi.runtime.rpc import UNKNOWN

from .calls import called_at


class UnknownDataSourceError(Exception):
    """The program needs a value of a data source that is not known here; `token` and `site` say which, and where."""

    def __init__(self, token: str, site: str) -> None:
        super().__init__(f"data source {token} ({site}): its value is not known here, and the program needs it")
        self.token, self.site = token, site


class Origin:
    """The call that a value comes from."""

    def __init__(self, token: str, site: str) -> None:
        self.token, self.site = token, site

    def fail(self) -> NoReturn:
        """Says that the value is needed."""
        raise UnknownDataSourceError(self.token, self.site)


class UnknownText(str):
    """A text that is not known: it may be put into other texts and into inputs, and into nothing else."""

    origin: Origin

    @classmethod
    def of(cls, origin: Origin) -> UnknownText:
        """The text of one call."""
        text = cls(UNKNOWN)
        text.origin = origin
        return text

    def __hash__(self) -> int:
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        # The SDK itself asks for this one.
        if type(other) is not str or other != UNKNOWN:
            self.origin.fail()
        return True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __bool__(self) -> bool:
        if not _asked_by_a_constructor():
            self.origin.fail()
        return False


def _needs(name: str) -> Callable[..., Any]:
    def needs(self: Any, *_args: object, **_named: object) -> NoReturn:
        origin: Origin = self.origin
        origin.fail()

    needs.__name__ = name
    return needs


for _name in (
    *(
        "__contains__",
        "__getitem__",
        "__iter__",
        "__len__",
        "__lt__",
        "__le__",
        "__gt__",
        "__ge__",
        "__mod__",
        "__mul__",
    ),
    *(
        "casefold",
        "count",
        "endswith",
        "find",
        "index",
        "isalnum",
        "isalpha",
        "isdigit",
        "lower",
        "lstrip",
        "partition",
    ),
    *("removeprefix", "removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split"),
    *("splitlines", "startswith", "strip", "title", "upper", "zfill", "encode"),
):
    setattr(UnknownText, _name, _needs(_name))


class UnknownValue(pulumi.Output[Any]):
    """A number, list or object that is not known: an output without a value, which cannot be asked for its truth."""

    origin: Origin

    @classmethod
    def of(cls, origin: Origin) -> UnknownValue:
        """The value of one call."""
        data: asyncio.Future[_OutputData[Any]] = asyncio.Future()
        data.set_result(_OutputData(resources=set(), value=None, is_known=False, is_secret=False))
        value = cls._from_data(data)
        # The class lifts attributes of what it holds; this one is its own.
        value.__dict__["origin"] = origin
        return cast("UnknownValue", value)

    def __bool__(self) -> bool:
        if not _asked_by_a_constructor():
            self.origin.fail()
        return False

    def __eq__(self, other: object) -> bool:
        if self is not other:
            self.origin.fail()
        return True

    __hash__ = object.__hash__


for _name in ("__len__", "__iter__", "__contains__", "__lt__", "__gt__", "__le__", "__ge__", "__int__", "__float__"):
    setattr(UnknownValue, _name, _needs(_name))


def _asked_by_a_constructor() -> bool:
    """Whether a result type's constructor looks whether a value is there, before it looks at its type."""
    caller = sys._getframe(2).f_code
    return caller.co_name == "__init__" and "site-packages" in caller.co_filename


def install(folder: Path) -> None:
    """Puts this behaviour in place of the SDK's, for the program in a folder."""
    place = str(folder)
    pulumi.runtime.invoke = _plain(pulumi.runtime.invoke, place)
    pulumi.runtime.invoke_single = _plain_single(pulumi.runtime.invoke_single, place)
    pulumi.runtime.invoke_output = _output(pulumi.runtime.invoke_output, place)
    pulumi.runtime.invoke_output_single = _located(pulumi.runtime.invoke_output_single, place)


def _plain(original: Callable[..., Any], folder: str) -> Callable[..., Any]:
    def call(tok: str, props: Any, opts: Any = None, typ: Any = None, **named: Any) -> Any:
        with called_at(folder) as site:
            result = original(tok, props, opts, None, **named)
        origin = Origin(tok, site)
        result.value = _typed(typ, result.value, origin) if result.is_known else _unknown(typ, origin)
        return result

    return call


def _plain_single(original: Callable[..., Any], folder: str) -> Callable[..., Any]:
    def call(tok: str, props: Any, opts: Any = None, typ: Any = None, **named: Any) -> Any:
        with called_at(folder) as site:
            result = original(tok, props, opts, typ, **named)
        if not result.is_known:
            result.value = UnknownValue.of(Origin(tok, site))
        return result

    return call


def _output(original: Callable[..., Any], folder: str) -> Callable[..., Any]:
    def call(tok: str, props: Any, opts: Any = None, typ: Any = None, **named: Any) -> Any:
        with called_at(folder) as site:
            answer = original(tok, props, opts, None, **named)
        if typ is None:
            return answer
        return answer.apply(lambda raw: _typed(typ, raw, Origin(tok, site)), run_with_unknowns=True)

    return call


def _located(original: Callable[..., Any], folder: str) -> Callable[..., Any]:
    def call(*args: Any, **named: Any) -> Any:
        with called_at(folder):
            return original(*args, **named)

    return call


def _typed(typ: Any, raw: Any, origin: Origin) -> Any:
    """The SDK's result object; values of which only the name is known are unknown."""
    if raw is None:
        return NOTHING_KNOWN
    if typ is None or not isinstance(raw, dict):
        return raw
    unknown = {key for key, value in raw.items() if isinstance(value, Unknown) or value == UNKNOWN}
    known = {key: value for key, value in raw.items() if key not in unknown}
    result = rpc.translate_output_properties(known, lambda key: key, typ)
    for name, wire_name, getter in _types._py_properties(typ):
        if wire_name in unknown:
            pulumi.set(result, name, _value(getter, origin))
    return result


def _unknown(typ: Any, origin: Origin) -> Any:
    """A result of a type whose every value is unknown; without a type, a value that is unknown as a whole."""
    if typ is None:
        return UnknownValue.of(origin)
    result = typ.__new__(typ)
    for name, _, getter in _types._py_properties(typ):
        pulumi.set(result, name, _value(getter, origin))
    return result


def _value(getter: Any, origin: Origin) -> UnknownText | UnknownValue:
    text = typing.get_type_hints(getter.fget).get("return") in (str, str | None)
    return UnknownText.of(origin) if text else UnknownValue.of(origin)
