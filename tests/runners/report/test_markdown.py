from __future__ import annotations

from msgspec.structs import replace

from runners.report.assembling import Beside, report_of
from runners.report.markdown import markdown
from runners.report.model import Report
from tests.runners.report.conftest import analysis_of


def test_it_says_what_the_page_says_first(report: Report) -> None:
    text = markdown(report)
    assert text.startswith("## Resilience of rehearsed\n")
    assert f"| {report.runs[0].run} | {report.runs[0].experiment} |" in text
    assert text.count("\n| ") == len(report.analysis.kpis) + 10 + 10 + 3 * 2 + 5
    assert "- This month's bill so far: \\$131.40; forecast of the month: not known." in text
    assert "- The forecast is not known: AWS gives none" in text
    assert "### What to do" in text


def test_there_is_nothing_to_show_before_the_first_run(empty: Report) -> None:
    text = markdown(empty)
    assert "no score" in text
    assert "| Run |" not in text


def test_nothing_in_it_is_markup() -> None:
    report = report_of(analysis_of([]), [], Beside(notes=("<img src=x> @team [a](b) `c`",)))
    last = markdown(report).splitlines()[-1]
    assert last == "> &lt;img src=x&gt; @&#8203;team \\[a\\](b) \\`c\\`"


def test_what_is_to_be_run_stays_code(report: Report) -> None:
    first = report.analysis.recommendations[0]
    hostile = replace(first, action="ial chaos run x\n\n<img src=x> ` [click](https://x)")
    text = markdown(replace(report, analysis=replace(report.analysis, recommendations=(hostile,))))
    [line] = [held for held in text.splitlines() if "ial chaos run x" in held]
    assert line.endswith("`ial chaos run x <img src=x> [click](https://x)`")
