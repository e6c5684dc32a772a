"""What a team declares is in every form of the report."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from rich.console import Console

from preview.gate import Status
from preview.report.document import Occasion, preview_report, report_json
from preview.report.estimate_view import explain
from preview.report.junit import junit
from preview.report.markdown import render_markdown
from preview.report.model import PreviewReport
from preview.report.sarif import sarif
from preview.report.terminal import show_report
from pricing.declarations import Declaration, Declarations
from pricing.estimate import estimate
from pricing.price_book import PriceBook
from pricing.report import estimate_document
from pricing.resource import Graph, Resource
from pricing.usage import Usage

TYPE = "cloudflare:index/record:Record"
FREE = Declaration(
    type="a:b:C", name=None, amount=None, why="local", source="its docs", until=date(2027, 6, 30),
    place="dev.yaml: freeTypes[0]",
)  # fmt: skip
COST = replace(FREE, type=TYPE, amount=Decimal("2.5"), why="billed elsewhere", place="dev.yaml: declaredCosts[0]")


@pytest.fixture
def report() -> PreviewReport:
    record = Resource(urn=f"urn:pulumi:dev::p::{TYPE}::www", type=TYPE, name="www")
    priced = estimate(
        Graph([record]), Usage(), PriceBook.load(), region="us-east-1", today=date(2026, 11, 28),
        declarations=Declarations((FREE,), (COST,)),
    )  # fmt: skip
    occasion = Occasion(engine="local", program="p", stack="dev", run_id="r", as_of="2026-11-28")
    return preview_report(Status.WITHIN, occasion, estimate=estimate_document(priced))


def shown(report: PreviewReport, *, explained: bool = False) -> str:
    console = Console(file=io.StringIO(), width=400)
    if explained:
        assert report["estimate"]
        explain(report["estimate"], console)
    else:
        show_report(report, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("form", ["terminal", "explain", "markdown", "json", "sarif", "junit"])
def test_both_are_told_with_amount_reason_source_and_end(report: PreviewReport, form: str) -> None:
    text = {
        "terminal": lambda: shown(report),
        "explain": lambda: shown(report, explained=True),
        "markdown": lambda: render_markdown(report).replace("\\", ""),
        "json": lambda: report_json(report),
        "sarif": lambda: json.dumps(sarif(report)),
        "junit": lambda: junit(report),
    }[form]()
    for word in (TYPE, "2.5", "billed elsewhere", "a:b:C", "local", "its docs", "2027-06-30", "declaredCosts"):
        assert word in text, word


def test_a_declaration_is_a_note_and_no_failure(report: PreviewReport) -> None:
    (run,) = json.loads(json.dumps(sarif(report)))["runs"]
    assert {entry["level"] for entry in run["results"]} == {"note"}
    assert "<failure" not in junit(report)
