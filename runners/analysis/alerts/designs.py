"""Ways to build an alarm on the same metric, each with what it costs and with the moments at which it would ring.

All of them are evaluated by CloudWatch's published rules, as the local cloud evaluates alarms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate
from typing import Final

from contract.alarms.composite_rule import holds
from contract.alarms.evaluation import AlarmRule, Missing, State, judged

# The fast tier of the SRE workbook: 2 % of a month's errors in an hour, and still now.
BURN: Final = 14.4
LONG_MINUTES: Final = 60
SHORT_MINUTES: Final = 5
# Fewer requests in a window say nothing of a share.
_FEWEST_REQUESTS: Final = 100
_MINUTE: Final = 60


@dataclass(frozen=True, kw_only=True)
class AlarmPrices:
    """USD a month: a metric that an alarm looks at, and a composite."""

    metric: Decimal
    composite: Decimal


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """An alarm as it is, and what it looked at, period by period; None is a period without data.

    `metrics` is how many metrics it names. `requests` are those of the same periods, where `points` counts errors.
    """

    alarm: str
    rule: AlarmRule
    period_seconds: int
    metrics: int
    points: Sequence[float | None]
    requests: Sequence[float | None] | None = None


@dataclass(frozen=True, kw_only=True)
class Design:
    """One way to build it: whether it rings after each period."""

    name: str
    what: str
    usd: Decimal
    rings: Sequence[bool]


def designs(recorded: Recorded, others: Sequence[Recorded], goal: float, prices: AlarmPrices) -> Iterator[Design]:
    """The alarm as it is, first, and what else it could be; `goal` is the share of requests that must be answered."""
    now, own = recorded.rule, recorded.metrics * prices.metric
    yield Design(name="as-it-is", what=_of(now), usd=own, rings=ringing(recorded.points, now))
    for periods, datapoints in ((1, 1), (3, 2), (5, 3), (5, 5)):
        rule = replace(now, periods=periods, datapoints=datapoints)
        if rule != now:
            name = "single-threshold" if periods == 1 else f"{datapoints}-of-{periods}"
            yield Design(name=name, what=_of(rule), usd=own, rings=ringing(recorded.points, rule))
    if recorded.requests is not None and recorded.period_seconds == _MINUTE:
        yield burn_rate(recorded.points, recorded.requests, recorded.metrics, goal, prices)
    if others:
        yield composite(recorded, others, prices)


def ringing(points: Sequence[float | None], rule: AlarmRule) -> list[bool]:
    """Whether an alarm with this rule rings after each period."""
    state, found = State.INSUFFICIENT_DATA, []
    for end in range(1, len(points) + 1):
        state = judged(points[max(0, end - rule.points) : end], rule, state)
        found.append(state is State.ALARM)
    return found


def burn_rate(
    errors: Sequence[float | None],
    requests: Sequence[float | None],
    metrics: int,
    goal: float,
    prices: AlarmPrices,
) -> Design:
    """A composite of two windows that both spend the allowance of errors too fast.

    Source: Google, The Site Reliability Workbook, chapter 5, "multiwindow, multi-burn-rate alerts".
    """
    limit = BURN * (1 - goal)
    rule = AlarmRule(
        comparison="GreaterThanThreshold", threshold=limit, periods=1, datapoints=1, missing=Missing.NOT_BREACHING
    )
    children = {
        name: ringing(_shares(errors, requests, minutes), rule)
        for name, minutes in (("long", LONG_MINUTES), ("short", SHORT_MINUTES))
    }
    return Design(
        name="burn-rate",
        what=f"more than {limit:.2%} of requests fail over {LONG_MINUTES} min, and over {SHORT_MINUTES} min",
        usd=2 * (metrics + 1) * prices.metric + prices.composite,
        rings=_composed('ALARM("long") AND ALARM("short")', children),
    )


def composite(recorded: Recorded, others: Sequence[Recorded], prices: AlarmPrices) -> Design:
    """The plain threshold, confirmed by another alarm as that is."""
    names = [other.alarm for other in others]
    rule = replace(recorded.rule, periods=1, datapoints=1)
    children = {"own": ringing(recorded.points, rule)}
    children |= {other.alarm: _spread(other, recorded) for other in others}
    confirmed = " OR ".join(f'ALARM("{name}")' for name in names)
    return Design(
        name="composite",
        what=f"{_of(rule)}, while one of {', '.join(names)} rings too",
        usd=recorded.metrics * prices.metric + prices.composite,
        rings=_composed(f'ALARM("own") AND ({confirmed})', children),
    )


def _composed(rule: str, children: Mapping[str, Sequence[bool]]) -> list[bool]:
    known: dict[tuple[bool, ...], bool] = {}
    found = []
    for row in zip(*children.values(), strict=True):
        if row not in known:
            states = {name: State.ALARM if on else State.OK for name, on in zip(children, row, strict=True)}
            known[row] = holds(rule, states)
        found.append(known[row])
    return found


def _spread(other: Recorded, like: Recorded) -> list[bool]:
    """What another alarm does after each period of this one, which may be shorter or longer."""
    rings = ringing(other.points, other.rule)
    found = []
    for number in range(1, len(like.points) + 1):
        done = number * like.period_seconds // other.period_seconds
        found.append(bool(done) and rings[min(done, len(rings)) - 1] if rings else False)
    return found


def _shares(errors: Sequence[float | None], requests: Sequence[float | None], minutes: int) -> list[float | None]:
    """Errors by requests of the last minutes; None where there were too few requests."""
    bad, all_ = ([0.0, *accumulate(value or 0.0 for value in series)] for series in (errors, requests))
    found: list[float | None] = []
    for end in range(1, len(bad)):
        begin = max(0, end - minutes)
        total = all_[end] - all_[begin]
        found.append((bad[end] - bad[begin]) / total if total >= _FEWEST_REQUESTS else None)
    return found


def _of(rule: AlarmRule) -> str:
    sign = {"GreaterThan": ">", "LessThan": "<"}[rule.comparison.split("Or")[0].removesuffix("Threshold")]
    equal = "=" if "OrEqual" in rule.comparison else ""
    return f"{rule.datapoints} of {rule.periods} periods {sign}{equal} {rule.threshold:g}"
