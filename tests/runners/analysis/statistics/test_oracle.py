"""The statistics against what scipy said, and where scipy is installed against what it says."""

from __future__ import annotations

import importlib.util
import json
from typing import Any

import pytest

from runners.analysis.statistics.false_discovery import benjamini_hochberg
from runners.analysis.statistics.kendall import kendall
from runners.analysis.statistics.proportion import Interval, exact, wilson
from runners.analysis.statistics.slope import theil_sen
from runners.analysis.statistics.two_samples import before_after
from tests.runners.analysis.statistics.oracle import RECORDED, asked

SAID: dict[str, Any] = json.loads(RECORDED.read_text())


def bounds(interval: Interval | None) -> tuple[float | None, float | None]:
    assert interval is not None
    return interval.low, interval.high


@pytest.mark.parametrize("case", SAID["series"], ids=lambda case: str(len(case["y"])))
def test_trends_and_slopes(case: dict[str, Any]) -> None:
    trend, slope = kendall(case["y"]), theil_sen(case["x"], case["y"])
    assert trend.tau == pytest.approx(case["tau"])
    # With ties scipy has no exact p; the test beside this one has, by brute force.
    assert case["p"] is None or trend.p == pytest.approx(case["p"], rel=1e-9)
    assert slope is not None
    assert [slope.value, *bounds(slope.interval)] == pytest.approx(case["slope"])


@pytest.mark.parametrize("case", SAID["shares"], ids=lambda case: f"{case['good']}-of-{case['count']}")
def test_shares(case: dict[str, Any]) -> None:
    found = [bounds(way(case["good"], case["count"])) for way in (wilson, exact)]
    assert found == [pytest.approx(tuple(held), abs=1e-9) for held in case["intervals"]]


def test_discoveries_and_ranks() -> None:
    assert benjamini_hochberg(SAID["discoveries"]["p"]) == pytest.approx(SAID["discoveries"]["q"])
    for case in SAID["ranks"]:
        assert before_after(case["before"], case["after"]) == pytest.approx(case["p"])


@pytest.mark.rare
@pytest.mark.skipif(importlib.util.find_spec("scipy") is None, reason="scipy is not installed (extra `oracle`)")
def test_scipy_still_says_so() -> None:
    assert json.loads(json.dumps(asked())) == SAID
