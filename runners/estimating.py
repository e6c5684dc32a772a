"""Prices a file of resources: what `ial cost estimate`, `explain FILE` and `diff` share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from preview.resource_file import read_resource_file
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


def price_file(path: Path, assumptions: Assumptions) -> tuple[Estimate, tuple[str, ...]]:
    """The estimate of a resource list, a preview digest or a state export, and what the file leaves open.

    Raises:
        PricingError: the file cannot be read, or the price book cannot be used.
    """
    found = read_resource_file(path)
    book = PriceBook.load()
    priced = estimate(found.graph, assumptions.usage, book, region=assumptions.region, today=assumptions.as_of)
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
    data = read_yaml(path)
    if isinstance(data, dict) and "usage" in data:
        data = data["usage"]
    return Usage.from_mapping(data, str(path))


def read_yaml(path: Path) -> object:
    """The content of a YAML file, and JSON is YAML.

    Raises:
        InputError: the file is missing, not text, or not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror or error}); name an existing file"
        raise InputError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: not UTF-8 text; a YAML or JSON file is needed"
        raise InputError(msg) from error
    try:
        data: object = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        msg = f"{path}: not YAML: {reason}"
        raise InputError(msg) from error
    return data
