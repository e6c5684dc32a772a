"""Prices a small stack exactly as an estimate does, and looks at the resource that a test is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pricing.dynamic_code import known_code
from pricing.estimate import Estimate, ResourceCost, estimate
from pricing.price_book import PriceBook
from pricing.resource import Graph, Plain, Resource
from pricing.usage import Usage

AS_OF = date(2026, 11, 25)


def _plain(value: Any) -> Plain:
    """Numbers as Decimal, the way every source of resources delivers them."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return Decimal(str(value))
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    found: Plain = value
    return found


@dataclass(frozen=True)
class Bill:
    """The estimate of a small stack, seen from the resource that is tested: the last one."""

    estimate: Estimate

    @property
    def priced(self) -> ResourceCost:
        return self.estimate.resources[-1]

    @property
    def lines(self) -> dict[str, Decimal | None]:
        """Expected USD by line; None where the usage was not declared."""
        return {item.name: None if item.cost is None else item.cost.expected for item in self.priced.items}

    @property
    def total(self) -> Decimal:
        return self.priced.cost.expected

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.estimate.problems]

    @property
    def messages(self) -> str:
        return "\n".join(problem.message for problem in self.estimate.problems)


@pytest.fixture
def make() -> Callable[..., Resource]:
    """Makes a resource: `make(TYPE, name, depends=[...], **properties)`."""

    def build(token: str, name: str = "it", /, *, depends: list[Resource] | None = None, **properties: Any) -> Resource:
        return Resource(
            urn=f"urn:pulumi:dev::ial::{token}::{name}",
            type=token,
            name=name,
            properties={key: _plain(value) for key, value in properties.items()},
            dependencies=tuple(other.urn for other in depends or []),
            code=known_code().get(token, ""),
        )

    return build


@pytest.fixture
def charge() -> Callable[..., Bill]:
    """Prices resources: the last is the one tested; `usage` is declared for its type."""
    book = PriceBook.load()

    def run(*resources: Resource, usage: Mapping[str, Any] | None = None, region: str = "us-east-1") -> Bill:
        declared = Usage.from_mapping({"types": {resources[-1].type: dict(usage)}} if usage else {}, "usage.yaml")
        return Bill(estimate(Graph(list(resources)), declared, book, region=region, today=AS_OF))

    return run
