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
from runners.report.model import Bill

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


def estimated_month(path: Path | None, goals: Goals) -> MonthCost | None:
    """The month by the estimate of a file, None without a file.

    Raises:
        InputError: it is no estimate, or one that could not price everything.
    """
    return None if path is None else month_cost(estimate_document(path), path, goals)


def month_of(estimate: MonthCost | None, bill: Bill | None, goals: Goals) -> MonthCost | None:
    """The month by the estimate, and by the bill where that is the workload's: only `goals.billIsWorkload` says so.

    A bill says what the month costs at least. At most it costs what the estimate says, or what is forecast if that is
    more; without an estimate nobody knows: a forecast is no limit.
    """
    if bill is None or bill.so_far_usd is None or not (bill.whole_account and goals.bill_is_workload):
        return estimate
    so_far = Decimal(bill.so_far_usd)
    forecast = None if bill.forecast_usd is None else Decimal(bill.forecast_usd)
    seen = max(so_far, forecast or so_far)
    said = f"AWS Budgets on {bill.asked[:10]}"
    if estimate is None or estimate.high is None:
        return MonthCost(so_far, forecast and seen, None, said)
    expected = seen if forecast or estimate.expected is None else max(seen, estimate.expected)
    return MonthCost(so_far, expected, max(estimate.high, seen), f"{said} and {estimate.source}")


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
