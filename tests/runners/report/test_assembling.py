from __future__ import annotations

import json
import random
from typing import Any

import jsonschema
import msgspec
import pytest

from contract.schema import FOLDER
from runners.report.assembling import LOOKED_AT, NEWEST, Beside, report_of
from runners.report.model import Report
from tests.runners.report.conftest import analysis_of


def test_the_newest_are_shown_and_the_others_told(report: Report, documents: list[dict[str, Any]]) -> None:
    ours = [document for document in documents if document.get("type") is None]
    shown = len(report.runs) + len(report.drills)
    assert len(report.runs) == NEWEST
    assert [run.run for run in report.runs] == sorted((run.run for run in report.runs), reverse=True)
    assert report.notes == (f"{len(ours) - shown} older runs are counted above and not shown in full",)


def test_the_order_of_documents_does_not_matter(report: Report, documents: list[dict[str, Any]]) -> None:
    again = report_of(
        report.analysis, reversed(documents), Beside(cost=report.cost, bill=report.bill, services=report.services)
    )
    assert again == report


def test_a_record_that_is_not_whole_costs_its_own_section(documents: list[dict[str, Any]]) -> None:
    [first, second] = [document for document in documents if "experiment" in document][:2]
    broken = {key: value for key, value in first.items() if key != "times"}
    wrong = second | {"reasons": "none"}
    report = report_of(analysis_of([]), [broken, wrong, documents[-1]], Beside())
    assert report.runs == ()
    assert len(report.drills) == 1
    assert sorted(note.split(" is not shown")[0] for note in report.notes) == sorted(
        f"run {document['run']}" for document in (first, second)
    )


def test_what_is_written_holds_to_the_schema(report: Report, empty: Report) -> None:
    schema = json.loads((FOLDER / "report.schema.json").read_text(encoding="utf-8"))
    for one in (report, empty):
        document = json.loads(msgspec.json.encode(one))
        jsonschema.Draft202012Validator(schema).validate(document)
        assert msgspec.convert(document, Report) == one


@pytest.mark.parametrize("count", [NEWEST, LOOKED_AT, 2 * LOOKED_AT, 7 * LOOKED_AT + 3])
def test_of_many_runs_the_newest_are_shown_and_all_are_counted(documents: list[dict[str, Any]], count: int) -> None:
    run, drill = (next(held for held in documents if key in held) for key in ("experiment", "resource"))
    names = [f"20261101-{number:06}-0000" for number in range(count)]
    many = [run | {"run": name} for name in names]
    few = [drill | {"run": name.replace("2026", "2025")} for name in names[:3]]
    given = [*many, *few]
    random.Random(count).shuffle(given)
    report = report_of(analysis_of([]), given, Beside())
    assert [held.run for held in report.runs] == names[::-1][:NEWEST]
    assert [held.run for held in report.drills] == [held["run"] for held in few][::-1]
    told = (f"{count - NEWEST} older runs are counted above and not shown in full",) if count > NEWEST else ()
    assert report.notes == told
