"""What an earlier run of the real engine began and did not end: nobody knows whether it is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pricing.resource import urn_name, urn_type

_MOST_NAMED: Final = 3


def pending_told(state: Mapping[str, Any]) -> tuple[str, ...]:
    """One sentence about the operations that a state export calls pending; nothing where there are none."""
    pending = (state.get("deployment") or {}).get("pending_operations") or []
    named = [f"{entry['type']} {_shown(str(entry['resource']['urn']))}" for entry in pending]
    if not named:
        return ()
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return (
        f"warning: an earlier run was cut off while {', '.join(named[:_MOST_NAMED])}{more}: what it made is billed and "
        "may not be counted here; look into AWS, then run `pulumi refresh`",
    )


def _shown(urn: str) -> str:
    return f"{urn_name(urn)} ({urn_type(urn)})"
