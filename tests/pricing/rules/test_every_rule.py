from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pricing.rules
from pricing.dynamic_code import known_code
from pricing.estimate import Estimate, estimate
from pricing.price_book import PriceBook
from pricing.registry import Classification, PriceRule, all_rules
from pricing.resource import UNKNOWN, Graph, Plain, Resource
from pricing.usage import Usage

TODAY = date(2026, 11, 25)
ENTRIES = list(all_rules())
RULES = [entry for entry in ENTRIES if entry.rule is not None]
SOURCES = {path.stem: path.read_text() for path in Path(pricing.rules.__path__[0]).glob("*.py")}
ODD_TEXTS = ['{"widgets": [{"properties": [1]}], "mainSteps": 3}', "PT5M", "rate(1 day)", "12", "-1"]


def source_of(entry: PriceRule) -> str:
    assert entry.rule is not None
    return SOURCES[entry.rule.__module__.rpartition(".")[2]]


def properties_of(entry: PriceRule) -> st.SearchStrategy[dict[str, Plain]]:
    """Inputs made of the words in the rule's own module: whatever it reads, it will meet unknown, odd or malformed."""
    source = source_of(entry)
    words = sorted({word for path in re.findall(r'"([a-z][A-Za-z.]+)"', source) for word in path.split(".") if word})
    values = sorted(set(re.findall(r'"([A-Za-z][A-Za-z0-9_-]+)"', source))) + ODD_TEXTS
    scalars = st.one_of(
        st.just(UNKNOWN), st.none(), st.booleans(), st.sampled_from(values), st.decimals(-5, 10_000, places=1)
    )
    plain: st.SearchStrategy[Plain] = st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(words), inner, max_size=4),
        max_leaves=8,
    )
    return st.dictionaries(st.sampled_from(words), plain, max_size=8)


def priced(entry: PriceRule, properties: dict[str, Plain], usage: dict[str, object] | None = None) -> Estimate:
    resource = Resource(
        urn=f"urn:pulumi:dev::ial::{entry.type}::it",
        type=entry.type,
        name="it",
        properties=properties,
        code=known_code().get(entry.type, ""),
    )
    declared = Usage.from_mapping({"types": {entry.type: usage}} if usage else {}, "usage.yaml")
    return estimate(Graph([resource]), declared, PriceBook.load(), region="us-east-1", today=TODAY)


@pytest.mark.parametrize("entry", RULES, ids=lambda entry: entry.type)
@settings(max_examples=5)
@given(data=st.data())
def test_no_properties_make_a_rule_crash(entry: PriceRule, data: st.DataObject) -> None:
    result = priced(entry, data.draw(properties_of(entry)))
    assert result.total.minimum >= 0


@settings(max_examples=200)
@given(entry=st.sampled_from(RULES), data=st.data())
def test_more_usage_never_costs_less(entry: PriceRule, data: st.DataObject) -> None:
    less = {key.name: data.draw(st.integers(0, 10_000), label=key.name) for key in entry.usage}
    more = {name: value + data.draw(st.integers(0, 10_000)) for name, value in less.items()}
    assert priced(entry, {}, dict(less)).total.maximum <= priced(entry, {}, dict(more)).total.maximum


@pytest.mark.parametrize("entry", RULES, ids=lambda entry: entry.type)
def test_a_range_of_usage_gives_an_ordered_range_of_cost(entry: PriceRule) -> None:
    usage = {key.name: {"minimum": 1, "expected": 2, "maximum": 3} for key in entry.usage}
    cost = priced(entry, {}, dict(usage)).total
    assert Decimal(0) <= cost.minimum <= cost.expected <= cost.maximum


@pytest.mark.parametrize("entry", RULES, ids=lambda entry: entry.type)
def test_usage_keys_say_their_unit_and_meaning(entry: PriceRule) -> None:
    names = [key.name for key in entry.usage]
    assert len(set(names)) == len(names)
    for key in entry.usage:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", key.name)
        assert key.unit
        assert key.meaning


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.rule is None], ids=lambda entry: entry.type)
def test_what_costs_nothing_says_why_and_where_aws_says_so(entry: PriceRule) -> None:
    assert entry.classification in (Classification.FREE, Classification.BILLED_BY_PARENT)
    assert entry.why
    assert entry.source.startswith("https://")


def test_every_price_of_the_book_is_one_that_a_rule_can_ask_for() -> None:
    literals = re.findall(r'"([a-z0-9_]+(?:\.(?:[a-z0-9_]|\{[^}]*\})+)+)"', "".join(SOURCES.values()))
    patterns = [re.compile(re.sub(r"\\{.*?\\}", ".+", re.escape(text))) for text in set(literals)]
    unused = {key for key, _ in PriceBook.load().keys() if not any(p.fullmatch(key) for p in patterns)}  # noqa: SIM118
    assert not unused
