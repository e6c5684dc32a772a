"""How much more than its base a change may cost, whatever is left of the budget."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pricing.budget import Case
from pricing.closed_mapping import ClosedMapping
from pricing.delta import Delta, of_case
from pricing.money import dollars, dollars_up, shortest

KEYS: Final = ("amount", "percent")


@dataclass(frozen=True, kw_only=True)
class MaxIncrease:
    """The most that one change may add to the month: an amount in USD, a percentage of the base, or both."""

    amount: Decimal | None = None
    percent: Decimal | None = None

    @classmethod
    def read(cls, data: ClosedMapping) -> MaxIncrease:
        """Reads the mapping `maxIncrease` of a budget, whose keys are `KEYS`.

        Raises:
            UsageError: neither limit is given, or one is not a number of zero or more.
        """
        if not any(data.has(key) for key in KEYS):
            raise data.refuse(KEYS[0], "a number, here or as `percent`")
        return cls(
            amount=data.amount("amount") if data.has("amount") else None,
            percent=data.amount("percent") if data.has("percent") else None,
        )


def excess(delta: Delta, limit: MaxIncrease, case: Case = "maximum") -> list[str]:
    """One sentence for each limit that the change exceeds; an increase over nothing exceeds every percentage."""
    rise = delta.difference(case)
    if rise <= 0:
        return []
    found: list[str] = []
    if limit.amount is not None and rise > limit.amount:
        found.append(
            f"the change adds {dollars_up(rise)} a month over {delta.source}; "
            f"at most {dollars(limit.amount)} is allowed"
        )
    if limit.percent is not None and rise * 100 > limit.percent * of_case(delta.before, case):
        percent = delta.percent(case)
        share = f"{percent:.1f} %" if percent is not None else "more than any percentage, as the base costs nothing,"
        found.append(
            f"the change adds {share} to {dollars(of_case(delta.before, case))} a month of {delta.source}; "
            f"at most {shortest(limit.percent)} % is allowed"
        )
    return found
