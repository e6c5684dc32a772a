"""Whether pricing grows with the number of resources and no faster."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from benchmarks.timing import median
from pricing.estimate import estimate
from pricing.price_book import PriceBook
from pricing.resource import Graph, Plain, Resource
from pricing.usage import Usage

_SIZES = (100, 1_000, 10_000)
_TYPES: tuple[tuple[str, dict[str, Plain]], ...] = (
    ("aws:cloudwatch/metricAlarm:MetricAlarm", {"period": Decimal(60)}),
    ("aws:ec2/instance:Instance", {"instanceType": "t3.micro"}),
    ("aws:sqs/queue:Queue", {}),
    ("aws:iam/role:Role", {}),
)


def measure() -> list[str]:
    book, usage, day = PriceBook.load(), Usage(), date(2026, 11, 25)
    lines: list[str] = []
    for size in _SIZES:
        graph = _graph(size)
        seconds = median(lambda graph=graph: estimate(graph, usage, book, region="us-east-1", today=day), 3)  # type: ignore[misc]
        lines.append(f"{size:>6}  {seconds:.3f} s, {seconds / size * 1e6:.0f} microseconds each")
    return lines


def _graph(size: int) -> Graph:
    resources = []
    for number in range(size):
        token, properties = _TYPES[number % len(_TYPES)]
        name = f"r{number}"
        urn = f"urn:pulumi:bench::bench::{token}::{name}"
        resources.append(Resource(urn=urn, type=token, name=name, properties=properties))
    return Graph(resources)
