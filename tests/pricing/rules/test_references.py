from __future__ import annotations

from typing import Any

import pytest

from pricing.billing import Billing
from pricing.price_book import PriceBook
from pricing.registry import unit_of
from pricing.resource import UNKNOWN, Graph
from pricing.rules.references import referred
from pricing.usage import Usage

DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"


def _billing(resource: Any, *others: Any) -> Billing:
    graph = Graph([*others, resource])
    return Billing(
        resource=resource,
        graph=graph,
        usage=Usage(),
        book=PriceBook.load(),
        default_region="us-east-1",
        unit_of=unit_of,
    )


@pytest.mark.parametrize(
    "reference", ["app", "app:3", "arn:aws:ecs:us-east-1:1:task-definition/app:3", "arn:aws:ecs:::task-definition/app"]
)
def test_a_known_reference_is_matched_by_name(reference: str, make: Any) -> None:
    app, other = make(DEFINITION, "one", family="app"), make(DEFINITION, "two", family="other")

    assert referred(_billing(make("t:t:T"), other, app), reference, DEFINITION) is app


def test_an_unknown_reference_is_the_only_dependency(make: Any) -> None:
    app, other = make(DEFINITION, "one"), make(DEFINITION, "two")

    assert referred(_billing(make("t:t:T", depends=[app]), other, app), UNKNOWN, DEFINITION) is app
    assert referred(_billing(make("t:t:T", depends=[app, other]), other, app), UNKNOWN, DEFINITION) is None
    assert referred(_billing(make("t:t:T"), other, app), UNKNOWN, DEFINITION) is None
    assert referred(_billing(make("t:t:T"), app), UNKNOWN, DEFINITION) is app


def test_a_name_that_nothing_has_is_not_in_the_stack(make: Any) -> None:
    assert referred(_billing(make("t:t:T"), make(DEFINITION, "one")), "elsewhere", DEFINITION) is None
