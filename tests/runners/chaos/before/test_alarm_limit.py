"""Whether a stop alarm rings at what the hypothesis takes for fine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.experiments import Experiment
from contract.probes import Expectation, Probe
from runners.chaos.before.alarm_limit import AlarmLimit, limit_obstacles
from runners.chaos.before.preflight import obstacles
from tests.runners.chaos.before.test_preflight import EXPERIMENT, GOOD, alarm
from tests.runners.chaos.experiments import changed, errors_probe, experiment, metric_probe

USERS = ("AWS/ApplicationELB/HTTPCode_Target_5XX_Count", "AWS/ApplicationELB/HTTPCode_ELB_5XX_Count")
FIVE = AlarmLimit(value=5, upwards=True, included=True, stat="Sum", period_seconds=60)


def asking(*probes: Probe, expected: tuple[Expectation, ...] = ()) -> Experiment:
    """An experiment with these probes."""
    whole = experiment()
    return changed(whole, hypothesis=changed(whole.hypothesis, probes=probes, expectations=expected))


def codes(asked: Experiment, limit: AlarmLimit | None, metrics: tuple[str, ...] = USERS) -> list[str]:
    found = list(limit_obstacles(asked, "errors", metrics, limit))
    assert all(obstacle.warning for obstacle in found)
    return [obstacle.code for obstacle in found]


@pytest.mark.parametrize(
    ("limit", "at_most", "told"),
    [
        (FIVE, 60, True),
        (FIVE, 5, True),
        (FIVE, 4, False),
        (replace(FIVE, included=False), 5, False),
        (replace(FIVE, included=False), 6, True),
        (replace(FIVE, value=61), 60, False),
        # Not the same number: another statistic, another period.
        (replace(FIVE, stat="Average"), 60, False),
        (replace(FIVE, period_seconds=300), 60, False),
        (replace(FIVE, upwards=False), 60, False),
        (None, 60, False),
    ],
)
def test_it_rings_within_the_tolerance(limit: AlarmLimit | None, at_most: float, told: bool) -> None:
    assert codes(asking(errors_probe(at_most)), limit) == ["alarm-within-tolerance"] * told


@pytest.mark.parametrize(("at_least", "told"), [(4, True), (5, True), (6, False)])
def test_downwards_it_is_the_lower_edge(at_least: float, told: bool) -> None:
    probe = metric_probe("healthy", "HealthyHostCount", "Minimum", at_least=at_least)
    limit = replace(FIVE, upwards=False, stat="Minimum")
    found = codes(asking(probe), limit, ("AWS/ApplicationELB/HealthyHostCount",))
    assert found == ["alarm-within-tolerance"] * told


def test_only_the_same_metrics_are_compared() -> None:
    targets_only = metric_probe("errors", "HTTPCode_Target_5XX_Count", "Sum", at_most=60)
    assert codes(asking(targets_only), FIVE) == []
    assert codes(asking(targets_only), FIVE, USERS[:1]) == ["alarm-within-tolerance"]


def test_expectations_have_tolerances_too() -> None:
    probe = errors_probe(60)
    assert probe.metric is not None
    always = Expectation(
        name="errors", type="metric", target="", metric=probe.metric, at_least=None, at_most=60, when="throughout"
    )
    [found] = limit_obstacles(asking(expected=(always,)), "errors", USERS, FIVE)
    assert found.message == (
        "stop alarm errors rings at 5, and 'errors' is fine with at most 60: it may stop a run whose hypothesis holds; "
        "change the threshold (ial:thresholds) or the experiment"
    )


def test_preflight_tells_it() -> None:
    [found] = obstacles(EXPERIMENT, replace(GOOD, **alarm(metrics=USERS, limit=FIVE)))
    assert (found.code, found.warning) == ("alarm-within-tolerance", True)


@given(st.integers(0, 100), st.integers(0, 100), st.booleans())
def test_a_warning_is_a_value_that_is_fine_and_rings(edge: int, value: int, included: bool) -> None:
    limit = replace(FIVE, value=float(value), included=included)
    fine = [seen / 2 for seen in range(2 * edge + 1)]
    rings = any(seen > value or (included and seen == value) for seen in fine)
    assert bool(codes(asking(errors_probe(edge)), limit)) == rings
