from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import jsonschema
import pytest

from pricing.estimate import Estimate, Problem, ResourceCost
from pricing.line_item import LineItem
from pricing.money import dollars, dollars_up, exact, percent, plain, shortest, signed_dollars
from pricing.price_book import Price, Tier
from pricing.quantity import Quantity
from pricing.registry import Classification
from pricing.report import estimate_document
from pricing.resource import Resource, component_chain, urn_name, urn_type

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "estimate.schema.json").read_text())
WEEKLY = Decimal(52) / Decimal(12)


def price(*tiers: tuple[str | None, str], read: str = "2026-11-20", free: str = "0") -> Price:
    return Price(
        key="k" if read == "2026-11-20" else "older", service="S", usage_type="U", region="us-east-1", unit="run",
        source="AWS Price List",
        tiers=tuple(Tier(None if bound is None else Decimal(bound), Decimal(amount)) for bound, amount in tiers),
        free_quantity=Decimal(free), source_date=date.fromisoformat(read), confidence="high",
    )  # fmt: skip


def entry(name: str, *items: LineItem, kind: Classification = Classification.PRICED) -> ResourceCost:
    urn = f"urn:pulumi:dev::ial::ial:backup:Backup$aws:a/b:C::{name}"
    return ResourceCost(
        resource=Resource(urn=urn, type=urn_type(urn), name=urn_name(urn), components=component_chain(urn)),
        classification=kind, items=items,
    )  # fmt: skip


RUNS = LineItem(name="Runs", price=price((None, "0.0000001")), quantity=Quantity.exact(WEEKLY), formula="52 / 12")
TIERED = LineItem(name="Calls", price=price(("10", "0.5"), (None, "0.25")), quantity=Quantity.exact(14), formula="14")
RANGE = LineItem(
    name="Range", price=price((None, "0.1"), read="2026-09-01", free="2"),
    quantity=Quantity(Decimal(1), Decimal(2), Decimal(3)), formula="1..2..3", by_usage=True,
)  # fmt: skip
UNDECLARED = LineItem(name="Open", price=price((None, "0.1")), quantity=None, formula="calls (not declared)")


def estimate(*entries: ResourceCost, problems: tuple[Problem, ...] = ()) -> Estimate:
    return Estimate(
        resources=entries, problems=problems, warnings=("b", "a", "b"), region="us-east-1",
        as_of=date(2026, 11, 25), book_digest="digest",
    )  # fmt: skip


FULL = estimate(
    entry("b", TIERED), entry("a", RUNS, RANGE), entry("c", UNDECLARED, kind=Classification.USAGE_PRICED),
    entry("d", kind=Classification.FREE), entry("e", kind=Classification.BILLED_BY_PARENT),
    entry("f", kind=Classification.UNCLASSIFIED),
    problems=(Problem("z", None, "m"), Problem("a", "urn:x", "m")),
)  # fmt: skip


def test_the_document_obeys_its_schema() -> None:
    for found in (FULL, estimate()):
        jsonschema.validate(json.loads(json.dumps(estimate_document(found, environment="dev"))), SCHEMA)


def test_amounts_are_exact_and_plain() -> None:
    document = estimate_document(FULL)
    first = document["resources"][0]["costComponents"][0]
    assert (first["monthlyQuantity"], first["price"], first["monthlyCost"]) == (
        "4.3333333333",
        "0.0000001",
        "0.0000004333",
    )
    assert document["totalMonthlyCost"] == "6.2000004333"
    assert (document["totalMonthlyCostMinimum"], document["totalMonthlyCostMaximum"]) == (
        "6.1000004333",
        "6.3000004333",
    )


def test_tiers_are_shown_where_there_are_several() -> None:
    item = estimate_document(FULL)["resources"][1]["costComponents"][0]
    assert item["tiers"] == [{"quantity": "10", "price": "0.5"}, {"quantity": "4", "price": "0.25"}]
    assert (item["price"], item["monthlyCost"]) == ("0.5", "6")


def test_undeclared_usage_is_null_and_not_zero() -> None:
    item = estimate_document(FULL)["resources"][2]["costComponents"][0]
    assert (item["monthlyQuantity"], item["monthlyCost"]) == (None, None)


def test_the_summary_counts_every_resource_once() -> None:
    summary = estimate_document(FULL)["summary"]
    assert summary == {
        "detected": 6, "priced": 2, "usageBased": 1, "free": 1, "billedByParent": 1, "declaredFree": 0,
        "declaredCost": 0, "unclassified": 1,
    }  # fmt: skip


def test_the_price_book_gives_the_oldest_check() -> None:
    assert estimate_document(FULL)["priceBook"] == {
        "digest": "digest",
        "oldestSource": "2026-09-01",
        "usableUntil": "2027-02-28",
    }
    assert estimate_document(estimate())["priceBook"]["oldestSource"] is None
    assert estimate_document(estimate())["priceBook"]["usableUntil"] is None


def test_lines_capabilities_and_total_add_up() -> None:
    document = estimate_document(FULL)
    lines = sum(Decimal(item["monthlyCost"]) for item in document["resources"])
    assert lines == sum(Decimal(item["monthlyCost"]) for item in document["capabilities"])
    assert lines == Decimal(document["totalMonthlyCost"])


def test_order_does_not_depend_on_registration() -> None:
    shuffled = list(FULL.resources)
    Random(7).shuffle(shuffled)
    assert shuffled != list(FULL.resources)
    again = estimate_document(estimate(*shuffled, problems=FULL.problems[::-1]))
    assert json.dumps(again) == json.dumps(estimate_document(FULL))
    assert again["warnings"] == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0"), ("-0.00", "0"), ("1E+3", "1000"), ("1E-12", "0"), ("0.10", "0.1"), ("-1.50", "-1.5"), ("100", "100")],
)
def test_plain_numbers(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


def test_amounts_for_people() -> None:
    assert [dollars(Decimal(value)) for value in ("0.005", "1234.5", "-3", "-0.001")] == [
        "$0.01",
        "$1,234.50",
        "-$3.00",
        "$0.00",
    ]
    assert [signed_dollars(Decimal(value)) for value in ("1.2", "-3", "0.001")] == ["+$1.20", "-$3.00", "$0.00"]
    assert [dollars_up(Decimal(value)) for value in ("1", "1.0001", "1.01")] == ["$1.00", "$1.01", "$1.01"]
    assert (exact(WEEKLY), shortest(Decimal("1E-7"))) == (Decimal("4.3333333333"), "0.0000001")
    assert [percent(Decimal(value)) for value in ("0.8749", "0.9999", "1", "1.00001", "1.35")] == [
        "87 %", "99.9 %", "100 %", "100.1 %", "135 %",
    ]  # fmt: skip
