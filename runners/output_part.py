"""What every part of a stack's output document has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A closed, frozen part: a key that is not known here means that another version wrote the document."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)
