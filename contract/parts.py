"""What every part of a stack's output document has in common.

The program builds the parts, runners read them, and the published schema is made from them. The program writes every
field; a field that came later has a default here, so that documents of before are still read.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct, json

# A whole number from 1 on, and a number without a sign, written as text so that nothing is lost.
Count = Annotated[int, Meta(ge=1)]
Amount = Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+)?\Z")]
Arn = Annotated[str, Meta(pattern="^arn:aws")]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A closed, frozen part: a key that is not known here means that another version wrote the document."""


def plain(part: Struct) -> dict[str, Any]:
    """A document as plain data, as others read it."""
    found: dict[str, Any] = json.decode(json.encode(part))
    return found


class RecordPart(Part, frozen=True, kw_only=True):
    """A part of a record: runners write it, and others read it."""
