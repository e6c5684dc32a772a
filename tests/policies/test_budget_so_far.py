from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policies import environments
from policies.budget_so_far import over_budget_so_far
from policies.environments import terms_of
from policies.memory import MEMORY
from pricing.resource import Resource
from tests.policies.conftest import Declared, Servicer, made, urn_of
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


def of(folder: Path, more: str, *declared: Declared) -> list[str]:
    """What is said of the last resource, when those before it were kept."""
    (folder / "dev.yaml").write_text(f"{limits('6.00')}\n{more}\n", encoding="utf-8")
    environments._terms.cache_clear()
    resources = [made(one.type, one.inputs, one.name) for one in declared]
    for resource in resources[:-1]:
        MEMORY.keep(resource)
    last = resources[-1]
    return over_budget_so_far(last, lambda: terms_of(last.urn))


FOREIGN = Declared("acme:index:Cluster", "cluster")
SAID = "why: w, source: s, until: 2026-12-31"


def test_what_the_environment_declares_has_a_price(surroundings: Path) -> None:
    assert of(surroundings, "", FOREIGN) == [
        "cluster (acme:index:Cluster) has no price, and no preview saw it; nothing is made of it"
    ]
    assert of(surroundings, f"freeTypes: [{{type: {FOREIGN.type}, {SAID}}}]", FOREIGN) == []
    cost = f"declaredCosts: [{{type: {FOREIGN.type}, amount: 3.00, {SAID}}}]"
    assert of(surroundings, cost, *dashboards(1), FOREIGN) == []
    [text] = of(surroundings, cost, *dashboards(2), FOREIGN)
    assert text.startswith("cluster (acme:index:Cluster) is not made: with it, the stack costs 9.00 USD a month")
    [text] = of(surroundings, cost, FOREIGN, *dashboards(2))
    assert text.startswith("board-1 (aws:cloudwatch/dashboard:Dashboard) is not made: with it, the stack costs 9.00")
    # A statement that is over is none.
    assert (
        len(of(surroundings, f"freeTypes: [{{type: {FOREIGN.type}, {SAID.replace('12-31', '11-24')}}}]", FOREIGN)) == 1
    )


def test_nothing_is_said_of_what_costs_nothing_or_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def judged(token: str = "aws:cloudwatch/dashboard:Dashboard", **more: Any) -> list[str]:
        resource = made(token, {"dashboardBody": '{"widgets": []}'}, "third", **more)
        return over_budget_so_far(resource, lambda: terms_of(resource.urn))

    for board in dashboards(2):
        MEMORY.keep(made(board.type, board.inputs, board.name))
    assert len(judged()) == 1
    # The capability has no cap here: that is for the policies over the stack to say.
    assert judged(components=("ial:network:Network",)) == judged()
    assert judged(custom=False) == judged(external=True) == judged("aws:iam/role:Role") == []
    assert judged("acme:index:Cluster", custom=False) == []
    for said in ("true", ""):
        monkeypatch.setenv("PULUMI_DRY_RUN", said)
        assert judged() == []
