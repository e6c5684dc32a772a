"""Every rendering against a file. Run with `IAL_WRITE_GOLDEN=1` to write the files anew, then read the difference."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from preview.report.document import report_json
from preview.report.estimate_view import explain
from preview.report.junit import junit
from preview.report.markdown import render_markdown
from preview.report.model import PreviewReport
from preview.report.sarif import sarif
from preview.report.terminal import show_report

GOLDEN = Path(__file__).parent / "golden"


def terminal(report: PreviewReport, width: int = 100, *, is_terminal: bool = False) -> str:
    out = io.StringIO()
    show_report(report, Console(file=out, width=width, force_terminal=is_terminal, color_system=None))
    return out.getvalue()


def explained(report: PreviewReport) -> str:
    out = io.StringIO()
    assert report["estimate"] is not None
    explain(report["estimate"], Console(file=out, width=80))
    return out.getvalue()


RENDERINGS: dict[str, Callable[[PreviewReport], str]] = {
    "md": render_markdown,
    "json": report_json,
    "sarif": lambda report: json.dumps(sarif(report), indent=2) + "\n",
    "xml": junit,
    "wide.txt": lambda report: terminal(report, is_terminal=True),
    "narrow.txt": lambda report: terminal(report, 50),
}


@pytest.mark.parametrize("name", ["within", "refused", "unjudged"])
@pytest.mark.parametrize("kind", list(RENDERINGS))
def test_rendering_is_as_on_file(reports: object, name: str, kind: str) -> None:
    _same(GOLDEN / f"{name}.{kind}", RENDERINGS[kind](getattr(reports, name)))


def test_explanation_is_as_on_file(reports: object) -> None:
    _same(GOLDEN / "explain.txt", explained(getattr(reports, "within")))  # noqa: B009


def _same(path: Path, text: str) -> None:
    if os.environ.get("IAL_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
