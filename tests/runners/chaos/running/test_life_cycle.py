"""Each kind of experiment through the production adapters, over HTTP, in rehearsed time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from contract.probes import Expectation, Probe
from runners.aws.injection import AwsInjection
from runners.chaos.judging.verdict import Verdict
from runners.chaos.record.chaos_record import ChaosRecord
from runners.chaos.running.rehearsal import RehearsalClock
from runners.errors import AwsError
from tests.runners.chaos.conftest import ERRORS, UNHEALTHY, Rehearsal
from tests.runners.chaos.experiments import changed, metric_probe
from tests.runners.chaos.four_kinds import FEW_ERRORS, HEALTHY, KINDS
from tests.runners.journal_lines import assert_fits

pytestmark = pytest.mark.cloud


def run(rehearsal: Rehearsal, kind: str, *settings: str) -> ChaosRecord:
    experiment, action = KINDS[kind]
    made = rehearsal.template(experiment, action)
    rehearsal.begin(*settings)
    return rehearsal.cycle().run(made)


@pytest.mark.parametrize("kind", KINDS)
def test_a_healthy_workload_passes(rehearsal: Rehearsal, kind: str) -> None:
    record = run(rehearsal, kind)
    assert record.judgement.verdict is Verdict.PASSED, (record.judgement, rehearsal.said)
    assert_fits(rehearsal.cycle().runs.journal(record.run), "an experiment")
    assert record.exit_code == 0
    assert record.cleaned
    assert record.outcome is not None
    assert record.outcome.recovered_after is not None


@pytest.mark.parametrize(
    ("kind", "design", "verdict", "code"),
    [
        ("termination", "design.boot=400", Verdict.FAILED, 1),
        ("unnoticed", "design.retries=false", Verdict.FAILED, 1),
        # Users get errors for longer than the stop alarm allows.
        ("latency", "design.capacity=35", Verdict.ABORTED_BY_ALARM, 4),
        ("cut-off", "design.circuit_breaker=false", Verdict.ABORTED_BY_ALARM, 4),
    ],
)
def test_a_workload_with_nothing_to_spare_does_not(
    rehearsal: Rehearsal, kind: str, design: str, verdict: Verdict, code: int
) -> None:
    record = run(rehearsal, kind, design)
    assert (record.judgement.verdict, record.exit_code) == (verdict, code), (record.judgement, rehearsal.said)
    assert record.outcome is not None
    assert record.outcome.degraded_seconds > 0


@pytest.mark.parametrize(
    ("fault", "verdict", "code"),
    [
        ("faults.no_effect=true", Verdict.INVALID, 5),
        ("faults.hit_fewer=1", Verdict.INVALID, 5),
        ("faults.skip_action=fault", Verdict.INVALID, 5),
        ("faults.fail_with=AuthorizationFailure", Verdict.ERROR, 6),
        ("faults.fail_with=InvalidTarget", Verdict.INVALID, 5),
        ("faults.lever_after=60", Verdict.ABORTED_BY_SAFETY_LEVER, 4),
    ],
)
def test_a_fault_that_did_not_happen_is_no_pass(rehearsal: Rehearsal, fault: str, verdict: Verdict, code: int) -> None:
    record = run(rehearsal, "latency", fault)
    assert (record.judgement.verdict, record.exit_code) == (verdict, code), (record.judgement, rehearsal.said)
    assert record.cleaned


ALREADY = metric_probe("database calls", "DatabaseLatency", "Average", logs=True, at_least=1)
UP = Probe(name="up", type="target-health", target=HEALTHY.target, metric=None, at_least=1, at_most=None)


@pytest.mark.parametrize(("evidence", "doubt"), [(ALREADY, "before the fault already"), (UP, "nothing shows")])
@pytest.mark.parametrize("settings", [("faults.no_effect=true",), ()])
def test_what_is_so_without_the_fault_is_no_evidence(
    rehearsal: Rehearsal, evidence: Probe, doubt: str, settings: tuple[str, ...]
) -> None:
    experiment, action = KINDS["latency"]
    made = rehearsal.template(changed(experiment, evidence=(evidence,)), action)
    rehearsal.begin(*settings)
    record = rehearsal.cycle().run(made)
    assert record.judgement.verdict is Verdict.INVALID, (record.judgement, rehearsal.said)
    assert any(doubt in reason for reason in record.judgement.reasons), record.judgement


def test_an_alarm_aborts(rehearsal: Rehearsal) -> None:
    record = run(rehearsal, "latency", f"faults.alarm={ERRORS}", "faults.alarm_after=90")
    assert record.judgement.verdict is Verdict.ABORTED_BY_ALARM, (record.judgement, rehearsal.said)
    assert record.judgement.reasons == (f"alarm {ERRORS} stopped it",)
    assert record.exit_code == 4


class Impatient(list[str]):
    """Who reads along, and presses Ctrl-C at a word."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word

    def append(self, text: str) -> None:
        super().append(text)
        if text.startswith(self.word):
            self.word = "pressed once"
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("word", "settings", "verdict", "code"),
    [
        ("steady before", (), Verdict.ABORTED_BY_OPERATOR, 130),
        ("running: ", (), Verdict.ABORTED_BY_OPERATOR, 130),
        ("FIS: completed", (), Verdict.INCONCLUSIVE, 130),
        ("steady again", (), Verdict.INCONCLUSIVE, 130),
        ("FIS: stopped", (f"faults.alarm={ERRORS}", "faults.alarm_after=90"), Verdict.ABORTED_BY_ALARM, 4),
    ],
)
def test_ctrl_c_aborts_what_is_not_over(
    rehearsal: Rehearsal, word: str, settings: tuple[str, ...], verdict: Verdict, code: int
) -> None:
    rehearsal.said = Impatient(word)
    record = run(rehearsal, "latency", *settings)
    assert (record.judgement.verdict, record.exit_code) == (verdict, code), (record.judgement, rehearsal.said)
    assert record.cleaned


