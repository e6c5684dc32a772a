from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.budget import Case
from pricing.closed_mapping import ClosedMapping
from pricing.delta import ChangeKind, PricedComponent, PricedResource, compare
from pricing.delta_report import delta_document
from pricing.errors import UsageError
from pricing.increase import KEYS, MaxIncrease, excess
from pricing.quantity import Quantity
from pricing.resource import Plain

PREFIX = "urn:pulumi:dev::ial::ial:backup:Backup$aws:a/b:C::"


def component(quantity: str = "2", price: str = "0.5", name: str = "Use") -> PricedComponent:
    amount = Quantity.exact(quantity)
    return PricedComponent(name=name, unit="h", price=Decimal(price), quantity=amount, cost=amount * Decimal(price))


def resource(name: str, *components: PricedComponent, **properties: Plain) -> PricedResource:
    costs = [entry.cost for entry in components if entry.cost is not None]
    return PricedResource(
        urn=PREFIX + name, name=name, type="aws:a/b:C", capability="backup", components=components,
        cost=sum(costs[1:], costs[0]) if costs else Quantity.exact(0), properties=properties or None,
    )  # fmt: skip


def test_every_kind_of_change_and_the_sum_of_the_rest() -> None:
    base = [resource("stays", component("4")), resource("goes", component()), resource("grows", component("1"))]
    head = [resource("stays", component("4")), resource("comes", component("6")), resource("grows", component("3"))]
    delta = compare(base, head, source="main")
    assert [(change.kind, change.name) for change in delta.changes] == [
        (ChangeKind.ADDED, "comes"),
        (ChangeKind.REMOVED, "goes"),
        (ChangeKind.CHANGED, "grows"),
    ]
    assert (delta.before.expected, delta.after.expected) == (Decimal("3.5"), Decimal("6.5"))
    assert delta.difference("maximum") == 3
    assert (delta.unchanged_count, delta.unchanged.expected) == (1, Decimal(2))
    assert delta.changes[2].causes == ("Use: 1 -> 3 h",)


def test_a_replaced_resource_is_listed_though_its_cost_stays() -> None:
    entry = resource("x", component("730", "0.1"))
    (change,) = compare([entry], [entry], source="main", replaced={entry.urn}).changes
    assert change.kind == ChangeKind.REPLACED
    assert change.overlap_per_hour == Decimal("0.1")
    assert change.difference("expected") == 0


def test_a_new_resource_that_claims_to_be_replaced_is_added() -> None:
    entry = resource("x", component())
    (change,) = compare([], [entry], source="main", replaced={entry.urn}).changes
    assert change.kind == ChangeKind.ADDED


def test_the_cause_is_named() -> None:
    old = resource("x", component(name="A"), component(name="A"), component(name="Gone"), size=Decimal(1), mode="x")
    new = resource("x", component("3", name="A"), component(price="0.6", name="A"), size=Decimal(2), mode="y")
    (change,) = compare([old], [new], source="main").changes
    assert change.causes == (
        "property mode",
        "property size: 1 -> 2",
        "A: 2 -> 3 h",
        "A 2: price 0.5 -> 0.6 USD per h",
        "Gone: line gone",
    )


def test_texts_and_secrets_are_never_shown_but_those_that_set_a_price() -> None:
    old = resource("x", component(), instanceClass="db.t4g.micro", password="hunter2", pin=Decimal(1))
    new = resource("x", component("3"), instanceClass="db.t4g.small", password="hunter3", pin=Decimal(2))
    (change,) = compare([old], [replace(new, secrets=frozenset({"pin"}))], source="main").changes
    assert change.causes == (
        "property instanceClass: db.t4g.micro -> db.t4g.small",
        "property password",
        "property pin",
        "Use: 2 -> 3 h",
    )


def test_the_same_cost_from_other_properties_is_unchanged() -> None:
    delta = compare([resource("x", component(), a=Decimal(1))], [resource("x", component(), a=Decimal(2))], source="m")
    assert delta.changes == ()
    assert delta.unchanged_count == 1


def test_a_price_of_a_higher_tier_is_a_change() -> None:
    dearer = replace(resource("x", component()), cost=Quantity.exact(9))
    (change,) = compare([resource("x", component())], [dearer], source="m").changes
    assert change.causes == ("price of a higher tier",)


def test_usage_that_is_declared_later_is_a_change() -> None:
    unknown = replace(component(), quantity=None, cost=None)
    (change,) = compare([resource("x", unknown)], [resource("x", component())], source="m").changes
    assert change.causes == ("Use: not declared -> 2 h",)


def test_another_stack_of_the_same_program_is_compared_name_by_name() -> None:
    dev = resource("x", component())
    prod = replace(dev, urn=dev.urn.replace(":dev::", ":prod::"))
    assert compare([dev], [prod], source="dev").changes == ()


costs = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50))


@given(costs, costs)
def test_changes_add_up_to_the_difference(before: dict[str, int], after: dict[str, int]) -> None:
    delta = compare(
        [resource(name, component(str(count))) for name, count in before.items()],
        [resource(name, component(str(count))) for name, count in after.items()],
        source="m",
    )
    for case in ("minimum", "expected", "maximum"):
        assert sum(change.difference(case) for change in delta.changes) == delta.difference(case)
    document = delta_document(delta)
    assert Decimal(document["change"]) == delta.difference("expected")


