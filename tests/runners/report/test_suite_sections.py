"""Suites and rollbacks in the report: with their steps, reasons and proof, in every form of it."""

from __future__ import annotations

import json

import jsonschema
import msgspec
import pytest

from contract.execution_record import NOT_SHOWN
from contract.schema import FOLDER
from runners.pull_requests.schemas import first_fault
from runners.report.assembling import NEWEST, Beside, report_of
from runners.report.markdown import markdown
from runners.report.model import Report
from runners.report.page.page import page
from tests.runners.report.conftest import analysis_of
from tests.runners.report.suite_documents import BACK, KEPT, REFUSED, SUITE

EXECUTION = {
    "version": 1,
    "type": "execution",
    "run": "20261128-100000-0009",
    "stack": "dev",
    "operator": "ial-dev-suite-weekly",
    "execution": "e1",
    "suite": "weekly",
    "verdict": "not-judged",
    "outcome": "done",
    "reasons": ["network/latency: FIS ended it as failed"],
    "began": "2026-11-28T10:00:00.000Z",
    "ended": "2026-11-28T11:00:00.000Z",
    "steps": [
        {"id": "network/latency", "status": "failed", "run": "20261128-100100-0010", "usd": "0.50"},
        {"id": "rest", "status": "waited", "run": None, "usd": None},
        {"id": "infrastructure/x", "status": "skipped", "run": None, "usd": None},
        {"id": "infrastructure/y", "status": "unknown", "run": "20261128-100200-0011", "usd": "0.25"},
    ],
    "leftOut": [],
    "notShown": list(NOT_SHOWN),
}
# Of before prices and what is not shown were in it.
OLDER = {key: value for key, value in EXECUTION.items() if key != "notShown"} | {
    "run": "20261127-100000-0009",
    "steps": [{"id": "a/b", "status": "completed", "run": "20261127-1"}],
}


@pytest.fixture(scope="module")
def by_machine() -> Report:
    return report_of(analysis_of([]), [SUITE, EXECUTION, OLDER], Beside())


def test_a_suite_of_a_state_machine_has_steps_and_a_price_and_no_verdict(by_machine: Report) -> None:
    assert [first_fault(document, "execution-record") for document in (EXECUTION, OLDER)] == [None] * 2
    newest, older, runner = by_machine.suites
    assert (newest.verdict, newest.usd, newest.degraded_seconds, newest.most_usd) == ("not-judged", "0.75", None, None)
    assert [(step.kind, step.status, step.verdict) for step in newest.steps] == [
        ("experiment", "failed", None),
        ("wait", "waited", None),
        ("not begun", "skipped", None),
        ("experiment", "unknown", None),
    ]
    assert newest.left == ("infrastructure/y: whether FIS ended it is not known",)
    assert (older.usd, older.not_shown, runner.not_shown) == (None, NOT_SHOWN, ())
    jsonschema.validate(
        json.loads(msgspec.json.encode(by_machine)), json.loads((FOLDER / "report.schema.json").read_text())
    )


def test_what_a_state_machine_does_not_show_is_said(by_machine: Report) -> None:
    text = page(by_machine)
    assert f"A state machine ran it. Not shown: {', '.join(NOT_SHOWN)}." in text
    assert text.count("A state machine ran it.") == 2
    assert "? not judged" in text
    assert "| weekly | not-judged | 0.75 USD |" in markdown(by_machine)
    assert "| weekly | not-judged | not known |" in markdown(by_machine)


@pytest.fixture(scope="module")
def shown() -> Report:
    return report_of(analysis_of([]), [SUITE, BACK, KEPT, REFUSED, {"type": "control", "run": "r"}], Beside())


def test_they_are_documents_as_they_are_stored() -> None:
    assert first_fault(SUITE, "suite-record") is None
    assert [first_fault(document, "rollback-record") for document in (BACK, KEPT, REFUSED)] == [None] * 3


def test_each_has_a_section_the_newest_first(shown: Report) -> None:
    assert [held.run for held in shown.suites] == [SUITE["run"]]
    assert [held.verdict for held in shown.rollbacks] == ["refused", "kept", "rolled-back"]
    assert (shown.runs, shown.drills) == ((), ())
    assert shown.notes == ()
    back = shown.rollbacks[-1]
    assert (back.re_run, back.proof, back.steady, back.cause) == (
        "aborted-by-alarm",
        "passed",
        True,
        SUITE["steps"][1]["run"],
    )
    assert [(change.newer, change.older, change.arrived) for change in back.changes] == [("web:2", "web:1", True)]
    jsonschema.Draft202012Validator(json.loads((FOLDER / "report.schema.json").read_text(encoding="utf-8"))).validate(
        json.loads(msgspec.json.encode(shown))
    )


def test_the_page_has_steps_reasons_and_proof(shown: Report) -> None:
    html = page(shown)
    for text in (
        "post-deploy, 20261125-100000-0001",
        "the suite stopped",
        "after network-latency",
        "same-version: what",
    ):
        assert text in html
    assert "web:2" in html
    # Whatever a run says is text.
    assert "&lt;b&gt;errors&lt;/b&gt; rang" in html
    assert "<b>errors" not in html


def test_the_short_form_has_a_line_for_each(shown: Report) -> None:
    text = markdown(shown)
    assert "| 20261125-100000-0001 | post-deploy | aborted | 0.50 of 1.50 USD |" in text
    assert "| 20261125-102100-0004 | network-latency | rolled-back: failed-again | passed |" in text
    assert "| 20261126-102100-0007 | network-latency | kept: same-version | not run |" in text


def test_without_any_it_says_so() -> None:
    html = page(report_of(analysis_of([]), [], Beside()))
    assert "No suite ran in this time." in html
    assert "nobody asked for a version to be taken back" in html


def test_what_is_not_whole_is_named_and_what_is_older_is_counted() -> None:
    many = [{**SUITE, "run": f"20261125-{number:06}"} for number in range(NEWEST + 3)]
    broken = {key: value for key, value in BACK.items() if key != "cause"}
    found = report_of(analysis_of([]), [*many, broken, {**SUITE, "run": "20261130-1", "steps": [{}]}], Beside())
    assert (len(found.suites), found.rollbacks) == (NEWEST, ())
    assert [note.split(" is not shown")[0] for note in found.notes[:2]] == [
        "run 20261130-1",
        f"run {BACK['run']}",
    ]
    assert found.notes[2].startswith("3 older runs")