def test_fis_that_never_ends_is_stopped_at_the_deadline(rehearsal: Rehearsal) -> None:
    record = run(rehearsal, "latency", "faults.never_ends=true")
    assert record.judgement.verdict is Verdict.ERROR, (record.judgement, rehearsal.said)
    assert record.judgement.reasons == ("stopped by this runner: deadline",)
    assert record.cleaned


def test_a_status_that_nobody_knows_is_no_end(rehearsal: Rehearsal) -> None:
    record = run(rehearsal, "latency", "faults.status=reticulating", "faults.never_ends=true")
    assert record.judgement.verdict is Verdict.ERROR, (record.judgement, rehearsal.said)


def test_a_fault_whose_end_nobody_confirms_needs_somebody(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise AwsError("FIS is away", operation="fis:GetExperiment", code="ServiceUnavailable")

    monkeypatch.setattr(AwsInjection, "state", away)
    record = run(rehearsal, "latency")
    assert record.judgement.verdict is Verdict.ERROR
    assert record.exit_code == 7
    assert record.left[0].startswith("the experiment of FIS")


def test_fis_that_is_away_for_a_while_is_waited_for(rehearsal: Rehearsal) -> None:
    record = run(rehearsal, "hidden", "faults.silent_from=20", "faults.silent_until=110")
    assert record.judgement.verdict is Verdict.PASSED, (record.judgement, rehearsal.said)


def test_detection_and_recovery_are_measured(rehearsal: Rehearsal) -> None:
    record = run(rehearsal, "hidden")
    assert record.alerts is not None
    assert record.alerts.fired == (UNHEALTHY,)
    assert record.detected_after is not None
    assert 20 <= record.detected_after <= 180
    assert record.outcome is not None
    assert record.outcome.recovered_after is not None
    assert 60 <= record.outcome.recovered_after <= 300
    assert record.usd == Decimal("0.20")
    kept = rehearsal.cycle().kit.records.get(record.run, "record")
    assert kept is not None
    assert kept["verdict"] == "passed"


def test_settings_are_put_back(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    insights = rehearsal.cycle().kit.insights
    assert insights is not None
    assert insights.value() == "disabled"
    seen: list[str] = []
    start = AwsInjection.start

    def noted(held: AwsInjection, *given: Any) -> Any:
        seen.append(insights.value())
        return start(held, *given)

    monkeypatch.setattr(AwsInjection, "start", noted)
    run(rehearsal, "termination")
    assert seen == ["enhanced"]
    assert insights.value() == "disabled"


def test_what_is_not_steady_is_not_disturbed(rehearsal: Rehearsal) -> None:
    record = run(rehearsal, "latency", "design.capacity=20")
    assert record.judgement.verdict in (Verdict.INCONCLUSIVE, Verdict.REFUSED), record.judgement
    assert record.times["started"] is None
    assert record.usd == 0


OPENED = Expectation(
    **structs.asdict(metric_probe("opened", "CircuitOpened", "Sum", logs=True, at_least=1)), when="during"
)
REPLACED = Expectation(
    name="replaced", type="replaced", target="web", metric=None, at_least=1, at_most=None, when="after"
)
FEW_ERRORS_ALWAYS = Expectation(**structs.asdict(FEW_ERRORS), when="throughout")


def run_expecting(
    rehearsal: Rehearsal, kind: str, expected: Expectation, *settings: str, second: int = 0
) -> ChaosRecord:
    experiment, action = KINDS[kind]
    hypothesis = changed(experiment.hypothesis, expectations=(expected,))
    made = rehearsal.template(changed(experiment, hypothesis=hypothesis), action)
    rehearsal.begin(*settings)
    RehearsalClock(rehearsal.url).sleep(second)
    return rehearsal.cycle().run(made)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("cut-off", OPENED), ("termination", REPLACED), ("hidden", FEW_ERRORS_ALWAYS)],
)
def test_what_is_expected_of_a_healthy_workload_is_met(rehearsal: Rehearsal, kind: str, expected: Expectation) -> None:
    record = run_expecting(rehearsal, kind, expected)
    assert record.judgement.verdict is Verdict.PASSED, (record.judgement, rehearsal.said)
    assert [held.ok for held in record.expectations] == [True]


