"""Which type costs what, and in which unit its usage is declared."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from pricing import registry
from pricing.dynamic_code import HIDDEN, known_code
from pricing.price_book import PriceBook
from pricing.quantity import Quantity
from pricing.registry import Classification, PriceRule, UsageKey, all_rules, rule_for, rule_of, unit_of, usage_keys
from pricing.resource import Graph, Resource
from pricing.usage import Usage

QUEUE = "aws:sqs/queue:Queue"


@pytest.fixture
def none_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    rule_for(QUEUE)
    monkeypatch.setattr(registry, "_rules", {})


@pytest.mark.usefixtures("none_yet")
def test_each_way_to_bill_is_registered_as_itself() -> None:
    key = UsageKey(name="calls", unit="calls", meaning="how often", default="3")
    registry.priced("b", "a", usage=[key])(lambda _: ())
    registry.priced("c", by_usage=True)(lambda _: ())
    registry.free("d", why="a gift", source="the shop")
    registry.through_parent("e", why="a part", source="the shop")
    found = {
        entry.type: (entry.classification, entry.rule is not None, entry.why, entry.source) for entry in all_rules()
    }
    assert list(found.items()) == [
        ("a", (Classification.PRICED, True, "", "")),
        ("b", (Classification.PRICED, True, "", "")),
        ("c", (Classification.USAGE_PRICED, True, "", "")),
        ("d", (Classification.FREE, False, "a gift", "the shop")),
        ("e", (Classification.BILLED_BY_PARENT, False, "a part", "the shop")),
    ]
    assert usage_keys() == {"a": {"calls": "calls"}, "b": {"calls": "calls"}, "c": {}}
    with pytest.raises(ValueError, match="d is classified twice"):
        registry.free("d", why="again", source="the shop")


def test_defaults_are_those_of_keys_that_have_one() -> None:
    keys = (
        UsageKey(name="a", unit="x", meaning="m", default="0"),
        UsageKey(name="b", unit="x", meaning="m"),
        UsageKey(name="c", unit="x", meaning="m", default="1.5"),
    )
    rule = PriceRule(type="t", classification=Classification.PRICED, usage=keys)
    it = Resource(urn="u", type="t", name="n")
    b = rule.billing(it, Graph([it]), Usage(), PriceBook({}, ""), region="us-east-1", as_of=date(2026, 11, 25))
    assert b.defaults == {"a": Quantity.exact(0), "c": Quantity.exact("1.5")}
    assert (b.resource, b.region, b.as_of) == (it, "us-east-1", date(2026, 11, 25))
    assert rule_for("test:no:Type") is None


def test_a_dynamic_type_has_its_rule_with_its_own_code_alone() -> None:
    token, code = next(iter(known_code().items()))
    told = {of: rule_of(Resource(urn="u", type=token, name="n", code=of)) for of in (code, HIDDEN, "other", "")}
    assert {of: rule is not None for of, rule in told.items()} == {code: True, HIDDEN: True, "other": False, "": False}
    queue = rule_of(Resource(urn="u", type=QUEUE, name="n", code="other"))
    assert queue is not None
    assert queue.type == QUEUE


def test_a_unit_is_that_of_the_type_else_of_all_that_ask() -> None:
    units: dict[str, set[str]] = defaultdict(set)
    for keys in usage_keys().values():
        for key, unit in keys.items():
            units[key].add(unit)
    counted = Counter(len(found) for found in units.values())
    # There are some of both kinds: else this would say nothing.
    assert counted[1]
    assert counted[2]
    for key, found in units.items():
        assert unit_of("test:no:Type", key) == (next(iter(found)) if len(found) == 1 else None)
    for token, keys in usage_keys().items():
        assert {key: unit_of(token, key) for key in keys} == keys
    assert unit_of(QUEUE, "potatoes") is None
