from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pricing.base_report import is_report, parse_base_report, read_base_report
from pricing.errors import ResourceFileError
from pricing.estimate import Estimate, ResourceCost
from pricing.line_item import LineItem
from pricing.price_book import Price, Tier
from pricing.quantity import Quantity
from pricing.registry import Classification
from pricing.report import estimate_document
from pricing.resource import Resource

PRICE = Price(
    key="k", service="S", usage_type="U", region="us-east-1", unit="run", source="AWS Price List",
    tiers=(Tier(None, Decimal("0.1")),), free_quantity=Decimal(0), source_date=date(2026, 11, 20), confidence="high",
)  # fmt: skip
ITEM = LineItem(name="Runs", price=PRICE, quantity=Quantity.exact(Decimal(52) / Decimal(12)), formula="52 / 12")
ESTIMATE = Estimate(
    resources=tuple(
        ResourceCost(
            resource=Resource(urn=f"urn:pulumi:dev::ial::aws:a/b:C::{name}", type="aws:a/b:C", name=name),
            classification=Classification.PRICED, items=(ITEM,),
        )
        for name in "xyz"
    ),
    problems=(), warnings=(), region="us-east-1", as_of=date(2026, 11, 25), book_digest="d",
)  # fmt: skip


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(estimate_document(ESTIMATE)), parse_int=Decimal)
    return found


def test_an_estimate_compared_with_its_own_report_is_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "base.json"
    path.write_text(json.dumps(estimate_document(ESTIMATE)))
    base = read_base_report(path)
    delta = base.against(ESTIMATE)
    assert (delta.changes, delta.notes) == ((), ())
    assert (delta.unchanged_count, delta.difference("maximum")) == (3, Decimal(0))
    assert (base.region, base.as_of, base.complete) == ("us-east-1", "2026-11-25", True)


def test_what_makes_the_comparison_less_exact_is_noted() -> None:
    data = document()
    data.update(complete=False, region="eu-west-1")
    notes = parse_base_report(data, "b.json").against(ESTIMATE).notes
    assert [note.split(",")[0] for note in notes] == [
        "b.json left something out of its total",
        "b.json has the prices of eu-west-1",
    ]


def test_a_preview_report_holds_an_estimate() -> None:
    assert len(parse_base_report({"verdict": "within", "estimate": document()}, "b.json").resources) == 3


@pytest.mark.parametrize("data", [None, [], {}, "x", {"steps": []}, {"deployment": {}}])
def test_other_documents_are_no_reports(data: object) -> None:
    assert not is_report(data)
    with pytest.raises(ResourceFileError, match="not a report; accepted: an estimate"):
        parse_base_report(data, "b.json")


FAULTS: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda data: data.update(version=Decimal(2)), "version: 2; accepted is 1"),
    (lambda data: data.pop("version"), "version: None"),
    (lambda data: data.update(currency="EUR"), "currency: 'EUR'; accepted is USD"),
    (lambda data: data.pop("complete"), "complete: None"),
    (lambda data: data.update(estimate=None), "estimate: expected an object"),
    (lambda data: data.update(resources=None), "resources: expected a list"),
    (lambda data: data["resources"].append(1), "resources[3]: expected an object"),
    (lambda data: data["resources"].pop(), "totalMonthlyCost: 1.2999999999, but its resources add up to"),
    (lambda data: data["resources"].append(data["resources"][0]), "is listed twice"),
    (lambda data: data.update(totalMonthlyCost=None), "totalMonthlyCost: null"),
    (lambda data: data["resources"][0].update(monthlyCost="-1"), "resources[0].monthlyCost: '-1'"),
    (lambda data: data["resources"][0].update(monthlyCost=Decimal(1)), "resources[0].monthlyCost: Decimal('1')"),
    (lambda data: data["resources"][0].update(monthlyCost="NaN"), "resources[0].monthlyCost: 'NaN'"),
    (lambda data: data["resources"][0].update(monthlyCost=None), "monthlyCost: null; an amount is needed"),
    (lambda data: data["resources"][0].update(monthlyCostMaximum="0"), "need 0 <= minimum <= expected <= maximum"),
    (lambda data: data["resources"][0].pop("urn"), "resources[0].urn: None; a text is needed"),
    (lambda data: data["resources"][0].pop("costComponents"), "resources[0].costComponents: expected a list"),
    (lambda data: data["resources"][0]["costComponents"][0].update(price="x"), "costComponents[0].price: 'x'"),
]


@pytest.mark.parametrize(("spoil", "message"), FAULTS)
def test_a_malformed_report_is_an_error(spoil: Callable[[dict[str, Any]], object], message: str) -> None:
    data = copy.deepcopy(document())
    spoil(data)
    with pytest.raises(ResourceFileError) as error:
        parse_base_report(data, "b.json")
    text = str(error.value)
    assert text.startswith("b.json: ")
    assert "\n" not in text
    assert message in text


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ResourceFileError, match="cannot be read"):
        read_base_report(tmp_path / "none.json")


@pytest.mark.parametrize(("off", "is_kept"), [("0.000001", True), ("0.0000011", False), ("-0.000001", True)])
def test_a_total_may_be_rounded_but_not_more(off: str, is_kept: bool) -> None:
    data = document()
    summed = sum(Decimal(entry["monthlyCost"]) for entry in data["resources"])
    for name in ("totalMonthlyCost", "totalMonthlyCostMinimum", "totalMonthlyCostMaximum"):
        data[name] = str(summed + Decimal(off))
    if is_kept:
        assert len(parse_base_report(data, "b.json").resources) == 3
    else:
        with pytest.raises(ResourceFileError, match="totalMonthlyCost"):
            parse_base_report(data, "b.json")
