"""When a version is taken back: a table of every reason, and what holds whatever is given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.chaos.judging.verdict import Verdict
from runners.rollback.decision import Action, Case, Difference, Underway, decide

CLEAR = Case(
    verdict="failed",
    fault_over=True,
    halted=False,
    steady_before=True,
    difference=Difference.OTHER,
    switched_on=True,
    cannot=(),
    underway=Underway.NONE,
    incidents=(),
    limit="",
    hurt=False,
    again="failed",
    again_same=True,
)
FOR = {"failed-again": {}, "users-still-hurt": {"hurt": True, "again": None}}
AGAINST: list[tuple[dict[str, Any], Action, str]] = [
    *(
        ({"verdict": str(verdict)}, Action.LEAVE, f"verdict-{verdict}")
        for verdict in Verdict
        if verdict not in (Verdict.FAILED, Verdict.ABORTED_BY_ALARM)
    ),
    ({"verdict": "aborted-by-alarm", "by_users": False}, Action.LEAVE, "not-by-users"),
    ({"verdict": "aborted-by-alarm", "by_users": None}, Action.LEAVE, "not-by-users"),
    ({"fault_over": False}, Action.PAGE, "fault-not-over"),
    ({"fault_over": None}, Action.PAGE, "fault-not-over"),
    ({"halted": True}, Action.LEAVE, "halted"),
    ({"halted": None}, Action.LEAVE, "halted"),
    ({"steady_before": False}, Action.LEAVE, "not-steady-before"),
    ({"steady_before": None}, Action.LEAVE, "not-steady-before"),
    ({"difference": Difference.SAME}, Action.PAGE, "same-version"),
    ({"difference": Difference.UNKNOWN}, Action.PAGE, "version-unknown"),
    ({"difference": Difference.NEVER_PASSED}, Action.PAGE, "never-passed"),
    ({"difference": Difference.MOVED}, Action.LEAVE, "version-moved"),
    ({"switched_on": False}, Action.PAGE, "off"),
    ({"off": ("auto-scaling-group shop",)}, Action.PAGE, "beyond-reach"),
    ({"incompatible": ("ecs-service shop/web",)}, Action.PAGE, "not-compatible"),
    ({"underway": Underway.FOREIGN}, Action.PAGE, "deployment-under-way"),
    ({"underway": Underway.UNKNOWN}, Action.PAGE, "deployment-under-way"),
    ({"incidents": None}, Action.PAGE, "incidents-unknown"),
    ({"incidents": ("saturation",)}, Action.PAGE, "open-incident"),
    ({"limit": None}, Action.PAGE, "limit-unknown"),
    ({"limit": "the group is full"}, Action.PAGE, "scaling-limit"),
    ({"before": "run 1 has rolled back"}, Action.PAGE, "rolled-back-before"),
    ({"cannot": None}, Action.PAGE, "cannot-tell"),
    ({"cannot": ("the image is gone",)}, Action.PAGE, "cannot"),
]
SECOND: list[tuple[dict[str, Any], Action, str]] = [
    ({"again": None}, Action.RERUN, "re-run-first"),
    ({"again": None, "hurt": None}, Action.RERUN, "re-run-first"),
    ({"again": "passed"}, Action.LEAVE, "not-reproduced"),
    ({"again": "invalid"}, Action.PAGE, "re-run-undecided"),
    ({"again": "refused"}, Action.PAGE, "re-run-undecided"),
    ({"again": "aborted-by-alarm", "again_by_users": False}, Action.PAGE, "re-run-undecided"),
    ({"again_same": None}, Action.PAGE, "re-run-of-another"),
    ({"again_same": False}, Action.PAGE, "re-run-of-another"),
]


@pytest.mark.parametrize("code", FOR)
def test_what_speaks_for_it(code: str) -> None:
    answer = decide(replace(CLEAR, **FOR[code]))  # type: ignore[arg-type]
    assert (answer.action, answer.code) == (Action.ROLL_BACK, code)


def test_an_abort_by_a_users_alarm_counts_as_a_failure() -> None:
    by_alarm = replace(CLEAR, verdict="aborted-by-alarm", by_users=True, again="aborted-by-alarm", again_by_users=True)
    assert decide(by_alarm).code == "failed-again"


@pytest.mark.parametrize(("changes", "action", "code"), AGAINST)
@pytest.mark.parametrize("speaks_for", FOR)
def test_what_speaks_against_it(changes: dict[str, Any], action: Action, code: str, speaks_for: str) -> None:
    answer = decide(replace(CLEAR, **(FOR[speaks_for] | changes)))
    assert (answer.action, answer.code) == (action, code)
    assert answer.sentence


@pytest.mark.parametrize(("changes", "action", "code"), SECOND)
def test_one_failed_run_is_not_enough(changes: dict[str, Any], action: Action, code: str) -> None:
    answer = decide(replace(CLEAR, **changes))
    assert (answer.action, answer.code) == (action, code)


def test_its_own_deployment_may_be_taken_back() -> None:
    assert decide(replace(CLEAR, underway=Underway.OWN)).action is Action.ROLL_BACK


maybe = st.sampled_from([True, False, None])
names = st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple)
verdicts = st.sampled_from([*map(str, Verdict), "unheard-of"])
cases = st.builds(
    Case,
    verdict=verdicts,
    by_users=maybe,
    fault_over=maybe,
    halted=maybe,
    steady_before=maybe,
    difference=st.sampled_from(Difference),
    switched_on=st.booleans(),
    off=names,
    incompatible=names,
    cannot=st.none() | names,
    underway=st.sampled_from(Underway),
    incidents=st.none() | names,
    limit=st.sampled_from([None, "", "full"]),
    before=st.sampled_from([None, "twice"]),
    hurt=maybe,
    again=st.none() | verdicts,
    again_by_users=maybe,
    again_same=maybe,
)


@given(cases)
def test_whatever_is_known_a_rollback_has_all_reasons(case: Case) -> None:
    answer = decide(case)
    if answer.action not in (Action.ROLL_BACK, Action.RERUN):
        return
    assert case.verdict in ("failed", "aborted-by-alarm")
    assert (case.fault_over, case.halted, case.steady_before) == (True, False, True)
    assert case.difference is Difference.OTHER
    assert case.switched_on
    assert (case.off, case.incompatible, case.cannot, case.incidents, case.limit, case.before) == (
        *((), (), (), (), ""),
        None,
    )
    assert case.underway in (Underway.NONE, Underway.OWN)
    if answer.action is Action.ROLL_BACK:
        assert case.hurt is True or case.again in ("failed", "aborted-by-alarm")


@given(cases)
def test_the_same_version_is_never_rolled_back(case: Case) -> None:
    assert decide(replace(case, difference=Difference.SAME)).action in (Action.PAGE, Action.LEAVE)


@given(cases, st.sampled_from(["invalid", "inconclusive", "error", "aborted-by-safety-lever", "aborted-by-operator"]))
def test_runs_that_say_nothing_never_do_anything(case: Case, verdict: str) -> None:
    assert decide(replace(case, verdict=verdict)).action is Action.LEAVE


@given(cases)
def test_to_know_less_never_leads_to_a_rollback(case: Case) -> None:
    fields = {
        "fault_over": None,
        "halted": None,
        "steady_before": None,
        "difference": Difference.UNKNOWN,
        "cannot": None,
        "underway": Underway.UNKNOWN,
        "incidents": None,
        "limit": None,
    }
    for name, nothing in fields.items():
        assert decide(replace(case, **{name: nothing})).action not in (Action.ROLL_BACK, Action.RERUN)  # type: ignore[arg-type]


def test_every_code_is_explained() -> None:
    page = (Path(__file__).parents[3] / "docs" / "rollback.md").read_text()
    codes = {code for _, _, code in (*AGAINST, *SECOND)} | set(FOR)
    assert [code for code in sorted(codes) if not code.startswith("verdict-") and f"`{code}`" not in page] == []
