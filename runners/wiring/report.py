"""What `ial report` shows of a stack, and the files that it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from msgspec import DecodeError, json

from contract.writing.errors import WritingError, told
from contract.writing.files import write_whole
from runners.analysis.intake import RunSource
from runners.errors import AwsError, InputError
from runners.report.assembling import Beside, report_of
from runners.report.cost import cost_of
from runners.report.markdown import markdown
from runners.report.model import Cost, Report, ServiceCall
from runners.report.page.page import page
from runners.wiring.analysis import AnalysisAccess
from runners.wiring.month_cost import estimate_document, month_cost, month_of, no_estimate

FILES: Final[Mapping[str, Callable[[Report], str]]] = {
    "report.html": page,
    "report.md": markdown,
    "report.json": lambda report: json.format(json.encode(report), indent=2).decode() + "\n",
}


def stack_report(access: AnalysisAccess, since: datetime, estimate: Path | None, *, traces: bool) -> Report:
    """The report of a stack. What could not be had is a note in it, and not a reason to show nothing.

    Raises:
        InputError: the estimate is none.
        AwsError: the table could not be read.
    """
    month = cost = None
    if estimate is not None:
        document = estimate_document(estimate)
        month, cost = month_cost(document, estimate, access.access.outputs.goals), _cost(document, estimate)
    analysis = access.analysis(since, month_of(month, access.bill, access.access.outputs.goals))
    services, notes = _services(access) if traces else (None, ("traces were not asked: --traces does",))
    beside = Beside(cost=cost, bill=access.bill, services=services, notes=notes)
    return report_of(analysis, whole_documents(access.source, since), beside)


def write_report(report: Report, folder: Path) -> list[Path]:
    """Writes the report in all its forms.

    Raises:
        InputError: the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, form in FILES.items():
            write_whole(folder / name, form(report), private=False)
    except (OSError, WritingError) as error:
        why = told(error) if isinstance(error, OSError) else error
        msg = f"--out {folder}: cannot be written ({why}); name a folder"
        raise InputError(msg) from error
    return [folder / name for name in FILES]


def whole_documents(source: RunSource, since: datetime) -> Iterator[Mapping[str, Any]]:
    """Those that could be read as JSON at all, from the archive too; the analysis counts the others."""
    for _, held in source.documents(since):
        try:
            document = json.decode(held) if isinstance(held, bytes) else held
        except (DecodeError, UnicodeDecodeError):
            continue
        if isinstance(document, Mapping):
            yield document


def _cost(document: Mapping[str, Any], path: Path) -> Cost:
    try:
        return cost_of(document, path.name)
    except (KeyError, TypeError, AttributeError):
        raise no_estimate(path) from None


def _services(access: AnalysisAccess) -> tuple[list[ServiceCall] | None, tuple[str, ...]]:
    from runners.aws.service_map import service_calls

    try:
        return service_calls(access.access.clients, access.now), ()
    except AwsError as error:
        return None, (f"traces could not be read: {error}",)
