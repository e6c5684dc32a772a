"""Goals, trends, alarms and advice over records, each by hand."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from contract.goals import Goals
from runners.analysis.analysis import analyse
from runners.analysis.inputs import Inputs, MonthCost, RequestDay
from runners.analysis.kpis.answers import needed
from runners.analysis.kpis.uptime import uptime_interval
from runners.analysis.model import Analysis, Kpi
from runners.analysis.published import Range
from runners.analysis.records import CleanUp, Record, Version, Versions
from runners.analysis.score import Known
from runners.analysis.statistics.proportion import wilson
from tests.runners.analysis.records_for_tests import (
    ALARM,
    NOW,
    alerts,
    broken,
    chaos,
    control,
    document,
    drill,
    unjudged,
)

KNOWN = [Known("network-latency", "network", 1.0, True, "0.50")]


def analysed(*records: Record, goals: Goals | None = None, **inputs: Any) -> Analysis:
    documents = [(record.run, document(record)) for record in records]
    given = Inputs(goals=goals or Goals(), now=NOW, since=NOW - timedelta(weeks=8), **inputs)
    return analyse("dev", documents, KNOWN, given)


def kpi(found: Analysis, name: str) -> Kpi:
    return next(held for held in found.kpis if held.name == name)


def daily(count: int, make: Any = broken, **changes: Any) -> list[Any]:
    return [make(number + 1, **changes) for number in range(count)]


def test_nothing_is_said_of_nothing() -> None:
    found = analysed()
    assert {held.answer for held in found.kpis} == {"not-enough-runs"}
    assert (found.trends, found.alerts, found.score.score) == ((), (), None)
    assert not any("every goal" in said for said in found.said)


@pytest.mark.parametrize(
    ("passed", "failed", "answer"), [(73, 0, "met"), (72, 0, "not-enough-runs"), (20, 20, "missed")]
)
def test_success_of_experiments_needs_73_in_a_row(passed: int, failed: int, answer: str) -> None:
    runs = [chaos(number % 50 + 1, token=number) for number in range(passed)]
    runs += [chaos(number + 1, token=9000 + number, verdict="failed") for number in range(failed)]
    found = kpi(analysed(*runs, chaos(verdict="invalid", scored=False, token=8000)), "chaos-success")
    assert (found.answer, found.count, found.left_out) == (answer, passed + failed, {"invalid": 1})
    assert failed or found.needed == 73
    assert failed or answer == "met" or "72 of 73" in found.said


@pytest.mark.parametrize(("goal", "failures"), [(0.9, 0), (0.95, 0), (0.9, 1), (0.95, 3)])
def test_how_many_runs_a_goal_needs(goal: float, failures: int) -> None:
    def shown(count: int) -> bool:
        interval = wilson(count - failures, count)
        return interval is not None and (interval.low or 0) >= goal

    assert needed(goal, failures) == next(count for count in range(failures + 1, 999) if shown(count))
    assert needed(1.0, 0) is None


def test_recovery_shows_every_point_and_those_that_did_not_come_about_as_such() -> None:
    found = kpi(
        analysed(broken(3, recovered=120), broken(2, recovered=400), broken(1, recovered=None), chaos(4)), "recovery"
    )
    assert [(held.value, held.censored_at, held.objective) for held in found.points] == [
        (120, None, 300),
        (400, None, 300),
        (None, 600, 300),
    ]
    assert (found.count, found.censored, found.worst, found.median) == (3, 1, None, 400)
    assert found.value == pytest.approx(33.3333)
    assert found.left_out == {"nothing broke": 1}


def test_detection_counts_faults_that_were_to_ring() -> None:
    runs = (broken(1), broken(2, detected=None), replace(broken(3), alerts=None), replace(broken(4), alerts=alerts()))
    found = kpi(analysed(*runs, chaos(5)), "detection")
    assert (found.count, found.censored) == (2, 1)
    assert found.left_out == {"the alarms' history is not known": 1, "no alarm was expected": 1, "nothing broke": 1}


def test_drills_are_in_time_or_not() -> None:
    found = kpi(
        analysed(drill(1), drill(2, rto=1900), drill(3, rto=None), drill(4, verdict="refused")), "drill-recovery"
    )
    assert [found.count, found.value, found.censored] == pytest.approx([3, 33.3333, 1])
    assert found.left_out == {"refused": 1}


def test_alarms_are_judged_with_runs_without_a_fault_too() -> None:
    noisy = broken(3)
    assert noisy.alerts is not None
    noisy = replace(noisy, alerts=replace(noisy.alerts, unexpected=("other",)))
    found = analysed(noisy, broken(2, detected=None), control(1, rang=True), control(4))
    assert [kpi(found, "alert-precision").count, kpi(found, "alert-precision").value] == pytest.approx([3, 33.3333])
    assert (kpi(found, "alert-recall").count, kpi(found, "alert-recall").value) == (2, 50)
    own = next(held for held in found.alerts if held.alarm == ALARM)
    assert (own.right, own.missed, own.wrong, own.quiet) == (1, 1, 1, 1)
    assert (own.precision, own.detection_seconds, own.still_ringing) == (None, 60, 1)


def test_uptime_is_what_the_load_balancer_counted() -> None:
    days = [RequestDay(date(2026, 11, 1) + timedelta(days=number), 100_000, 10) for number in range(20)]
    assert kpi(analysed(requests=days), "uptime").answer == "met"
    assert kpi(analysed(requests=days[:6]), "uptime").answer == "not-enough-runs"
    bad = [replace_day(day, 2000) for day in days]
    assert kpi(analysed(requests=bad), "uptime").answer == "missed"
    outage = [*days[:-1], replace_day(days[-1], 1_000)]
    wide, narrow = uptime_interval(outage), uptime_interval([replace_day(day, 59) for day in days])
    assert wide is not None
    assert narrow is not None
    # The same share of errors: in one outage it says less than spread over all days.
    assert (wide.high or 0) - (wide.low or 0) > 3 * ((narrow.high or 0) - (narrow.low or 0))
    assert analysed(requests=[replace_day(day, 200) for day in days]).error_budget.used == pytest.approx(2.0)


def replace_day(day: RequestDay, failed: int) -> RequestDay:
    return RequestDay(day.day, day.requests, failed)


@pytest.mark.parametrize(
    ("low", "high", "answer"), [("150", "159.93", "met"), ("150", "165", "not-enough-runs"), ("161", "170", "missed")]
)
def test_the_month_is_within_its_amount_at_the_most(low: str, high: str, answer: str) -> None:
    found = kpi(analysed(chaos(), cost=MonthCost(Decimal(low), Decimal(155), Decimal(high), "an estimate")), "cost")
    assert (found.answer, "runs of 2026-11 cost 0.50 USD" in found.said) == (answer, True)


@pytest.mark.parametrize(
    ("low", "answer", "said"),
    [("20", "not-enough-runs", "not known before the month is over (at least 20.00 USD"), ("161", "missed", "missed")],
)
def test_a_bill_alone_says_what_the_month_costs_at_least(low: str, answer: str, said: str) -> None:
    found = kpi(analysed(chaos(), cost=MonthCost(Decimal(low), None, None, "AWS Budgets")), "cost")
    assert (found.answer, found.value) == (answer, None)
    assert found.interval == Range(low=float(low), high=None)
    assert said in found.said


@pytest.mark.parametrize("status", ["completed", "failed", "unknown"])
def test_a_run_that_nobody_judged_costs_and_shows_nothing(status: str) -> None:
    judged: list[Record] = [chaos(2), drill(3), control(4)]
    before, after = analysed(*judged), analysed(*judged, *(unjudged(1, token=n, status=status) for n in range(80)))
    changed = [new.name for old, new in zip(before.kpis, after.kpis, strict=True) if old != new]
    assert changed == ["cost"]
    assert "runs of 2026-11 cost 16.54 USD at most" in kpi(after, "cost").said
    same = ("score", "coverage", "tests", "lost", "weeks")
    assert [getattr(after.score, key) for key in same] == [getattr(before.score, key) for key in same]
    assert [(one.what, one.why, one.runs) for one in after.score.excluded] == [("network-latency", "not-judged", 80)]
    assert (after.counted.read, after.counted.not_scored) == (83, {"not-judged": 80})
    assert {(run.type, run.scored) for run in after.runs[:50]} <= {("unjudged", False), ("chaos", True)}
    assert (after.trends, after.alerts, after.error_budget) == (before.trends, before.alerts, before.error_budget)


def test_only_runs_that_nobody_judged_give_no_score() -> None:
    found = analysed(*(unjudged(1, token=n) for n in range(80)))
    assert (found.score.score, found.score.coverage) == (None, 0)
    assert {held.answer for held in found.kpis} == {"not-enough-runs"}


def of(running: str) -> Versions:
    return Versions(commit=None, parts=(Version(running=running),))


def test_a_step_is_named_and_dated() -> None:
    slow = [broken(number, recovered=260, versions=of("shop:2")) for number in range(1, 13)]
    fast = [broken(number, recovered=100 + number, versions=of("shop:1")) for number in range(13, 25)]
    found = next(held for held in analysed(*slow, *fast).trends if held.measure.startswith("recovery"))
    assert (found.kind, found.verdict, found.changed_on, found.revision) == ("step", "worse", "2026-11-16", "shop:2")
    assert found.q is not None
    assert found.q < 0.05
    advice = analysed(*slow, *fast).recommendations
    assert "worse-measure:network-latency:recovery-in-seconds" in [held.id for held in advice]


def test_a_change_that_is_known_needs_fewer_days() -> None:
    slow = [broken(number, recovered=260.0 + number) for number in range(1, 6)]
    runs = [*slow, *(broken(number, recovered=100.0 + number % 3) for number in range(6, 12))]
    day = (NOW - timedelta(days=5)).date()
    found = next(held for held in analysed(*runs, changed=day).trends if held.measure.startswith("recovery"))
    assert (found.kind, found.verdict, found.changed_on) == ("step", "worse", str(day))
    searched = next(held for held in analysed(*runs).trends if held.measure.startswith("recovery"))
    assert searched.kind != "step"
    far = next(held for held in analysed(*runs, changed=date(2020, 1, 1)).trends if held.measure.startswith("recovery"))
    assert far.kind != "step"


def test_a_steady_change_is_a_trend_with_a_slope() -> None:
    runs = [broken(number, recovered=100.0 + 8 * (24 - number)) for number in range(1, 25)]
    found = next(held for held in analysed(*runs).trends if held.measure.startswith("recovery"))
    assert (found.kind, found.verdict) == ("trend", "worse")
    assert found.slope_per_week == pytest.approx(56)


def test_what_is_too_small_to_matter_is_not_told() -> None:
    runs = [broken(number, recovered=100.0 + (1 if number < 13 else 0)) for number in range(1, 25)]
    found = next(held for held in analysed(*runs).trends if held.measure.startswith("recovery"))
    assert (found.kind, found.verdict) == ("none", None)


def test_five_days_are_not_enough_and_runs_of_a_day_are_one() -> None:
    runs = [broken(number + 0.5 + part / 100, recovered=100.0, token=part) for number in range(5) for part in range(4)]
    found = next(held for held in analysed(*runs).trends if held.measure.startswith("recovery"))
    assert (found.kind, found.count, found.said.endswith("not enough yet, 5 of 6 days")) == ("not-enough", 5, True)


def rules(records: Iterable[Record], **inputs: Any) -> list[str]:
    return [held.id for held in analysed(*records, **inputs).recommendations]


@pytest.mark.parametrize(
    ("bad", "good", "rule"),
    [
        ([chaos(verdict="failed", reasons=("x",))], [chaos()], "failing-experiment:network-latency"),
        ([drill(rto=None)], [drill()], "failing-drill:orders"),
        ([drill(rto=1900)], [drill()], "failing-drill:orders"),
        ([chaos(40)], [chaos(3)], "uncovered-experiment:network-latency"),
        ([], [chaos(3)], "uncovered-experiment:network-latency"),
        ([chaos(left=("EXP1",))], [chaos()], f"left-behind:{chaos().run}"),
        ([drill(clean_up=CleanUp(confirmed=False, left=("t",)))], [drill()], f"left-behind:{drill().run}"),
        (daily(12, broken, recovered=100), daily(11, broken, recovered=100), "loose-objective:network-latency"),
        (daily(12, broken, recovered=100), daily(12, broken, recovered=200), "loose-objective:network-latency"),
        (daily(30, broken, detected=None), daily(30, broken), f"unreliable-alarm:{ALARM}:misses-faults"),
        (daily(30, control, rang=True), daily(30, control), f"unreliable-alarm:{ALARM}:rings-without-a-reason"),
    ],
)
def test_each_rule_speaks_when_it_should_and_not_beside(bad: list[Record], good: list[Record], rule: str) -> None:
    assert rule in rules(bad)
    assert rule not in rules(good)


def test_a_spent_budget_asks_for_a_freeze() -> None:
    days = [RequestDay(date(2026, 11, 1) + timedelta(days=number), 100_000, 200) for number in range(20)]
    assert "spent-error-budget" in rules([], requests=days)
    assert "spent-error-budget" not in rules([], requests=[replace_day(day, 20) for day in days])


def test_no_rule_speaks_of_a_run_that_proves_nothing() -> None:
    bad = chaos(verdict="invalid", scored=False, measures={"recovered_after_seconds": None})
    assert rules([bad, chaos(2)]) == []


@pytest.mark.parametrize("verdict", ["invalid", "error", "aborted-by-operator", "passed"])
def test_what_is_left_is_told_whatever_the_run_proves(verdict: str) -> None:
    bad = chaos(verdict=verdict, scored=verdict == "passed", left=("EXP1",))
    assert f"left-behind:{bad.run}" in rules([bad, chaos(2)])
    unsure = chaos(verdict=verdict, scored=False, cleaned=False)
    assert f"left-behind:{unsure.run}" in rules([unsure, chaos(2)])
    lost = drill(verdict="error", rto=None, clean_up=CleanUp(confirmed=False, left=()))
    assert f"left-behind:{lost.run}" in rules([lost])


def test_a_fault_that_was_left_is_gone_when_another_run_has_begun_since() -> None:
    """None begins while it is there."""
    left, other = chaos(3, left=("EXP1",)), chaos(1, experiment="network-loss", token=1)
    assert f"left-behind:{left.run}" not in rules([left, other])
    assert f"left-behind:{left.run}" in rules([left, replace(other, verdict="refused", scored=False)])
    # What a drill left costs money, and hinders nobody.
    table = drill(3, clean_up=CleanUp(confirmed=False, left=("t",)))
    assert f"left-behind:{table.run}" in rules([table, drill(1)])


def test_a_command_of_a_strange_name_is_one_word_to_a_shell() -> None:
    strange = "x; rm -rf ~ $(id)"
    found = analysed(*(drill(day, rto=None, resource=strange) for day in range(1, 4))).recommendations
    [action] = [held.action for held in found if held.rule == "failing-drill"]
    assert shlex.split(action) == ["ial", "backup", "drill", strange, "--stack", "dev"]


def test_no_rule_speaks_of_an_experiment_that_is_gone() -> None:
    records = [chaos(day, experiment="gone", verdict="failed") for day in range(1, 4)]
    slow = [broken(60 - day, experiment="gone", recovered=100 if day < 20 else 250) for day in range(40)]
    assert [held for held in rules([*records, chaos()]) if "gone" in held] == []
    assert [held for held in rules([*slow, chaos()]) if "gone" in held] == []


@pytest.mark.parametrize(
    ("objective", "slowest", "wanted"), [(300, 100, "180"), (900, 10, "60"), (60, 25, None), (30, 10, None)]
)
def test_a_tighter_objective_is_tighter(objective: int, slowest: float, wanted: str | None) -> None:
    runs = daily(12, broken, recovered=slowest, hypothesis={"rto_seconds": objective})
    found = [held.action for held in analysed(*runs).recommendations if held.rule == "loose-objective"]
    assert [action.rpartition("rtoSeconds: ")[2].rstrip("}") for action in found] == ([wanted] if wanted else [])


def test_each_piece_of_advice_says_what_to_run_and_on_what_it_rests() -> None:
    found = analysed(chaos(verdict="failed"), drill(rto=None), *daily(30, control, rang=True)).recommendations
    assert [held.severity for held in found] == sorted(
        (held.severity for held in found), key=["high", "medium", "low"].index
    )
    assert all(held.action and held.observed and held.threshold for held in found)
    assert found[0].usd_per_month is not None


def test_all_is_well_only_when_everything_was_shown() -> None:
    good: list[Any] = [broken(number % 28 + 1, recovered=160, token=number) for number in range(80)]
    good += [drill(number % 28 + 1, token=number) for number in range(40)]
    days = [RequestDay(date(2026, 11, 1) + timedelta(days=number), 100_000, 10) for number in range(20)]
    cost = MonthCost(Decimal(150), Decimal(155), Decimal(159), "an estimate")
    assert any("every goal is met" in said for said in analysed(*good, requests=days, cost=cost).said)
    documents = [(record.run, document(record)) for record in good]
    inputs = Inputs(goals=Goals(), now=NOW, since=NOW - timedelta(weeks=8), requests=days, cost=cost)
    more = [*KNOWN, Known("never-run", "network", 1.0, True)]
    assert not any("every goal" in said for said in analyse("dev", documents, more, inputs).said)


def test_runs_of_a_clock_that_is_ahead_are_told() -> None:
    found = analysed(chaos(-1), chaos(-2, token=1), chaos(1, token=2))
    assert "2 runs begin later than now, and count for nothing" in found.said
    assert not any("later than now" in said for said in analysed(chaos(1)).said)


def test_the_order_of_documents_does_not_matter() -> None:
    runs: list[Any] = [*daily(14, broken), *daily(7, drill, token=1), *daily(5, control, token=2)]
    assert to_builtins(analysed(*runs)) == to_builtins(analysed(*reversed(runs)))
