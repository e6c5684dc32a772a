"""The whole page."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import htpy as h
from markupsafe import Markup

from runners.analysis.model import Analysis
from runners.report.charts.figure import Table, numbers
from runners.report.model import Report
from runners.report.page.advice import advice
from runners.report.page.alarms import alarms
from runners.report.page.drills import drills
from runners.report.page.money import money
from runners.report.page.runs import runs
from runners.report.page.section import Section
from runners.report.page.services import services
from runners.report.page.suites import rollbacks, suites
from runners.report.page.summary import summary
from runners.report.page.trends import trends
from runners.report.page.words import moment

# Proves that the page asks nobody: a browser that keeps to it loads nothing and runs nothing.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def page(report: Report) -> str:
    """The report as HTML. Whatever is in it is shown as text."""
    analysis = report.analysis
    title = f"Resilience of {analysis.stack}"
    sections = [
        summary(analysis),
        advice(analysis.recommendations),
        trends(analysis),
        alarms(analysis.alerts),
        money(report.cost, report.bill),
        services(report.services),
        suites(report.suites),
        rollbacks(report.rollbacks),
        runs(report.runs),
        drills(report.drills),
        _about(report),
    ]
    return str(
        h.html(lang="en")[
            h.head[
                h.meta(charset="utf-8"),
                h.meta(http_equiv="Content-Security-Policy", content=_POLICY),
                h.meta(name="viewport", content="width=device-width, initial-scale=1"),
                h.meta(name="color-scheme", content="light dark"),
                h.title[title],
                # Our own file, and the only text that is not escaped.
                h.style[Markup(files("runners.report.page").joinpath("style.css").read_text("utf-8"))],
            ],
            h.body[
                h.a(class_="skip", href="#main")["To the content"],
                h.header[h.h1[title], h.p[_when(analysis)], _contents(sections)],
                h.main(id="main")[[section.element() for section in sections]],
            ],
        ]
    )


def _when(analysis: Analysis) -> str:
    return f"Runs from {moment(analysis.since)} to {moment(analysis.now)}."


def _contents(sections: list[Section]) -> h.Element:
    return h.nav(aria_label="Contents")[
        h.ul[[h.li[h.a(href=f"#{section.place}")[section.title]] for section in sections]]
    ]


def _about(report: Report) -> Section:
    counted = report.analysis.counted
    unread = Table(columns=("Document", "Why"), rows=[(one.place, one.why) for one in counted.unreadable])
    said = (
        f"{counted.documents} documents came in: {counted.read} were read, {counted.other_kinds} are of kinds that are "
        f"not counted here, {counted.unread} could not be read."
    )
    return Section(
        title="What this rests on",
        body=[
            h.p[said],
            numbers(unread, "unreadable documents") if counted.unreadable else None,
            h.ul[
                (
                    h.li[f"{count} {verdict.replace('-', ' ')}, which says nothing of the workload"]
                    for verdict, count in counted.not_scored.items()
                )
            ],
            h.ul[[h.li[note] for note in report.notes]],
            h.p["Intervals are of 95 %. A goal is met or missed when its whole interval is on one side of it."],
        ],
    )
