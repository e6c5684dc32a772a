"""The files of the price book, read for comparison and written back one row a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contract.reading.files import read_json_file
from contract.reading.numbers import plain_number
from contract.writing.files import write_whole
from pricing.price_book import CATALOG_DIRECTORY, EVERYWHERE, Price, PriceBook
from runners.errors import InputError
from runners.prices.price_refresh import HOME_REGION, WRITTEN, Outcome, Refreshed, row_document


@dataclass(frozen=True)
class PriceFiles:
    """One folder of price files."""

    folder: Path
    prices: tuple[Price, ...]

    @classmethod
    def load(cls, folder: Path | None, only: str = "") -> PriceFiles:
        """All prices of a folder, by default ial's own, whose keys start with `only`.

        Raises:
            CatalogError: a file is malformed.
            InputError: no key starts with `only`.
        """
        folder = folder or CATALOG_DIRECTORY
        prices = tuple(price for price in PriceBook.load(folder).validate() if price.key.startswith(only))
        if not prices:
            msg = f"--only {only!r}: no key of the price book starts so; `ial cost explain` shows keys in its JSON"
            raise InputError(msg)
        return cls(folder, prices)

    def write(self, found: Iterable[Refreshed]) -> list[Path]:
        """Writes the outcomes that are sure, and returns the files that changed.

        Raises:
            WritingError: a file cannot be written.
        """
        news = {(entry.key, entry.region): entry for entry in found if entry.outcome in WRITTEN}
        written: list[Path] = []
        for path in sorted(self.folder.glob("*.json")):
            document: Any = read_json_file(path, "a file of prices", number=plain_number).data
            rows = list(_renewed(document["prices"], news))
            if rows != document["prices"]:
                write_whole(path, _text(document["service"], rows), private=False)
                written.append(path)
        return written


def _renewed(rows: list[dict[str, object]], news: dict[tuple[str, str], Refreshed]) -> Iterator[dict[str, object]]:
    added = {key: entry for (key, _), entry in news.items() if entry.outcome is Outcome.ADDED}
    for row in rows:
        key, region = str(row["key"]), str(row["region"])
        entry = news.get((key, region))
        yield row if entry is None or entry.outcome is Outcome.ADDED else row_document(entry, row)
        if region in (HOME_REGION, EVERYWHERE) and key in added:
            yield row_document(added.pop(key), row)


def _text(service: str, rows: list[dict[str, object]]) -> str:
    lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)
    return f'{{"service": {json.dumps(service)}, "prices": [\n{lines}\n]}}\n'
