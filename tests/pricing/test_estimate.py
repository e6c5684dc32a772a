from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.billing import Billing
from pricing.estimate import UNJUDGED, Estimate, estimate
from pricing.line_item import LineItem
from pricing.price_book import Price, PriceBook, Tier
from pricing.quantity import Quantity
from pricing.registry import Classification, PriceRule, UsageKey
from pricing.resource import UNKNOWN, Graph, Plain, Resource
from pricing.usage import Usage

TODAY = date(2026, 11, 25)
THING, GIFT = "test:shop/thing:Thing", "test:shop/gift:Gift"


def book(read: date = TODAY) -> PriceBook:
    shared = Price(
        key="", service="Shop", usage_type="Thing", region="us-east-1", unit="thing-month", free_quantity=Decimal(2),
        tiers=(Tier(None, Decimal("0.25")),), source="a worked example", source_date=read, confidence="high",
    )  # fmt: skip
    prices = {key: replace(shared, key=key) for key in ("thing", "call")}

    class Fixed(PriceBook):
        def price(self, key: str, region: str) -> Price:
            return prices[key] if region == "us-east-1" and key in prices else super().price(key, region)

    return Fixed({}, "digest")


def thing_rule(billing: Billing) -> Iterator[LineItem]:
    yield billing.item("Things", "thing", billing.number("count", unknown="count"), "count")
    if billing.flag("talks", unknown=True):
        yield billing.usage_item("Calls", "call", "calls", divisor=1000)
    if billing.text("colour", "red") == "green":
        yield billing.item("Paint", "paint", 1, "1")


RULES = {
    THING: PriceRule(
        type=THING, classification=Classification.PRICED, rule=thing_rule,
        usage=(UsageKey(name="count", unit="things", meaning="how many"),
               UsageKey(name="calls", unit="calls", meaning="how often")),
    ),
    GIFT: PriceRule(type=GIFT, classification=Classification.FREE, why="a gift", source="the shop"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pricing.estimate.rule_for", RULES.get)
    monkeypatch.setattr("pricing.registry.rule_for", RULES.get)
    monkeypatch.setattr("pricing.estimate.usage_keys", lambda: {THING: ["count", "calls"]})


def thing(name: str = "one", type_: str = THING, **properties: Plain) -> Resource:
    urn = f"urn:pulumi:dev::ial::ial:backup:Backup${type_}::{name}"
    return Resource(urn=urn, type=type_, name=name, properties=properties, components=("ial:backup:Backup",))


def priced(*resources: Resource, usage: object = None, read: date = TODAY) -> Estimate:
    return estimate(
        Graph(list(resources)), Usage.from_mapping(usage, "u.yaml"), book(read), region="us-east-1", today=TODAY
    )


def codes(result: Estimate) -> list[str]:
    return [problem.code for problem in result.problems]


def test_known_properties_give_one_number() -> None:
    result = priced(thing(count=Decimal(3)), thing("gift", GIFT))
    assert result.total == Quantity.exact("0.75")
    assert result.by_capability() == {"backup": Quantity.exact("0.75")}
    assert result.complete
    assert [entry.reason for entry in result.resources] == ["", "a gift"]


def test_an_unknown_is_priced_at_its_declared_bound() -> None:
    result = priced(
        thing(count=UNKNOWN), usage={"resources": {"one": {"count": {"minimum": 1, "expected": 2, "maximum": 8}}}}
    )
    assert result.total == Quantity(Decimal("0.25"), Decimal("0.5"), Decimal(2))
    assert result.resources[0].bounded == ("count",)
    assert result.complete


def test_an_unknown_flag_is_priced_as_if_it_were_on() -> None:
    result = priced(thing(count=Decimal(0), talks=UNKNOWN), usage={"types": {THING: {"calls": 4000}}})
    assert result.total == Quantity.exact(1)


@pytest.mark.parametrize(
    ("resource", "code", "says"),
    [
        (thing(count=UNKNOWN), "unbounded-unknown", "`count` decides the price and is unknown"),
        (thing(count="many"), "unpriceable", "'many'; a number of zero or more"),
        (thing(count=Decimal(-1)), "unpriceable", "a number of zero or more"),
        (thing(), "unpriceable", "`count` is None"),
        (thing(count=Decimal(1), talks=True), "undeclared-usage", "usage `calls` is not declared"),
        (thing(count=Decimal(1), talks="maybe"), "unpriceable", "true or false"),
        (thing(count=Decimal(1), colour="green"), "missing-price", "no price for 'paint'"),
        (thing(count=Decimal(1), region="mars-1"), "missing-price", "--region mars-1"),
        (thing(count=Decimal(1), region=UNKNOWN), "unbounded-unknown", "`region` decides the price"),
        (thing(type_="test:shop/new:New"), "unclassified-type", "no price rule"),
    ],
)
def test_what_cannot_be_judged_is_a_problem_and_names_the_resource(resource: Resource, code: str, says: str) -> None:
    result = priced(resource, thing("fine", count=Decimal(1)))
    assert codes(result) == [code]
    assert says in result.problems[0].message
    assert "one" in result.problems[0].message
    assert result.problems[0].urn == resource.urn
    assert not result.complete


def test_an_undeclared_quantity_leaves_the_line_but_not_a_zero() -> None:
    item = priced(thing(count=Decimal(1), talks=True)).resources[0].items[1]
    assert item.quantity is None
    assert item.cost is None


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, ""), (90, ""), (91, "warning"), (180, "warning"), (181, "stale-price"), (-1, "stale-price")],
)
def test_old_prices_warn_and_then_refuse(days: int, expected: str) -> None:
    result = priced(thing(count=Decimal(1)), read=TODAY - timedelta(days=days))
    found = "warning" if result.warnings else "".join(codes(result))
    assert found == expected


