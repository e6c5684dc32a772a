"""The page as a reader, a browser and a screen reader take it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from runners.analysis.eight_weeks.trial import analysed
from runners.analysis.eight_weeks.weeks import Regression, Weeks
from runners.report.assembling import Beside, report_of
from runners.report.model import Report
from runners.report.page.page import page
from tests.runners.report.conftest import analysis_of

VOID = {"meta", "br", "link", "img"}
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(1)>"


class Outline(HTMLParser):
    """What is on a page, for questions about all of it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(scope="module", params=["report", "empty"])
def outline(request: pytest.FixtureRequest) -> Outline:
    report: Report = request.getfixturevalue(request.param)
    return Outline(page(report))


def test_a_week_that_is_worse_is_said_and_what_cannot_be_said_is_too() -> None:
    shown = page(report_of(analysed(Weeks(1, Regression(times=3.0)), until=5), [], Beside()))
    said = (
        "instance-termination: recovery in seconds: week of 2026-10-26 is worse than the 4 weeks before: from 160 to "
    )
    assert f"<td>{said}" in shown
    assert "<td>Worse</td>" in shown
    assert "<td>Not enough yet, 1 of 6 days in the week of 2026-10-26</td>" in shown
    assert "<td>Not asked</td>" in shown


def test_nothing_is_asked_or_run(outline: Outline) -> None:
    assert outline.all("script", "iframe", "img", "link", "object", "form", "video") == []
    [policy] = [meta for meta in outline.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert str(policy["content"]).startswith("default-src 'none'; style-src 'unsafe-inline'")
    addresses = [
        value for _, held in outline.elements for name, value in held.items() if name in ("href", "src", "xlink:href")
    ]
    assert addresses
    assert all(str(address).startswith("#") for address in addresses)
    assert not [name for _, held in outline.elements for name in held if name.startswith("on") or name == "style"]


def test_ids_are_there_once_and_links_lead_to_them(outline: Outline) -> None:
    ids = [held["id"] for _, held in outline.elements if "id" in held]
    assert len(ids) == len(set(ids))
    named = [word for _, held in outline.elements for word in str(held.get("aria-labelledby") or "").split()]
    regions = [held["aria-label"] for held in outline.all("div") if held.get("role") == "region"]
    assert len(regions) == len(set(regions))
    linked = [str(link["href"]).removeprefix("#") for link in outline.all("a")]
    assert {*named, *linked} <= set(ids)


def test_headings_are_in_order(outline: Outline) -> None:
    levels = [int(tag[1]) for tag, _ in outline.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_each_drawing_says_what_is_to_be_seen(outline: Outline) -> None:
    for drawing in outline.all("svg"):
        assert drawing["role"] == "img"
        assert drawing.get("aria-labelledby") or drawing.get("aria-label")
    assert all(cell["scope"] in ("row", "col") for cell in outline.all("th"))
    [html] = outline.all("html")
    assert html["lang"] == "en"


def test_the_whole_story_is_told(report: Report) -> None:
    text = page(report)
    for words in (
        "Resilience of rehearsed",
        "instance-termination: recovery in seconds",
        "ial-rehearsed-errors",
        "Who calls whom",
        "over its cap: chaos",
        "$14.78 a month at list price, of $14.93",
    ):
        assert words in text, words
    for kpi in report.analysis.kpis:
        assert kpi.answer.replace("-", " ") in text
    assert all(run.run in text for run in report.runs)
    assert all(drill.run in text for drill in report.drills)


def test_nothing_is_claimed_before_the_first_run(empty: Report) -> None:
    text = page(empty)
    for words in ("no score yet", "No restore was drilled", "No run of an experiment", "Not shown: no preview"):
        assert words in text, words
    assert "traces were not asked: no X-Ray here" in text


def test_whatever_is_in_a_record_is_text(documents: list[dict[str, Any]]) -> None:
    hostile = [_hostile(document) for document in documents]
    report = report_of(analysis_of(hostile), hostile, Beside(notes=(HOSTILE,)))
    assert Outline(page(report)).all("script", "img") == []
    assert len(report.runs) == 20


def _hostile(document: Any, key: str = "") -> Any:
    """Every text that people or AWS choose."""
    if isinstance(document, dict):
        return {name: _hostile(value, name) for name, value in document.items()}
    if isinstance(document, list):
        return [_hostile(value, key) for value in document]
    chosen = {
        "name",
        "reasons",
        "operator",
        "experiment",
        "resource",
        "alarm",
        "unexpected",
        "fired",
        "hit",
        "observed",
    }
    return f"{document} {HOSTILE}" if key in chosen and isinstance(document, str) else document
