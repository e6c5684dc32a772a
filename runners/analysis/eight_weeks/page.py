"""The page of the eight rehearsed weeks: `python -m runners.analysis.eight_weeks.page` writes docs/eight-weeks.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from contract.writing.files import write_whole
from runners.analysis.eight_weeks.trial import Share, analysed, dated, false_changes, found_changes, looks, named
from runners.analysis.eight_weeks.weeks import SLOWED, WEEKS, Regression, Weeks
from runners.analysis.levels import LEVEL, SEARCH, SHARES, level_of_question
from runners.analysis.model import Analysis

PAGE: Final = Path(__file__).parents[3] / "docs" / "eight-weeks.md"
# How analysis decides was chosen on other seeds.
SEEDS: Final = range(40_000, 40_200)
SHOWN: Final = 1
FACTORS: Final = (1.5, 2.0, 3.0)
_ENDS: Final = (5, 6, 7, 8)
_DEPLOYMENTS: Final = (3, 5)


def page(seeds: range = SEEDS) -> str:
    """The page, over these seeds."""
    lines = [_HEAD, *_shown(analysed(Weeks(SHOWN))), *_with_regression(), *_said_falsely(seeds), *_found(seeds)]
    return "\n".join(lines) + "\n"


_HEAD: Final = """\
# Eight weeks, rehearsed

`make eight-weeks` writes this page. Eight weeks of a pipeline are made from a seed: three deployments a week, each with
a control run and `instance-termination` after it; `network-latency` every week, `database-connection-failure` every
second, `alb-health-check` every fourth; three restore drills a week. Most runs are alike, one in twenty is three times
as slow, a few prove nothing. Nothing of it is measured on AWS: it shows what `ial analyze` says of as many runs as
eight weeks have, and what it cannot say yet. [analysis.md](analysis.md) explains how it decides.
"""
_LEVELS: Final = f"""\
The level: of stacks that do not change, at most {LEVEL:.0%} are told of any change, of any measure, in all their eight
weekly looks together. Of these {sum(SHARES.values()):.0%} are for the question whether the newest weeks are worse than
those before, {SEARCH:.0%} for the search for trends and steps. Told of a change that is none, by the week at whose end
one looks:
"""
_FOUND: Final = """\
Named and, after the stroke, dated within a week, by the week at whose end one looks; and named and dated at the end of
any of them:
"""
_FOOT: Final = f"""
A look sees whole weeks, so that a regression of Tuesday is told on Monday. What a week of runs can tell is a matter of
counting. Three runs above all of twelve others have 1/455 by chance, two above all of thirteen 1/105; the look at the
end of the fifth week has {level_of_question(1, 4):.1%}, that of the eighth {level_of_question(1, 7):.1%}. In one week
of four a run of the three proves nothing or breaks nothing, and an older run that was slow for reasons of its own can
be above all three. Half as long again is within what runs differ by themselves, and seldom shown by few of them,
whatever is asked. Who wants to know within the week runs the experiment on each working day.
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
    yield f"## With a regression (seed {SHOWN})"
    yield ""
    yield f"From {regression.day} on, in week 5, `{SLOWED}` takes {regression.times:g} times as long to recover."
    yield ""
    for until, found in zip(_ENDS, looks(Weeks(SHOWN, regression), _ENDS), strict=True):
        said = [trend.said for trend in found.trends if trend.verdict == "worse"]
        told = "found and dated" if dated(found, regression) else "found" if named(found) else "not found"
        yield f"- end of week {until}: {told}. {'; '.join(said) or 'Nothing is said to be worse'}."
    yield ""


def _said_falsely(seeds: range) -> Iterator[str]:
    yield f"## Without a change, over {len(seeds)} seeds ({seeds[0]} to {seeds[-1]})"
    yield ""
    yield _LEVELS
    yield f"| runs a week | {' | '.join(map(str, range(1, WEEKS + 1)))} | a look | all eight together |"
    yield f"| --- | {' | '.join('---' for _ in range(WEEKS))} | --- | --- |"
    for deployments in _DEPLOYMENTS:
        false = false_changes(seeds, deployments)
        weeks = " | ".join(str(share.held) for share in false.by_week.values())
        each = Share(sum(share.held for share in false.by_week.values()), WEEKS * len(seeds))
        yield f"| {deployments} | {weeks} | {each} | {false.together} |"
    yield ""


def _found(seeds: range) -> Iterator[str]:
    yield f"## With a regression from week 5 on, over the same {len(seeds)} seeds"
    yield ""
    yield _FOUND
    yield f"| slower by | runs a week | {' | '.join(f'week {until}' for until in _ENDS)} | by week {_ENDS[-1]} |"
    yield f"| --- | --- | {' | '.join('---' for _ in _ENDS)} | --- |"
    for deployments in _DEPLOYMENTS:
        for times in FACTORS:
            found = found_changes(seeds, Regression(times=times), _ENDS, deployments)
            cells = [f"{found.named[end].value:.0%} / {found.dated[end].value:.0%}" for end in _ENDS]
            yield f"| {times:g} | {deployments} | {' | '.join(cells)} | {found.together.value:.0%} |"
    yield _FOOT.rstrip()


if __name__ == "__main__":
    write_whole(PAGE, page(), private=False)
