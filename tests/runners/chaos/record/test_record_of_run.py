"""What journals say, written here line by line: no run is needed to have one that was cut off in a certain second."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from msgspec import structs, to_builtins

from contract.experiments import Experiment, Load
from contract.probes import Expectation
from runners.chaos.judging.verdict import Verdict
from runners.chaos.record.record_of_run import record_of_run
from runners.chaos.record.steps import BASELINE, INJECTING, LOCKED, OVER, SEEN, STARTING, STOPPING
from runners.runs.clock import rfc3339
from runners.runs.journal import Entry
from runners.runs.steps import CLEANED, ENDED, FAULT, STARTED
from tests.runners.chaos.experiments import changed, experiment, metric_probe
from tests.runners.chaos.four_kinds import FEW_ERRORS, GONE, HEALTHY

INJECTED: Final = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
UNHEALTHY: Final = metric_probe("unhealthy", "UnHealthyHostCount", "Maximum", at_least=1)
OPENED: Final = Expectation(
    **structs.asdict(metric_probe("opened", "CircuitOpened", "Sum", logs=True, at_least=1)), when="during"
)
QUIET: Final = Expectation(**structs.asdict(FEW_ERRORS), when="throughout")
AFTERWARDS: Final = Expectation(**structs.asdict(FEW_ERRORS), when="after")
BASE: Final = experiment()
HIDDEN: Final = changed(
    BASE, hypothesis=changed(BASE.hypothesis, probes=(HEALTHY,), rto_seconds=60), evidence=(UNHEALTHY,)
)
SHOWN: Final = [{"name": "unhealthy", "ok": True, "expected": "at least 1", "seen": 1.0}]
INTERRUPTED: Final = {"message": "interrupted by the operator", "interrupted": True}


def second(number: float) -> str:
    return rfc3339(INJECTED + timedelta(seconds=number))


def healthy(looks: Iterable[int], bad: range = range(0)) -> list[list[Any]]:
    return [[second(at), "healthy", 1.0 if at in bad else 2.0] for at in looks]


def seen(samples: list[list[Any]], **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "load": None,
        "samples": samples,
        "evidence": SHOWN,
        "expectations": [],
        "launches": None,
        "changes": [],
        "ended": second(240),
    }
    return given | changes


def over(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": "EXP1",
        "status": "completed",
        "reason": "",
        "error_code": "",
        "actions": {"fault": "completed"},
        "injected": second(0),
        "lifted": second(120),
        "hit": ["arn:aws:ec2:us-east-1:123456789012:instance/i-0"],
        "lever": False,
        "stop_alarm": None,
    }
    return given | changes


def journal(*later: tuple[str, dict[str, Any]], of: Experiment = HIDDEN, **baseline: Any) -> list[Entry]:
    """The lines up to the beginning of the fault, and these."""
    begun = {"run": "r", "stack": "dev", "operator": "tests", "experiment": to_builtins(of)}
    steps: list[tuple[str, dict[str, Any]]] = [
        (STARTED, begun),
        (LOCKED, {"fence": 1}),
        (BASELINE, {"ok": True, "reasons": [], "already": [], **baseline}),
        (STARTING, {"token": "t", "template": "EXT1"}),
        *later,
    ]
    return [Entry(number, second(-10), step, data) for number, (step, data) in enumerate(steps, 1)]


BEGUN: Final = (INJECTING, {"id": "EXP1"})
END: Final[tuple[tuple[str, dict[str, Any]], ...]] = ((CLEANED, {"confirmed": True, "left": []}), (ENDED, {}))
EVERY_TEN: Final = list(range(0, 241, 10))


def whole(*, of: Experiment = HIDDEN, before: Any = None, looks: Any = None, **changes: Any) -> list[Entry]:
    """A run that went to its end."""
    noted = {} if before is None else {"before": before}
    samples = healthy(EVERY_TEN) if looks is None else looks
    return journal(BEGUN, (OVER, over()), (SEEN, seen(samples, **changes)), *END, of=of, **noted)


def test_a_whole_run_passes() -> None:
    record = record_of_run(whole())
    assert (record.judgement.verdict, record.exit_code, record.usd) == (Verdict.PASSED, 0, Decimal("0.20"))


@pytest.mark.parametrize(
    ("looks", "verdict"),
    [
        (healthy(EVERY_TEN, bad=range(20, 90)), Verdict.FAILED),
        # The runner was killed when the fault was over, and came back when all was well again.
        (healthy([*range(0, 15, 10), *range(180, 241, 10)], bad=range(0)), Verdict.INCONCLUSIVE),
        (healthy([*range(0, 50, 10), *range(180, 241, 10)], bad=range(20, 90)), Verdict.INCONCLUSIVE),
        # It was killed before it had written down that the fault had begun.
        (healthy(range(180, 241, 10)), Verdict.INCONCLUSIVE),
        # It hung, and nothing tells of that but its looks.
        (healthy([*range(0, 91, 10), 160, *range(170, 241, 10)]), Verdict.INCONCLUSIVE),
        (healthy([*range(0, 171, 10)]), Verdict.INCONCLUSIVE),
        (healthy([*range(0, 91, 10), 150, *range(160, 241, 10)]), Verdict.PASSED),
        ([], Verdict.INCONCLUSIVE),
    ],
)
def test_a_hole_in_time_proves_nothing(looks: list[list[Any]], verdict: Verdict) -> None:
    record = record_of_run(whole(looks=looks))
    assert record.judgement.verdict is verdict, record.judgement
    if verdict is Verdict.INCONCLUSIVE:
        assert any("nobody looked" in reason for reason in record.judgement.reasons), record.judgement


def values(*given: float | None) -> dict[str, Any]:
    return {"evidence": [list(given)], "expectations": []}


@pytest.mark.parametrize(
    ("baseline", "later", "verdict"),
    [
        (values(0, 0, 0), values(0), Verdict.PASSED),
        (values(None, None), values(), Verdict.PASSED),
        (values(0, 1, 0), values(0), Verdict.INVALID),
        (values(0, 0, 0), values(0, 1), Verdict.INVALID),
        (values(2, 2, 2), None, Verdict.INVALID),
        (None, values(0, 1), Verdict.INVALID),
        # Written before baselines noted it.
        (None, None, Verdict.PASSED),
    ],
)
def test_what_was_so_before_shows_no_fault(baseline: Any, later: Any, verdict: Verdict) -> None:
    lines = whole(before=baseline)
    if later is not None:
        lines = [replace(line, data={**line.data, "before": later}) if line.step == SEEN else line for line in lines]
    record = record_of_run(lines)
    assert record.judgement.verdict is verdict, record.judgement
    if verdict is Verdict.INVALID:
        assert record.shown[0]["ok"] is None
        assert record.judgement.reasons == (
            "nothing shows that the fault happened",
            "unhealthy: at least 1 before the fault already",
        )


def test_of_several_one_that_was_not_so_before_is_enough() -> None:
    two = changed(HIDDEN, evidence=(UNHEALTHY, GONE))
    shown = [*SHOWN, {"name": "gone", "ok": True, "expected": "at least 1", "seen": 1.0}]
    before = {"evidence": [[1.0], [0.0]], "expectations": []}
    record = record_of_run(whole(of=two, before=before, evidence=shown))
    assert record.judgement.verdict is Verdict.PASSED
    assert [held["ok"] for held in record.shown] == [None, True]
    # One that is blind, and one that says no: it may have happened.
    shown[1]["ok"] = False
    record = record_of_run(whole(of=two, before=before, evidence=shown))
    assert record.judgement.reasons[0] == "nothing shows that the fault happened"
    # All say no.
    shown[0] = {**shown[0], "ok": False}
    record = record_of_run(whole(of=two, before=before, evidence=shown))
    assert record.judgement.reasons == ("the fault did not happen",)


@pytest.mark.parametrize(
    ("asked", "ok", "before", "verdict"),
    [
        (OPENED, True, [0.0, 0.0], Verdict.PASSED),
        (OPENED, True, [0.0, 1.0], Verdict.INCONCLUSIVE),
        (OPENED, False, [1.0, 1.0], Verdict.FAILED),
        (OPENED, None, [0.0], Verdict.INCONCLUSIVE),
        (QUIET, True, [0.0, 0.0], Verdict.PASSED),
        (QUIET, False, [0.0, 0.0], Verdict.FAILED),
        (QUIET, False, [0.0, 90.0], Verdict.INCONCLUSIVE),
        (QUIET, True, [0.0, 90.0], Verdict.PASSED),
        (AFTERWARDS, False, [0.0, 90.0], Verdict.FAILED),
    ],
)
def test_what_was_so_before_is_not_what_the_workload_did(
    asked: Expectation, ok: bool | None, before: list[float], verdict: Verdict
) -> None:
    expecting = changed(HIDDEN, hypothesis=changed(HIDDEN.hypothesis, expectations=(asked,)))
    held = [{"name": asked.name, "when": asked.when, "ok": ok, "expected": "", "seen": 70.0}]
    noted = {"evidence": [[0.0]], "expectations": [before]}
    record = record_of_run(whole(of=expecting, before=noted, expectations=held))
    assert record.judgement.verdict is verdict, record.judgement


@pytest.mark.parametrize(
    ("lines", "verdict", "code"),
    [
        # Before the fault, and while this runner stops it.
        ([(FAULT, INTERRUPTED)], Verdict.ABORTED_BY_OPERATOR, 130),
        (
            [BEGUN, (FAULT, INTERRUPTED), (STOPPING, {"why": "operator"}), (OVER, over(status="stopped"))],
            Verdict.ABORTED_BY_OPERATOR,
            130,
        ),
        # The alarm had stopped it; recovery was not waited for.
        (
            [BEGUN, (OVER, over(status="stopped", stop_alarm="errors")), (FAULT, INTERRUPTED)],
            Verdict.ABORTED_BY_ALARM,
            4,
        ),
        # It was over: nothing was aborted, and nothing was seen.
        ([BEGUN, (OVER, over()), (FAULT, INTERRUPTED)], Verdict.INCONCLUSIVE, 130),
        ([BEGUN, (OVER, over(actions={"fault": "skipped"})), (FAULT, INTERRUPTED)], Verdict.INVALID, 130),
        ([BEGUN, (OVER, over()), (SEEN, seen(healthy(EVERY_TEN))), (FAULT, INTERRUPTED)], Verdict.INCONCLUSIVE, 130),
        ([BEGUN, (OVER, over(status="failed")), (FAULT, INTERRUPTED)], Verdict.ERROR, 6),
    ],
)
def test_ctrl_c_does_not_change_what_had_happened(lines: list[Any], verdict: Verdict, code: int) -> None:
    record = record_of_run(journal(*lines, *END))
    assert (record.judgement.verdict, record.exit_code) == (verdict, code), record.judgement
    unconfirmed = record_of_run(journal(*lines, (CLEANED, {"confirmed": False, "left": ["the lock"]}), (ENDED, {})))
    assert unconfirmed.exit_code == 7


@pytest.mark.parametrize("why", ["operator", "watchdog", "deadline", "lease-lost"])
def test_a_fault_that_was_to_be_stopped_and_was_not_is_no_pass(why: str) -> None:
    lines = [BEGUN, (STOPPING, {"why": why}), (OVER, over()), (SEEN, seen(healthy(EVERY_TEN)))]
    assert record_of_run(journal(*lines, *END)).judgement.verdict is Verdict.INCONCLUSIVE


UNCONFIRMED: Final = (CLEANED, {"confirmed": False, "left": ["the experiment of FIS: EXP1 may still run"]})


@pytest.mark.parametrize(
    ("lines", "usd"),
    [
        ([BEGUN, UNCONFIRMED], "0.20"),
        ([BEGUN], "0.20"),
        ([BEGUN, END[0]], "0.20"),
        # Whether it began, only FIS knows: clean-up asks, and may have no answer.
        ([], "0.20"),
        ([UNCONFIRMED], "0.20"),
        ([END[0]], "0"),
        ([BEGUN, (OVER, over(injected=None, status="failed")), END[0]], "0"),
        ([BEGUN, (OVER, over()), END[0]], "0.20"),
    ],
)
def test_an_end_that_nobody_knows_costs_all_of_it(lines: list[Any], usd: str) -> None:
    record = record_of_run(journal(*lines))
    assert record.usd == Decimal(usd)
    assert record.document()["cost"]["usd"] == usd


def test_who_does_not_know_says_so() -> None:
    record = record_of_run(journal((FAULT, {"message": "fis: away", "interrupted": False}), UNCONFIRMED, (ENDED, {})))
    assert (record.judgement.verdict, record.exit_code) == (Verdict.ERROR, 7)
    assert record.judgement.reasons == (
        "FIS has not said how the experiment ended, or whether it began",
        "fis: away",
    )


def report(sent: int, answered: int, failed: int) -> dict[str, Any]:
    told = {"wanted": 1200, "sent": sent, "answered": answered, "failed": failed, "redirected": 0, "unanswered": 0}
    return told | {"p50Ms": None, "p95Ms": None, "p99Ms": None}


@pytest.mark.parametrize(
    ("told", "looks", "verdict"),
    [
        (report(1200, 1200, 10), None, Verdict.PASSED),
        (report(3, 3, 0), None, Verdict.INVALID),
        (report(1200, 0, 1200), None, Verdict.INVALID),
        # Who breaks under less has failed.
        (report(3, 3, 0), healthy(EVERY_TEN, bad=range(20, 90)), Verdict.FAILED),
        # Simulated users send it.
        (None, None, Verdict.PASSED),
    ],
)
def test_load_that_was_not_there_proves_less(told: Any, looks: Any, verdict: Verdict) -> None:
    loaded = changed(HIDDEN, load=Load(requests_per_second=10, seconds=120, path="/"))
    record = record_of_run(whole(of=loaded, looks=looks, load=told))
    assert record.judgement.verdict is verdict, record.judgement
