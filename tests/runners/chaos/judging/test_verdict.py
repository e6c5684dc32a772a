from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.chaos.judging.verdict import MOST_UNSEEN, TERMINAL, Evidence, Stop, Verdict, judge
from runners.exit_codes import ExitCode
from runners.runs.outcome import exit_code

GOOD = Evidence(
    baseline=True,
    status="completed",
    lever_engaged=False,
    actions={"gate": "completed", "fault": "completed"},
    targets_wanted=2,
    targets_hit=2,
    injected=True,
    hypothesis=True,
    unseen=0.0,
)
CTRL_C: dict[str, Any] = {"fault": "interrupted by the operator", "interrupted": True}
STATUSES = ["pending", "initiating", "running", "completed", "stopping", "stopped", "failed", "cancelled", "unheard-of"]


def test_what_ends_an_experiment() -> None:
    """Source: https://docs.aws.amazon.com/fis/latest/APIReference/API_ExperimentState.html"""
    assert [status for status in STATUSES if status in TERMINAL] == ["completed", "stopped", "failed", "cancelled"]
    assert len(TERMINAL) == 4


def test_all_the_evidence_passes() -> None:
    assert judge(GOOD).verdict is Verdict.PASSED
    assert judge(GOOD).reasons == ()


@pytest.mark.parametrize(
    ("change", "verdict", "reason"),
    [
        ({"refusals": ("lever-engaged: the safety lever is engaged",)}, Verdict.REFUSED, "lever-engaged"),
        # FIS completed, and the fault is in doubt.
        ({"actions": {}}, Verdict.INVALID, "no action is known to have run"),
        ({"actions": {"fault": "skipped"}}, Verdict.INVALID, "action fault was skipped"),
        ({"actions": {"gate": "completed", "fault": "failed"}}, Verdict.INVALID, "action fault was failed"),
        ({"targets_hit": 1}, Verdict.INVALID, "1 targets were hit, 2 were wanted"),
        ({"targets_hit": 3}, Verdict.INVALID, "3 targets were hit, 2 were wanted"),
        ({"targets_hit": None}, Verdict.INVALID, "an unknown number of targets were hit"),
        ({"targets_wanted": None, "targets_hit": None}, Verdict.INVALID, "an unknown number of were wanted"),
        ({"injected": False}, Verdict.INVALID, "the fault did not happen"),
        ({"injected": None}, Verdict.INVALID, "nothing shows that the fault happened"),
        ({"injected": None, "hypothesis": False}, Verdict.INVALID, "nothing shows that the fault happened"),
        # FIS completed, and the hypothesis is broken or in doubt.
        ({"hypothesis": False}, Verdict.FAILED, "the hypothesis does not hold"),
        ({"hypothesis": False, "hypothesis_reasons": ("late",)}, Verdict.FAILED, "late"),
        ({"hypothesis": False, "gaps": ("a hole",)}, Verdict.FAILED, "the hypothesis does not hold"),
        ({"hypothesis": None}, Verdict.INCONCLUSIVE, "the hypothesis could not be judged"),
        ({"unseen": MOST_UNSEEN}, Verdict.PASSED, None),
        ({"unseen": MOST_UNSEEN + 0.01}, Verdict.INCONCLUSIVE, "21% of a probe's samples had no data"),
        ({"unseen": None}, Verdict.INCONCLUSIVE, "an unknown share"),
        ({"gaps": ("healthy: nobody looked for 98 s",)}, Verdict.INCONCLUSIVE, "nobody looked for 98 s"),
        ({"hypothesis": None, "hypothesis_reasons": ("p99: no data",)}, Verdict.INCONCLUSIVE, "p99: no data"),
        ({"injected": None, "doubts": ("calls: so before the fault",)}, Verdict.INVALID, "so before the fault"),
        # The load that was to be there was not: what passes proves less than it says.
        ({"load": "3 of 1200 requests were sent"}, Verdict.INVALID, "3 of 1200 requests"),
        ({"load": "3 of 1200 requests were sent", "hypothesis": None}, Verdict.INVALID, "3 of 1200 requests"),
        ({"load": "3 of 1200 requests were sent", "hypothesis": False}, Verdict.FAILED, "does not hold"),
        # This runner asked for a stop that came too late, or that a runner after it did not repeat.
        ({"stop": Stop.OPERATOR}, Verdict.INCONCLUSIVE, "a stop was asked for (operator)"),
        ({"stop": Stop.LEASE_LOST}, Verdict.INCONCLUSIVE, "a stop was asked for (lease-lost)"),
        ({"stop": Stop.DEADLINE}, Verdict.INCONCLUSIVE, "a stop was asked for (deadline)"),
        ({"stop": Stop.WATCHDOG, "hypothesis": False}, Verdict.FAILED, "does not hold"),
        # Interrupted when the fault was over: nothing was aborted, and what is known counts.
        ({**CTRL_C, "injected": None, "hypothesis": None, "unseen": None}, Verdict.INCONCLUSIVE, "interrupted by"),
        ({**CTRL_C, "fault": None}, Verdict.INCONCLUSIVE, "interrupted by the operator"),
        ({**CTRL_C, "fault": None, "injected": None}, Verdict.INCONCLUSIVE, "interrupted by the operator"),
        ({**CTRL_C, "injected": False}, Verdict.INVALID, "the fault did not happen"),
        ({**CTRL_C, "injected": None, "targets_hit": 1}, Verdict.INVALID, "1 targets were hit"),
        ({**CTRL_C, "hypothesis": False}, Verdict.FAILED, "does not hold"),
        ({**CTRL_C, "status": "stopped", "stop_alarm": "errors"}, Verdict.ABORTED_BY_ALARM, "alarm errors stopped it"),
        ({**CTRL_C, "status": "stopped"}, Verdict.ERROR, "by somebody else"),
        ({"fault": "cloudwatch:GetMetricData: 500"}, Verdict.INCONCLUSIVE, "cloudwatch:GetMetricData: 500"),
        # What would have shown the fault was not read.
        ({"fault": "dynamodb: 500", "injected": None, "hypothesis": None}, Verdict.INCONCLUSIVE, "dynamodb: 500"),
        ({"fault": "dynamodb: 500", "injected": False}, Verdict.INVALID, "the fault did not happen"),
        ({"fault": "dynamodb: 500", "injected": None, "targets_hit": 1}, Verdict.INVALID, "1 targets were hit"),
        # Stopped.
        ({"status": "stopped", "stop_alarm": "errors"}, Verdict.ABORTED_BY_ALARM, "alarm errors stopped it"),
        ({"status": "stopped", "stop": Stop.OPERATOR}, Verdict.ABORTED_BY_OPERATOR, "by the operator"),
        ({"status": "stopped", "stop": Stop.WATCHDOG}, Verdict.ABORTED_BY_RUNNER, "the watchdog stopped it"),
        ({"status": "stopped", "stop": Stop.DEADLINE}, Verdict.ERROR, "stopped by this runner: deadline"),
        ({"status": "stopped", "stop": Stop.LEASE_LOST}, Verdict.ERROR, "stopped by this runner: lease-lost"),
        ({"status": "stopped", "status_reason": "who knows"}, Verdict.ERROR, "by somebody else: who knows"),
        (
            {"status": "stopped", "lever_engaged": True, "stop_alarm": "errors"},
            Verdict.ABORTED_BY_SAFETY_LEVER,
            "the safety lever is engaged",
        ),
        # Cancelled, failed, never over, never begun.
        ({"status": "cancelled", "lever_engaged": True}, Verdict.ABORTED_BY_SAFETY_LEVER, "the safety lever"),
        ({"status": "cancelled"}, Verdict.ERROR, "FIS cancelled the experiment"),
        ({"status": "cancelled", "lever_engaged": None}, Verdict.ERROR, "FIS cancelled the experiment"),
        ({"status": "failed", "error_code": "InvalidTarget"}, Verdict.INVALID, "InvalidTarget"),
        ({"status": "failed", "error_code": "AuthorizationFailure"}, Verdict.ERROR, "AuthorizationFailure"),
        ({"status": "failed"}, Verdict.ERROR, "no code"),
        ({"status": "running"}, Verdict.ERROR, "FIS still says 'running' at the deadline"),
        ({"status": "unheard-of"}, Verdict.ERROR, "FIS still says 'unheard-of'"),
        ({"status": None, "baseline": False}, Verdict.INCONCLUSIVE, "the steady state was not met"),
        ({"status": None, "fault": "fis:StartExperiment: 500"}, Verdict.ERROR, "fis:StartExperiment: 500"),
        ({**CTRL_C, "status": None}, Verdict.ABORTED_BY_OPERATOR, "before the fault"),
        ({"status": None}, Verdict.ERROR, "the experiment never started"),
    ],
)
def test_verdicts(change: dict[str, Any], verdict: Verdict, reason: str | None) -> None:
    found = judge(replace(GOOD, **change))
    assert found.verdict is verdict
    assert bool(found.reasons) == (reason is not None)
    assert reason is None or any(reason in text for text in found.reasons)


