"""The resilience score, as it is published."""

from __future__ import annotations

from typing import Literal

from runners.analysis.published import Published

Why = Literal["not-required", "not-an-experiment-any-more", "says-nothing", "not-judged"]


class Weights(Published, frozen=True, kw_only=True):
    """What counts how much; the version grows with every change, so that old and new scores are not mixed up.

    Attributes:
        version: Version.
        hypothesis: Share of a test for what was expected of the workload.
        recovery: Share for the time until it was well again.
        detection: Share for the alarms.
        rollback: Share for a fault that was taken back and seen to be gone.
        failed_cap: What a failed test is worth at most.
        fresh_days: Age up to which a run counts in full.
        stale_days: Age from which on it counts by `stale_share`; in between by a line.
        stale_share: What an old run counts.
        coverage_days: Age up to which a run counts for the coverage.
    """

    version: int
    hypothesis: float
    recovery: float
    detection: float
    rollback: float
    failed_cap: float
    fresh_days: float
    stale_days: float
    stale_share: float
    coverage_days: float


class LostPoints(Published, frozen=True, kw_only=True):
    """Points of the score that are lost, and why.

    Attributes:
        experiment: Experiment.
        run: Run that shows it; null where there is none.
        points: How many points of 100.
        why: Why, in a line.
    """

    experiment: str
    run: str | None
    points: float
    why: str


class ExperimentScore(Published, frozen=True, kw_only=True):
    """What one experiment's newest run that says something is worth.

    Attributes:
        experiment: Experiment.
        category: Category.
        weight: Weight in its category.
        run: The run; null: none says anything.
        verdict: How it ended.
        age_days: How old it is.
        fresh: What it counts because of its age, from 0 to 1.
        test: What it is worth, of 100, before its age counts.
        points: What it brings to the score, of `most`.
        most: What it could bring.
    """

    experiment: str
    category: str
    weight: float
    run: str | None
    verdict: str | None
    age_days: float | None
    fresh: float
    test: float
    points: float
    most: float


class Excluded(Published, frozen=True, kw_only=True):
    """Runs that do not count in the score.

    Attributes:
        what: Experiment or resource.
        why: Why.
        runs: How many.
        newest: Newest of them.
    """

    what: str
    why: Why
    runs: int
    newest: str


class Week(Published, frozen=True, kw_only=True):
    """What the score was at the end of a week.

    Attributes:
        day: Day, YYYY-MM-DD.
        score: Score; null: nothing was shown by then.
        coverage: Coverage.
    """

    day: str
    score: float | None
    coverage: float | None


class Score(Published, frozen=True, kw_only=True):
    """The resilience score: what runs have shown of what has to be shown.

    Attributes:
        version: Version of this document.
        stack: The stack.
        now: When this was found out. UTC, RFC 3339.
        score: 0 to 100; null without any run that says something, which is neither good nor bad.
        coverage: Required experiments with such a run that is new enough, as a share of all that are required; null
            when none is.
        required: How many are required.
        covered: How many of them are covered.
        weights: What counts how much.
        tests: Each required experiment.
        lost: Each lost point with its reason, the most first. With the score they make up 100.
        excluded: Runs that do not count.
        weeks: The score as it would have been at the end of each of the last eight weeks, by the same weights.
        said: All of this in a line for people.
    """

    version: Literal[1]
    stack: str
    now: str
    score: float | None
    coverage: float | None
    required: int
    covered: int
    weights: Weights
    tests: tuple[ExperimentScore, ...]
    lost: tuple[LostPoints, ...]
    excluded: tuple[Excluded, ...]
    weeks: tuple[Week, ...]
    said: str
