"""Prices a file of resources: what `ial cost estimate`, `explain FILE` and `diff` share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from contract.reading.errors import ReadingError
from contract.reading.files import read_yaml_file
from contract.reading.source_file import Document
from preview.resource_file import read_resource_file
from pricing.declarations import Declarations
from pricing.estimate import Estimate, Problem, estimate
from pricing.price_book import PriceBook
from pricing.usage import Usage
from runners.errors import InputError

DEFAULT_REGION: Final = "us-east-1"
# A missing declaration makes an estimate a lower bound; anything else makes it wrong.
LOWER_BOUND: Final = "undeclared-usage"


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What prices a file: declared usage, the region, and the day at which prices are judged."""

    usage: Usage
    region: str
    as_of: date
    environment: str | None = None
    declarations: Declarations = field(default_factory=Declarations)


def price_file(path: Path, assumptions: Assumptions) -> tuple[Estimate, tuple[str, ...]]:
    """The estimate of a resource list, a preview digest or a state export, and what the file leaves open.

    Raises:
        PricingError: the file cannot be read, or the price book cannot be used.
    """
    found = read_resource_file(path)
    book = PriceBook.load()
    priced = estimate(
        found.graph,
        assumptions.usage,
        book,
        region=assumptions.region,
        today=assumptions.as_of,
        declarations=assumptions.declarations,
    )
    return priced, found.notes


def faults(priced: Estimate) -> list[Problem]:
    """The problems that keep the total from being even a lower bound."""
    return [problem for problem in priced.problems if problem.code != LOWER_BOUND]


def read_usage(path: Path) -> Usage:
    """Usage from a YAML or JSON file: `types` and `resources`, at the top or under `usage` as in an environment file.

    Raises:
        InputError: the file is missing or not YAML.
        UsageError: it declares something that is not accepted.
    """
    document = _read(path)
    data, place = document.data, ""
    if isinstance(data, dict) and "usage" in data:
        data, place = data["usage"], "usage"
    return Usage.from_mapping(data, document.file, place=place)


def _read(path: Path) -> Document:
    try:
        return read_yaml_file(path, "usage as YAML or JSON")
    except ReadingError as error:
        raise InputError(str(error)) from None
