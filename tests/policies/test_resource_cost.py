"""One resource against the cap for one, by its own inputs and what was seen before it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from policies import environments
from policies.environments import terms_of
from policies.memory import MEMORY
from policies.resource_cost import above_cap, alone
from pricing.resource import Resource
from tests.policies.conftest import UNKNOWN_TEXT, made
from tests.policies.test_cost import DASHBOARD, limits

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
FOREIGN = "acme:index:Thing"
COST = f"declaredCosts: [{{type: '{FOREIGN}', amount: 3.01, why: w, source: s, until: 2026-12-31}}]"
FREE = f"freeTypes: [{{type: '{FOREIGN}', why: w, source: s, until: 2026-12-31}}]"


def judged(folder: Path, resource: Resource, more: str = "") -> tuple[list[str], Decimal | None]:
    """What is said, and what the resource costs at most."""
    (folder / "dev.yaml").write_text(limits("20", more=more), encoding="utf-8")
    environments._terms.cache_clear()
    said, cost = above_cap(resource, lambda: terms_of(resource.urn)), alone(resource, terms_of(resource.urn))
    assert MEMORY.declared()[resource.urn] is resource
    return said, None if cost is None else cost.cost.maximum


@pytest.mark.parametrize(
    ("token", "inputs", "more", "cost"),
    [
        (DASHBOARD, {"dashboardBody": '{"widgets": []}'}, "", "3.00"),
        (ALARM, {"metricQueries": UNKNOWN_TEXT, "evaluationPeriods": 1}, "", None),
        ("aws:iam/role:Role", {}, "", None),
        (FOREIGN, {}, "", None),
        (FOREIGN, {}, FREE, "0"),
        (FOREIGN, {}, COST, "3.01"),
    ],
)
def test_what_a_resource_costs_alone(
    surroundings: Path, token: str, inputs: dict[str, Any], more: str, cost: str | None
) -> None:
    said, found = judged(surroundings, made(token, inputs), more)
    assert found == (None if cost is None else Decimal(cost))
    # The cap is 3 USD, which may be reached.
    assert len(said) == (cost == "3.01")
    assert all("it" in text and "3.01 USD" in text and "3.00 USD" in text for text in said)


def test_what_is_no_resource_of_the_cloud_is_remembered_and_no_more(surroundings: Path) -> None:
    def asked() -> Any:
        pytest.fail("nobody needs terms for it")

    states: list[dict[str, Any]] = [{"custom": False}, {"external": True}]
    for more in states:
        resource = made(DASHBOARD, {"dashboardBody": '{"widgets": []}'}, **more)
        assert above_cap(resource, asked) == []
        assert MEMORY.declared() == {resource.urn: resource}
