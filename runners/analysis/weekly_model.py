"""The answer to the weekly question, as it is published with each measure of which it is asked."""

from __future__ import annotations

from typing import Literal

from runners.analysis.published import Published

Answer = Literal["worse", "not-shown", "not-enough"]


class Weekly(Published, frozen=True, kw_only=True):
    """Whether the newest whole weeks are worse than those before, from Monday to Sunday (UTC).

    Attributes:
        answer: Worse, not shown to be, or nothing yet, as there is not enough that could show it.
        week: First day of the newest weeks, YYYY-MM-DD.
        weeks: How many newest weeks are taken together.
        since: First day of what is compared with what was before, YYYY-MM-DD: a change may come within a week.
        weeks_before: Whole weeks that they are compared with.
        count: Days with a value in the newest weeks.
        count_before: Days with a value before them.
        needed: How many days in these weeks could show it, where the answer is still open; null if none could.
        before: Median before; null without values, or where most did not come about.
        after: Median in the newest weeks; null likewise.
        p: Chance of as much without a change: exact, for the worse alone; null where it was not asked.
        q: The same, corrected for all that is said in eight weekly looks.
        said: All of this in words.
    """

    answer: Answer
    week: str
    weeks: int
    since: str
    weeks_before: int
    count: int
    count_before: int
    needed: int | None
    before: float | None
    after: float | None
    p: float | None
    q: float | None
    said: str
