from __future__ import annotations

from pathlib import Path

import pytest

from policies.budget_so_far import over_budget_so_far
from policies.environments import terms_of
from pricing.resource import Resource
from tests.policies.conftest import Declared, Servicer, urn_of
from tests.policies.test_cost import ROLE, budget, dashboards, limits

SO_FAR = "monthly-budget-so-far"


@pytest.fixture(autouse=True)
def _update(monkeypatch: pytest.MonkeyPatch, surroundings: Path) -> None:
    monkeypatch.setenv("PULUMI_PROJECT", "ial")
    monkeypatch.setenv("PULUMI_DRY_RUN", "false")
    budget(surroundings, limits("6.00"))


def said(pack: Servicer, *declared: Declared) -> list[tuple[str, int]]:
    """The resources that the policy refuses, each asked about before the next one comes."""
    return [
        (resource.name, found.level)
        for resource in declared
        for found in pack.resource(resource)
        if found.policy == SO_FAR
    ]


def test_the_resource_that_breaks_the_month_is_refused_before_it_is_made(pack: Servicer) -> None:
    assert said(pack, ROLE, *dashboards(3)) == [("board-2", 1)]


def test_what_fits_is_made(pack: Servicer) -> None:
    assert said(pack, ROLE, *dashboards(2)) == []


def test_the_same_resource_again_counts_once(pack: Servicer) -> None:
    assert said(pack, *dashboards(2), *dashboards(2)) == []


@pytest.mark.parametrize(("token", "refused"), [("acme:index:Cluster", True), ("aws:iam/role:Role", False)])
def test_what_nobody_can_price_is_refused(token: str, refused: bool) -> None:
    resource = Resource(urn=urn_of(token, "it"), type=token, name="it", custom=True)
    found = over_budget_so_far(resource, lambda: terms_of(resource.urn, ""))
    assert bool(found) is refused
    assert all("has no price" in text for text in found)


def test_a_preview_is_left_to_the_policies_over_the_stack(pack: Servicer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_DRY_RUN", "true")
    assert said(pack, *dashboards(3)) == []
