from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.names import CAPABILITY_BUDGET, COST_TRAPS, RESOURCE_CAP, ROLE_TRUST
from pricing.budget import Budget, Case, Waiver, usd, violations, warnings
from pricing.estimate import Estimate, estimate
from pricing.price_book import PriceBook
from pricing.quantity import Quantity
from pricing.resource import Graph, Resource, component_chain
from pricing.usage import Usage

TODAY = date(2026, 11, 25)
BUDGET = Budget(monthly=Decimal(100), caps={"o": Decimal(100)}, resource_cap=Decimal(3))
PLAN = tuple(map(Decimal, ("11.77", "1.86", "2.80", "0.70", "0.80", "0", "0", "-3")))


def boards(count: int, capability: str = "o") -> Estimate:
    urns = [f"urn:pulumi:dev::p::ial:{capability}:C$aws:cloudwatch/dashboard:Dashboard::b{n}" for n in range(count)]
    resources = [
        Resource(
            urn=urn,
            type="aws:cloudwatch/dashboard:Dashboard",
            name=urn.rpartition("::")[2],
            properties={"dashboardBody": '{"widgets": []}'},
            components=component_chain(urn),
        )
        for urn in urns
    ]
    return estimate(Graph(resources), Usage(), PriceBook.load(), region="us-east-1", today=TODAY)


def waiver(**changes: object) -> Waiver:
    good = Waiver(
        id="W1",
        policy="monthly-budget",
        scope="stack",
        max_amount=Decimal(1),
        reason="audit",
        owner="team",
        expires=date(2026, 12, 1),
    )
    return replace(good, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stage", "total"),
    [(0, "0"), (1, "11.77"), (2, "13.63"), (3, "16.43"), (4, "17.13"), (5, "17.93"), (7, "17.93"), (8, "14.93")],
)
def test_an_earlier_stage_has_not_what_the_later_ones_add(stage: int, total: str) -> None:
    budget = replace(BUDGET, monthly=Decimal("14.93"), additions=PLAN, stage=stage)
    assert budget.total == Decimal(total)
    raised = replace(budget, monthly=Decimal("114.93"))
    assert raised.total == Decimal(total) + 100


@pytest.mark.parametrize("stage", range(9))
def test_without_stages_and_at_the_furthest_one_the_month_is_the_budget(stage: int) -> None:
    assert replace(BUDGET, stage=stage).total == 100
    assert replace(BUDGET, stage=stage, full_stage=stage, additions=PLAN[:stage]).total == 100


def test_no_stage_leaves_less_than_nothing() -> None:
    assert replace(BUDGET, monthly=Decimal(1), additions=PLAN, stage=0).total == 0


@pytest.mark.parametrize(
    ("changes", "policies"),
    [
        ({}, []),
        ({"monthly": Decimal(6)}, []),
        ({"monthly": Decimal("5.99")}, ["monthly-budget"]),
        ({"stage": 0, "additions": (Decimal(94), *[Decimal(0)] * 7)}, []),
        ({"stage": 0, "additions": (Decimal("94.01"), *[Decimal(0)] * 7)}, ["monthly-budget"]),
        ({"caps": {"o": Decimal(6)}}, []),
        ({"caps": {"o": Decimal("5.999")}}, ["capability-budget"]),
        ({"caps": {}}, ["capability-budget"]),
        ({"resource_cap": Decimal("2.99")}, ["resource-cost-cap", "resource-cost-cap"]),
    ],
)
def test_limits_may_be_reached_and_not_passed(changes: Mapping[str, object], policies: list[str]) -> None:
    found = violations(boards(2), replace(BUDGET, **changes))  # type: ignore[arg-type]
    assert [violation.policy for violation in found] == policies


def test_a_capability_without_cost_needs_no_cap() -> None:
    assert violations(boards(0), replace(BUDGET, caps={})) == []


@pytest.mark.parametrize(
    ("changes", "policies"),
    [
        ({}, []),
        ({"max_amount": Decimal("0.99")}, ["monthly-budget"]),
        ({"policy": "capability-budget", "scope": "o"}, ["monthly-budget"]),
        ({"expires": TODAY}, []),
        ({"scope": "o"}, ["monthly-budget"]),
        ({"expires": date(2026, 11, 24)}, ["waivers-valid", "monthly-budget"]),
        ({"expires": date(2027, 11, 26)}, []),
        ({"expires": date(2027, 11, 27)}, ["waivers-valid", "monthly-budget"]),
    ],
)
def test_a_waiver_counts_in_its_place_up_to_its_amount_until_its_day(
    changes: Mapping[str, object], policies: list[str]
) -> None:
    budget = replace(BUDGET, monthly=Decimal(5), waivers=(waiver(**changes),))
    assert [violation.policy for violation in violations(boards(2), budget)] == policies


