"""The report of one preview, and the files that continuous integration takes from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from contract.redaction import SECRETS
from contract.writing.errors import WritingError, told
from contract.writing.files import write_whole
from preview.gate import Status, Verdict
from preview.report.document import Occasion, preview_report, report_json
from preview.report.junit import junit
from preview.report.markdown import render_markdown
from preview.report.model import PreviewReport
from preview.report.sarif import sarif
from preview.report.verdict import hold_increase, verdict_report
from pricing.delta import Delta
from pricing.increase import MaxIncrease
from runners.errors import InputError
from runners.gate.judging import Case, Order, remarks, run_id

if TYPE_CHECKING:
    from preview.offline import Preview

FILES: Final = ("report.json", "report.md", "report.sarif", "junit.xml", "estimate.json")


def judged_report(
    case: Case, judged: Preview, delta: Delta | None = None, most: MaxIncrease | None = None
) -> PreviewReport:
    """The report of a verdict; a change that adds more than `most` is refused."""
    budget, verdict, most = case.terms.budget, judged.verdict, most or MaxIncrease()
    if delta is not None:
        verdict = hold_increase(verdict, delta, most, budget)
    occasion = _occasion(case.order, verdict, case)
    return _clean(
        verdict_report(
            verdict,
            occasion,
            budget=budget,
            max_increase=most,
            delta=delta,
            notes=remarks(judged),
            changes=judged.changes,
        )
    )


def failed_report(order: Order, error: Exception) -> PreviewReport:
    """The report of a preview that left nothing to judge."""
    occasion = _occasion(order, None, None)
    return _clean(preview_report(Status.COULD_NOT_JUDGE, occasion, errors=[" ".join(str(error).split())]))


def _clean(report: PreviewReport) -> PreviewReport:
    """The report without secrets: whatever is made from it has none either."""
    return cast("PreviewReport", SECRETS.redacted_data(report))


def write_files(report: PreviewReport, folder: Path) -> list[Path]:
    """Writes the report in all its forms; `estimate.json` only if there is an estimate.

    Raises:
        InputError: the folder cannot be written to.
    """
    texts: Mapping[str, Callable[[], str]] = {
        "report.json": lambda: report_json(report),
        "report.md": lambda: render_markdown(report),
        "report.sarif": lambda: json.dumps(sarif(report), indent=2) + "\n",
        "junit.xml": lambda: junit(report),
        "estimate.json": lambda: json.dumps(report["estimate"], indent=2) + "\n",
    }
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            # A file of an earlier run must not be taken for one of this run.
            (folder / name).unlink(missing_ok=True)
            if name != "estimate.json" or report["estimate"] is not None:
                write_whole(folder / name, texts[name](), private=False)
                written.append(folder / name)
    except (OSError, WritingError) as error:
        why = told(error) if isinstance(error, OSError) else error
        msg = f"--out {folder}: cannot be written ({why}); name a folder"
        raise InputError(msg) from error
    return written


def _occasion(order: Order, verdict: Verdict | None, case: Case | None) -> Occasion:
    program = order.program
    return Occasion(
        engine=verdict.engine if verdict else order.engine.value,
        program=str(program.relative_to(Path.cwd())) if program.is_relative_to(Path.cwd()) else program.name,
        stack=order.stack,
        run_id=run_id(verdict),
        as_of=order.as_of.isoformat(),
        commit=order.commit,
        environment=case.terms.environment if case else None,
        environment_file=case.environment.file if case else None,
        stage=case.terms.stage if case else None,
    )
