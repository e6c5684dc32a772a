from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from preview.report.terminal import show_report


def shown(report: Any, *, width: int = 100, terminal: bool = False, color: bool = False) -> str:
    out = io.StringIO()
    system = "truecolor" if color else None
    show_report(report, Console(file=out, width=width, force_terminal=terminal, color_system=system))  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("name", ["within", "refused", "unjudged"])
def test_the_verdict_is_the_first_and_the_last_line(reports: Any, name: str) -> None:
    report = getattr(reports, name)
    lines = shown(report).splitlines()
    assert lines[0] == lines[-1] == report["headline"]


def test_no_colour_and_no_bars_when_not_a_terminal(reports: Any) -> None:
    text = shown(reports.refused)
    assert "\x1b" not in text
    assert "█" not in text
    assert "█" in shown(reports.refused, terminal=True)
    assert "\x1b[" in shown(reports.refused, terminal=True, color=True)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_every_width_shows_costs_and_caps(reports: Any, width: int) -> None:
    text = shown(reports.refused, width=width, terminal=True)
    assert all(len(line) <= width for line in text.splitlines())
    for amount in ("$2.70", "$2.00", "135 %", "$4.07", "$4.50"):
        assert amount in text
