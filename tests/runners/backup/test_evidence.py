from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.backup.evidence import (
    Check,
    Finding,
    Verdict,
    checks_of,
    findings_of,
    verdict_of,
)
from runners.backup.lines import CHECK, FINDING
from runners.runs.journal import Entry
from runners.runs.run import steps_done
from runners.runs.steps import FAULT, REFUSED

AT = "2026-11-25T08:30:00.000Z"


def line(step: str, **data: Any) -> Entry:
    return Entry(1, AT, step, data)


def seen(name: str, ok: bool | None) -> Entry:
    return line(CHECK, **Check(name=name, ok=ok, expected="one", observed="two").document())


FAILED_CALL = line(FAULT, message="dynamodb:Scan on orders: 500", interrupted=False)
CTRL_C = line(FAULT, message="interrupted by the operator", interrupted=True)


@pytest.mark.parametrize(
    ("entries", "verdict", "reasons"),
    [
        ([seen("content", True), seen("count", True)], Verdict.PASSED, []),
        ([seen("content", True)], Verdict.INCONCLUSIVE, ["count: was not looked at"]),
        ([], Verdict.INCONCLUSIVE, ["content: was not looked at", "count: was not looked at"]),
        (
            [seen("content", True), seen("count", None)],
            Verdict.INCONCLUSIVE,
            ["count: expected one, found two"],
        ),
        ([seen("content", False), seen("count", True)], Verdict.FAILED, ["content: expected one, found two"]),
        ([seen("content", False), FAILED_CALL], Verdict.FAILED, ["content: expected one, found two"]),
        ([seen("content", True), seen("count", True), FAILED_CALL], Verdict.ERROR, ["dynamodb:Scan on orders: 500"]),
        ([seen("content", True), CTRL_C], Verdict.INTERRUPTED, ["interrupted by the operator"]),
        ([line(REFUSED, reasons=["too dear"])], Verdict.REFUSED, ["too dear"]),
        # A check beyond the required ones counts as well.
        ([seen("content", True), seen("count", True), seen("probe", None)], Verdict.INCONCLUSIVE, None),
        ([seen("content", False), seen("content", True), seen("count", True)], Verdict.PASSED, []),
    ],
)
def test_verdicts(entries: list[Entry], verdict: Verdict, reasons: list[str] | None) -> None:
    found, why = verdict_of(entries, {"content", "count"})
    assert found is verdict
    assert reasons is None or why == reasons


LINES = st.lists(
    st.one_of(
        st.builds(seen, st.sampled_from(["content", "count", "probe"]), st.sampled_from([True, False, None])),
        st.just(FAILED_CALL),
        st.just(CTRL_C),
        st.just(line(REFUSED, reasons=["too dear"])),
    )
)


@given(LINES)
def test_passed_needs_all_evidence_and_nothing_against_it(entries: list[Entry]) -> None:
    verdict, reasons = verdict_of(entries, {"content", "count"})
    newest = {name: check.ok for name, check in checks_of(entries).items()}
    complete = {"content", "count"} <= newest.keys() and all(ok is True for ok in newest.values())
    clean = all(entry.step == CHECK for entry in entries)
    assert (verdict is Verdict.PASSED) == (complete and clean)
    assert (verdict is Verdict.PASSED) == (not reasons)


def test_details_are_told() -> None:
    check = Check(name="indexes", ok=False, expected="by-state", observed="none", detail="by-state is missing")
    _, reasons = verdict_of([line(CHECK, **check.document())], set())
    assert reasons == ["indexes: expected by-state, found none: by-state is missing"]


def test_findings_are_told_once() -> None:
    ttl = Finding(what="time to live is off", advice="switch it on")
    assert findings_of([line(FINDING, **ttl.document()), line(FINDING, **ttl.document())]) == [ttl]


def test_a_step_lasts_from_its_first_line_to_its_last() -> None:
    entries = [Entry(1, "a", "scan", {}), Entry(2, "b", "scan", {}), Entry(3, "c", "scan.done", {}), line("restore")]
    assert {name: (first.at, last.at) for name, (first, last) in steps_done(entries).items()} == {"scan": ("a", "c")}
