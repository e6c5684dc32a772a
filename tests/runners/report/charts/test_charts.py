"""What each chart draws, and that its table says the same."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from htpy import Element

from runners.report.charts.amounts import Amount, amounts_chart
from runners.report.charts.figure import anchor
from runners.report.charts.graph import Call, graph_chart
from runners.report.charts.interval import interval_strip
from runners.report.charts.points import RunPoint, points_chart
from runners.report.charts.series import Drawn, Limit, Seen, Span, series_chart
from runners.report.charts.timeline import Event, timeline_chart

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOSTILE = '<script>alert("x")</script>'


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def cells(chart: Element) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", str(chart), re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]


def series(*values: float | None) -> Element:
    seen = [Seen(at=at(number), value=value, good=value is not None) for number, value in enumerate(values)]
    return series_chart("s", "Errors", "None.", seen, Drawn())


def test_a_line_has_a_gap_where_nothing_was_seen() -> None:
    chart = str(series(1.0, 2.0, None, 3.0, 4.0))
    assert chart.count("<polyline") == 2
    assert cells(series(1.0, None))[1:] == [
        ["2026-11-28 12:00:00", "1", "yes"],
        ["2026-11-28 12:01:00", "not seen", "no"],
    ]


def test_a_single_look_is_a_dot() -> None:
    assert str(series(None, 2.0, None)).count("<circle") == 1


def test_what_was_not_tolerated_has_a_cross() -> None:
    seen = [Seen(at=at(0), value=1.0, good=True), Seen(at=at(1), value=9.0, good=False)]
    beside = Drawn(fault=Span(began=at(0), ended=at(2), name=HOSTILE), limit=Limit(value=5, name="at most 5"))
    chart = str(series_chart("s", "Errors", "One.", seen, beside))
    assert chart.count('class="bad"') == 1
    assert "at most 5" in chart
    assert "<script" not in chart


def test_an_alarm_without_an_end_is_a_mark() -> None:
    events = [
        Event(lane="fault", name="latency", kind="fault", began=at(0), ended=at(4)),
        Event(lane="errors", name="errors in ALARM", kind="alarm", began=at(1)),
    ]
    chart = timeline_chart("t", "What happened", "One alarm.", events)
    assert str(chart).count("<rect") == 1
    assert str(chart).count('class="moment"') == 1
    assert cells(chart)[1:] == [
        ["latency", "fault", "12:00:00", "12:04:00", "240"],
        ["errors in ALARM", "errors", "12:01:00", "", ""],
    ]


def test_a_run_in_which_it_did_not_come_about_is_told_as_such() -> None:
    shared = {"of": "latency", "at": at(0), "objective": 300.0}
    points = [
        RunPoint(run="a", value=100.0, looked=None, **shared),  # type: ignore[arg-type]
        RunPoint(run="b", value=400.0, looked=None, **shared),  # type: ignore[arg-type]
        RunPoint(run="c", value=None, looked=900.0, **shared),  # type: ignore[arg-type]
    ]
    chart = points_chart("p", "Recovery", "Two missed.", points, unit=" s")
    assert [row[2:] for row in cells(chart)[1:]] == [
        ["100", "300", "kept"],
        ["400", "300", "missed"],
        ["not within 900", "300", "missed"],
    ]
    assert str(chart).count("point censored") == 1
    assert "objective 300" in str(chart)


def test_objectives_that_differ_are_no_line_for_all() -> None:
    points = [
        RunPoint(run=run, of=run, at=at(0), value=1.0, looked=None, objective=objective)
        for run, objective in (("a", 300.0), ("b", 600.0))
    ]
    assert 'class="limit"' not in str(points_chart("p", "Recovery", "Kept.", points, unit=" s"))


def test_an_amount_over_its_cap_says_so() -> None:
    amounts = [Amount(name="chaos", expected=5, limit=4), Amount(name="backup", expected=1, limit=2, measured=3)]
    chart = amounts_chart("a", "Cost", "Over.", [*amounts, Amount(name="free", expected=0)], lambda usd: f"${usd:.2f}")
    assert str(chart).count("amount over") == 2
    assert cells(chart)[1:] == [
        ["chaos", "$5.00", "$4.00", "not known"],
        ["backup", "$1.00", "$2.00", "$3.00"],
        ["free", "$0.00", "", "not known"],
    ]


def test_an_interval_that_is_not_known_is_not_drawn() -> None:
    assert 'class="range"' in str(interval_strip("met", value=99.9, goal=99, low=99.5, high=100))
    assert 'class="range"' not in str(interval_strip("met", value=99.9, goal=99, low=None, high=None))


def test_services_that_call_in_a_circle_are_all_there() -> None:
    calls = [Call(caller=a, called=b, count=2, failed=1, seconds=None) for a, b in (("a", "b"), ("b", "c"), ("c", "a"))]
    chart = str(graph_chart("g", "Calls", "A circle.", calls))
    assert chart.count('class="service"') == 3
    assert chart.count("call failing") == 3
    assert "50.0%" in chart


def test_a_name_is_an_id() -> None:
    assert anchor('x" onload="y') == "x-onload-y"
    assert anchor("!!") == "chart"
