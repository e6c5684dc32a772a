"""What a rehearsal can make go wrong on purpose, beside the fault itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from local.simulation.design import DesignError


@dataclass(frozen=True, kw_only=True)
class FaultKnobs:
    """Times in seconds from the start of an experiment; None or empty is "never"."""

    alarm: str = ""
    alarm_after: int | None = None
    lever_after: int | None = None
    hit_fewer: int = 0
    skip_action: str = ""
    fail_with: str = ""
    no_effect: bool = False
    never_ends: bool = False
    status: str = ""
    silent_from: int | None = None
    silent_until: int | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """The knobs that a document sets.

        Raises:
            DesignError: a key is unknown, or a value has the wrong type.
        """
        known = {field.name: field.default for field in fields(cls)}
        for key, value in data.items():
            if key not in known:
                msg = f"faults: unknown key {key!r}; accepted: {', '.join(known)}"
                raise DesignError(msg)
            default = known[key]
            wanted = int if default is None else type(default)
            if type(value) is not wanted and not (value is None and default is None):
                msg = f"faults: {key} is {value!r}; accepted: a {wanted.__name__}"
                raise DesignError(msg)
        return cls(**data)