@pytest.mark.parametrize(("monthly", "warned"), [("7.51", 0), ("7.50", 1), ("6.00", 1), ("5.99", 0)])
def test_the_warning_starts_at_its_share_and_ends_at_the_limit(monthly: str, warned: int) -> None:
    assert len(warnings(boards(2), replace(BUDGET, monthly=Decimal(monthly)))) == warned


def test_amounts_over_a_limit_never_look_equal_to_it() -> None:
    assert usd(Decimal("11.7701")) == "11.78 USD"
    assert usd(Decimal("11.77")) == "11.77 USD"


@given(st.integers(0, 12), st.decimals(0, 40, places=2, allow_nan=False))
def test_refused_exactly_when_over(count: int, monthly: Decimal) -> None:
    found = violations(boards(count), replace(BUDGET, monthly=monthly, resource_cap=Decimal(3)))
    over = count * 3 > monthly
    assert any(violation.policy == "monthly-budget" for violation in found) == over


@pytest.mark.parametrize(
    ("policy", "scope", "expires", "waived"),
    [
        (ROLE_TRUST, "deploy", TODAY, True),
        (ROLE_TRUST, "deploy", date(2026, 11, 24), False),
        (ROLE_TRUST, "other", TODAY, False),
        (COST_TRAPS, "deploy", TODAY, False),
    ],
)
def test_one_of_several_waivers_lets_a_place_be(policy: str, scope: str, expires: date, waived: bool) -> None:
    given = waiver(policy=policy, scope=scope, max_amount=None, expires=expires)
    assert replace(BUDGET, waivers=(waiver(), given)).is_waived(ROLE_TRUST, "deploy", TODAY) is waived
    assert not BUDGET.is_waived(ROLE_TRUST, "deploy", TODAY)


@pytest.mark.parametrize(("case", "amount"), [("minimum", 1), ("expected", 2), ("maximum", 3)])
def test_the_case_that_is_judged(case: Case, amount: int) -> None:
    cost = Quantity(Decimal(1), Decimal(2), Decimal(3))
    assert replace(BUDGET, case=case).amount(cost) == amount


@pytest.mark.parametrize(("cap", "policies"), [("5.00", []), ("4.99", [CAPABILITY_BUDGET])])
def test_a_waiver_of_a_capability_is_added_to_its_cap(cap: str, policies: list[str]) -> None:
    given = waiver(policy=CAPABILITY_BUDGET, scope="o")
    budget = replace(BUDGET, caps={"o": Decimal(cap)}, waivers=(given,))
    assert [violation.policy for violation in violations(boards(2), budget)] == policies


def test_a_waiver_of_a_resource_is_added_to_what_one_may_cost() -> None:
    given = waiver(policy=RESOURCE_CAP, scope="b0", max_amount=Decimal("0.01"))
    found = violations(boards(2), replace(BUDGET, resource_cap=Decimal("2.99"), waivers=(given,)))
    assert [violation.urn and violation.urn[-2:] for violation in found] == ["b1"]


def test_nothing_is_warned_of_where_nothing_is_spent_or_no_cap_is_there() -> None:
    assert warnings(boards(0), replace(BUDGET, monthly=Decimal(0), caps={"o": Decimal(0)})) == []
    assert warnings(boards(2), replace(BUDGET, caps={})) == []
    found = warnings(boards(2), replace(BUDGET, caps={"o": Decimal(6)}))
    assert [violation.message.split(" costs ")[0] for violation in found] == ["capability o"]


def test_the_dearest_that_cost_something_are_named() -> None:
    [found] = violations(boards(2), replace(BUDGET, monthly=Decimal(1)))
    assert found.message.endswith("the dearest being b0 3.00 USD, b1 3.00 USD")
    [found] = violations(boards(5), replace(BUDGET, monthly=Decimal(1)))
    assert found.message.endswith("the dearest being b0 3.00 USD, b1 3.00 USD, b2 3.00 USD")


def test_over_its_cap_a_capability_s_own_resources_are_named() -> None:
    own = boards(1)
    both = replace(own, resources=(*own.resources, *boards(2, "p").resources))
    [found] = violations(both, replace(BUDGET, caps={"o": Decimal(1), "p": Decimal(100)}))
    assert found.message.endswith("the dearest being b0 3.00 USD")
