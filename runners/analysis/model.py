"""The analysis of a stack, as `ial analyze --json`, `ial score` and the report show it.

`schemas/analysis.schema.json` is made from these structs by `make schemas`. What is not known is null, never 0.
"""

from __future__ import annotations

from typing import Literal

from runners.analysis.alerts.model import AlarmAccuracy
from runners.analysis.published import Published, Range
from runners.analysis.score_model import Score
from runners.analysis.weekly_model import Weekly

Answer = Literal["met", "missed", "not-enough-runs"]
Severity = Literal["high", "medium", "low"]


class Point(Published, frozen=True, kw_only=True):
    """One run's measure.

    Attributes:
        run: Name of the run, which begins with its time in UTC.
        of: Experiment or resource.
        value: Measure; null where it did not come about while somebody looked.
        censored_at: How long was looked at one that did not come about, in the same unit; null for the others.
        objective: What it was to be at most; null without one.
    """

    run: str
    of: str
    value: float | None
    censored_at: float | None
    objective: float | None


class Kpi(Published, frozen=True, kw_only=True):
    """One measure against its goal.

    Attributes:
        name: Name.
        title: What it says, in words.
        unit: Unit of value, goal and interval.
        goal: What it is to be; at least or at most, as `better` says.
        better: Whether more or less is better.
        answer: Whether the goal is met: the whole interval is beyond it, on the one side or on the other. Else there
            are not enough runs to tell.
        value: Measure; null when there is nothing to measure.
        interval: Where the true value is, with 95 %; null with too few runs.
        method: How the interval was found.
        count: Runs, requests or months that were counted.
        needed: How many without a failure would show that the goal is met; null where that is no question of number.
        median: Median of the points; null without points, or when most did not come about.
        median_interval: Its interval; null with fewer than six points.
        worst: Greatest of the points; null without points, or when one did not come about.
        censored: How many of the points did not come about while somebody looked.
        points: Newest points, the oldest first.
        left_out: Runs that say nothing of it, by reason.
        said: All of this in a line for people.
    """

    name: str
    title: str
    unit: Literal["percent", "usd"]
    goal: float
    better: Literal["more", "less"]
    answer: Answer
    value: float | None
    interval: Range | None
    method: str
    count: int
    needed: int | None
    median: float | None
    median_interval: Range | None
    worst: float | None
    censored: int
    points: tuple[Point, ...]
    left_out: dict[str, int]
    said: str


class Trend(Published, frozen=True, kw_only=True):
    """How a measure of one experiment or resource develops. Runs of one day are one value, their median.

    Attributes:
        measure: What is measured, with its unit.
        of: Experiment or resource.
        kind: What is said of it: nothing yet, no change, a steady change, or a step.
        better: Whether more or less is better.
        verdict: Whether it became better or worse; null without a change.
        count: Values, one a day.
        needed: How many are needed before anything is said.
        p: Chance of as much without any change; null where nothing was tested.
        q: The same, corrected for all that is said in eight weekly looks.
        tau: Kendall's tau-b; null where nothing was tested.
        slope_per_week: Median change in a week, without values that did not come about; null when not known.
        slope_interval: Its interval.
        threshold: Change below which it does not matter, whatever its chance.
        before: Median before a step, or the first value on the line.
        after: Median after a step, or the last value on the line.
        changed_on: First day of the new level, YYYY-MM-DD; null without a step.
        revision: What ran first at the new level; null when records do not tell.
        runs: Runs that it rests on, the oldest first.
        said: All of this in a line for people.
        weekly: Whether the newest weeks are worse than those before; null where that is not asked.
    """

    measure: str
    of: str
    kind: Literal["not-enough", "none", "trend", "step"]
    better: Literal["more", "less"]
    verdict: Literal["better", "worse"] | None
    count: int
    needed: int
    p: float | None
    q: float | None
    tau: float | None
    slope_per_week: float | None
    slope_interval: Range | None
    threshold: float
    before: float | None
    after: float | None
    changed_on: str | None
    revision: str | None
    runs: tuple[str, ...]
    said: str
    weekly: Weekly | None = None


