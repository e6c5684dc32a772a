"""The inputs of a resource type as the installed `pulumi_aws` takes them, by the names of the wire."""

from __future__ import annotations

import importlib
import importlib.util
import re
import warnings
from functools import cache
from types import ModuleType
from typing import Any, TypeAlias

Schema: TypeAlias = "dict[str, Schema]"
_DEEPEST = 8


@cache
def inputs_of(token: str) -> Schema | None:
    """Every input with those nested in it; None when the provider has no such type (any more)."""
    service, title = token.split(":")[1].split("/")[0], token.split(":")[2]
    name = f"pulumi_aws.{'lambda_' if service == 'lambda' else service}"
    if importlib.util.find_spec(name) is None:
        return None
    with warnings.catch_warnings():
        # The provider warns of each of its own types that has a newer name, wherever it first looks inside a module.
        warnings.simplefilter("ignore", DeprecationWarning)
        module = importlib.import_module(name)
        resource = getattr(module, title, None)
        if resource is None:
            return None
        own = importlib.import_module(resource.__module__)
        # A nested type of the same name takes `NameArgs`; then the resource's own are its `InitArgs`.
        arguments = getattr(own, f"{title}InitArgs", None) or getattr(own, f"{title}Args")
        return _inputs(module, arguments, _DEEPEST)


def _inputs(module: ModuleType, arguments: Any, deepest: int) -> Schema:
    found: Schema = {}
    for member in vars(arguments).values():
        wire = getattr(getattr(member, "fget", None), "_pulumi_name", None)
        if wire is not None:
            nested = _nested(module, str(member.fget.__annotations__["return"]))
            found[wire] = {} if nested is None or not deepest else _inputs(module, nested, deepest - 1)
    return found


def _nested(module: ModuleType, annotation: str) -> Any:
    named = (getattr(module, name, None) for name in re.findall(r"\b(\w+Args)\b", annotation))
    return next((found for found in named if found is not None), None)
