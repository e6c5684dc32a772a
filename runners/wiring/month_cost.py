"""What a month costs, from an estimate that was made and the cost of the workload that was declared."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from contract.goals import Goals
from contract.reading.errors import ReadingError
from contract.reading.files import read_json_file
from runners.analysis.inputs import MonthCost
from runners.errors import InputError

_TOTALS: Final = ("totalMonthlyCostMinimum", "totalMonthlyCost", "totalMonthlyCostMaximum")
_ACCEPTED: Final = "the document of `ial preview --json` or `ial cost estimate --json`"


def estimate_document(path: Path) -> Mapping[str, Any]:
    """What an estimate's file has.

    Raises:
        InputError: the file cannot be read, or is none.
    """
    try:
        document = read_json_file(path, _ACCEPTED).data
    except ReadingError as error:
        raise InputError(str(error)) from None
    if not isinstance(document, Mapping):
        raise no_estimate(path)
    return document


def no_estimate(path: Path) -> InputError:
    """What people are told of a file that is none."""
    return InputError(f"{path} is no estimate; accepted: {_ACCEPTED}")


def month_cost(document: Mapping[str, Any], path: Path, goals: Goals) -> MonthCost:
    """The month as the estimate of that file and the goals' `workloadUsd` say together.

    Raises:
        InputError: it is no estimate, or one that could not price everything.
    """
    low, expected, high = _totals(path, document.get("estimate", document))
    workload = Decimal(goals.workload_usd)
    return MonthCost(workload + low, workload + expected, workload + high, f"{path.name} and goals.workloadUsd")


def _totals(path: Path, estimate: Any) -> list[Decimal]:
    if not isinstance(estimate, Mapping) or any(key not in estimate for key in _TOTALS):
        raise no_estimate(path)
    if estimate.get("complete") is not True:
        msg = f"{path}: the estimate is not complete, so nobody knows what the month costs; see its `problems`"
        raise InputError(msg)
    found = [_amount(path, key, estimate[key]) for key in _TOTALS]
    if found != sorted(found):
        msg = f"{path}: least, expected and most are not in this order; accepted: {_ACCEPTED}"
        raise InputError(msg)
    return found


def _amount(path: Path, key: str, value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    # Of NaN nothing is more or less, and infinity is no price.
    if not amount.is_finite() or amount < 0:
        msg = f"{path}: {key} is no amount of money; accepted: {_ACCEPTED}"
        raise InputError(msg)
    return amount
