"""Many eight weeks, with and without a regression: how often analysis says something, and how often it is right."""

from __future__ import annotations

from collections.abc import Iterable
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
    now = BEGIN + timedelta(weeks=until)
    documents = ((document["run"], document) for document in weeks.documents())
    requests = [day for day in weeks.requests() if day.day < now.date()]
    return analyse(STACK, documents, KNOWN, Inputs(goals=Goals(), now=now, since=BEGIN, requests=requests))


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


def false_changes(seeds: Iterable[int]) -> Share:
    """Of workloads that do not change, those of which analysis says that they have."""
    found = [changed(analysed(Weeks(seed))) for seed in seeds]
    return Share(sum(found), len(found))


def found_and_dated(
    seeds: Iterable[int], regression: Regression, until: int = WEEKS, deployments: int = 3
) -> tuple[Share, Share]:
    """Of workloads with this regression, those in which it is named, and those in which it is dated too."""
    told = [analysed(Weeks(seed, regression, deployments), until) for seed in seeds]
    return (
        Share(sum(named(found) for found in told), len(told)),
        Share(sum(dated(found, regression) for found in told), len(told)),
    )
