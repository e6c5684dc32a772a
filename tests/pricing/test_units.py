"""A unit is that of its key, or converts to it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pricing.errors import UsageError
from pricing.quantity import Quantity
from pricing.registry import all_rules, unit_of
from pricing.units import accepted, factor
from pricing.usage import Usage

GROUP = "aws:cloudwatch/logGroup:LogGroup"


@pytest.mark.parametrize(
    ("given", "wanted", "by"),
    [
        ("GB", "GB", 1),
        ("TB", "GB", 1024),
        ("GiB", "GB", 1),
        ("GB", "MB", 1024),
        ("MB", "GB", Decimal(1) / 1024),
        ("B", "GB", Decimal(1) / 2**30),
        ("KB", "GB", Decimal(1) / 2**20),
        ("PB", "GB", 2**20),
        ("KiB", "KB", 1),
        ("ms", "seconds", Decimal("0.001")),
        ("minutes", "seconds", 60),
        ("days", "seconds", 86400),
        ("hours", "seconds", 3600),
        ("day", "hours", 24),
        ("request", "requests", 1),
        ("thousand requests", "requests", 10**3),
        ("million requests", "requests", 10**6),
        ("billion requests", "requests", 10**9),
        ("million GB-seconds", "requests", None),
        ("dozen requests", "requests", None),
        ("potatoes", "GB", None),
        ("gb", "GB", None),
        ("hours", "GB", None),
        ("million", "requests", None),
        ("million GB", "GB", None),
        ("GB", "requests", None),
        ("", "GB", None),
    ],
)
def test_units(given: str, wanted: str, by: Decimal | int | None) -> None:
    assert factor(given, wanted) == by


def test_every_key_takes_its_own_unit_and_says_so() -> None:
    for entry in all_rules():
        for key in entry.usage:
            assert factor(key.unit, key.unit) == 1
            assert key.unit in accepted(key.unit)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("requests", "requests, thousand requests, million requests, billion requests"),
        ("0 or 1", "0 or 1"),
        ("requests/s", "requests/s"),
        ("GB", "B, KB, MB, GB, TB, PB, KiB, MiB, GiB, TiB, PiB"),
        ("hours", "ms, seconds, minutes, hours, days, second, minute, hour, day"),
    ],
)
def test_what_is_accepted_is_told(wanted: str, told: str) -> None:
    assert accepted(wanted) == told


def usage(unit: str, section: str = "types", name: str = GROUP) -> Usage:
    return Usage.from_mapping({section: {name: {"ingested_gb": {"expected": 2, "unit": unit}}}}, "u.yaml")


@pytest.mark.parametrize(("section", "name"), [("types", GROUP), ("resources", "g")])
def test_what_is_declared_is_in_the_unit_of_its_key(section: str, name: str) -> None:
    assert usage("TB", section, name).declared(GROUP, "g", "ingested_gb", unit_of) == Quantity.exact(2048)
    assert usage("potatoes", section, name).declared(GROUP, "g", "ingested_gb", unit_of) is None


def test_a_unit_that_does_not_convert_is_told() -> None:
    keys, named = {GROUP: {"ingested_gb": "GB"}}, {"g": [GROUP]}
    (said,) = usage("potatoes").wrong_units(keys, named)
    assert said.startswith(f"u.yaml: usage.types.{GROUP}.ingested_gb.unit: 'potatoes' is no unit of this key; accepted")
    assert "TB" in said
    assert usage("TB").wrong_units(keys, named) == []
    assert len(usage("potatoes", "resources", "g").wrong_units(keys, named)) == 1


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "20260201", "2026-2-1", "٢٠٢٦-٠١-٠١", 5])
def test_a_date_is_a_day_that_exists(day: object) -> None:
    good = {"types": {GROUP: {"ingested_gb": {"expected": 1, "date": "2026-02-28"}}}}
    assert Usage.from_mapping(good, "u.yaml")
    bad = {"types": {GROUP: {"ingested_gb": {"expected": 1, "date": day}}}}
    with pytest.raises(UsageError, match="a day that exists"):
        Usage.from_mapping(bad, "u.yaml")


@pytest.mark.parametrize("number", ["١٢", "１２", "1_000", "0x10", "1e-400", " 1", "", "1:30", "Infinity"])
def test_a_number_as_text_has_plain_digits(number: str, tmp_path: Path) -> None:
    assert Usage.from_mapping({"types": {GROUP: {"ingested_gb": "12.5"}}}, str(tmp_path))
    with pytest.raises(UsageError, match="is not a number of zero or more"):
        Usage.from_mapping({"types": {GROUP: {"ingested_gb": number}}}, "u.yaml")
