from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.backup.drill import Drill
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Kind, Verdict
from runners.backup.recovery_test import RecoveryTest, carry_out_all
from runners.errors import InputError
from runners.exit_codes import ExitCode

PASSED = DrillRecord(
    run="20261125-083000-a1b2",
    stack="dev",
    kind=Kind.TABLE,
    resource="orders",
    verdict=Verdict.PASSED,
    reasons=(),
    started="2026-11-25T08:30:00.000Z",
    ended="2026-11-25T08:31:00.000Z",
    restored_to="2026-11-25T08:30:01.000Z",
    rto_seconds=42.0,
    rpo_seconds=300.0,
    objective_minutes=15,
    cost_usd=Decimal("0.15"),
    cost_lines=(),
    phases=(),
    checks=(),
    findings=(),
    cleaned=True,
    left=(),
)
VERDICTS = st.sampled_from(list(Verdict))


def result(*records: DrillRecord) -> RecoveryTest:
    return RecoveryTest(stack="dev", full=True, records=records)


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (["passed", "passed"], ExitCode.OK),
        (["passed", "refused"], ExitCode.NOT_STARTED),
        (["inconclusive", "refused"], ExitCode.NOT_PROVEN),
        (["inconclusive", "failed"], ExitCode.REFUSED),
        (["error", "failed"], ExitCode.AWS_FAILED),
        (["error", "interrupted"], ExitCode.INTERRUPTED),
    ],
)
def test_the_most_severe_code_wins(verdicts: list[str], code: ExitCode) -> None:
    assert result(*(replace(PASSED, verdict=Verdict(verdict)) for verdict in verdicts)).exit_code is code


def test_something_left_behind_outranks_all() -> None:
    records = [replace(PASSED, verdict=verdict) for verdict in Verdict]
    assert result(*records, replace(PASSED, cleaned=False)).exit_code is ExitCode.LEFT_BEHIND


@given(st.lists(st.tuples(VERDICTS, st.booleans())), st.lists(st.just(("shop-db", "nothing can ask it")), max_size=1))
def test_zero_means_that_every_part_passed_and_nothing_is_left(
    drawn: list[tuple[Verdict, bool]], left_out: list[tuple[str, str]]
) -> None:
    records = [replace(PASSED, verdict=verdict, cleaned=cleaned) for verdict, cleaned in drawn]
    all_fine = all(verdict is Verdict.PASSED and cleaned for verdict, cleaned in drawn)
    test = replace(result(*records), left_out=tuple(left_out))
    assert (test.exit_code is ExitCode.OK) == test.passed == (all_fine and bool(drawn) and not left_out)


@pytest.mark.parametrize(
    ("verdict", "code"),
    [("passed", ExitCode.NOT_PROVEN), ("refused", ExitCode.NOT_PROVEN), ("failed", ExitCode.REFUSED)],
)
def test_a_part_that_nobody_looked_at_is_not_proven(verdict: str, code: ExitCode) -> None:
    test = replace(result(replace(PASSED, verdict=Verdict(verdict))), left_out=(("shop-db", "nothing can ask it"),))
    assert test.exit_code is code
    assert test.document()["passed"] is False


def drill(name: str) -> Drill:
    return cast(Drill, SimpleNamespace(resource=name))


def test_one_that_fails_doesn_t_stop_the_others_but_an_interruption_does() -> None:
    verdicts = {"a": Verdict.FAILED, "b": Verdict.INTERRUPTED, "c": Verdict.PASSED}
    records, left_out = carry_out_all(
        [drill(name) for name in verdicts],
        lambda asked: replace(PASSED, resource=asked.resource, verdict=verdicts[asked.resource]),
    )
    assert [record.resource for record in records] == ["a", "b"]
    assert left_out == (("c", "the test was interrupted before it"),)


def test_one_that_cannot_begin_doesn_t_stop_the_others_and_is_named() -> None:
    def run(asked: Drill) -> DrillRecord:
        if asked.resource != "b":
            return PASSED
        raise InputError("table b does not exist")

    records, left_out = carry_out_all([drill("a"), drill("b"), drill("c")], run)
    assert (len(records), left_out) == (2, (("b", "table b does not exist"),))
    with pytest.raises(InputError, match="table b"):
        carry_out_all([drill("b")], run)
