"""The resilience score: by hand, and what holds of it whatever the runs are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runners.analysis.records import ChaosRecord
from runners.analysis.score import Known, Scoring
from runners.analysis.score_model import Score
from runners.analysis.weights import WEIGHTS
from runners.analysis.worth import fresh, worth_of
from tests.runners.analysis.records_for_tests import ALARM, NOW, alerts, broken, chaos

KNOWN = (
    Known("network-latency", "network", 1.0, True),
    Known("instance-termination", "infrastructure", 2.0, True),
    Known("alb-health-check", "infrastructure", 1.0, True),
    Known("by-hand", "application", 1.0, False),
)
FEW = settings(max_examples=40, deadline=None)


def score(*records: ChaosRecord, known: Sequence[Known] = KNOWN) -> Score:
    scoring = Scoring("dev", known, NOW)
    for record in records:
        scoring.add(record)
    return scoring.score()


EXPERIMENTS = st.sampled_from([known.name for known in KNOWN])
SECONDS = st.one_of(st.none(), st.floats(0, 2000, allow_nan=False))
NAMES = st.sampled_from([(), (ALARM,), (ALARM, "other")])


@st.composite
def records(
    draw: st.DrawFn, verdicts: Sequence[str] = ("passed", "failed", "aborted-by-alarm", "error")
) -> ChaosRecord:
    verdict = draw(st.sampled_from(verdicts))
    return chaos(
        draw(st.floats(0, 300)),
        token=draw(st.integers(0, 65535)),
        experiment=draw(EXPERIMENTS),
        verdict=verdict,
        scored=verdict in ("passed", "failed", "aborted-by-alarm"),
        hypothesis={
            "kind": draw(st.sampled_from(["sustained", "recovery"])),
            "holds": draw(st.sampled_from([True, False, None])),
        },
        measures={
            "recovered_after_seconds": draw(SECONDS),
            "degraded_seconds": draw(SECONDS),
            "ok_ratio": draw(st.one_of(st.none(), st.floats(0, 1))),
        },
        alerts=draw(st.one_of(st.none(), st.builds(alerts, fired=NAMES, missed=NAMES, unexpected=NAMES))),
        cleaned=draw(st.booleans()),
    )


@FEW
@given(st.lists(records(), max_size=8))
def test_it_is_bounded_and_every_lost_point_is_told(held: list[ChaosRecord]) -> None:
    found = score(*held)
    if found.score is None:
        assert not any(record.says_something and record.experiment != "by-hand" for record in held)
        assert found.lost == ()
        return
    assert 0 <= found.score <= 100
    assert found.score + sum(lost.points for lost in found.lost) == pytest.approx(100, abs=0.2)
    assert all(lost.why for lost in found.lost)


@FEW
@given(st.lists(records(), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_runs_does_not_matter(held: list[ChaosRecord], chance: Any) -> None:
    unique = list({record.run: record for record in held}.values())
    shuffled = list(unique)
    chance.shuffle(shuffled)
    assert score(*unique) == score(*shuffled)


@FEW
@given(st.lists(records(), max_size=8), records(["invalid", "inconclusive", "error", "refused", "aborted-by-operator"]))
def test_a_run_that_says_nothing_changes_nothing(held: list[ChaosRecord], nothing: ChaosRecord) -> None:
    before, after = score(*held), score(*held, nothing)
    assert (after.score, after.coverage, after.lost) == (before.score, before.coverage, before.lost)


def test_a_record_that_claims_to_say_something_of_an_error_does_not() -> None:
    assert score(chaos(verdict="error", scored=True)).score is None


@FEW
@given(
    records(["passed", "failed"]),
    st.sampled_from(["ratio", "recovery", "alarm", "cleaned", "verdict", "age", "missed"]),
)
def test_worse_evidence_never_raises_it(record: ChaosRecord, what: str) -> None:
    from msgspec.structs import replace

    kpis = record.kpis
    worse = {
        "ratio": lambda: replace(record, kpis=replace(kpis, ok_ratio=(kpis.ok_ratio or 0) / 2)),
        "recovery": lambda: replace(record, kpis=replace(kpis, recovered_after_seconds=None)),
        "alarm": lambda: replace(
            record, alerts=record.alerts and replace(record.alerts, unexpected=(*record.alerts.unexpected, "more"))
        ),
        "missed": lambda: replace(
            record, alerts=record.alerts and replace(record.alerts, missed=(*record.alerts.missed, "more"))
        ),
        "cleaned": lambda: replace(record, cleaned=False),
        "verdict": lambda: replace(record, verdict="failed"),
        "age": lambda: record,
    }[what]()
    assert worth_of(worse, WEIGHTS).test <= worth_of(record, WEIGHTS).test + 1e-9
    assert fresh(100, WEIGHTS) <= fresh(40, WEIGHTS) <= fresh(1, WEIGHTS)


def test_without_any_evidence_there_is_none() -> None:
    found = score()
    assert (found.score, found.coverage, found.said) == (None, 0.0, "no score yet (coverage 0/3)")
    assert score(known=()).said == "no score: no experiment is required"


@pytest.mark.parametrize(
    ("changes", "test", "why"),
    [
        ({}, 100, ""),
        (
            {"measures": {"ok_ratio": 0.5, "degraded_seconds": 9.0}, "alerts": alerts(fired=(ALARM,))},
            80,
            "50.0% of what",
        ),
        ({"measures": {"recovered_after_seconds": 450.0}}, 87.5, "recovered after 450 s, the objective is 300 s"),
        ({"measures": {"recovered_after_seconds": None}}, 75, "not recovered while somebody looked"),
        (
            {"alerts": alerts(fired=(ALARM,), missed=("b",), unexpected=("c",))},
            90,
            "b did not ring; c rang unexpectedly",
        ),
        ({"alerts": None}, 80, "the alarms' history is not known"),
        ({"measures": {"degraded_seconds": 60.0}}, 80, "no alarm rang"),
        ({"left": ("experiment EXP1",)}, 85, "not taken back: experiment EXP1"),
        (
            {"hypothesis": {"kind": "recovery", "holds": False}, "verdict": "failed", "reasons": ("x",)},
            50,
            "at most: x",
        ),
        ({"verdict": "aborted-by-alarm", "reasons": ("alarm a stopped it",)}, 0, "alarm a stopped it"),
    ],
)
def test_a_run_is_worth_what_it_shows(changes: dict[str, Any], test: float, why: str) -> None:
    found = worth_of(chaos(**changes), WEIGHTS)
    assert found.test == pytest.approx(test)
    assert found.test + sum(lack.points for lack in found.lacks) == pytest.approx(100)
    assert why in "; ".join(lack.why for lack in found.lacks)


@pytest.mark.parametrize(("days", "share"), [(0, 1), (30, 1), (60, 0.75), (90, 0.5), (300, 0.5)])
def test_runs_count_less_with_age(days: float, share: float) -> None:
    assert fresh(days, WEIGHTS) == pytest.approx(share)


def test_categories_and_weights_share_the_hundred() -> None:
    found = score(chaos(), broken(60, experiment="instance-termination", measures={"ok_ratio": 1.0}))
    points = {test.experiment: (round(test.most, 2), round(test.points, 2)) for test in found.tests}
    assert points["network-latency"] == (50.0, 50.0)
    assert points["alb-health-check"] == (16.67, 0.0)
    assert points["instance-termination"] == pytest.approx((33.33, 25.0), abs=0.1)
    assert (found.covered, found.coverage, found.said) == (1, 0.3333, "score 75 (coverage 1/3)")


def test_what_does_not_count_is_shown() -> None:
    held = [chaos(experiment="by-hand"), chaos(experiment="gone"), chaos(verdict="invalid", scored=False)]
    assert {(held.what, held.why) for held in score(*held).excluded} == {
        ("by-hand", "not-required"),
        ("gone", "not-an-experiment-any-more"),
        ("network-latency", "says-nothing"),
    }


def test_each_week_is_as_it_was() -> None:
    found = score(chaos(20), chaos(3, token=1, verdict="aborted-by-alarm"))
    assert [week.score for week in found.weeks] == [None] * 5 + [50.0, 50.0, 0.0]
