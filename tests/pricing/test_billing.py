"""What rules read: what is known, what usage bounds, and what is refused because nobody knows it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from pricing.billing import Billing, Unbounded, Unpriceable
from pricing.errors import CatalogError
from pricing.price_book import PriceBook
from pricing.quantity import Quantity
from pricing.registry import unit_of
from pricing.resource import UNKNOWN, Graph, Plain, Resource
from pricing.usage import Usage

TYPE = "aws:sqs/queue:Queue"
PRICE = "cloudwatch.alarm.standard"


def billing(properties: dict[str, Plain] | None = None, usage: dict[str, Any] | None = None, **of: Any) -> Billing:
    resource = Resource(urn=f"urn:pulumi:dev::ial::{TYPE}::q", type=TYPE, name="q", properties=properties or {}, **of)
    return Billing(
        resource=resource,
        graph=Graph([resource]),
        usage=Usage.from_mapping({"types": {TYPE: usage}} if usage else {}, "usage.yaml"),
        book=PriceBook.load(),
        default_region="us-east-1",
        unit_of=unit_of,
        defaults={"runs": Quantity.exact(7)},
    )


@pytest.mark.parametrize(
    ("own", "provider", "region"),
    [
        ({}, None, "us-east-1"),
        ({}, "eu-west-1", "eu-west-1"),
        ({"region": "sa-east-1"}, "eu-west-1", "sa-east-1"),
        ({"region": "sa-east-1"}, None, "sa-east-1"),
    ],
)
def test_the_nearest_region_counts(own: dict[str, Plain], provider: str | None, region: str) -> None:
    assert billing(own, region=provider).region == region


@pytest.mark.parametrize(("own", "provider"), [({}, UNKNOWN), ({"region": UNKNOWN}, None)])
def test_a_region_that_is_unknown_is_not_guessed(own: dict[str, Plain], provider: Any) -> None:
    with pytest.raises(Unbounded, match="`region` decides the price and is unknown"):
        assert billing(own, region=provider).region


@pytest.mark.parametrize(("usage", "used"), [({"runs": 2}, 2), (None, 7), ({"runs": 0}, 0)])
def test_what_is_declared_goes_before_the_default(usage: dict[str, Any] | None, used: int) -> None:
    assert billing(usage=usage).use("runs") == Quantity.exact(used)
    assert billing(usage=usage).use("other") is None


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        (lambda b: b.number("x"), Decimal(3), Quantity.exact(3)),
        (lambda b: b.number("x"), "3.5", Quantity.exact(Decimal("3.5"))),
        (lambda b: b.number("x"), Decimal(0), Quantity.exact(0)),
        (lambda b: b.number("x", default=5), None, Quantity.exact(5)),
        (lambda b: b.number("x", default=5), Decimal(0), Quantity.exact(0)),
        (lambda b: b.number("x", unknown="bound"), UNKNOWN, Quantity.exact(9)),
        (lambda b: b.text("x"), "words", "words"),
        (lambda b: b.text("x", "else"), None, "else"),
        (lambda b: b.text("x", "else", unknown="dearest"), UNKNOWN, "dearest"),
        (lambda b: b.flag("x"), True, True),
        (lambda b: b.flag("x", default=True), False, False),
        (lambda b: b.flag("x"), "true", True),
        (lambda b: b.flag("x", default=True), "false", False),
        (lambda b: b.flag("x"), None, False),
        (lambda b: b.flag("x", default=True), None, True),
        (lambda b: b.flag("x", unknown=True), UNKNOWN, True),
        (lambda b: b.flag("x", default=True, unknown=False), UNKNOWN, False),
        (lambda b: b.items_of("x"), None, []),
        (lambda b: b.items_of("x"), ["a", "b"], ["a", "b"]),
        (lambda b: b.items_of("x"), {"a": "b"}, [{"a": "b"}]),
    ],
)
def test_what_is_read(read: Callable[[Billing], object], value: Plain, found: object) -> None:
    b = billing({"x": value}, {"bound": 9})
    assert read(b) == found
    assert b.bounded == (["x"] if value is UNKNOWN else [])


@pytest.mark.parametrize(
    "read",
    [
        lambda b: b.number("x"),
        lambda b: b.number("x", unknown="other", default=1),
        lambda b: b.text("x", "else"),
        lambda b: b.flag("x", default=True),
        lambda b: b.items_of("x"),
    ],
)
def test_what_is_unknown_without_a_bound_is_refused(read: Callable[[Billing], object]) -> None:
    with pytest.raises(Unbounded, match="`x` decides the price"):
        read(billing({"x": UNKNOWN}))


@pytest.mark.parametrize(
    ("read", "value", "needed"),
    [
        (lambda b: b.number("x"), None, "a number of zero or more"),
        (lambda b: b.number("x", default=1), Decimal(-1), "a number of zero or more"),
        (lambda b: b.number("x"), "many", "a number of zero or more"),
        (lambda b: b.number("x"), True, "a number of zero or more"),
        (lambda b: b.number("x"), Decimal("Infinity"), "a number of zero or more"),
        (lambda b: b.text("x"), None, "a text"),
        (lambda b: b.text("x", "else"), Decimal(1), "a text"),
        (lambda b: b.flag("x"), "yes", "true or false"),
        (lambda b: b.flag("x"), Decimal(1), "true or false"),
    ],
)
def test_what_is_something_else_is_refused(read: Callable[[Billing], object], value: Plain, needed: str) -> None:
    with pytest.raises(Unpriceable, match=f"`x` is .*; {needed} is needed"):
        read(billing({"x": value}))


def test_a_line_has_the_price_of_its_region_and_says_what_it_rests_on() -> None:
    item = billing().item("Alarm", PRICE, 2, "2 alarms")
    assert (item.name, item.quantity, item.formula) == ("Alarm", Quantity.exact(2), "2 alarms")
    assert (item.by_usage, item.usage_key) == (False, None)
    assert item.cost == Quantity.exact(Decimal("0.2"))
    asked = billing().item("Alarm", PRICE, None, "", usage_key="runs")
    assert (asked.quantity, asked.cost, asked.by_usage, asked.usage_key) == (None, None, True, "runs")
    assert billing().item("Alarm", PRICE, 2, "", by_usage=True).by_usage


@pytest.mark.parametrize("quantity", [1, None])
def test_only_nothing_needs_no_price(quantity: int | None) -> None:
    nowhere = billing({"region": "xx-nowhere-1"})
    assert nowhere.item("Alarm", PRICE, 0, "").cost == Quantity.exact(0)
    with pytest.raises(CatalogError, match="xx-nowhere-1"):
        nowhere.item("Alarm", PRICE, quantity, "")


@pytest.mark.parametrize(
    ("usage", "changes", "quantity", "formula"),
    [
        ({"runs": 3}, {}, "3", "runs 3"),
        ({"runs": 3}, {"factor": 4}, "12", "runs 3 x 4"),
        ({"runs": 3}, {"divisor": 2}, "1.5", "runs 3 / 2"),
        ({"runs": 3}, {"factor": 4, "divisor": 2}, "6", "runs 3 x 4 / 2"),
    ],
)
def test_a_line_of_usage(usage: dict[str, Any], changes: dict[str, int], quantity: str, formula: str) -> None:
    item = billing(usage=usage).usage_item("Runs", PRICE, "runs", **changes)
    assert (item.quantity, item.formula, item.usage_key) == (Quantity.exact(Decimal(quantity)), formula, "runs")


def test_a_line_of_usage_that_is_a_range_or_not_declared() -> None:
    span = {"runs": {"minimum": 1, "expected": 2, "maximum": 3}}
    assert billing(usage=span).usage_item("Runs", PRICE, "runs").formula == "runs 1..2..3"
    missing = billing().usage_item("Runs", PRICE, "other")
    assert (missing.quantity, missing.formula) == (None, "other (not declared)")


@pytest.mark.parametrize(("amount", "quantity"), [("0", None), ("0.5", "0.5"), ("1", "1"), (None, "7")])
def test_what_need_not_be_used_has_a_line_only_where_it_is(amount: str | None, quantity: str | None) -> None:
    b = billing(usage=None if amount is None else {"runs": amount})
    found = [item.quantity for item in b.optional_item("Runs", PRICE, "runs")]
    assert found == ([] if quantity is None else [Quantity.exact(quantity)])
    assert b.used("runs") == Quantity.exact(amount or 7)


def test_a_default_that_is_none_is_not_used() -> None:
    with pytest.raises(KeyError):
        billing().used("other")


def test_what_need_not_be_used_is_counted_in_its_own_unit() -> None:
    [item] = billing(usage={"runs": 3}).optional_item("Runs", PRICE, "runs", divisor=2)
    assert (item.quantity, item.usage_key) == (Quantity.exact("1.5"), "runs")