def test_free_tier_is_shared_by_all_resources() -> None:
    result = priced(thing(count=Decimal(2)), thing("two", count=Decimal(1)))
    assert result.total == Quantity.exact("0.75")
    assert result.total_after_free_tier == Quantity.exact("0.25")


def test_usage_that_nothing_reads_is_a_problem() -> None:
    assert codes(priced(thing(count=Decimal(1)), usage={"resources": {"nobody": {"calls": 1}}})) == ["unused-usage"]


def test_components_providers_and_the_stack_are_not_cloud_resources() -> None:
    engines = ("pulumi:pulumi:Stack", "pulumi:pulumi:StackReference", "pulumi:index:Stash", "pulumi:providers:aws")
    outsiders = [thing(type_=token) for token in engines]
    components = [replace(thing("site", type_=token), custom=False) for token in ("ial:backup:Backup", "team:web:Site")]
    assert priced(*outsiders, *components).resources == ()


def test_what_only_looks_like_a_component_or_the_engine_s_own_is_priced() -> None:
    codes = [problem.code for problem in priced(thing(type_="ial:backup:Backup")).problems]
    assert codes == ["unclassified-type"]
    assert [p.code for p in priced(thing(type_="pulumi:other:Thing")).problems] == ["unclassified-type"]


@settings(max_examples=50)
@given(st.lists(st.decimals(0, 1000, places=1), max_size=6), st.randoms(use_true_random=False))
def test_the_total_is_additive_and_independent_of_order(counts: list[Decimal], chance: Random) -> None:
    resources = [thing(f"n{index}", count=count) for index, count in enumerate(counts)]
    forward = priced(*resources)
    shuffled = list(resources)
    chance.shuffle(shuffled)
    assert priced(*shuffled).total == forward.total == Quantity.exact(sum(counts, Decimal(0)) * Decimal("0.25"))
    assert forward.total_after_free_tier is not None
    assert forward.total_after_free_tier.maximum <= forward.total.maximum


def warnings(*accounts: Plain, account: str | None = "1") -> tuple[str, ...]:
    things = [replace(thing(f"n{at}", count=Decimal(1)), account=of) for at, of in enumerate(accounts)]
    things.append(replace(thing("site", type_="team:web:Site"), custom=False, account="2"))
    usage = Usage.from_mapping(None, "u.yaml")
    return estimate(Graph(things), usage, book(), region="us-east-1", today=TODAY, account=account).warnings


def test_what_is_in_another_account_is_named() -> None:
    assert warnings("1", None) == ()
    assert warnings("1", "2", None) == ("not in account 1, but counted in this budget: n1",)
    assert warnings("2", account=None) == ()
    five = "not in account 1, but counted in this budget: n0, n1, n2, n3, n4"
    assert warnings(*"22222") == (five,)
    assert warnings(*"222222") == (f"{five} and 1 more",)


def test_what_is_only_read_is_named_and_not_priced() -> None:
    read = [replace(thing(f"n{at}", count=Decimal(1)), external=True) for at in range(6)]
    said = "only read, so somebody else owns them and they are not priced: " + ", ".join(
        f"n{at} ({THING})" for at in range(5)
    )
    assert priced(*read[:5]).warnings == (said,)
    assert priced(*read).warnings == (f"{said} and 1 more",)
    assert priced(*read).resources == ()


@pytest.mark.parametrize(
    ("ignored", "code"),
    [
        ((), "unbounded-unknown"),
        (("count",), "ignored-unknown"),
        (("other", "count.deep"), "ignored-unknown"),
        (("count[0]",), "ignored-unknown"),
        (("*",), "ignored-unknown"),
        (("counts",), "unbounded-unknown"),
    ],
)
def test_an_unknown_whose_changes_are_ignored_is_another_problem(ignored: tuple[str, ...], code: str) -> None:
    assert codes(priced(replace(thing(count=UNKNOWN), ignore_changes=ignored))) == [code]


def test_an_unknown_region_of_the_provider_is_a_problem_of_its_own() -> None:
    assert codes(priced(replace(thing(count=Decimal(1)), region=UNKNOWN))) == ["unknown-region"]


def test_what_is_imported_and_not_looked_at_is_not_judged() -> None:
    result = priced(replace(thing(count=Decimal(1)), unread=True, import_id="i-1"))
    assert codes(result) == ["import-unread"]
    assert "(i-1)" in result.problems[0].message
    assert result.total == Quantity.exact("0.25")


def test_what_keeps_from_judging_is_one_list() -> None:
    assert {
        "missing-price", "stale-price", "unused-usage", "unknown-region", "ignored-unknown", "import-unread",
        "changed-code",
    } == UNJUDGED  # fmt: skip
