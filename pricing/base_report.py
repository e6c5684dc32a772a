"""Reads an earlier estimate or preview report, to compare with: a malformed one is an error, never a pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from contract.reading.numbers import number_of
from contract.reading.source_file import at
from pricing.delta import Delta, PricedComponent, PricedResource, compare, priced_resources
from pricing.errors import ResourceFileError
from pricing.estimate import Estimate
from pricing.json_file import read_json
from pricing.money import CURRENCY
from pricing.quantity import Quantity, total
from pricing.report import VERSION

_ACCEPTED: Final = "an estimate of `ial cost estimate --json` or a report of `ial preview --json`"
_TOLERANCE: Final = Decimal("0.000001")


@dataclass(frozen=True, kw_only=True)
class BaseReport:
    """The priced resources of an earlier report, and whether it had left anything out."""

    source: str
    region: str
    as_of: str
    complete: bool
    resources: tuple[PricedResource, ...]

    def against(self, head: Estimate, replaced: Collection[str] = ()) -> Delta:
        """What the head adds to this base; what makes the comparison less exact is noted."""
        notes = []
        if not self.complete:
            notes.append(f"{self.source} left something out of its total, so the change looks larger than it is")
        if self.region != head.region:
            notes.append(f"{self.source} has the prices of {self.region}, the head those of {head.region}")
        return compare(self.resources, priced_resources(head), source=self.source, replaced=replaced, notes=notes)


def is_report(data: object) -> bool:
    """Whether parsed JSON looks like an estimate or a preview report."""
    return isinstance(data, Mapping) and (("totalMonthlyCost" in data and "resources" in data) or "estimate" in data)


def read_base_report(path: Path) -> BaseReport:
    """Reads the report in a file.

    Raises:
        ResourceFileError: the file cannot be read, or is not a report that can be compared with.
    """
    document = read_json(path, _ACCEPTED)
    return parse_base_report(document.data, document.file)


def parse_base_report(data: object, file: str) -> BaseReport:
    """Reads parsed JSON, numbers as `Decimal`.

    Raises:
        ResourceFileError: it is not a report, or its amounts do not add up.
    """
    if not is_report(data):
        msg = f"{file}: not a report; accepted: {_ACCEPTED}"
        raise ResourceFileError(msg)
    document = _object(data, file, "report")
    if "estimate" in document:
        document = _object(document["estimate"], file, "estimate")
    if document.get("version") != VERSION:
        msg = f"{at(file, 'version')}: {document.get('version')!s}; accepted is {VERSION}: make the report again"
        raise ResourceFileError(msg)
    if document.get("currency") != CURRENCY:
        msg = f"{at(file, 'currency')}: {document.get('currency')!r}; accepted is {CURRENCY}"
        raise ResourceFileError(msg)
    if not isinstance(document.get("complete"), bool):
        msg = f"{at(file, 'complete')}: {document.get('complete')!r}; accepted are true and false"
        raise ResourceFileError(msg)
    resources = tuple(
        _resource(_object(entry, file, f"resources[{index}]"), file, f"resources[{index}]")
        for index, entry in enumerate(_list(document.get("resources"), file, "resources"))
    )
    _check_sum(document, resources, file)
    return BaseReport(
        source=file,
        region=_text(document, "region", file, "report"),
        as_of=_text(document, "asOf", file, "report"),
        complete=document["complete"] is True,
        resources=resources,
    )


def _check_sum(document: Mapping[str, object], resources: tuple[PricedResource, ...], file: str) -> None:
    for key, number in Counter(entry.key for entry in resources).items():
        if number > 1:
            msg = f"{at(file, 'resources')}: {key!r} is listed twice; make the report again"
            raise ResourceFileError(msg)
    stated = _range(document, "totalMonthlyCost", file, "report")
    summed = total(entry.cost for entry in resources)
    if stated is None or abs(stated.expected - summed.expected) > _TOLERANCE:
        amount = "null" if stated is None else str(stated.expected)
        head = at(file, "totalMonthlyCost")
        msg = f"{head}: {amount}, but its resources add up to {summed.expected}; make the report again"
        raise ResourceFileError(msg)


def _resource(entry: Mapping[str, object], file: str, place: str) -> PricedResource:
    components: list[PricedComponent] = []
    for index, item in enumerate(_list(entry.get("costComponents"), file, f"{place}.costComponents")):
        where = f"{place}.costComponents[{index}]"
        record = _object(item, file, where)
        components.append(
            PricedComponent(
                name=_text(record, "name", file, where),
                unit=_text(record, "unit", file, where),
                price=_amount(record.get("price"), file, f"{where}.price"),
                quantity=_range(record, "monthlyQuantity", file, where),
                cost=_range(record, "monthlyCost", file, where),
            )
        )
    cost = _range(entry, "monthlyCost", file, place)
    if cost is None:
        msg = f"{at(file, f'{place}.monthlyCost')}: null; an amount is needed"
        raise ResourceFileError(msg)
    return PricedResource(
        urn=_text(entry, "urn", file, place),
        name=_text(entry, "name", file, place),
        type=_text(entry, "type", file, place),
        capability=_text(entry, "capability", file, place),
        cost=cost,
        components=tuple(components),
    )


def _range(record: Mapping[str, object], key: str, file: str, place: str) -> Quantity | None:
    if record.get(key, "") is None:
        return None
    values = [_amount(record.get(name), file, f"{place}.{name}") for name in (f"{key}Minimum", key, f"{key}Maximum")]
    try:
        return Quantity(*values)
    except ValueError as error:
        msg = f"{at(file, f'{place}.{key}')}: {error}"
        raise ResourceFileError(msg) from error


def _amount(value: object, file: str, place: str) -> Decimal:
    number = number_of(value) if isinstance(value, str) else None
    if number is None or number < 0:
        msg = f"{at(file, place)}: {value!r}; a text with a number of zero or more is needed"
        raise ResourceFileError(msg)
    return number


def _object(value: object, file: str, place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        msg = f"{at(file, place)}: expected an object; accepted: {_ACCEPTED}"
        raise ResourceFileError(msg)
    return value


def _list(value: object, file: str, place: str) -> list[object]:
    if not isinstance(value, list):
        msg = f"{at(file, place)}: expected a list; make the report again"
        raise ResourceFileError(msg)
    return value


def _text(record: Mapping[str, object], key: str, file: str, place: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value:
        msg = f"{at(file, f'{place}.{key}')}: {value!r}; a text is needed"
        raise ResourceFileError(msg)
    return value
