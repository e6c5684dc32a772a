"""The environments that ship, against the program that ships."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest

from preview.program import record
from preview.project import Project
from pricing.budget import violations
from pricing.clock import judged_on
from pricing.environment import Environment, Terms
from pricing.errors import UsageError
from pricing.estimate import Estimate, estimate
from pricing.price_book import PriceBook

ROOT = Path(__file__).parents[2]
DIRECTORY = ROOT / "policies/environments"
STACKS = sorted(path.stem for path in DIRECTORY.glob("*.yaml"))
TODAY = date(2026, 11, 25)


@lru_cache
def judged(stack: str, stage: int) -> tuple[Estimate, Terms]:
    project = Project.load(ROOT, stack, [f"ial:stage={stage}"])
    terms = Environment.for_stack(stack, DIRECTORY).terms(project.config)
    graph = record(project).graph
    return estimate(graph, terms.usage, PriceBook.load(), region=terms.region, today=TODAY), terms


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize(("stage", "most"), [(1, "11.77"), (2, "13.63")])
def test_the_default_configuration_fits_at_the_most_it_may_cost(stack: str, stage: int, most: str) -> None:
    found, terms = judged(stack, stage)
    assert [problem.message for problem in found.problems] == []
    assert 0 < found.total.maximum <= Decimal(most)
    assert violations(found, terms.budget) == []


@pytest.mark.parametrize("stack", STACKS)
def test_every_declared_quantity_says_where_it_comes_from(stack: str) -> None:
    usage = Environment.for_stack(stack, DIRECTORY).usage_data
    assert isinstance(usage, Mapping)
    entries = [value for keys in usage["types"].values() for value in keys.values()]
    assert entries
    for entry in entries:
        assert set(entry) >= {"minimum", "expected", "maximum", "unit", "source", "date"}


def test_every_stack_has_an_environment() -> None:
    assert {path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml")} == set(STACKS)


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01"])
def test_a_date_that_is_none(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("IAL_AS_OF", text)
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        judged_on()


def test_without_a_date_it_is_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IAL_AS_OF")
    assert judged_on() >= TODAY
