from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.backup.drill import Drill
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Kind, Verdict
from runners.backup.recovery_test import RecoveryTest, carry_out_all
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


@given(st.lists(st.tuples(VERDICTS, st.booleans())))
def test_zero_means_that_all_passed_and_nothing_is_left(drawn: list[tuple[Verdict, bool]]) -> None:
    records = [replace(PASSED, verdict=verdict, cleaned=cleaned) for verdict, cleaned in drawn]
    all_fine = all(verdict is Verdict.PASSED and cleaned for verdict, cleaned in drawn)
    assert (result(*records).exit_code is ExitCode.OK) == all_fine


def test_one_that_fails_doesn_t_stop_the_others_but_an_interruption_does() -> None:
    verdicts = [Verdict.FAILED, Verdict.INTERRUPTED, Verdict.PASSED]
    drills = cast(list[Drill], verdicts)

    def run(drill: Any) -> DrillRecord:
        return replace(PASSED, verdict=drill)

    assert [record.verdict for record in carry_out_all(drills, run)] == verdicts[:2]
