"""Which usage each resource type asks for, as documents: what `ial cost usage` shows."""

from __future__ import annotations

import difflib
from typing import TypedDict

from pricing.registry import PriceRule, all_rules, rule_for
from runners.errors import InputError

VERSION = 1


class KeyDocument(TypedDict):
    """One usage key. `default` is null where the key must be declared."""

    name: str
    unit: str
    meaning: str
    default: str | None


class TypeDocument(TypedDict):
    """One resource type: how it is billed, why it costs nothing if so, and its usage keys."""

    type: str
    classification: str
    why: str
    source: str
    usage: list[KeyDocument]


class UsageDocument(TypedDict):
    """The answer of `ial cost usage`."""

    version: int
    types: list[TypeDocument]


def usage_document(type_token: str | None) -> UsageDocument:
    """One type, or all that have a classification.

    Raises:
        InputError: the type has none.
    """
    if type_token is None:
        return UsageDocument(version=VERSION, types=[_type(entry) for entry in all_rules()])
    entry = rule_for(type_token)
    if entry is None:
        near = difflib.get_close_matches(type_token, [known.type for known in all_rules()], n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "`ial cost usage` lists all types"
        msg = f"type {type_token!r} has no price rule; {hint}"
        raise InputError(msg)
    return UsageDocument(version=VERSION, types=[_type(entry)])


def _type(entry: PriceRule) -> TypeDocument:
    keys = [KeyDocument(name=key.name, unit=key.unit, meaning=key.meaning, default=key.default) for key in entry.usage]
    return TypeDocument(
        type=entry.type, classification=entry.classification.value, why=entry.why, source=entry.source, usage=keys
    )
