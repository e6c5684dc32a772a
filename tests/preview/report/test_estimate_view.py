from __future__ import annotations

import copy
import io
from typing import Any

from rich.console import Console

from preview.report.amounts import shown_against, shown_growth, shown_price
from preview.report.estimate_view import explain, show_estimate


def shown(document: Any, view: Any = show_estimate, width: int = 100) -> str:
    out = io.StringIO()
    view(document, Console(file=out, width=width))
    return out.getvalue()


def undeclared(reports: Any) -> Any:
    document = copy.deepcopy(reports.within["estimate"])
    for entry in document["resources"]:
        if entry["name"] == "app-logs":
            entry["costComponents"][0].update(monthlyQuantity=None, monthlyCost=None)
            entry.update(monthlyCost="0", monthlyCostMaximum="0")
        if entry["name"] == "runner":
            entry.update(classification="unclassified")
    document["problems"] = [{"code": "undeclared-usage", "urn": None, "message": "usage `gb` is not declared"}]
    document["complete"] = False
    return document


def test_every_priced_resource_and_the_total_are_shown(reports: Any) -> None:
    rows = [line.split() for line in shown(reports.within["estimate"]).splitlines()]
    assert ["alarms-errors", "aws:cloudwatch/metricAlarm:MetricAlarm", "$0.70", "$0.70"] in rows
    assert ["total", "$3.07", "$4.07"] in rows


def test_what_could_not_be_priced_never_looks_like_nothing(reports: Any) -> None:
    text = shown(undeclared(reports))
    rows = {line.split()[0]: line.split()[-2:] for line in text.splitlines() if line.strip()}
    assert rows["app-logs"] == rows["runner"] == ["unknown", "unknown"]
    assert "total of what could be priced" in text
    assert "usage `gb` is not declared" in text


def test_the_explanation_shows_arithmetic_source_and_date(reports: Any) -> None:
    text = shown(reports.within["estimate"], explain)
    assert "7 alarm metric-month x 0.10 USD = 0.70 USD" in text
    assert "50 x 0.023 + 10 x 0.022 USD per GB-month = 1.37 USD" in text
    assert "2 GB x 0.50 USD = 1.00 USD (from 0.5 to 2 USD)" in text
    assert "AWS Price List, us-east-1, of 2026-11-20" in text
    assert "free: IAM is free of charge" in text


def test_the_explanation_names_undeclared_usage_and_bounds(reports: Any) -> None:
    document = undeclared(reports)
    document["resources"][0]["boundedProperties"] = ["count"]
    text = shown(document, explain)
    assert "Ingestion: usage is not declared; 0.50 USD per GB" in text
    assert "unknown at preview, priced from its declared bound: count" in text


def test_lines_of_the_explanation_are_not_wrapped(reports: Any) -> None:
    assert shown(reports.within["estimate"], explain, 20) == shown(reports.within["estimate"], explain, 200)


def test_amounts() -> None:
    assert [shown_price(text) for text in ("1", "0.1", "0.123", "12.34")] == ["1.00", "0.10", "0.123", "12.34"]
    assert shown_against("1.0001", "1") == "$1.01 of $1.00"
    assert shown_against("1.01", "1") == "$1.01 of $1.00"
    assert (shown_growth(None), shown_growth("-3.14")) == ("", " (-3.1 %)")
