from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pricing.price_book import PriceBook, Tier
from runners.errors import InputError
from runners.prices.price_files import PriceFiles
from runners.prices.price_refresh import ListedProduct, Outcome, Refreshed, refresh
from runners.prices.price_selection import Selection

TODAY = date(2026, 12, 1)
PUBLISHED = date(2026, 11, 30)


def row(
    key: str, usage_type: str, price: str, unit: str = "alarm-month", region: str = "us-east-1"
) -> dict[str, object]:
    return {
        "key": key,
        "region": region,
        "usage_type": usage_type,
        "unit": unit,
        "tiers": [{"up_to": None, "price": price}],
        "free_quantity": "0",
        "source": "somewhere",
        "source_date": "2026-01-01",
        "confidence": "low",
    }


def product(usage_type: str, *steps: tuple[int | None, str], unit: str = "Alarms") -> ListedProduct:
    tiers = tuple(Tier(None if up_to is None else Decimal(up_to), Decimal(price)) for up_to, price in steps)
    return ListedProduct(usage_type=usage_type, unit=unit, tiers=tiers, published=PUBLISHED)


class FakeList:
    """A price list in memory."""

    def __init__(self, listed: Mapping[str | None, list[ListedProduct]]) -> None:
        self.listed = listed

    def products(self, wanted: Selection) -> list[ListedProduct]:
        return [entry for entry in self.listed.get(wanted.region, []) if wanted.usage_type in entry.usage_type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        row("a.same", "Same", "0.10"),
        row("a.changed", "Changed", "0.10"),
        row("a.tiers", "Tiers", "0.50", unit="1M requests"),
        row("a.gone", "Gone", "0.10"),
        row("a.two", "Two", "0.10"),
        row("a.jump", "Jump", "0.10"),
        row("a.unseen", "not seen", "0.10"),
        row("b.global", "Global", "3.00", region="global"),
    ]
    (tmp_path / "a.json").write_text(json.dumps({"service": "AmazonAny", "prices": rows}))
    return tmp_path


HOME = [
    product("Same", (None, "0.1000000000")),
    product("Changed", (None, "0.12")),
    product("Tiers", (1_000_000, "0"), (100_000_000_000, "0.0000005"), (None, "0.0000004"), unit="Requests"),
    product("Two", (None, "0.10")),
    product("Two", (None, "0.11")),
    product("Jump", (None, "0.90")),
]


def found(folder: Path, listed: Mapping[str | None, list[ListedProduct]], region: str) -> dict[str, Refreshed]:
    said: list[str] = []
    entries = refresh(PriceFiles.load(folder).prices, FakeList(listed), region, TODAY, said.append)
    assert said[-1] == "8 of 8 prices compared"
    return {entry.key: entry for entry in entries}


def test_each_row_has_an_outcome(folder: Path) -> None:
    rows = found(folder, {"us-east-1": HOME, None: [product("Global", (None, "3"))]}, "us-east-1")
    assert {key: entry.outcome for key, entry in rows.items()} == {
        "a.same": Outcome.SAME,
        "a.changed": Outcome.CHANGED,
        "a.tiers": Outcome.CHANGED,
        "a.gone": Outcome.NOT_LISTED,
        "a.two": Outcome.AMBIGUOUS,
        "a.jump": Outcome.SUSPICIOUS,
        "a.unseen": Outcome.NO_USAGE_TYPE,
        "b.global": Outcome.SAME,
    }
    assert rows["a.tiers"].after == (Tier(Decimal(100_000), Decimal("0.5")), Tier(None, Decimal("0.4")))


def test_what_is_sure_is_written_and_the_rest_stays(folder: Path) -> None:
    book = PriceFiles.load(folder)
    entries = refresh(book.prices, FakeList({"us-east-1": HOME}), "us-east-1", TODAY, lambda _: None)
    assert book.write(entries) == [folder / "a.json"]
    # A copy elsewhere: the book keeps what it read from a folder for the life of the process.
    again = folder / "again"
    again.mkdir()
    (again / "a.json").write_text((folder / "a.json").read_text())
    written = PriceBook.load(again)
    changed = written.price("a.changed", "us-east-1")
    assert (changed.unit_price, changed.source_date, changed.confidence) == (Decimal("0.12"), TODAY, "high")
    assert "published 2026-11-30" in changed.source
    assert written.price("a.same", "us-east-1").source_date == TODAY
    for key in ("a.gone", "a.two", "a.jump", "a.unseen"):
        assert written.price(key, "us-east-1").source_date == date(2026, 1, 1)
        assert written.price(key, "us-east-1").unit_price == Decimal("0.10")


def test_a_region_is_added_row_by_row(folder: Path) -> None:
    listed: dict[str | None, list[ListedProduct]] = {
        "eu-west-1": [product("EU-Same", (None, "0.11")), product("EU-Jump", (None, "9"))]
    }
    rows = found(folder, listed, "eu-west-1")
    assert rows["a.same"].outcome is Outcome.ADDED
    assert rows["a.same"].before == ()
    assert rows["a.jump"].outcome is Outcome.SUSPICIOUS
    PriceFiles.load(folder).write(rows.values())
    texts = json.loads((folder / "a.json").read_text())["prices"]
    added = [entry for entry in texts if entry["region"] == "eu-west-1"]
    assert [(entry["key"], entry["usage_type"], entry["tiers"][0]["price"]) for entry in added] == [
        ("a.same", "EU-Same", "0.11")
    ]
    assert [entry["key"] for entry in texts][:2] == ["a.same", "a.same"]
    assert texts[0]["source_date"] == "2026-01-01"


def test_files_stay_one_row_a_line(folder: Path) -> None:
    book = PriceFiles.load(folder)
    book.write(refresh(book.prices, FakeList({"us-east-1": HOME}), "us-east-1", TODAY, lambda _: None))
    assert len((folder / "a.json").read_text().splitlines()) == 8 + 2


def test_only_some_keys(folder: Path) -> None:
    assert [price.key for price in PriceFiles.load(folder, "b.").prices] == ["b.global"]
    with pytest.raises(InputError, match=r"--only 'c\.'"):
        PriceFiles.load(folder, "c.")
