"""A report that came from a pull request's own run: believed only where schema, evidence and occasion agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from contract.reading.errors import ReadingError, shown
from contract.reading.json_text import read_json
from contract.reading.numbers import plain_number
from preview.gate import Status
from preview.report.document import contradiction
from preview.report.model import PreviewReport
from pricing.base_report import parse_base_report
from pricing.errors import PricingError
from runners.pull_requests.errors import ReceivedError
from runners.pull_requests.judged_stacks import JudgedStack
from runners.pull_requests.schemas import first_fault

_SCHEMA: Final = "preview-report"


def received_report(text: str, judged: JudgedStack, commit: str) -> PreviewReport:
    """The report of one stack and one commit.

    Raises:
        ReceivedError: it is not JSON, disobeys its schema, is of something else, or contradicts itself.
        InputError: the schema is not there.
    """
    try:
        data = read_json(text, "report.json", plain_number).data
    except ReadingError as error:
        raise ReceivedError(str(error)) from None
    if fault := first_fault(data, _SCHEMA):
        msg = f"report.json disobeys schemas/{_SCHEMA}.schema.json at {fault}"
        raise ReceivedError(msg)
    report = cast("PreviewReport", data)
    said: Mapping[str, object] = dict(report)
    expected = {"stack": judged.stack, "program": judged.program, "commit": commit}
    for what, wanted in expected.items():
        if said[what] != wanted:
            msg = f"report.json is of another {what}: {shown(said[what])}, not {wanted!r}"
            raise ReceivedError(msg)
    _refuse_contradictions(report)
    return report


def _refuse_contradictions(report: PreviewReport) -> None:
    try:
        if report["estimate"] is not None:
            parse_base_report(report["estimate"], "report.json")
        fault = contradiction(report)
    except (PricingError, ArithmeticError, ValueError) as error:
        raise ReceivedError(str(error)) from None
    if fault:
        msg = f"report.json contradicts itself: {fault}"
        raise ReceivedError(msg)


def status_of(report: PreviewReport) -> Status:
    """What the report says of its stack."""
    return Status(report["verdict"])
