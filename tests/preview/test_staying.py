from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from preview.gate import Status, Verdict
from preview.staying import told, with_staying
from pricing.budget import Budget
from pricing.estimate import Estimate, Problem, estimate
from pricing.price_book import PriceBook
from pricing.resource import Graph, Plain, Resource
from pricing.usage import Usage

DISK = "aws:ebs/volume:Volume"
BUDGET = Budget(
    monthly=Decimal("1.00"), caps={"other": Decimal(9)}, resource_cap=Decimal(9), warn_at=Decimal("0.8"),
    case="maximum", file="policies/environments/dev.yaml", stage=8,
)  # fmt: skip


def disk(name: str, gigabytes: int) -> Resource:
    properties: dict[str, Plain] = {"size": Decimal(gigabytes), "type": "gp3"}
    return Resource(urn=f"urn:pulumi:dev::ial::{DISK}::{name}", type=DISK, name=name, properties=properties)


def price(graph: Graph) -> Estimate:
    return estimate(graph, Usage(), PriceBook.load(), region="us-east-1", today=date(2026, 11, 25))


def verdict(*resources: Resource) -> Verdict:
    graph = Graph(list(resources))
    return Verdict(status=Status.WITHIN, graph=graph, estimate=price(graph))


def test_what_stays_is_held_against_the_budget_and_what_fits_passes() -> None:
    judged = verdict(disk("data", 10))
    small = with_staying(judged, [disk("old", 1)], price, BUDGET)
    assert (small.status, small.refusals) == (Status.WITHIN, ())
    assert small.estimate is not None
    assert small.estimate.total.maximum == Decimal("0.88")
    large = with_staying(judged, [disk("old", 10)], price, BUDGET)
    assert large.status is Status.REFUSED
    assert all(text.startswith("with what stays in AWS, the stack costs 1.60 USD") for text in large.refusals)
    assert large.refusals


def test_what_stays_and_cannot_be_priced_refuses_or_is_not_judged() -> None:
    foreign = Resource(urn="urn:pulumi:dev::ial::a:b:C::c", type="a:b:C", name="c")
    assert with_staying(verdict(), [foreign], price, BUDGET).status is Status.REFUSED
    far = replace(disk("far", 1), region="mars-1")
    assert with_staying(verdict(), [far], price, BUDGET).status is Status.COULD_NOT_JUDGE
    assert with_staying(verdict(), [], price, BUDGET).status is Status.WITHIN


@pytest.mark.parametrize(("protect", "why"), [(True, "is protected"), (False, "is retained")])
def test_it_is_told_why(protect: bool, why: str) -> None:
    assert why in told(replace(disk("old", 1), protect=protect, retain_on_delete=not protect))
    assert "no target names it" in told(disk("old", 1))


@pytest.mark.parametrize(
    ("before", "code", "after"),
    [
        (Status.WITHIN, "unseen", Status.REFUSED),
        (Status.WITHIN, "changed-code", Status.COULD_NOT_JUDGE),
        (Status.REFUSED, "import-unread", Status.COULD_NOT_JUDGE),
        (Status.COULD_NOT_JUDGE, "unseen", Status.COULD_NOT_JUDGE),
    ],
)
def test_a_doubt_outweighs_a_refusal(before: Status, code: str, after: Status) -> None:
    found = replace(verdict(), status=before).with_problems([Problem(code, None, "it is so")])
    assert found.status is after
    assert "it is so" in (*found.doubts, *found.refusals)