class ErrorBudget(Published, frozen=True, kw_only=True):
    """What of the month's allowance of errors is used: 30 days up to now.

    Attributes:
        goal_percent: Availability that is wanted.
        allowed_requests: Requests that may fail; null without counts of the load balancer.
        failed_requests: Requests that failed.
        used: Failed as a share of what may fail; above 1 the budget is spent.
        allowed_seconds: Seconds that may be degraded, if the service were down in them.
        experiments_seconds: Seconds for which experiments degraded it.
        experiments_used: These as a share of what is allowed.
        said: All of this in a line for people.
    """

    goal_percent: float
    allowed_requests: float | None
    failed_requests: int | None
    used: float | None
    allowed_seconds: float
    experiments_seconds: float
    experiments_used: float
    said: str


class Recommendation(Published, frozen=True, kw_only=True):
    """What to do, and on what evidence.

    Attributes:
        id: The rule and what it speaks of.
        rule: Rule.
        severity: How much it matters.
        title: What was found, in a line.
        runs: Runs that show it.
        observed: What was seen.
        threshold: What it was compared with.
        action: Command, or line of the settings, that carries it out.
        usd_per_month: What it adds to the month at list price; null when it has no price of its own.
        confidence: How sure it is, from the number of runs.
    """

    id: str
    rule: str
    severity: Severity
    title: str
    runs: tuple[str, ...]
    observed: str
    threshold: str
    action: str
    usd_per_month: str | None
    confidence: Literal["high", "medium", "low"]


class ShortRun(Published, frozen=True, kw_only=True):
    """One run in a line.

    Attributes:
        run: Name of the run, which begins with its time in UTC.
        type: What kind of run; unjudged is one of FIS that a state machine began.
        of: Experiment or resource; empty for a control run.
        verdict: How it ended.
        scored: Whether it says something about the workload.
        reasons: Why it did not pass.
        recovered_after_seconds: Seconds until all was well again, or until data was proven to be back.
        usd: What it cost at list price; null when that is not known.
    """

    run: str
    type: Literal["chaos", "drill", "control", "unjudged"]
    of: str
    verdict: str
    scored: bool
    reasons: tuple[str, ...]
    recovered_after_seconds: float | None
    usd: str | None


class Unreadable(Published, frozen=True, kw_only=True):
    """A document that could not be read.

    Attributes:
        place: Name of the run, or where the document is.
        why: What of it is not known.
    """

    place: str
    why: str


class Counted(Published, frozen=True, kw_only=True):
    """What came in, and what became of it: `documents` is the sum of the three below.

    Attributes:
        documents: Documents.
        read: Documents that were read as records.
        other_kinds: Documents of kinds of run that say nothing that is counted here.
        unread: Documents that could not be read.
        unreadable: The first of these.
        not_scored: Runs that say nothing about the workload, by verdict.
    """

    documents: int
    read: int
    other_kinds: int
    unread: int
    unreadable: tuple[Unreadable, ...]
    not_scored: dict[str, int]


class Analysis(Published, frozen=True, kw_only=True):
    """What the runs of a stack say together. No statement rests on too few of them.

    Attributes:
        version: Version of this document.
        stack: The stack.
        since: From when on runs count, except for the score. UTC, RFC 3339.
        now: When this was found out. UTC, RFC 3339.
        counted: What came in, and what became of it.
        kpis: Measures against their goals.
        trends: How measures develop.
        error_budget: What of the allowance of errors is used.
        score: Resilience score.
        alerts: Accuracy of each alarm.
        recommendations: What to do, the most important first.
        said: What is to be told first; never that all is well while something that is required was not shown.
        runs: Newest runs, the newest first.
    """

    version: Literal[1]
    stack: str
    since: str
    now: str
    counted: Counted
    kpis: tuple[Kpi, ...]
    trends: tuple[Trend, ...]
    error_budget: ErrorBudget
    score: Score
    alerts: tuple[AlarmAccuracy, ...]
    recommendations: tuple[Recommendation, ...]
    said: tuple[str, ...]
    runs: tuple[ShortRun, ...]