@pytest.mark.parametrize(
    ("before", "after", "limit", "count"),
    [
        ("10", "15", MaxIncrease(amount=Decimal("2.5")), 0),
        ("10", "15.02", MaxIncrease(amount=Decimal("2.5")), 1),
        ("10", "15", MaxIncrease(percent=Decimal(50)), 0),
        ("10", "15.02", MaxIncrease(percent=Decimal(50)), 1),
        ("10", "20", MaxIncrease(amount=Decimal(1), percent=Decimal(1)), 2),
        ("10", "5", MaxIncrease(amount=Decimal(0), percent=Decimal(0)), 0),
        ("0", "1", MaxIncrease(percent=Decimal(1000)), 1),
        ("10", "20", MaxIncrease(), 0),
    ],
)
def test_an_increase_is_held_to_its_limits(before: str, after: str, limit: MaxIncrease, count: int) -> None:
    delta = compare([resource("x", component(before))], [resource("x", component(after))], source="main")
    found = excess(delta, limit)
    assert len(found) == count
    assert all("main" in sentence for sentence in found)


@pytest.mark.parametrize("case", ["expected", "maximum"])
def test_the_limit_is_judged_in_the_case_of_the_budget(case: Case) -> None:
    wide = replace(resource("x", component()), cost=Quantity(Decimal(0), Decimal(1), Decimal(9)))
    delta = compare([], [wide], source="main")
    assert bool(excess(delta, MaxIncrease(amount=Decimal(5)), case)) is (case == "maximum")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"amount": 3}, MaxIncrease(amount=Decimal(3))),
        ({"percent": "2.5"}, MaxIncrease(percent=Decimal("2.5"))),
        ({"amount": 0, "percent": 0}, MaxIncrease(amount=Decimal(0), percent=Decimal(0))),
    ],
)
def test_limits_are_read(data: dict[str, object], expected: MaxIncrease) -> None:
    assert MaxIncrease.read(ClosedMapping(data, "dev.yaml", "budget.maxIncrease", KEYS)) == expected


@pytest.mark.parametrize("data", [{}, {"amount": -1}, {"amount": "much"}, {"percent": None}, {"share": 1}])
def test_malformed_limits_are_errors_that_name_file_and_key(data: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"dev\.yaml: budget\.maxIncrease\.\w+: .*accepted"):
        MaxIncrease.read(ClosedMapping(data, "dev.yaml", "budget.maxIncrease", KEYS))


def test_an_empty_limit_is_told_at_its_first_key() -> None:
    with pytest.raises(UsageError, match=r"maxIncrease\.amount: .*a number, here or as `percent`"):
        MaxIncrease.read(ClosedMapping({}, "dev.yaml", "budget.maxIncrease", KEYS))


def test_the_difference_in_percent_of_the_base() -> None:
    delta = compare([resource("x", component("8"))], [resource("x", component("10"))], source="m")
    assert delta.percent("expected") == 25
    assert compare([], [resource("x", component())], source="m").percent("maximum") is None
    tiny = compare([resource("x", component("2"))], [resource("x", component("1"))], source="m")
    assert (tiny.before.expected, tiny.percent("minimum")) == (Decimal(1), Decimal(-50))


def test_what_a_text_may_show() -> None:
    old = resource("x", component(), a=True, b=None, c=Decimal("1.50"), d=["x"], billingMode=None)
    new = resource("x", component("3"), a=False, b=Decimal(1), c=Decimal(2), d=["y"], billingMode="PROVISIONED")
    (change,) = compare([old], [new], source="m").changes
    assert change.causes == (
        "property a: true -> false",
        "property b: absent -> 1",
        "property billingMode: absent -> PROVISIONED",
        "property c: 1.5 -> 2",
        "property d",
        "Use: 2 -> 3 h",
    )


@pytest.mark.parametrize(
    "name",
    [
        "billingMode",
        "instanceClass",
        "instanceType",
        "logGroupClass",
        "scheduleExpression",
        "storageClass",
        "tableClass",
    ],
)
def test_texts_that_set_a_price_are_shown_unless_they_are_secret(name: str) -> None:
    old, new = resource("x", component(), **{name: "a"}), resource("x", component("3"), **{name: "b"})
    (change,) = compare([old], [new], source="m").changes
    assert change.causes[0] == f"property {name}: a -> b"
    (hidden,) = compare([replace(old, secrets=frozenset({name}))], [new], source="m").changes
    assert hidden.causes[0] == f"property {name}"


def test_a_range_and_a_new_line_are_named() -> None:
    wide = replace(component(), quantity=Quantity(Decimal(1), Decimal(2), Decimal(3)))
    (change,) = compare([resource("x", wide)], [resource("x", component(), component(name="B"))], source="m").changes
    assert change.causes == ("B: new line", "Use: 1..2..3 -> 2 h")


def test_what_is_made_anew_and_dearer_keeps_both_causes() -> None:
    old, new = resource("x", component("730", "1")), resource("x", component("1460", "1"))
    (change,) = compare([old], [new], source="m", replaced={new.urn}).changes
    assert (change.kind, change.overlap_per_hour, change.causes) == (
        ChangeKind.REPLACED,
        Decimal(1),
        ("Use: 730 -> 1460 h",),
    )
    (grown,) = compare([old], [new], source="m").changes
    assert (grown.kind, grown.overlap_per_hour) == (ChangeKind.CHANGED, Decimal(0))