MAYBE = st.sampled_from([True, False, None])
EVIDENCE = st.builds(
    Evidence,
    refusals=st.sampled_from([(), ("no",)]),
    fault=st.sampled_from([None, "500"]),
    baseline=MAYBE,
    status=st.sampled_from([None, *STATUSES]),
    stop=st.sampled_from([None, *Stop]),
    stop_alarm=st.sampled_from([None, "errors"]),
    lever_engaged=MAYBE,
    actions=st.dictionaries(st.sampled_from("ab"), st.sampled_from(["completed", "skipped", "failed", "running"])),
    targets_wanted=st.sampled_from([None, 1, 2]),
    targets_hit=st.sampled_from([None, 0, 1, 2]),
    injected=MAYBE,
    hypothesis=MAYBE,
    unseen=st.sampled_from([None, 0.0, 0.5]),
    gaps=st.sampled_from([(), ("a hole",)]),
    load=st.sampled_from([None, "too little"]),
    interrupted=st.booleans(),
)


@given(EVIDENCE)
def test_never_passed_without_all_of_the_evidence(seen: Evidence) -> None:
    complete = (
        not seen.refusals
        and seen.fault is None
        and seen.status == "completed"
        and bool(seen.actions)
        and set(seen.actions.values()) == {"completed"}
        and seen.targets_wanted is not None
        and seen.targets_hit == seen.targets_wanted
        and seen.injected is True
        and seen.hypothesis is True
        and seen.unseen is not None
        and seen.unseen <= MOST_UNSEEN
        and not seen.gaps
        and seen.load is None
        and seen.stop is None
        and not seen.interrupted
    )
    assert (judge(seen).verdict is Verdict.PASSED) == complete


