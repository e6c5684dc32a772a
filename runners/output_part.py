"""What every part of a stack's output document has in common."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

# A whole number from 1 on, and a number without a sign, written as text so that nothing is lost.
Count = Annotated[int, Meta(ge=1)]
Amount = Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+)?\Z")]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A closed, frozen part: a key that is not known here means that another version wrote the document."""
