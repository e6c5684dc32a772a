"""Suites over the kernel of runs: order, failures, budgets, cool-down, the shared turn, and the record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from contract.suites import PlannedStep, plan_of
from runners.errors import RunnerError
from runners.exit_codes import ExitCode
from runners.runs.clock import parse_rfc3339
from runners.runs.journal import Journal, read_entries
from runners.runs.run_folder import new_run_id
from runners.suites.planning import late
from runners.suites.suite_record import SuiteRecord
from tests.runners.conftest import ROOT
from tests.runners.suites.stage import Stage, WayBack, step, suite

SCHEMA = json.loads((ROOT / "schemas" / "suite-record.schema.json").read_text())


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def told(record: SuiteRecord) -> dict[str, str | None]:
    """What became of each step; the record is what its schema says."""
    jsonschema.Draft202012Validator(SCHEMA).validate(record.document())
    return {held.id: held.verdict or held.status for held in record.steps}


def faults(stage: Stage) -> list[str]:
    return [name for name, _ in stage.injected]


def test_all_steps_in_their_order(stage: Stage) -> None:
    record = stage.run(suite(step("quiet", "control"), step("faults"), step("rest", "wait"), step("back", "drill")))
    assert told(record) == {
        "quiet": "passed",
        "faults/latency": "passed",
        "faults/termination": "passed",
        "faults/no-database": "passed",
        "rest": "passed",
        "back/orders": "passed",
        "back/shop-db": "passed",
    }
    assert (record.verdict, record.exit_code, record.reasons) == ("passed", 0, ())
    assert faults(stage) == ["quiet", "latency", "termination", "no-database", "orders", "shop-db"]
    assert str(record.usd) == "3.00"
    assert stage.records.get(record.run, "record") == record.document()
    assert stage.records.all(f"suites#{record.run[:4]}-{record.run[4:6]}")[record.run]["verdict"] == "passed"
    # Its runs shared its turn; now the stack's next may have it.
    assert stage.leases.holder("chaos") is None
    assert stage.published == [record]


def test_no_run_of_it_has_a_name_that_it_gave_already(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[str] = []

    def name(now: datetime) -> str:
        # By chance the suite's own at first, and then each name twice.
        offered.append(offered[-1] if len(offered) % 2 else new_run_id(now) if offered else stage.suites[-1])
        return offered[-1]

    monkeypatch.setattr("runners.suites.conduct.new_run_id", name)
    record = stage.run(suite(step("quiet", "control"), step("back", "drill")))
    assert record.exit_code == 0
    assert len({record.run, *(held.run for held in record.steps)}) == 4


def test_nobody_else_gets_a_turn_between_its_steps(stage: Stage) -> None:
    held: list[str | None] = []

    def steady() -> tuple[bool, tuple[str, ...]]:
        held.append(stage.leases.holder("chaos"))
        return True, ()

    stage.steady = steady
    stage.run(suite(step("faults")))
    assert len(held) == 2
    assert all(text is not None and "a suite" in text for text in held)


def test_between_two_faults_it_waits_and_looks_again(stage: Stage) -> None:
    record = stage.run(suite(step("faults", choice="all"), cool_down_minutes=10))
    times = [(parse_rfc3339(str(held.began)), parse_rfc3339(str(held.ended))) for held in record.steps]
    for (_, ended), (began, _) in pairwise(times):
        assert began - ended >= timedelta(minutes=10)
    steps = [entry.step for entry in read_entries(stage.runs.journal(record.run))]
    assert steps.count("steady") == 2


def test_a_fault_of_the_database_keeps_an_hour_from_its_restore(stage: Stage) -> None:
    record = stage.run(suite(step("back", "drill"), step("faults"), cool_down_minutes=5))
    by_id = {held.id: held for held in record.steps}
    ended = parse_rfc3339(str(by_id["back/shop-db"].ended))
    assert parse_rfc3339(str(by_id["faults/latency"].began)) - ended < timedelta(minutes=30)
    assert parse_rfc3339(str(by_id["faults/no-database"].began)) - ended >= timedelta(minutes=60)


@pytest.mark.parametrize(
    ("on_failure", "then"),
    [
        ("stop", {"b/termination": "skipped", "c/orders": "skipped"}),
        ("skip-dependents", {"b/termination": "skipped", "c/orders": "passed"}),
        ("continue", {"b/termination": "passed", "c/orders": "passed"}),
    ],
)
def test_what_is_done_when_a_step_fails(stage: Stage, on_failure: str, then: dict[str, str]) -> None:
    stage.verdicts["latency"] = "failed"
    steps = (
        step("a", names=("latency",), on_failure=on_failure),
        step("b", names=("termination",), needs=("a",)),
        step("c", "drill", names=("orders",)),
    )
    record = stage.run(suite(*steps))
    assert told(record) == {"a/latency": "failed", **then}
    assert (record.verdict, record.exit_code) == ("failed", 1)


def test_who_needs_what_was_skipped_is_skipped_too(stage: Stage) -> None:
    stage.verdicts["latency"] = "inconclusive"
    steps = (
        step("a", names=("latency",), on_failure="skip-dependents"),
        step("b", names=("termination",), needs=("a",), on_failure="skip-dependents"),
        step("c", names=("no-database",), needs=("b",)),
    )
    record = stage.run(suite(*steps))
    assert told(record) == {"a/latency": "inconclusive", "b/termination": "skipped", "c/no-database": "skipped"}
    assert record.exit_code == 5
    assert record.steps[2].reasons == ("it needs b: b/termination was skipped",)


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (("passed", "passed"), 0),
        (("passed", "refused"), 3),
        (("refused", "inconclusive"), 5),
        (("invalid", "failed"), 1),
        (("failed", "aborted-by-alarm"), 4),
        (("aborted-by-safety-lever", "error"), 6),
    ],
)
def test_the_exit_code_is_that_of_the_worst(stage: Stage, verdicts: tuple[str, str], code: int) -> None:
    for order in (verdicts, verdicts[::-1]):
        stage.verdicts = dict(zip(("latency", "termination"), order, strict=True))
        steps = [step(name, names=(name,), on_failure="continue") for name in ("latency", "termination")]
        assert stage.run(suite(*steps)).exit_code == code


def test_what_is_left_behind_ends_it_whatever_it_says(stage: Stage) -> None:
    stage.left["latency"] = ("the load",)
    record = stage.run(suite(step("faults", on_failure="continue")))
    assert told(record) == {
        "faults/latency": "passed",
        "faults/termination": "skipped",
        "faults/no-database": "skipped",
    }
    assert (record.exit_code, record.left) == (ExitCode.LEFT_BEHIND, ("faults/latency: the load",))


@pytest.mark.parametrize(
    ("verdict", "found"),
    [("failed", "failed"), ("aborted-by-alarm", "aborted"), ("error", "error"), ("passed", "inconclusive")],
)
def test_what_left_something_behind_has_its_own_verdict_too(stage: Stage, verdict: str, found: str) -> None:
    stage.left["latency"], stage.verdicts["latency"] = ("the load",), verdict
    record = stage.run(suite(step("faults", names=("latency",))))
    assert (record.verdict, record.exit_code) == (found, ExitCode.LEFT_BEHIND)


def test_a_stack_that_does_not_get_steady_again_is_left_in_peace(stage: Stage) -> None:
    stage.steady = lambda: (False, ("errors: 3 samples out of tolerance",))
    record = stage.run(suite(step("faults", on_failure="continue")))
    assert faults(stage) == ["latency"]
    assert "not steady after the cool-down: errors" in record.steps[1].reasons[0]
    assert record.exit_code == ExitCode.NOT_PROVEN


def test_one_that_takes_its_time_to_get_steady_is_waited_for(stage: Stage) -> None:
    looks = iter([(None, ("no data",)), (False, ("errors",)), *[(True, ())] * 9])
    stage.steady = lambda: next(looks)
    assert stage.run(suite(step("faults"))).verdict == "passed"


def test_when_enough_was_degraded_no_fault_follows(stage: Stage) -> None:
    stage.degraded["latency"] = 301
    record = stage.run(suite(step("faults"), step("back", "drill", names=("orders",)), max_degraded_seconds=300))
    assert faults(stage) == ["latency"]
    assert "degraded for 301 s, and 300 s is the most" in record.steps[1].reasons[0]
    assert record.degraded_seconds == 301


def test_a_suite_that_would_cost_more_than_it_may_is_refused(stage: Stage) -> None:
    record = stage.run(suite(step("faults"), max_usd="1.49"))
    assert (record.verdict, record.exit_code, stage.injected) == ("refused", 3, [])
    assert record.reasons[0].startswith(
        "plan-refused: it costs up to 1.50 USD, and maxUsd is 1.49; raise it, or choose"
    )
    assert stage.run(suite(step("faults"), max_usd="1.50")).verdict == "passed"


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((step("a", names=("lag",)),), "a/lag is not on this stack"),
        ((step("a", "drill", choice="bucket"),), "nothing to run on this stack"),
        ((step("a", on_failure="roll-back"),), "nothing can roll a version back here"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(stage: Stage, steps: Any, said: str) -> None:
    record = stage.run(suite(*steps))
    assert (record.verdict, stage.injected) == ("refused", [])
    assert said in record.reasons[0]
    told(record)


def test_a_step_whose_cost_nobody_knows_is_refused(stage: Stage) -> None:
    record = stage.cycle().run(stage.planned(suite(step("back", "drill")), {"back/orders": None}))
    assert record.verdict == "refused"
    assert "nobody can tell what back/orders costs" in record.reasons[0]


def test_what_chooses_nothing_here_is_left_out_and_told(stage: Stage) -> None:
    record = stage.run(
        suite(
            step("buckets", "drill", choice="bucket"),
            step("net", choice="network", needs=("buckets",)),
            step("hosts", choice="infrastructure"),
        )
    )
    # It has not passed: what needs it breaks nothing.
    assert told(record) == {"net/latency": "skipped", "hosts/termination": "passed"}
    assert [name for name, _ in stage.injected] == ["termination"]
    assert "needs buckets, which is left out" in record.reasons[0]
    assert [held.step for held in record.plan.left_out] == ["buckets"]


def test_what_cannot_be_tested_here_is_skipped_and_the_suite_proves_less(stage: Stage) -> None:
    planned = replace(stage.planned(suite(step("back", "drill"))), untestable={"back/shop-db": "give --probe"})
    record = stage.cycle().run(planned)
    assert told(record) == {"back/orders": "passed", "back/shop-db": "skipped"}
    assert (record.exit_code, record.reasons) == (5, ("back/shop-db: skipped: give --probe",))


def test_when_it_closes_nothing_more_begins(stage: Stage) -> None:
    stage.closed = lambda: "it may run on MON" if stage.injected else None
    record = stage.run(suite(step("faults", on_failure="continue")))
    assert faults(stage) == ["latency"]
    assert record.steps[2].reasons == ("the suite stopped: it may run on MON",)


def test_what_could_not_end_in_time_is_not_begun(stage: Stage) -> None:
    """Its keys would end, or its job, with a fault there: the cool-down before a step is time that it needs too."""
    asked = list[tuple[str, datetime]]()

    def late(one: PlannedStep, begins: datetime) -> str | None:
        asked.append((one.id, begins))
        return "not over in time" if one.name == "termination" else None

    stage.late = late
    record = stage.run(suite(step("faults", on_failure="continue")))
    assert faults(stage) == ["latency"]
    assert (record.verdict, record.steps[2].reasons) == ("inconclusive", ("the suite stopped: not over in time",))
    over = parse_rfc3339(str(record.steps[0].ended))
    assert [name for name, _ in asked] == ["faults/latency", "faults/termination"]
    assert asked[1][1] - over >= timedelta(minutes=10)
    # Nobody waits for what does not begin.
    assert stage.clock.now() - over < timedelta(minutes=10)


@pytest.mark.parametrize(("verdict", "goes_back"), [("failed", True), ("aborted-by-alarm", True), ("invalid", False)])
def test_the_way_back_is_for_a_version_that_is_to_blame(stage: Stage, verdict: str, goes_back: bool) -> None:
    stage.way_back = WayBack(stage)
    stage.verdicts["latency"] = verdict
    record = stage.run(suite(step("faults", on_failure="roll-back")))
    assert bool(stage.back) is goes_back
    assert faults(stage) == ["latency"]
    assert (record.steps[0].roll_back is not None) is goes_back
    assert (record.degraded_seconds, record.usd) == ((7, Decimal("0.75")) if goes_back else (0, Decimal("0.50")))
    told(record)


def test_a_way_back_that_could_not_be_followed_may_have_cost_two_runs(stage: Stage) -> None:
    stage.way_back = WayBack(stage, raises=RunnerError("the journal is damaged"))
    stage.verdicts["latency"] = "failed"
    record = stage.run(suite(step("faults", names=("latency",), on_failure="roll-back")))
    assert record.usd == Decimal("1.50")


def test_a_control_run_or_a_drill_blames_no_version(stage: Stage) -> None:
    stage.way_back = WayBack(stage)
    stage.verdicts = {"quiet": "failed"}
    record = stage.run(suite(step("quiet", "control", on_failure="roll-back"), step("faults")))
    assert (stage.back, faults(stage), record.exit_code) == ([], ["quiet"], 1)


def test_while_another_run_is_under_way_it_is_refused(stage: Stage) -> None:
    held = stage.leases.acquire("chaos", "20261125-083000-a1b2, a drill of orders,")
    record = stage.run(suite(step("faults")))
    assert (record.verdict, record.exit_code, stage.injected) == ("refused", 3, [])
    assert "a drill of orders" in record.reasons[0]
    stage.leases.release(held)


def test_one_that_is_interrupted_ends_with_a_record(stage: Stage) -> None:
    def interrupted() -> str | None:
        if stage.injected:
            raise KeyboardInterrupt
        return None

    stage.closed = interrupted
    record = stage.run(suite(step("faults")))
    assert told(record)["faults/termination"] == "skipped"
    assert (record.verdict, record.exit_code) == ("aborted-by-operator", 130)


class Killed(BaseException):
    """The machine goes off."""


def killed_at(monkeypatch: pytest.MonkeyPatch, stage: Stage, line: int) -> str | None:
    """Runs a suite until so many lines were written, in all journals; its run, None if it ended before."""
    write, count = Journal.write, 0

    def until(journal: Journal, name: str, /, **data: Any) -> Any:
        nonlocal count
        if count >= line:
            raise Killed
        count += 1
        return write(journal, name, **data)

    with monkeypatch.context() as patched:
        # `try_write` writes by it, and catches what a journal raises: this is none.
        patched.setattr(Journal, "write", until)
        try:
            stage.run(SHORT)
        except Killed:
            return stage.suites[-1]
    return None


SHORT = suite(
    step("quiet", "control"), step("net", names=("latency", "termination"), needs=("quiet",)), step("rest", "wait")
)
LINES = 31
SOME = (1, 3, 6, 9, 14, 22, 30)


@pytest.mark.parametrize(
    "line", [pytest.param(n, marks=[] if n in SOME else [pytest.mark.rare]) for n in range(1, LINES)]
)  # fmt: skip
def test_killed_after_any_line_the_first_step_that_is_not_done_comes_next(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, line: int
) -> None:
    run = killed_at(monkeypatch, stage, line)
    assert run, "it has fewer lines"
    before = faults(stage)
    record = stage.resume(run)
    assert told(record) == {"quiet": "passed", "net/latency": "passed", "net/termination": "passed", "rest": "passed"}
    # No fault twice, and none that was done again.
    assert faults(stage) == ["quiet", "latency", "termination"]
    assert faults(stage)[: len(before)] == before
    assert (record.exit_code, record.stored) == (0, True)
    assert stage.leases.holder("chaos") is None
    assert stage.resume(run) == record


@pytest.mark.parametrize(("minutes", "said"), [(30, None), (31, "may last 31 min from"), (None, None)])
def test_whether_a_step_is_over_in_time(minutes: int | None, said: str | None) -> None:
    begins = datetime(2026, 11, 28, 12, tzinfo=UTC)
    [one] = plan_of(suite(step("quiet", "control")), (), ()).steps
    until = None if minutes is None else begins + timedelta(minutes=30)
    found = late(one, begins, timedelta(minutes=minutes or 999), until)
    assert (found is None) is (said is None)
    assert said is None or said in str(found)
