"""Each moment of an expectation against the values that were seen."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.probes import Expectation
from runners.chaos.evidence.expectations import always, by_the_fault, doubted, met, some_time, unclear
from runners.chaos.judging.hypothesis import Tolerance

When = Literal["during", "throughout", "after"]
VALUES = st.lists(st.none() | st.floats(-100, 100), max_size=12)
MOMENTS: st.SearchStrategy[When] = st.sampled_from(["during", "throughout", "after"])


def expectation(when: When, at_least: float | None = 1, at_most: float | None = None) -> Expectation:
    return Expectation(
        name="breaker", type="alarm", target="a", metric=None, at_least=at_least, at_most=at_most, when=when
    )


@pytest.mark.parametrize(
    ("when", "values", "ok", "seen"),
    [
        ("during", [0, 1, 0], True, 1),
        ("during", [0, 0.5, 0], False, 0.5),
        ("during", [None, None, 2], True, 2),
        ("during", [None, 0, 0], None, 0),
        ("during", [], None, None),
        ("throughout", [1, 2, 3], True, 1),
        ("throughout", [1, 0, 3], False, 0),
        ("throughout", [1, None, 1], None, 1),
        ("throughout", [0, None, None], False, 0),
        ("throughout", [1, 1, 1, 1, None], True, 1),
        ("throughout", [], None, None),
        ("after", [0, 0, 1], True, 1),
        ("after", [1, 1, 0], False, 0),
        ("after", [1, 1, None], None, None),
        ("after", [], None, None),
    ],
)
def test_moments(when: When, values: list[float | None], ok: bool | None, seen: float | None) -> None:
    found = met(expectation(when), values)
    assert (found.ok, found.seen) == (ok, seen)


def test_of_an_upper_limit_the_highest_value_tells() -> None:
    assert (
        met(expectation("throughout", None, 60), [3, 61, 5]).reason == "breaker: not all the time at most 60; seen 61"
    )
    assert (
        met(expectation("during", None, 60), [70, 65]).reason
        == "breaker: at no time during the fault at most 60; seen 65"
    )
    assert met(expectation("after"), []).reason == "breaker: no data"


MARKS = {"+": True, "-": False, "?": None}


def marks(text: str) -> list[bool | None]:
    return [MARKS[each] for each in text]


@pytest.mark.parametrize(
    ("looks", "once", "throughout"),
    [
        ("", None, None),
        ("+", True, True),
        ("-", False, False),
        ("+-", True, False),
        ("?", None, None),
        # One look in five may be blind, and no more.
        ("++++?", True, True),
        ("+++?", True, None),
        ("----?", False, False),
        ("---?", None, False),
    ],
)
def test_one_look_settles_what_was_so_once_and_most_looks_what_never_was(
    looks: str, once: bool | None, throughout: bool | None
) -> None:
    assert (some_time(marks(looks)), always(marks(looks))) == (once, throughout)


@pytest.mark.parametrize("decided", [True, False])
@pytest.mark.parametrize("found", [True, False, None])
@pytest.mark.parametrize("looks", ["", "+", "-", "?", "+-", "?+", "-?"])
def test_what_looks_before_and_across_the_injection_leave_of_a_finding(
    found: bool | None, decided: bool, looks: str
) -> None:
    so_already = decided in marks(looks)
    assert by_the_fault(found, decided, marks(looks)) is (None if so_already and found is decided else found)
    assert unclear(found, decided, marks(looks)) is (None if so_already and found is (not decided) else found)


@pytest.mark.parametrize(
    ("when", "values", "before", "ok"),
    [
        ("during", [2.0], [0.0, None], True),
        ("during", [2.0], [0.0, 2.0], None),
        ("during", [0.0], [0.0], False),
        ("during", [0.0], [2.0], False),
        ("throughout", [0.0], [2.0], False),
        ("throughout", [0.0], [2.0, 0.0], None),
        ("throughout", [2.0], [0.0], True),
        # What holds when the fault is over may have held before it.
        ("after", [2.0], [2.0], True),
        ("after", [0.0], [0.0], False),
    ],
)
def test_what_was_so_before_the_fault_is_none_of_its_doing(
    when: When, values: list[float | None], before: list[float | None], ok: bool | None
) -> None:
    found = doubted(met(expectation(when), values), Tolerance(at_least=1), before)
    assert found.ok is ok
    seen = values[0]
    assert found.document() == {"name": "breaker", "when": when, "ok": ok, "expected": "at least 1", "seen": seen}
    if ok is None:
        told = f"too little data, or so when the fault began; expected {when}: at least 1"
        assert found.reason == f"breaker: {told}"


@given(MOMENTS, VALUES)
def test_nothing_seen_is_never_good_news(when: When, values: list[float | None]) -> None:
    found = met(expectation(when), values)
    if found.ok:
        assert found.seen is not None
        assert found.seen >= 1
    if found.ok is False:
        assert found.seen is not None
        assert found.seen < 1


@given(VALUES)
def test_what_holds_throughout_held_during_and_after(values: list[float | None]) -> None:
    if met(expectation("throughout"), values).ok:
        assert met(expectation("during"), values).ok
        assert met(expectation("after"), values).ok is not False
