"""All prices that a region lacks, at once: those that one stack needs there, or all that the book has elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from contract.names import REGION
from contract.parts import RecordPart, plain
from pricing.price_book import EVERYWHERE, Price, PriceBook
from runners.errors import InputError
from runners.prices.price_refresh import HOME_REGION

if TYPE_CHECKING:
    from runners.gate.judging import Order

_FILE: Final = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/{service}/current/{region}/index.csv"


class AskedBook(PriceBook):
    """A price book that notes what it is asked for and lacks, and goes on with the price of the home region."""

    def __init__(self, book: PriceBook) -> None:
        super().__init__(book.rows, book.digest)
        self.lacking: dict[tuple[str, str], Price] = {}

    def price(self, key: str, region: str) -> Price:
        """The price there, else at home.

        Raises:
            CatalogError: the book has it nowhere.
        """
        if self.has(key, region):
            return super().price(key, region)
        known = super().price(key, HOME_REGION) if self.has(key, HOME_REGION) else self.unneeded(key, region)
        self.lacking[key, region] = known
        return known


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """One price that a region lacks, with AWS's names for it; they are empty where the book has it nowhere."""

    key: str
    region: str
    service: str
    usage_type: str


class LackingDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """One price.

    Attributes:
        key: Key of the price book.
        region: Region, or `global`.
        service: AWS's offer code; empty where the book has the price nowhere.
        usage_type: AWS's usage type; empty as the service.
        file: Where AWS publishes it; null where the book does not know its service.
    """

    key: str
    region: str
    service: str
    usage_type: str
    file: str | None


class MissingDocument(RecordPart, frozen=True, kw_only=True):
    """The answer of `ial cost missing-prices --json`.

    Attributes:
        version: Version of this document.
        region: The region that was asked about.
        stack: The stack whose needs are listed; null for all prices of the book.
        missing: What is missing.
        files: The files of AWS that have the prices.
    """

    version: Literal[1] = 1
    region: str
    stack: str | None
    missing: tuple[LackingDocument, ...]
    files: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """For machines."""
        return plain(self)


def missing_in_book(book: PriceBook, region: str) -> list[Lacking]:
    """What the book has at home and lacks in a region."""
    home = sorted(key for key, place in book.rows if place == HOME_REGION)
    return _listed((book.price(key, HOME_REGION), region) for key in home if not book.has(key, region))


def missing_for_stack(order: Order, region: str) -> list[Lacking]:
    """What a stack needs in a region and the book lacks; other faults of the stack are a preview's to tell.

    Raises:
        PreviewError: the program failed.
        PricingError: environment or price book cannot be used.
    """
    from preview.existing import NOT_KNOWN
    from preview.program import record
    from preview.project import Project
    from pricing.environment import REGION_KEY, Environment
    from pricing.estimate import estimate

    project = Project.load(order.program, order.stack, (*order.settings, f"{REGION_KEY}={region}"))
    environment = replace(Environment.for_stack(project.stack, order.environments), region=region)
    terms = environment.terms(project.config)
    book = AskedBook(PriceBook.load())
    graph = record(project, existing=NOT_KNOWN).graph
    estimate(graph, terms.usage, book, region=region, today=order.as_of, declarations=terms.declarations)
    return _listed((price, place) for (_, place), price in sorted(book.lacking.items()))


def _listed(found: Iterable[tuple[Price, str]]) -> list[Lacking]:
    return [
        Lacking(key=price.key, region=region, service=price.service, usage_type=price.usage_type)
        for price, region in found
    ]


def missing_document(missing: list[Lacking], region: str, stack: str | None) -> MissingDocument:
    """The prices and the files of AWS's that have them."""
    rows = tuple(
        LackingDocument(
            key=entry.key,
            region=entry.region,
            service=entry.service,
            usage_type=entry.usage_type,
            file=_FILE.format(service=entry.service, region=entry.region) if entry.service else None,
        )
        for entry in missing
    )
    files = tuple(sorted({row.file for row in rows if row.file is not None}))
    return MissingDocument(region=region, stack=stack, missing=rows, files=files)


def check_region(region: str) -> None:
    """Refuses what cannot be a region.

    Raises:
        InputError: it is not the name of a region.
    """
    from re import fullmatch

    if region == EVERYWHERE or not fullmatch(REGION[0], region):
        msg = f"--region {region!r} is not an AWS region; accepted: a name such as eu-west-1"
        raise InputError(msg)
