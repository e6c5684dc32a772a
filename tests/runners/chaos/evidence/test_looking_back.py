"""What is read once a fault is over: which periods count, of which length, and how many of them have data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

import pytest
from msgspec import structs

from contract.experiments import Experiment
from contract.probes import Expectation, Probe
from runners.chaos.equipment import Equipment
from runners.chaos.evidence.before_the_fault import before_the_fault
from runners.chaos.evidence.looking_back import LookingBack
from runners.chaos.evidence.probing import Seen, sampled
from runners.errors import AwsError
from tests.runners.chaos.experiments import changed, experiment, metric_probe
from tests.runners.chaos.four_kinds import GONE, HEALTHY

# Not at the beginning of a minute: periods straddle both ends of the fault.
INJECTED: Final = datetime(2026, 11, 25, 10, 0, 30, tzinfo=UTC)
LIFTED: Final = INJECTED + timedelta(seconds=120)
NOON: Final = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
ERRORS: Final = metric_probe("database errors", "DatabaseErrors", "Average", logs=True, at_least=1)
Values = Mapping[int, float]


@dataclass
class Metrics:
    """Metrics whose periods have these values, by their end in seconds after ten; a look sees one thing gone."""

    values: Values
    away: bool = False

    def look(self, probes: Sequence[Probe], hit: Sequence[str]) -> list[list[Seen]]:
        return [[(LIFTED, float(len(hit)))] for _ in probes]

    def series(self, probes: Sequence[Probe], first: datetime, last: datetime) -> list[list[Seen]]:
        if self.away:
            raise AwsError("away", operation="cloudwatch:GetMetricData", code="ServiceUnavailable")
        found = []
        for probe in probes:
            assert probe.metric is not None
            period = probe.metric.period_seconds
            ends = range(-86400 // period * period, 86400, period)
            inside = [end for end in ends if first <= NOON + timedelta(seconds=end) <= last]
            found.append([(NOON + timedelta(seconds=end), self.values.get(end)) for end in inside])
        return found


class Now:
    """Long enough after the fault that all is there."""

    def now(self) -> datetime:
        return LIFTED + timedelta(seconds=300)


class Quiet:
    """Alarms that never changed."""

    def changes(self, *_: object) -> list[Any]:
        return []


def found(
    asked: Experiment, values: Values, *, away: bool = False, injected: datetime = INJECTED, lifted: datetime = LIFTED
) -> dict[str, Any]:
    kit = Equipment(
        injection=cast("Any", None),
        alarms=cast("Any", Quiet()),
        probing=Metrics(values, away),
        scaling=cast("Any", None),
        leases=cast("Any", None),
        records=cast("Any", None),
        load=cast("Any", None),
        clock=cast("Any", Now()),
        say=lambda _: None,
    )
    looks = [sampled(HEALTHY, injected + timedelta(seconds=at), 2.0) for at in range(0, 250, 10)]
    lookback = LookingBack(asked, kit, looks, injected, lifted, ("arn:aws:ec2:us-east-1:1:instance/i-0",))
    return lookback.found()


def showing(*evidence: Probe, expectations: tuple[Expectation, ...] = ()) -> Experiment:
    base = experiment()
    steady = changed(base.hypothesis, probes=(HEALTHY,), expectations=expectations)
    return changed(base, evidence=evidence, hypothesis=steady, blast_radius=changed(base.blast_radius, group=None))


def of_period(seconds: int, probe: Probe = ERRORS) -> Probe:
    assert probe.metric is not None
    return changed(probe, metric=changed(probe.metric, period_seconds=seconds))


@pytest.mark.parametrize(
    ("values", "ok"),
    [
        # The fault is from 30 to 150: the periods that end at 60, 120 and 180 have a part of it.
        ({60: 0, 120: 5, 180: 0}, True),
        # Half of the first is before it: what is only there may be older.
        ({60: 5, 120: 0, 180: 0}, None),
        ({60: 5, 120: 0, 180: 5}, True),
        ({120: 0, 180: 0}, False),
        ({60: 0, 120: 0, 180: 5}, True),
        ({0: 5, 60: 0, 120: 0, 180: 0, 240: 5}, False),
        ({60: 0, 120: 0, 180: 0}, False),
        # Two of three are no four fifths: what was not seen may have shown it.
        ({60: 0, 180: 0}, None),
        ({120: 5}, True),
        ({}, None),
    ],
)
def test_one_period_of_the_fault_shows_it_and_most_must_say_that_it_was_not(values: Values, ok: bool | None) -> None:
    [shown] = found(showing(ERRORS), values)["evidence"]
    assert shown["ok"] is ok


@pytest.mark.parametrize(
    ("period", "values", "ok"),
    [
        # From 30 to 150: of five minutes, the one that ends at 300 has all of the fault, and ends 150 s after it.
        (300, {0: 0, 300: 5}, True),
        (300, {0: 5, 300: 0, 600: 5}, False),
        (120, {120: 0, 240: 5}, True),
        (120, {120: 0, 240: 0, 360: 5}, False),
    ],
)
def test_the_tail_is_one_period_of_the_probe(period: int, values: Values, ok: bool) -> None:
    [shown] = found(showing(of_period(period)), values)["evidence"]
    assert shown["ok"] is ok


@pytest.mark.parametrize(("values", "ok"), [({60: 5}, True), ({60: 0}, False), ({120: 5}, None)])
def test_a_short_fault_has_no_period_of_its_own(values: Values, ok: bool | None) -> None:
    [shown] = found(showing(ERRORS), values, lifted=INJECTED + timedelta(seconds=20))["evidence"]
    assert shown["ok"] is ok


def test_what_a_long_period_sees_does_not_lengthen_a_short_one() -> None:
    short, long = found(showing(ERRORS, of_period(300)), {60: 0, 120: 0, 180: 0, 240: 5, 300: 5})["evidence"]
    assert (short["ok"], long["ok"]) == (False, True)


def test_a_period_that_is_not_over_is_not_read() -> None:
    [shown] = found(showing(of_period(3600)), {3600: 5})["evidence"]
    assert shown["ok"] is None


def test_what_cannot_be_read_shows_nothing() -> None:
    [shown] = found(showing(ERRORS), {120: 5}, away=True)["evidence"]
    assert shown["ok"] is None


def test_only_metrics_and_what_is_gone_are_evidence() -> None:
    one = changed(HEALTHY, at_least=1)
    gone, target = found(showing(GONE, one), {})["evidence"]
    assert (gone["ok"], target["ok"], target["seen"]) == (True, None, 1.0)


def expectation(when: Any, **limits: float) -> Expectation:
    probe = metric_probe("opened", "CircuitOpened", "Average", logs=True, **limits)
    return Expectation(**structs.asdict(probe), when=when)


@pytest.mark.parametrize(
    ("when", "limits", "values", "ok"),
    [
        ("during", {"at_least": 1}, {60: 0, 120: 0, 180: 1}, True),
        ("during", {"at_least": 1}, {0: 1, 60: 0, 120: 0, 180: 0, 240: 1}, False),
        ("throughout", {"at_most": 0}, {60: 0, 120: 0, 180: 0, 240: 0}, True),
        ("throughout", {"at_most": 0}, {0: 1, 60: 0, 120: 0, 180: 0, 240: 0, 300: 1}, True),
        ("throughout", {"at_most": 0}, {60: 0, 120: 0, 180: 0, 240: 1}, False),
        ("throughout", {"at_most": 0}, {60: 0, 240: 0}, None),
        # Errors of the minute in which it began are its own until proven otherwise; that something good came is not.
        ("throughout", {"at_most": 0}, {60: 1, 120: 0, 180: 0, 240: 0}, False),
        ("throughout", {"at_most": 0}, {60: 1, 120: 0, 180: 1, 240: 0}, False),
        ("during", {"at_least": 1}, {60: 1, 120: 0, 180: 0}, None),
        ("during", {"at_least": 1}, {60: 1, 120: 1, 180: 0}, True),
        ("during", {"at_most": 0}, {60: 0, 120: 1, 180: 1}, None),
        ("after", {"at_most": 0}, {120: 1, 180: 1, 240: 0, 300: 1}, True),
    ],
)
def test_expectations_have_their_time(when: str, limits: dict[str, float], values: Values, ok: bool | None) -> None:
    [held] = found(showing(ERRORS, expectations=(expectation(when, **limits),)), values)["expectations"]
    assert held["ok"] is ok


def test_a_period_that_ends_with_the_injection_is_before_it() -> None:
    asked = showing(ERRORS, expectations=(expectation("throughout", at_most=0),))
    held = found(asked, {60: 5, 120: 0, 180: 0, 240: 0, 300: 0}, injected=NOON + timedelta(seconds=60))
    assert ([one["ok"] for one in held["evidence"]], [one["ok"] for one in held["expectations"]]) == ([False], [True])
    assert held["before"]["evidence"][0][-1] == 5


def test_the_minutes_before_are_noted_too() -> None:
    asked = showing(ERRORS, of_period(300), GONE, expectations=(expectation("during", at_least=1),))
    values = {-300: 1, -180: 2, -120: 3, -60: 4, 0: 5, 60: 6, 300: 7}
    noted = found(asked, values)["before"]
    # Three minutes, and of a longer period one that is whole; what has a part of the fault is not before it.
    assert noted == {"evidence": [[3.0, 4.0, 5.0], [5.0], []], "expectations": [[3.0, 4.0, 5.0]]}
    baseline = before_the_fault(asked, Metrics(values), NOON, timedelta(minutes=3))
    assert baseline == {
        "evidence": [[2.0, 3.0, 4.0, 5.0], [1.0, 5.0], [0.0]],
        "expectations": [[2.0, 3.0, 4.0, 5.0]],
    }
