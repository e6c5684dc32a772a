"""Every rule's lines against a file: names, price keys, quantities, and the usage they rest on, but no prices.

What is right is held by the worked cases of each service. Here is what they leave out: which line is there, and from
which usage on. Run with `IAL_WRITE_GOLDEN=1` to write the file anew, then read the difference.
"""

from __future__ import annotations

import json
import os
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from pricing.dynamic_code import known_code
from pricing.estimate import estimate
from pricing.inputs import inputs_of
from pricing.line_item import LineItem
from pricing.price_book import PriceBook
from pricing.registry import PriceRule, all_rules, rule_for
from pricing.resource import UNKNOWN, Graph, Plain, Resource
from pricing.usage import Usage
from tests.pricing.rules.read_scenarios import SCENARIOS

GOLDEN: Final = Path(__file__).parent / "golden" / "lines.json"
TODAY: Final = date(2026, 11, 25)
PRICED: Final = {entry.type: entry for entry in all_rules() if entry.rule is not None}
USAGES: Final[dict[str, Any]] = {
    "nothing declared": None,
    "nothing used": 0,
    "hardly used": "0.5",
    "used": {"minimum": 1, "expected": 3, "maximum": 40},
}


def bare(entry: PriceRule, **properties: Plain) -> Resource:
    urn, code = f"urn:pulumi:dev::ial::{entry.type}::it", known_code().get(entry.type, "")
    return Resource(urn=urn, type=entry.type, name="it", properties=properties, code=code)


def read_by(token: str) -> list[str]:
    """The inputs at the top of a type that its rule reads, or something in them."""
    declared = inputs_of(token)
    inside = {} if declared is None else declared.root.inside
    return [name for name, known in inside.items() if known.read or known.inside]


STACKS: Final = {
    **{token: [bare(entry)] for token, entry in PRICED.items()},
    **{f"stack {number}": resources for number, resources in enumerate(SCENARIOS)},
}


def told(item: LineItem) -> str:
    amount = item.quantity
    span = "?" if amount is None else " ".join(f"{n:.6g}" for n in (amount.minimum, amount.expected, amount.maximum))
    rests = f", {item.usage_key}" if item.usage_key else ", by usage" if item.by_usage else ""
    return f"{item.name}: {item.price.key} x {span}{rests}"


def lines(resources: list[Resource], amount: Any) -> list[str]:
    keys = {r.type: entry.usage for r in resources if (entry := rule_for(r.type)) is not None}
    declared = {token: {key.name: amount for key in usage} for token, usage in keys.items() if usage}
    usage = Usage.from_mapping({} if amount is None else {"types": declared}, "usage.yaml")
    found = estimate(Graph(resources), usage, PriceBook.load(), region="us-east-1", today=TODAY)
    told_of = [f"{entry.resource.name} {told(item)}" for entry in found.resources for item in entry.items]
    return [*told_of, *sorted({problem.code for problem in found.problems})]


def of_inputs(token: str) -> dict[str, list[str]]:
    """What one input alone changes, where it is unknown, or true."""
    entry, (usage, amount) = PRICED[token], list(USAGES.items())[-1]
    plain = lines([bare(entry)], amount)
    found = {
        f"{usage}, {name} {word}": lines([bare(entry, **{name: value})], amount)
        for name in read_by(token)
        for word, value in (("unknown", UNKNOWN), ("true", True))
    }
    return {name: told for name, told in found.items() if told != plain}


def of(name: str) -> dict[str, list[str]]:
    said = {usage: lines(STACKS[name], amount) for usage, amount in USAGES.items()}
    return said | (of_inputs(name) if name in PRICED else {})


@cache
def golden() -> dict[str, dict[str, list[str]]]:
    return dict(json.loads(GOLDEN.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", STACKS)
def test_the_lines_of_every_rule(name: str) -> None:
    assert of(name) == golden()[name]


def test_the_file_has_nothing_else() -> None:
    if os.environ.get("IAL_WRITE_GOLDEN"):
        made = {name: of(name) for name in STACKS}
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert set(golden()) == set(STACKS)
