"""The page of the eight rehearsed weeks: `python -m runners.analysis.eight_weeks.page` writes docs/eight-weeks.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from contract.writing.files import write_whole
from runners.analysis.eight_weeks.trial import Share, analysed, dated, false_changes, found_and_dated, named
from runners.analysis.eight_weeks.weeks import SLOWED, Regression, Weeks
from runners.analysis.model import Analysis
from runners.analysis.trends import LEVEL

PAGE: Final = Path(__file__).parents[3] / "docs" / "eight-weeks.md"
SEEDS: Final = 200
SHOWN: Final = 1
FACTORS: Final = (1.5, 2.0, 3.0)
_ENDS: Final = (5, 6, 8)
_DEPLOYMENTS: Final = (3, 5)


def page(seeds: int = SEEDS) -> str:
    """The page, over so many seeds."""
    lines = [_HEAD, *_shown(analysed(Weeks(SHOWN))), *_with_regression(), *_rates(seeds)]
    return "\n".join(lines) + "\n"


_HEAD: Final = """\
# Eight weeks, rehearsed

`make eight-weeks` writes this page. Eight weeks of a pipeline are made from a seed: three deployments a week, each with
a control run and `instance-termination` after it; `network-latency` every week, `database-connection-failure` every
second, `alb-health-check` every fourth; three restore drills a week. Most runs are alike, one in twenty is three times
as slow, a few prove nothing. Nothing of it is measured on AWS: it shows what `ial analyze` says of as many runs as
eight weeks have, and what it cannot say yet.
"""
_FOOT: Final = """
With three runs a week, three values after a change stand against twelve before it: when all measures are tested
together, chance explains as much, and it takes a second or a third week. Who wants to know within one runs the
experiment on each working day.
"""


def _shown(found: Analysis) -> Iterator[str]:
    yield f"## Without a change (seed {SHOWN})"
    yield ""
    yield f"{found.score.said}. {found.error_budget.said}."
    yield ""
    yield "| goal | wanted | seen | 95 % | counted | needed | answer |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for kpi in found.kpis:
        unit = "%" if kpi.unit == "percent" else "USD"
        seen = "not known" if kpi.value is None else f"{kpi.value:.4g} {unit}"
        interval = "" if kpi.interval is None else f"{kpi.interval.low:.4g} to {kpi.interval.high:.4g} {unit}"
        answer = f"{kpi.needed or ''} | {kpi.answer.replace('-', ' ')}"
        yield f"| {kpi.title} | {kpi.goal:g} {unit} | {seen} | {interval} | {kpi.count} | {answer} |"
    yield ""
    yield "Trends: " + "; ".join(sorted({trend.kind.replace("-", " ") for trend in found.trends})) + "."
    yield ""


def _with_regression() -> Iterator[str]:
    regression = Regression()
    yield f"## With a regression: from {regression.day} on `{SLOWED}` takes {regression.times:g} times as long"
    yield ""
    weeks = Weeks(SHOWN, regression)
    for until in _ENDS:
        found = analysed(weeks, until)
        said = [trend.said for trend in found.trends if trend.verdict == "worse"]
        told = "found and dated" if dated(found, regression) else "found" if named(found) else "not found yet"
        yield f"- end of week {until}: {told}. {'; '.join(said) or 'Nothing is said to be worse'}."
    yield ""


def _rates(seeds: int) -> Iterator[str]:
    yield f"## Over {seeds} seeds"
    yield ""
    false = false_changes(range(seeds))
    yield f"Without a change, something is said to have changed in {false}; the level is {LEVEL:.0%}."
    yield ""
    yield f"With one, it is named and, after the stroke, dated within a week, at the end of week {_ends()}:"
    yield ""
    yield f"| slower by | runs a week | {' | '.join(f'week {until}' for until in _ENDS)} |"
    yield f"| --- | --- | {' | '.join('---' for _ in _ENDS)} |"
    for deployments in _DEPLOYMENTS:
        for times in FACTORS:
            rows = [found_and_dated(range(seeds), Regression(times=times), until, deployments) for until in _ENDS]
            yield f"| {times:g} | {deployments} | {' | '.join(_cell(*row) for row in rows)} |"
    yield _FOOT.rstrip()


def _ends() -> str:
    return ", ".join(map(str, _ENDS[:-1])) + f" or {_ENDS[-1]}"


def _cell(found: Share, with_date: Share) -> str:
    return f"{found.value:.0%} / {with_date.value:.0%}"


if __name__ == "__main__":
    write_whole(PAGE, page(), private=False)
