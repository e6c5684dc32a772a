from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.alarms.metric_math import MetricMathError, evaluated

M1: list[float | None] = [1, None, 3, 0]
M2: list[float | None] = [10, 20, None, 0]


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("m1", M1),
        ("m1 + m2", [11, None, None, 0]),
        ("m2 - m1 * 2", [8, None, None, 0]),
        ("(m2 - m1) * 2", [18, None, None, 0]),
        ("m2 / m1", [10, None, None, None]),
        ("-m1", [-1, None, -3, 0]),
        ("m1 ^ 2", [1, None, 9, 0]),
        ("FILL(m1, 0) + FILL(m2, 0)", [11, 20, 3, 0]),
        ("FILL(m1, m2)", [1, 20, 3, 0]),
        ("FILL(m1, REPEAT)", [1, 1, 3, 0]),
        ("IF(m2 > 5, FILL(m1, 0) / m2, 0)", [0.1, 0, None, 0]),
        ("IF(m1 > 2, m1)", [None, None, 3, None]),
        ("m1 > 0", [1, None, 1, 0]),
        ("m1 >= 1 AND m2 < 20", [1, None, None, 0]),
        ("m1 >= 1 && m2 < 20", [1, None, None, 0]),
        ("m1 == 0 OR m2 != 10", [0, None, None, 1]),
        ("SUM([m1, m2])", [11, 20, 3, 0]),
        ("AVG([m1, m2])", [5.5, 20, 3, 0]),
        ("MAX([m1, m2, 5])", [10, 20, 5, 5]),
        ("MIN([m1, m2])", [1, 20, 3, 0]),
        ("ABS(0 - m1)", [1, None, 3, 0]),
        ("CEIL(m1 / 2)", [1, None, 2, 0]),
        ("FLOOR(m1 / 2)", [0, None, 1, 0]),
        ("100", [100, 100, 100, 100]),
    ],
)
def test_expressions(expression: str, result: list[float | None]) -> None:
    assert evaluated(expression, {"m1": M1, "m2": M2}) == pytest.approx(result)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "m1 +",
        "m3",
        "RATE(m1)",
        "m1.x",
        "__import__('os')",
        "m1 if m2 else 0",
        "SUM(m1)",
        "IF(m1)",
        "'a'",
        "1 < m1 < 2",
        "True",
    ],
)
def test_what_is_not_understood_is_refused(expression: str) -> None:
    with pytest.raises(MetricMathError, match="metric math"):
        evaluated(expression, {"m1": M1})


def test_series_must_be_of_one_length() -> None:
    with pytest.raises(MetricMathError, match="different lengths"):
        evaluated("m1 + m2", {"m1": [1], "m2": [1, 2]})


POINTS = st.one_of(st.none(), st.floats(-1e6, 1e6))


@given(st.lists(st.tuples(POINTS, POINTS)))
def test_a_sum_is_missing_where_a_part_is(rows: list[tuple[float | None, float | None]]) -> None:
    series = {"a": [row[0] for row in rows], "b": [row[1] for row in rows]}
    expected = [None if a is None or b is None else a + b for a, b in rows]
    assert evaluated("a + b", series) == expected
    assert None not in evaluated("FILL(a, 0) + FILL(b, 0)", series)
