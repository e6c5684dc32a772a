"""Which usage each resource type asks for, as documents: what `ial cost usage` shows."""

from __future__ import annotations

import difflib
from typing import Annotated, Any, Final, Literal

from msgspec import Meta

from contract.parts import RecordPart, plain
from pricing.registry import Classification, PriceRule, all_rules, rule_for
from runners.errors import InputError

# What a rule may say; the others are of one stack.
_OF_RULES: Final = [
    str(kind)
    for kind in (
        Classification.PRICED,
        Classification.USAGE_PRICED,
        Classification.FREE,
        Classification.BILLED_BY_PARENT,
    )
]


class KeyDocument(RecordPart, frozen=True, kw_only=True):
    """One usage key.

    Attributes:
        name: Key in the usage file.
        unit: Unit of a month's quantity.
        meaning: What is counted.
        default: What is assumed when it is not declared; null where it must be declared.
    """

    name: str
    unit: str
    meaning: str
    default: str | None


class TypeDocument(RecordPart, frozen=True, kw_only=True):
    """One resource type.

    Attributes:
        type: Pulumi type token.
        classification: How it is billed.
        why: Why it has no lines of its own; empty where it has.
        source: Where AWS says so; empty where it has lines of its own.
        usage: The usage keys that may be declared for it.
    """

    type: str
    classification: Annotated[str, Meta(extra_json_schema={"enum": _OF_RULES})]
    why: str
    source: str
    usage: tuple[KeyDocument, ...]


class UsageDocument(RecordPart, frozen=True, kw_only=True):
    """How resource types are billed, and which usage they ask for.

    Attributes:
        version: Version of this document.
        types: One type, or all.
    """

    version: Literal[1] = 1
    types: tuple[TypeDocument, ...]

    def document(self) -> dict[str, Any]:
        """For machines."""
        return plain(self)


def usage_document(type_token: str | None) -> UsageDocument:
    """One type, or all that have a classification.

    Raises:
        InputError: the type has none.
    """
    if type_token is None:
        return UsageDocument(types=tuple(_type(entry) for entry in all_rules()))
    entry = rule_for(type_token)
    if entry is None:
        near = difflib.get_close_matches(type_token, [known.type for known in all_rules()], n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "`ial cost usage` lists all types"
        msg = f"type {type_token!r} has no price rule; {hint}"
        raise InputError(msg)
    return UsageDocument(types=(_type(entry),))


def _type(entry: PriceRule) -> TypeDocument:
    keys = tuple(
        KeyDocument(name=key.name, unit=key.unit, meaning=key.meaning, default=key.default) for key in entry.usage
    )
    return TypeDocument(
        type=entry.type, classification=entry.classification.value, why=entry.why, source=entry.source, usage=keys
    )
