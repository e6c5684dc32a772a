"""Alarm designs on the same faults and quiet days: which rings when, and which is named."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from contract.alarms.evaluation import AlarmRule, Missing
from runners.analysis.alerts.comparison import Window, compare, quiet_days, sign_test, windows
from runners.analysis.alerts.comparison_model import AlarmDesigns
from runners.analysis.alerts.designs import AlarmPrices, Recorded, designs
from tests.runners.analysis.records_for_tests import ALARM, NOW, broken, chaos

PRICES = AlarmPrices(metric=Decimal("0.10"), composite=Decimal("0.50"))
MINUTE = timedelta(minutes=1)
BEGIN = NOW - timedelta(days=10)
DAY = 1440


def rule(datapoints: int = 3, periods: int = 5) -> AlarmRule:
    return AlarmRule(
        comparison="GreaterThanOrEqualToThreshold",
        threshold=5,
        periods=periods,
        datapoints=datapoints,
        missing=Missing.NOT_BREACHING,
    )


def recorded(points: list[float | None], held: AlarmRule | None = None, name: str = ALARM, **more: object) -> Recorded:
    return Recorded(alarm=name, rule=held or rule(), period_seconds=60, metrics=2, points=points, **more)  # type: ignore[arg-type]


def ten_days(fault_minutes: int, blips: int = 0) -> tuple[list[float | None], list[Window]]:
    """Ten days with a fault each noon; `blips` are single bad minutes, far from any fault."""
    points: list[float | None] = [0.0] * (10 * DAY)
    found = []
    for day in range(10):
        noon = day * DAY + 720
        points[noon : noon + fault_minutes] = [50.0] * fault_minutes
        begin = BEGIN + noon * MINUTE
        found.append(Window(begin, begin + fault_minutes * MINUTE, begin + (fault_minutes + 5) * MINUTE, True))
    for number in range(blips):
        points[100 + number * 720] = 50.0
    return points, found


def compared(seen: Recorded, faults: list[Window], others: tuple[Recorded, ...] = ()) -> AlarmDesigns:
    return compare(ALARM, list(designs(seen, others, 0.999, PRICES)), faults, BEGIN, MINUTE)


def test_an_alarm_that_misses_short_faults_is_told_what_would_see_them() -> None:
    points, faults = ten_days(2)
    found = compared(recorded(points), faults)
    assert (found.answer, found.better, found.because) == ("better", "single-threshold", "detects-more")
    assert found.adds_usd_per_month == "0.00"
    now, single = found.designs[:2]
    assert (now.detected, single.detected, single.detection_seconds) == (0, 10, 60)


def test_an_alarm_that_rings_at_every_blip_is_told_what_would_not() -> None:
    points, faults = ten_days(10, blips=20)
    found = compared(recorded(points, rule(1, 1)), faults)
    assert (found.better, found.because) == ("2-of-3", "fewer-false-alarms")
    assert (found.designs[0].false_alarms, found.designs[1].false_alarms) == (20, 0)
    assert found.designs[0].false_alarms_a_week == pytest.approx(14, abs=0.3)


def test_a_late_alarm_is_told_what_would_be_sooner() -> None:
    points, faults = ten_days(10)
    found = compared(recorded(points, rule(5, 5)), faults)
    assert (found.better, found.because) == ("single-threshold", "sooner")


def test_a_design_that_costs_more_says_so() -> None:
    points, faults = ten_days(10, blips=20)
    other = recorded(
        [50.0 if value == 50.0 and 700 < at % DAY < 740 else 0.0 for at, value in enumerate(points)],
        rule(1, 1),
        "other",
    )
    found = compared(recorded(points, rule(1, 1)), faults, (other,))
    results = {held.design: held for held in found.designs}
    assert (results["composite"].false_alarms, results["composite"].detected) == (0, 10)
    assert results["composite"].usd_per_month == "0.70"


def test_a_burn_rate_sees_what_spends_the_budget_and_no_blip() -> None:
    points, faults = ten_days(10, blips=20)
    requests: list[float | None] = [100.0] * len(points)
    found = compared(recorded(points, rule(1, 1), requests=requests), faults)
    burn = next(held for held in found.designs if held.design == "burn-rate")
    assert (burn.detected, burn.false_alarms, burn.usd_per_month) == (10, 0, "1.10")


def test_the_best_there_is_stays() -> None:
    points, faults = ten_days(10, blips=5)
    found = compared(recorded(points, rule(2, 3)), faults)
    assert (found.answer, found.better) == ("none-better", None)


@pytest.mark.parametrize("faults", [0, 5])
def test_of_too_few_faults_nothing_is_said(faults: int) -> None:
    points, held = ten_days(2)
    found = compared(recorded(points), held[:faults])
    assert (found.answer, found.better) == ("not-enough-runs", None)


def test_what_rang_before_the_fault_is_no_detection() -> None:
    points, faults = ten_days(10)
    points[700:720] = [50.0] * 20
    found = compared(recorded(points, rule(1, 1)), faults)
    assert (found.designs[0].faults, found.designs[0].detected) == (9, 9)


def test_faults_are_those_of_runs_that_say_something() -> None:
    runs = [broken(1), chaos(2), chaos(3, verdict="invalid", scored=False)]
    found = windows(runs, ALARM)
    assert [held.expected for held in found] == [False, True]
    assert found[1].end - found[1].begin == timedelta(minutes=9)


def test_quiet_is_what_no_fault_is_near() -> None:
    def at(hours: float) -> datetime:
        return BEGIN + timedelta(hours=hours)

    faults = [Window(at(0), at(1), at(6), True), Window(at(3), at(4), at(12), True)]
    assert quiet_days(faults, BEGIN, BEGIN + timedelta(days=1)) == pytest.approx(0.5)


@pytest.mark.parametrize(("more", "fewer", "p"), [(6, 0, 2 / 64), (3, 3, 1.0), (0, 0, 1.0), (5, 1, 14 / 64)])
def test_the_sign_test_is_exact(more: int, fewer: int, p: float) -> None:
    assert sign_test(more, fewer) == pytest.approx(p)