@pytest.mark.parametrize(
    ("kind", "expected", "design", "second", "verdict"),
    [
        # Steady as far as users see, and not as it was meant to be.
        ("latency", OPENED, "design.seed=1", 0, Verdict.FAILED),
        # The errors go on into the next minute, or they are all in the one in which the fault began.
        ("hidden", FEW_ERRORS_ALWAYS, "design.retries=false", 50, Verdict.FAILED),
        ("hidden", FEW_ERRORS_ALWAYS, "design.retries=false", 0, Verdict.FAILED),
    ],
)
def test_what_is_expected_and_does_not_happen_is_no_pass(
    rehearsal: Rehearsal, kind: str, expected: Expectation, design: str, second: int, verdict: Verdict
) -> None:
    record = run_expecting(rehearsal, kind, expected, design, second=second)
    assert record.judgement.verdict is verdict, (record.judgement, rehearsal.said)
    assert expected.name in [reason.partition(":")[0] for reason in record.judgement.reasons]


def test_what_is_expected_and_cannot_be_seen_proves_nothing(rehearsal: Rehearsal) -> None:
    assert OPENED.metric is not None
    blind = changed(OPENED, metric=changed(OPENED.metric, name="NobodyReportsThis", missing="none"))
    record = run_expecting(rehearsal, "cut-off", blind)
    assert record.judgement.verdict is Verdict.INCONCLUSIVE, (record.judgement, rehearsal.said)


def test_the_times_of_a_replacement_come_from_the_group(rehearsal: Rehearsal) -> None:
    record = run(rehearsal, "termination")
    kpis = record.document()["kpis"]
    assert 0 < kpis["replacementBeganAfterSeconds"] < kpis["replacedAfterSeconds"] <= 300
    assert record.launches is not None
    [(instance, began, done)] = record.launches
    assert (instance or "").startswith("i-")
    assert None not in (began, done)
    slow = run(rehearsal, "termination", "design.boot=2000")
    assert slow.document()["kpis"]["replacedAfterSeconds"] is None
