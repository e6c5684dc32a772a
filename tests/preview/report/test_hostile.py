"""Names are chosen by whoever wrote the program, who may mean harm."""

from __future__ import annotations

import copy
import io
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from preview.report.capped import CappedText
from preview.report.estimate_view import explain, show_estimate
from preview.report.junit import junit
from preview.report.markdown import MARKER, render_markdown
from preview.report.sarif import sarif
from preview.report.terminal import show_report
from preview.report.text import markdown, one_line, xml_text

HOSTILE = [
    "a|b",
    "`code`",
    "<script>alert(1)</script>",
    "@octocat and @org/team",
    "line\nbreak\r\n| fake | row |",
    "<!-- ial-cost-gate -->",
    "[click](https://evil.example) ![x](http://evil.example/p.png)",
    "see #12 and owner/repo#7, GH-9",
    "</details><h1>big</h1>",
    "\x1b[31mred\x1b[0m \x00 \u202egnp.exe \u2028 \ud800",
    "**bold** _it_ ~~no~~ $x$",
    "[bold red]markup[/bold red]",
    "https://evil.example www.evil.example a@b.example",
]


def spoilt(reports: Any, name: str) -> Any:
    report = copy.deepcopy(reports.refused)
    report["findings"][0].update(message=name, policy=name, urn=f"urn:pulumi:dev::ial::a:b:C::{name}")
    report["errors"].append(name)
    report["notes"].append(name)
    report["stack"] = report["runId"] = report["headline"] = name
    report["estimate"]["resources"][0].update(name=name, type=name)
    report["estimate"]["resources"][0]["costComponents"][0].update(name=name, unit=name, formula=name)
    report["capabilities"][0]["name"] = name
    report["delta"]["added"][0].update(name=name, causes=[name])
    report["delta"]["source"] = name
    return report


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_is_inert(reports: Any, name: str) -> None:
    plain, text = render_markdown(reports.refused), render_markdown(spoilt(reports, name))
    assert text.count(MARKER) == 1
    assert text.startswith(MARKER)
    assert re.findall(r"<[^>]*>", text) == re.findall(r"<[^>]*>", plain)
    assert not re.search(r"@\w", text)
    assert "://" not in text
    assert not re.search(r"(?<!\\)`", text)
    assert not re.search(r"(?<!\\)[\[\]]", text)
    assert not re.search(r"(?<!&)#\d", text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u202e]", text)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    before = [line for line in plain.splitlines() if line.startswith("|")]
    bars = [len(re.findall(r"(?<!\\)\|", row)) for row in rows]
    assert sorted(bars) == sorted(len(re.findall(r"(?<!\\)\|", row)) for row in before)
    text.encode("utf-8")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("width", [40, 120])
def test_terminal_gets_no_control_characters_and_no_markup(reports: Any, name: str, width: int) -> None:
    out = io.StringIO()
    report = spoilt(reports, name)
    console = Console(file=out, width=width, force_terminal=False)
    show_report(report, console)
    show_estimate(report["estimate"], console)
    explain(report["estimate"], console)
    text = out.getvalue()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    if name.startswith("[bold"):
        assert "[bold red]" in text


@pytest.mark.parametrize("name", HOSTILE)
def test_xml_and_sarif_stay_well_formed(reports: Any, name: str) -> None:
    report = spoilt(reports, name)
    suite = ET.fromstring(junit(report).encode("utf-8")).find("testsuite")
    assert suite is not None
    assert int(suite.get("tests", "0")) == len(suite.findall("testcase"))
    run: Any = sarif(report)["runs"]
    ids = [rule["id"] for rule in run[0]["tool"]["driver"]["rules"]]
    assert all(ids[result["ruleIndex"]] == result["ruleId"] for result in run[0]["results"])


@pytest.mark.parametrize(("count", "length"), [(3000, 40), (5, 200_000), (400, 2_000)])
def test_markdown_is_cut_below_64_kb_and_says_so(reports: Any, count: int, length: int) -> None:
    report = copy.deepcopy(reports.refused)
    report["findings"] = [{**report["findings"][0], "message": "ü" * length} for _ in range(count)]
    report["estimate"]["resources"] *= count
    text = render_markdown(report)
    assert len(text.encode("utf-8")) < 64_000
    assert text.startswith(MARKER)
    assert text.count("<details>") == text.count("</details>")
    assert ("Cut to fit" in text) is (count > 5)


def test_the_cut_names_what_is_left_out() -> None:
    text = CappedText(limit=1_100)
    text.section("rows", ["head"], ["x" * 30] * 10, ["foot"])
    text.section("more", ["y" * 200], ["z"])
    assert text.text("Cut:") == "head\n" + ("x" * 30 + "\n") * 2 + "foot\nCut: rows: 8 of 10; more: all 1.\n"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a|b", r"a\|b"),
        ("a\nb\tc", "a b c"),
        ("<b>", "&lt;b&gt;"),
        ("@a", "@&#8203;a"),
        ("#1", r"\#&#8203;1"),
        ("", ""),
    ],
)
def test_markdown_escapes(text: str, safe: str) -> None:
    assert markdown(text) == safe


def test_long_text_is_cut_with_a_mark() -> None:
    assert one_line("abcdef", 4) == "abc…"
    assert one_line("abcd", 4) == "abcd"
    assert one_line("\0" * 100 + "abcd", 4) == "…"


def test_xml_keeps_lines_and_drops_what_it_forbids() -> None:
    assert xml_text("a\nb\x00\x1b\ufffe") == "a\nb"
