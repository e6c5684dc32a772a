from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.budget import Budget, violations
from pricing.closed_mapping import ClosedMapping
from pricing.declarations import Declarations
from pricing.errors import UsageError
from pricing.estimate import Estimate, estimate
from pricing.price_book import PriceBook
from pricing.registry import Classification
from pricing.report import estimate_document
from pricing.resource import Graph, Resource
from pricing.usage import Usage

TODAY = date(2026, 11, 28)
RECORD, QUEUE, COMMAND = "cloudflare:index/record:Record", "aws:sqs/queue:Queue", "command:local:Command"
WORDS = {"why": "billed by another", "source": "their price page", "until": "2027-03-31"}


def declared(**lists: list[dict[str, object]]) -> Declarations:
    data = {name: [WORDS | entry for entry in entries] for name, entries in lists.items()}
    return Declarations.read(ClosedMapping(data, "dev.yaml", "", None), "dev.yaml")


def resource(token: str = RECORD, name: str = "www", component: str = "") -> Resource:
    chain = (f"ial:{component}:X",) if component else ()
    return Resource(urn=f"urn:pulumi:dev::p::{token}::{name}", type=token, name=name, components=chain)


def priced(statements: Declarations, *resources: Resource, today: date = TODAY) -> Estimate:
    graph = Graph(resources)
    return estimate(graph, Usage(), PriceBook.load(), region="us-east-1", today=today, declarations=statements)


def codes(found: Estimate) -> list[str]:
    return [problem.code for problem in found.problems]


def test_a_type_without_a_rule_may_be_declared_free() -> None:
    assert codes(priced(Declarations(), resource())) == ["unclassified-type"]
    found = priced(declared(freeTypes=[{"type": RECORD}]), resource())
    assert found.complete
    assert found.total.maximum == 0
    assert not found.warnings
    assert found.resources[0].classification is Classification.DECLARED_FREE
    assert found.resources[0].reason == "billed by another (their price page; declared until 2027-03-31)"


def test_a_declared_cost_counts_in_total_capability_and_cap() -> None:
    statements = declared(declaredCosts=[{"type": RECORD, "amount": "2.50"}, {"name": "big", "amount": 4}])
    found = priced(statements, resource(), resource(name="two"), resource(name="big", component="backup"))
    assert found.total.maximum == Decimal("9.00")
    assert {name: cost.maximum for name, cost in found.by_capability().items()} == {"other": 5, "backup": 4}
    budget = Budget(monthly=Decimal(8), caps={"backup": Decimal(3), "other": Decimal(5)}, resource_cap=Decimal(3))
    assert [entry.policy for entry in violations(found, budget)] == [
        "monthly-budget",
        "capability-budget",
        "resource-cost-cap",
    ]


@given(st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=5))
def test_declared_costs_add_up(amounts: list[Decimal]) -> None:
    entries: list[dict[str, object]] = [{"name": f"n{n}", "amount": str(a)} for n, a in enumerate(amounts)]
    found = priced(declared(declaredCosts=entries), *(resource(name=f"n{n}") for n in range(len(amounts))))
    assert found.total.minimum == found.total.maximum == sum(amounts, Decimal(0))


@pytest.mark.parametrize(
    ("until", "code"),
    [
        ("2026-11-28", None),
        ("2026-11-27", "declaration-expired"),
        ("2027-11-29", None),
        ("2027-11-30", "declaration-expired"),
    ],
)
def test_a_declaration_counts_until_its_day_and_no_further_than_a_year(until: str, code: str | None) -> None:
    found = priced(declared(freeTypes=[{"type": RECORD, "until": until}]), resource())
    assert codes(found) == ([code, "unclassified-type"] if code else []) or codes(found) == ["unclassified-type", code]


@pytest.mark.parametrize(
    ("statements", "how"),
    [
        ({"freeTypes": [{"type": QUEUE}]}, f"{QUEUE} has a price rule"),
        ({"declaredCosts": [{"type": QUEUE, "amount": 0}]}, f"{QUEUE} has a price rule"),
        ({"declaredCosts": [{"name": "jobs", "amount": 0}]}, f"{QUEUE} has a price rule"),
        ({"freeTypes": [{"type": "aws:iam/role:Role"}]}, "aws:iam/role:Role is classified already"),
    ],
)
def test_no_declaration_takes_the_place_of_a_rule(statements: dict[str, list[dict[str, object]]], how: str) -> None:
    found = priced(declared(**statements), resource(QUEUE, "jobs"))
    assert "declaration-over-rule" in codes(found)
    assert any(how in problem.message for problem in found.problems)
    assert found.resources[0].classification is Classification.USAGE_PRICED


