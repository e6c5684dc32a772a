"""The report in short, as Markdown for the summary of a job or an issue."""

from __future__ import annotations

from collections.abc import Sequence

from preview.report.text import markdown as inert
from preview.report.text import one_line
from runners.analysis.model import Kpi
from runners.report.charts.scale import written
from runners.report.model import Bill, Cost, DrillSection, Report, RunSection
from runners.report.page.suites import cost_of
from runners.report.page.words import billed, moment, seconds, sentence
from runners.report.suite_model import RollbackSection, SuiteSection

_NEWEST = 10
# What a bill covers is not cut.
_LONG = 1_000


def markdown(report: Report) -> str:
    """Score, goals, what to do, newest runs; the page has the rest. Whatever is in it is shown as text."""
    analysis = report.analysis
    lines = [
        f"## Resilience of {inert(analysis.stack)}",
        *("", inert(analysis.score.said), "", *(f"- {inert(line)}" for line in analysis.said), ""),
        *_table(("Goal", "Measured", "95 %", "Wanted", "Answer"), [_goal(kpi) for kpi in analysis.kpis]),
        *("### What to do", ""),
        *_advice(report),
        *("### Cost", ""),
        *_cost(report.cost),
        *_bill(report.bill),
        *("### Newest runs", ""),
        *_table(("Run", "Of", "Verdict", "Well again"), [_run(run) for run in report.runs[:_NEWEST]]),
        *_table(("Drill", "Of", "Verdict", "Recovered"), [_drill(drill) for drill in report.drills[:_NEWEST]]),
        *_table(("Suite", "Of", "Verdict", "Cost at most"), [_suite(suite) for suite in report.suites[:_NEWEST]]),
        *_table(("Rollback", "After", "Verdict", "Proof"), [_rollback(one) for one in report.rollbacks[:_NEWEST]]),
        *(f"> {inert(note)}" for note in report.notes),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _advice(report: Report) -> list[str]:
    found = report.analysis.recommendations
    if not found:
        return ["No rule found anything to do in these runs.", ""]
    return [*(f"1. {inert(one.title)}: `{_code(one.action)}`" for one in found), ""]


def _code(text: str) -> str:
    """Nothing in code is markup, as long as nothing ends it."""
    return one_line(text.replace("`", ""))


def _cost(cost: Cost | None) -> list[str]:
    if cost is None:
        return ["What is planned was not given: `--estimate` shows it.", ""]
    rows = [(line.name, f"{line.expected} USD", line.limit or "none") for line in (cost.total, *cost.capabilities)]
    return _table(("Part", f"A month, by {cost.source}", "At most"), rows)


def _bill(bill: Bill | None) -> list[str]:
    if bill is None:
        return ["The month's bill is not known: the stack has no AWS Budget.", ""]
    so_far, forecast = billed(bill.so_far_usd), billed(bill.forecast_usd)
    counts = f"By AWS Budget {bill.budget}, asked {moment(bill.asked)}; it counts {bill.covers}."
    said = [
        f"This month's bill so far: {so_far}; forecast of the month: {forecast}.",
        counts,
        *map(sentence, bill.missing),
    ]
    return [*(f"- {inert(line, _LONG)}" for line in said), ""]


def _goal(kpi: Kpi) -> tuple[str, ...]:
    unit = "%" if kpi.unit == "percent" else "USD"
    measured = "not known" if kpi.value is None else f"{written(round(kpi.value, 2))} {unit}"
    between = "too few" if kpi.interval is None else f"{_bound(kpi.interval.low)} to {_bound(kpi.interval.high)}"
    wanted = f"{'at least' if kpi.better == 'more' else 'at most'} {written(kpi.goal)} {unit}"
    return kpi.title, measured, between, wanted, kpi.answer.replace("-", " ")


def _bound(value: float | None) -> str:
    return "any" if value is None else written(round(value, 2))


def _run(run: RunSection) -> tuple[str, ...]:
    return run.run, run.experiment, run.verdict, seconds(run.recovered_after_seconds)


def _drill(drill: DrillSection) -> tuple[str, ...]:
    return drill.run, f"{drill.kind} {drill.resource}", drill.verdict, seconds(drill.rto_seconds)


def _suite(suite: SuiteSection) -> tuple[str, ...]:
    return suite.run, suite.suite, suite.verdict, cost_of(suite)


def _rollback(rollback: RollbackSection) -> tuple[str, ...]:
    return rollback.run, rollback.experiment, f"{rollback.verdict}: {rollback.code}", rollback.proof or "not run"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    head = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
    return [*head, *(f"| {' | '.join(inert(cell) for cell in row)} |" for row in rows), ""]
