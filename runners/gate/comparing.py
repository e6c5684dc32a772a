"""Compares two estimates, wherever each comes from: a report, or a file of resources that is priced first."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from preview.resource_file import read_resources
from pricing.base_report import is_report, parse_base_report
from pricing.delta import Delta, PricedResource, compare, priced_resources
from pricing.estimate import estimate
from pricing.json_file import read_json
from pricing.price_book import PriceBook
from runners.errors import InputError
from runners.gate.estimating import Assumptions, faults

_ACCEPTED: Final = "a report of `ial preview --json` or `ial cost estimate --json`, or a file of resources"


def compare_files(base: Path, head: Path, assumptions: Assumptions) -> Delta:
    """What `head` costs more or less than `base`.

    Raises:
        PricingError: a file cannot be read.
        InputError: a file holds resources that cannot be priced, so that the difference would be wrong.
    """
    old, old_notes = _priced(base, assumptions)
    new, new_notes = _priced(head, assumptions)
    return compare(old, new, source=str(base), notes=(*old_notes, *new_notes))


def _priced(path: Path, assumptions: Assumptions) -> tuple[tuple[PricedResource, ...], tuple[str, ...]]:
    document = read_json(path, _ACCEPTED)
    data = document.data
    if is_report(data):
        report = parse_base_report(data, document.file)
        notes = () if report.complete else (f"{path}: this report was incomplete, so the difference is too",)
        return report.resources, notes
    found = read_resources(data, document.file)
    priced = estimate(
        found.graph, assumptions.usage, PriceBook.load(), region=assumptions.region, today=assumptions.as_of
    )
    wrong = faults(priced)
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        msg = f"{path}: {wrong[0].message}{more}"
        raise InputError(msg)
    return priced_resources(priced), found.notes
