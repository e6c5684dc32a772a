from __future__ import annotations

from datetime import date, timedelta

import pytest

from pricing.billing import Billing
from pricing.price_book import PriceBook
from pricing.registry import unit_of
from pricing.resource import Graph, Resource
from pricing.rules.databases import extended_support
from pricing.usage import Usage

POSTGRES = ("postgres", "aurora-postgresql")


def keys(engine: str, version: str, today: date, **properties: str) -> list[str]:
    database = Resource(urn="u", type="t", name="n", properties={"engineVersion": version, **properties})
    billing = Billing(
        resource=database,
        graph=Graph([database]),
        usage=Usage(),
        book=PriceBook.load(),
        default_region="us-east-1",
        unit_of=unit_of,
        as_of=today,
    )
    return [item.price.key.rpartition(".")[2] for item in extended_support(billing, engine, 2)]


@pytest.mark.parametrize(
    ("engine", "version", "first", "third"),
    [
        ("mysql", "5.7.44", date(2024, 3, 1), date(2026, 3, 1)),
        ("mysql", "8.0.35", date(2026, 8, 1), date(2028, 8, 1)),
        ("mysql", "8.4.3", date(2029, 8, 1), date(2031, 8, 1)),
        ("aurora-mysql", "8.0.mysql_aurora.3.04.0", date(2028, 5, 1), None),
        # A version a year, each on the same day, but for the first.
        *((engine, "11.22", date(2024, 4, 1), date(2026, 4, 1)) for engine in POSTGRES),
        *(
            (engine, f"{major}.4", date(2013 + major, 3, 1), date(2015 + major, 3, 1))
            for engine in POSTGRES
            for major in range(12, 18)
        ),
        ("aurora-mysql", "5.7.mysql_aurora.2.11.1", date(2024, 12, 1), None),
    ],
)
def test_support_follows_its_dates(engine: str, version: str, first: date, third: date | None) -> None:
    before = timedelta(days=1)
    assert keys(engine, version, first - before) == []
    assert keys(engine, version, first) == ["year_1_2"]
    if third is None:
        assert keys(engine, version, date(2036, 1, 1)) == ["year_1_2"]
    else:
        assert keys(engine, version, third - before) == ["year_1_2"]
        assert keys(engine, version, third) == ["year_3"]


def test_who_opted_out_and_who_upgraded_pays_nothing() -> None:
    opted = {"engineLifecycleSupport": "open-source-rds-extended-support-disabled"}
    assert keys("mysql", "5.7.44", date(2026, 11, 28), **opted) == []
    assert keys("mysql", "8.4.3", date(2026, 11, 28)) == []
