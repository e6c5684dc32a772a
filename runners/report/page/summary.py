"""What is seen first: the score with its coverage, what to say, and each measure against its goal."""

from __future__ import annotations

import htpy as h

from runners.analysis.model import Analysis, Kpi
from runners.analysis.score_model import Score
from runners.report.charts.figure import Table, numbers
from runners.report.charts.interval import interval_strip
from runners.report.charts.scale import written
from runners.report.charts.series import Drawn, Limit, Seen, series_chart
from runners.report.page.section import Section
from runners.report.page.words import badge, read_moment, sentence


def summary(analysis: Analysis) -> Section:
    """The first section."""
    return Section(
        title="At a glance",
        body=[h.ul(class_="said")[[h.li[sentence(line)] for line in analysis.said]]],
        children=[_score(analysis.score), _goals(analysis)],
    )


def _score(score: Score) -> Section:
    tile = h.div(class_="score")[
        h.p(class_="figure")["no score yet" if score.score is None else written(round(score.score, 1))],
        h.p[sentence(score.said)],
        h.p(class_="small")[
            f"Weights of version {score.weights.version}. Coverage {score.covered} of {score.required}."
        ],
    ]
    lost = Table(
        columns=("Experiment", "Points", "Why", "Run"),
        rows=[(lost.experiment, written(round(lost.points, 1)), lost.why, lost.run or "none") for lost in score.lost],
    )
    return Section(
        title="Resilience score",
        body=[
            tile,
            _weeks(score),
            h.h4["Points lost"] if score.lost else None,
            numbers(lost, "points lost") if score.lost else None,
        ],
    )


def _weeks(score: Score) -> h.Node:
    seen = [Seen(at=read_moment(f"{week.day}T00:00:00+00:00"), value=week.score, good=None) for week in score.weeks]
    known = [one.value for one in seen if one.value is not None]
    if len(known) < 2:
        return None
    finding = f"From {written(known[0])} to {written(known[-1])} points in the last {len(seen)} weeks."
    return series_chart(
        "score by week", "Score by week", finding, seen, Drawn(limit=Limit(value=100, name="all shown"))
    )


def _goals(analysis: Analysis) -> Section:
    return Section(
        title="Goals",
        body=[
            h.div(class_="tiles")[[_tile(kpi) for kpi in analysis.kpis]],
            h.p[sentence(analysis.error_budget.said)],
        ],
    )


def _tile(kpi: Kpi) -> h.Element:
    unit = " %" if kpi.unit == "percent" else " USD"
    strip: h.Node = None
    if kpi.value is not None:
        low, high = (None, None) if kpi.interval is None else (kpi.interval.low, kpi.interval.high)
        strip = interval_strip(kpi.said, value=kpi.value, goal=kpi.goal, low=low, high=high)
    return h.div(class_="tile")[
        h.p(class_="name")[sentence(kpi.title)],
        h.p(class_="figure")["—" if kpi.value is None else f"{written(round(kpi.value, 2))}{unit}"],
        badge(kpi.answer),
        strip,
        h.p(class_="small")[sentence(kpi.said)],
    ]
