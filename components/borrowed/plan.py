"""What one call is about to do to one setting."""

from dataclasses import dataclass, replace
from typing import Any

from components.borrowed.decision import Decision, Value


@dataclass(frozen=True, kw_only=True)
class Plan:
    """From `now` to `result`; `remember` is written to the account before that, `is_noted` says it replaces a note."""

    now: Value
    result: Value
    remember: dict[str, Any]
    decisions: tuple[Decision, ...]
    is_noted: bool = False

    def noted(self, is_noted: bool) -> "Plan":
        """The same plan for a setting that is remembered in the account already, or not yet."""
        return replace(self, is_noted=is_noted)