def test_of_every_combination_one_passes() -> None:
    """Every status against every doubt, alone and together."""
    doubts: dict[str, list[Any]] = {
        "fault": [None, "500"],
        "stop": [None, *Stop],
        "actions": [{"fault": "completed"}, {"fault": "skipped"}],
        "targets_hit": [2, 1],
        "injected": [True, False],
        "load": [None, "too little"],
        "hypothesis": [True, False],
        "unseen": [0.0, 0.5],
        "gaps": [(), ("a hole",)],
        "interrupted": [False, True],
    }
    combinations = product([None, *STATUSES], *doubts.values())
    passed = [
        given
        for given in combinations
        if judge(replace(GOOD, **dict(zip(("status", *doubts), given, strict=True)))).verdict is Verdict.PASSED
    ]
    assert passed == [("completed", *(options[0] for options in doubts.values()))]


@given(EVIDENCE)
def test_everything_but_a_pass_has_its_reason(seen: Evidence) -> None:
    found = judge(seen)
    assert bool(found.reasons) == (found.verdict is not Verdict.PASSED)


@given(EVIDENCE, st.sampled_from(STATUSES))
def test_a_status_that_is_not_terminal_is_never_a_result(seen: Evidence, status: str) -> None:
    if status not in TERMINAL and not seen.refusals:
        assert judge(replace(seen, status=status)).verdict is Verdict.ERROR


@pytest.mark.parametrize("verdict", list(Verdict))
def test_exit_codes(verdict: Verdict) -> None:
    assert exit_code(verdict, confirmed=False) is ExitCode.LEFT_BEHIND
    assert (exit_code(verdict, confirmed=True) is ExitCode.OK) == (verdict is Verdict.PASSED)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_who_interrupts_is_told_so_where_nothing_is_proven(verdict: Verdict) -> None:
    told = exit_code(verdict, confirmed=True, interrupted=True)
    unproven = verdict in (Verdict.INVALID, Verdict.INCONCLUSIVE)
    assert told is (ExitCode.INTERRUPTED if unproven else exit_code(verdict, confirmed=True))
    assert exit_code(verdict, confirmed=False, interrupted=True) is ExitCode.LEFT_BEHIND


def test_the_published_exit_codes() -> None:
    codes = {verdict.value: int(exit_code(verdict, confirmed=True)) for verdict in Verdict}
    assert codes == {
        "passed": 0,
        "failed": 1,
        "aborted-by-runner": 1,
        "refused": 3,
        "aborted-by-alarm": 4,
        "aborted-by-safety-lever": 4,
        "invalid": 5,
        "inconclusive": 5,
        "error": 6,
        "aborted-by-operator": 130,
    }


def test_what_is_scored() -> None:
    assert {verdict.value for verdict in Verdict if verdict.scored} == {
        "passed",
        "failed",
        "aborted-by-alarm",
        "aborted-by-runner",
    }
