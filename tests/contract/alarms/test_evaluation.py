from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.alarms.evaluation import AlarmRule, Missing, State, judged, too_few

OK, ALARM, NONE = State.OK, State.ALARM, State.INSUFFICIENT_DATA
BEFORE = list(State)
# The two tables of CloudWatch's user guide, columns MISSING, IGNORE, BREACHING, NOT BREACHING; None keeps the state.
THREE_OF_THREE = [
    ("0-X-X", OK, OK, OK, OK),
    ("0----", OK, OK, OK, OK),
    ("-----", NONE, None, ALARM, OK),
    ("0XX-X", ALARM, ALARM, ALARM, ALARM),
    ("----X", NONE, None, ALARM, OK),
    ("X----", ALARM, None, ALARM, OK),
]
TWO_OF_THREE = [
    ("0-X-X", ALARM, ALARM, ALARM, ALARM),
    ("00X0X", ALARM, ALARM, ALARM, ALARM),
    ("0-X--", OK, OK, ALARM, OK),
    ("----0", OK, OK, ALARM, OK),
    ("----X", NONE, None, ALARM, OK),
]
ROWS = [(3, *row) for row in THREE_OF_THREE] + [(2, *row) for row in TWO_OF_THREE]
CELLS = [
    (datapoints, points, missing, state)
    for datapoints, points, *states in ROWS
    for missing, state in zip(Missing, states, strict=True)
]


def values(points: str) -> list[float | None]:
    return [{"0": 0.0, "X": 2.0, "-": None}[point] for point in points]


def rule(datapoints: int, periods: int, missing: Missing) -> AlarmRule:
    return AlarmRule(
        comparison="GreaterThanThreshold", threshold=1, periods=periods, datapoints=datapoints, missing=missing
    )


@pytest.mark.parametrize(("datapoints", "points", "missing", "state"), CELLS)
@pytest.mark.parametrize("before", BEFORE)
def test_the_published_tables(
    datapoints: int, points: str, missing: Missing, state: State | None, before: State
) -> None:
    assert judged(values(points), rule(datapoints, 3, missing), before) is (before if state is None else state)


@pytest.mark.parametrize(
    ("comparison", "value", "breached"),
    [
        ("GreaterThanThreshold", 1, False),
        ("GreaterThanThreshold", 1.1, True),
        ("GreaterThanOrEqualToThreshold", 1, True),
        ("GreaterThanOrEqualToThreshold", 0.9, False),
        ("LessThanThreshold", 1, False),
        ("LessThanThreshold", 0.9, True),
        ("LessThanOrEqualToThreshold", 1, True),
        ("LessThanOrEqualToThreshold", 1.1, False),
    ],
)
def test_comparisons(comparison: str, value: float, breached: bool) -> None:
    one = AlarmRule(comparison=comparison, threshold=1, periods=1, datapoints=1)
    assert judged([value], one, OK) is (ALARM if breached else OK)


WINDOWS = st.integers(1, 6).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n)))
POINTS = st.lists(st.sampled_from("0X-"), max_size=12).map("".join)
MISSING = st.sampled_from(list(Missing))
STATES = st.sampled_from(BEFORE)


@given(WINDOWS, st.text("0X", min_size=6, max_size=12), MISSING, STATES)
def test_where_nothing_is_missing_m_of_the_last_n_decide(
    window: tuple[int, int], points: str, missing: Missing, before: State
) -> None:
    datapoints, periods = window
    expected = ALARM if points[-periods:].count("X") >= datapoints else OK
    assert judged(values(points), rule(datapoints, periods, missing), before) is expected


@given(WINDOWS, POINTS, STATES)
def test_breaching_is_the_strictest_and_not_breaching_the_mildest(
    window: tuple[int, int], points: str, before: State
) -> None:
    found = {missing: judged(values(points), rule(*window, missing), before) for missing in Missing}
    if found[Missing.NOT_BREACHING] is ALARM:
        assert set(found.values()) == {ALARM}
    if found[Missing.BREACHING] is OK:
        assert set(found.values()) <= {OK, before} or found[Missing.MISSING] is OK


@given(WINDOWS, POINTS, MISSING, STATES)
def test_one_more_breach_never_calms_an_alarm(
    window: tuple[int, int], points: str, missing: Missing, before: State
) -> None:
    calm = judged(values(points), rule(*window, missing), before)
    worse = judged(values(points.replace("0", "X", 1)), rule(*window, missing), before)
    assert not (calm is ALARM and worse is OK)


@given(WINDOWS, POINTS, STATES)
def test_breaching_and_not_breaching_always_know(window: tuple[int, int], points: str, before: State) -> None:
    for missing in (Missing.BREACHING, Missing.NOT_BREACHING):
        assert judged(values(points), rule(*window, missing), before) in (OK, ALARM)


@given(WINDOWS, POINTS, POINTS, MISSING, STATES)
def test_what_is_older_than_the_range_does_not_count(
    window: tuple[int, int], old: str, points: str, missing: Missing, before: State
) -> None:
    asked = rule(*window, missing)
    padded = points.rjust(asked.points, "-")[-asked.points :]
    assert judged(values(old + padded), asked, before) is judged(values(padded), asked, before)


@pytest.mark.parametrize(
    ("samples", "percentile", "few"),
    [
        (999, 99, True),
        (1000.1, 99, False),
        (19, 50, True),
        (20, 50, False),
        (99, 10, True),
        (101, 10, False),
        (1, 100, False),
    ],
)
def test_percentiles_of_few_samples(samples: float, percentile: float, few: bool) -> None:
    assert too_few(samples, percentile) is few
