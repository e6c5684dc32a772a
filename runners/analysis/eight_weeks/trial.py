"""Many eight weeks, with and without a regression: how often analysis says something, and how often it is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from contract.goals import Goals
from runners.analysis.analysis import analyse
from runners.analysis.eight_weeks.documents import STACK
from runners.analysis.eight_weeks.weeks import BEGIN, EXPERIMENTS, SLOWED, WEEKS, Regression, Weeks
from runners.analysis.inputs import Inputs
from runners.analysis.model import Analysis
from runners.analysis.score import Known
from runners.analysis.series import RECOVERY

KNOWN: Final = tuple(Known(held.name, held.category, 1.0, True, held.usd) for held in EXPERIMENTS)
_A_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True)
class Share:
    """So many of all seeds."""

    held: int
    of: int

    @property
    def value(self) -> float:
        """As a number."""
        return self.held / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.held} of {self.of} ({self.value:.1%})"


def analysed(weeks: Weeks, until: int = WEEKS) -> Analysis:
    """What is said at the end of a week, 1 to 8, of the runs up to then."""
    return next(looks(weeks, [until]))


def looks(weeks: Weeks, ends: Iterable[int]) -> Iterator[Analysis]:
    """The same at the end of several weeks."""
    documents = [(document["run"], document) for document in weeks.documents()]
    for until in ends:
        now = BEGIN + timedelta(weeks=until)
        requests = [day for day in weeks.requests() if day.day < now.date()]
        yield analyse(STACK, documents, KNOWN, Inputs(goals=Goals(), now=now, since=BEGIN, requests=requests))


def changed(found: Analysis) -> bool:
    """Whether anything is said to have changed."""
    return any(trend.verdict is not None for trend in found.trends)


def named(found: Analysis) -> bool:
    """Whether the experiment that is slower is said to be, by what is slower."""
    return any((held.of, held.measure, held.verdict) == (SLOWED, RECOVERY, "worse") for held in found.trends)


def dated(found: Analysis, regression: Regression) -> bool:
    """Whether that is said to have begun within a week of when it did."""
    days = [
        date.fromisoformat(held.changed_on)
        for held in found.trends
        if held.changed_on is not None and (held.of, held.measure, held.verdict) == (SLOWED, RECOVERY, "worse")
    ]
    return any(abs(day - regression.day) <= _A_WEEK for day in days)


@dataclass(frozen=True)
class FalseChanges:
    """Workloads that do not change: those of which a look says that they have, by week, and those of any look."""

    by_week: dict[int, Share]
    together: Share


def false_changes(seeds: Iterable[int], deployments: int = 3) -> FalseChanges:
    """Looks at the end of each of the eight weeks."""
    weeks = range(1, WEEKS + 1)
    told = [[changed(found) for found in looks(Weeks(seed, deployments=deployments), weeks)] for seed in seeds]
    return FalseChanges(
        {week: Share(sum(said[week - 1] for said in told), len(told)) for week in weeks},
        Share(sum(any(said) for said in told), len(told)),
    )


@dataclass(frozen=True)
class FoundChanges:
    """Workloads with a regression: those in which it is named, and those in which it is dated too, by week.

    `together` are those in which any of the looks named and dated it.
    """

    named: dict[int, Share]
    dated: dict[int, Share]
    together: Share


def found_changes(
    seeds: Iterable[int], regression: Regression, ends: Sequence[int], deployments: int = 3
) -> FoundChanges:
    """Looks at the end of each of these weeks."""
    told = [
        [(named(found), dated(found, regression)) for found in looks(Weeks(seed, regression, deployments), ends)]
        for seed in seeds
    ]
    count = len(told)
    return FoundChanges(
        {end: Share(sum(said[at][0] for said in told), count) for at, end in enumerate(ends)},
        {end: Share(sum(said[at][1] for said in told), count) for at, end in enumerate(ends)},
        Share(sum(any(with_date for _, with_date in said) for said in told), count),
    )
