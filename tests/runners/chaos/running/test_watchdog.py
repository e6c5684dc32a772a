from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from runners.chaos.judging.hypothesis import Sample
from runners.chaos.running.watchdog import broken_for_long, steady_since

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LIMIT = timedelta(seconds=40)


def samples(marks: str, probe: str = "errors", every: int = 10) -> list[Sample]:
    """A look every ten seconds: `+` fine, `-` not, `?` without data."""
    known = {"+": (0.0, True), "-": (9.0, False), "?": (None, None)}
    return [Sample(START + timedelta(seconds=every * n), probe, *known[mark]) for n, mark in enumerate(marks)]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ("", None),
        ("+++++", None),
        ("-----", "errors"),
        ("----", None),
        ("-----+", None),
        ("--+----", None),
        ("+-----", "errors"),
        ("--?----", None),
    ],
)
def test_broken_for_long(marks: str, expected: str | None) -> None:
    assert broken_for_long(samples(marks), LIMIT) == expected


def test_one_probe_is_enough() -> None:
    assert broken_for_long([*samples("+++++"), *samples("-----", "latency")], LIMIT) == "latency"


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ("", False),
        ("+++++", True),
        ("++++", False),
        ("-+++++", True),
        ("-++++", False),
        ("+++++-", False),
        ("+++++?", False),
        ("-+++++++", True),
    ],
)
def test_steady_since(marks: str, expected: bool) -> None:
    assert steady_since(samples(marks), ["errors"], LIMIT) is expected


def test_all_probes_must_have_looked_for_as_long() -> None:
    seen = [*samples("++++++++"), *samples("++", "latency", every=60)]
    assert steady_since(seen, ["errors", "latency"], LIMIT)
    assert not steady_since(seen, ["errors", "latency", "health"], LIMIT)
    assert not steady_since([*samples("++++++++"), *samples("++", "latency")], ["errors", "latency"], LIMIT)
