from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest

from pricing.dynamic_code import known_code
from pricing.estimate import Estimate, estimate
from pricing.price_book import PriceBook
from pricing.resource import Graph, Plain, Resource
from pricing.usage import Usage

TODAY = date(2026, 11, 25)
NAME = "it"


def plain(value: object) -> Plain:
    """Program values as the graph holds them: numbers as Decimal."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value  # type: ignore[return-value]


@pytest.fixture
def declare() -> Callable[..., Resource]:
    """Declares a resource: token, properties, name, URNs it depends on."""

    def build(
        token: str, properties: Mapping[str, object] | None = None, name: str = NAME, depends_on: tuple[str, ...] = ()
    ) -> Resource:
        return Resource(
            urn=f"urn:pulumi:dev::ial::{token}::{name}",
            type=token,
            name=name,
            properties={key: plain(value) for key, value in (properties or {}).items()},
            dependencies=depends_on,
            code=known_code().get(token, ""),
        )

    return build


@pytest.fixture
def price() -> Callable[..., Estimate]:
    """Prices resources with usage declared per name (or all of it for the first one) in us-east-1."""

    def build(*resources: Resource, usage: Mapping[str, object] | None = None) -> Estimate:
        declared = Usage.from_mapping({"resources": {resources[0].name: usage}} if usage else {}, "usage.yaml")
        return estimate(Graph(list(resources)), declared, PriceBook.load(), region="us-east-1", today=TODAY)

    return build


@pytest.fixture
def lines(declare: Callable[..., Resource], price: Callable[..., Estimate]) -> Callable[..., dict[str, Decimal | None]]:
    """The lines of one resource: name -> expected USD a month, rounded to 6 places, None when usage is missing."""

    def build(
        token: str, properties: Mapping[str, object] | None = None, usage: Mapping[str, object] | None = None
    ) -> dict[str, Decimal | None]:
        result = price(declare(token, properties), usage=usage)
        assert {problem.code for problem in result.problems} <= {"undeclared-usage"}, result.problems
        return {
            item.name: None if item.cost is None else round(item.cost.expected, 6).normalize()
            for item in result.items()
        }

    return build


@pytest.fixture
def refusal(declare: Callable[..., Resource], price: Callable[..., Estimate]) -> Callable[..., str]:
    """The single problem of one resource, as `code: message`."""

    def build(
        token: str, properties: Mapping[str, object] | None = None, usage: Mapping[str, object] | None = None
    ) -> str:
        (problem,) = price(declare(token, properties), usage=usage).problems
        return f"{problem.code}: {problem.message}"

    return build