def test_what_is_free_itself_may_get_a_cost() -> None:
    found = priced(declared(declaredCosts=[{"name": "seed", "amount": 3}]), resource(COMMAND, "seed"))
    assert not codes(found)
    assert found.total.maximum == 3


def test_a_declaration_is_named_by_its_type_or_its_name() -> None:
    for of, what in (({"type": COMMAND}, COMMAND), ({"name": "seed"}, "seed")):
        found = priced(declared(declaredCosts=[{**of, "amount": 3, "until": "2026-11-01"}]), resource(COMMAND, "seed"))
        assert any(f"({what}) was declared until 2026-11-01" in problem.message for problem in found.problems)


def test_a_declaration_that_nothing_needs_is_told() -> None:
    (said,) = priced(declared(freeTypes=[{"type": RECORD}])).warnings
    assert "dev.yaml: freeTypes[0]" in said
    assert RECORD in said


def test_every_declaration_is_in_the_document() -> None:
    statements = declared(freeTypes=[{"type": "a:b:C"}], declaredCosts=[{"type": RECORD, "amount": "2.50"}])
    document = estimate_document(priced(statements, resource()))
    assert [(e["type"], e["amount"], e["until"], e["resources"]) for e in document["declarations"]] == [
        ("a:b:C", None, "2027-03-31", []),
        (RECORD, "2.5", "2027-03-31", ["www"]),
    ]
    assert document["summary"]["declaredCost"] == 1
    (line,) = document["resources"][0]["costComponents"]
    assert (line["priceConfidence"], line["monthlyCost"]) == ("declared", "2.5")


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ({"freeTypes": [{"type": "*"}]}, "a type token"),
        ({"freeTypes": [{"type": RECORD, "why": " "}]}, "a sentence"),
        ({"freeTypes": [{"type": RECORD, "until": "soon"}]}, "a date"),
        ({"freeTypes": [{"type": RECORD, "amount": 1}]}, "unknown key"),
        ({"freeTypes": [{"type": RECORD}, {"type": RECORD}]}, "once in both lists"),
        ({"declaredCosts": [{"type": RECORD}]}, "amount: missing"),
        ({"declaredCosts": [{"type": RECORD, "amount": -1}]}, "a number from 0"),
        ({"declaredCosts": [{"type": RECORD, "name": "x", "amount": 1}]}, "either `type` or `name`"),
        ({"declaredCosts": [{"amount": 1}]}, "type: missing"),
    ],
)
def test_a_malformed_declaration_is_refused(statements: dict[str, list[dict[str, object]]], said: str) -> None:
    with pytest.raises(UsageError, match=r"dev\.yaml: ") as caught:
        declared(**statements)
    assert said in str(caught.value)


def test_a_name_goes_before_its_type_and_a_cost_before_what_is_free() -> None:
    costs: list[dict[str, object]] = [{"type": RECORD, "amount": 1}, {"name": "www", "amount": 2}]
    both = declared(freeTypes=[{"type": COMMAND}], declaredCosts=[*costs, {"name": "other", "amount": 9}])
    assert priced(both, resource()).total.maximum == 2
    assert priced(both, resource(name="two")).total.maximum == 1
    late = declared(declaredCosts=[costs[0], {**costs[1], "until": "2026-11-01"}])
    assert priced(late, resource()).total.maximum == 1
    mixed = declared(freeTypes=[{"type": RECORD}], declaredCosts=[{"name": "www", "amount": 2}])
    assert priced(mixed, resource()).total.maximum == 2
    assert priced(mixed, resource(name="two")).total.maximum == 0
    assert priced(both, resource(COMMAND, "www")).total.maximum == 2
    assert priced(both, resource(COMMAND, "run")).total.maximum == 0


def test_the_line_of_a_declaration() -> None:
    [line] = priced(declared(declaredCosts=[{"type": RECORD, "amount": "2.50"}]), resource()).items()
    assert (line.name, line.declared, line.by_usage, line.unit) == ("Declared cost", True, False, "month")
    assert line.formula == "declared: billed by another"
    price = line.price
    assert (price.key, price.region, price.free_quantity) == (f"declared.{RECORD}", "us-east-1", Decimal(0))
    assert (price.source, price.source_date) == ("dev.yaml: declaredCosts[0]: their price page", date(2027, 3, 31))
