"""Every read says what is there, and refuses what is not accepted with file, key, value and what would be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from pricing.closed_mapping import ClosedMapping
from pricing.errors import UsageError

Read = Callable[[ClosedMapping], object]


def mapping(value: object) -> ClosedMapping:
    return ClosedMapping({"x": value}, "f.yaml", "top", ("x", "y"))


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        (lambda m: list(m.keys()), 1, ["x"]),
        (lambda m: (m.has("x"), m.has("y")), None, (True, False)),
        (lambda m: (m.raw("x", needed=True), m.raw("y")), 1, (1, None)),
        (lambda m: list(m.mapping("x", ("a",)).keys()), {"a": 1}, ["a"]),
        (lambda m: list(m.mapping("x", None).keys()), {"anything": 1}, ["anything"]),
        (lambda m: [list(one.keys()) for one in m.mappings("x", ("a",))], [{"a": 1}, {}], [["a"], []]),
        (lambda m: m.mappings("y", ("a",)), 1, []),
        (lambda m: m.text("x", "[a-z]+", "small letters"), "abc", "abc"),
        (lambda m: m.choice("x", ("one", "two")), "two", "two"),
        (lambda m: m.whole("x", 1, 3), 1, 1),
        (lambda m: m.whole("x", 1, 3), 3, 3),
        (lambda m: m.amount("x"), 0, Decimal(0)),
        (lambda m: m.amount("x"), "1.5", Decimal("1.5")),
        (lambda m: m.amount("x", Decimal(2)), 2, Decimal(2)),
        (lambda m: m.amount("x"), 1_000_000, Decimal(1_000_000)),
        (lambda m: m.amounts("x", Decimal(-1), Decimal(1)), [-1, "0.5", 1], (Decimal(-1), Decimal("0.5"), Decimal(1))),
        (lambda m: m.amounts("x", Decimal(-1), Decimal(1)), [], ()),
        (lambda m: m.day("x"), "2026-11-25", date(2026, 11, 25)),
        (lambda m: m.day("x"), date(2026, 11, 25), date(2026, 11, 25)),
    ],
)
def test_what_is_read(read: Read, value: object, found: object) -> None:
    assert read(mapping(value)) == found


@pytest.mark.parametrize(
    ("read", "value", "said"),
    [
        (lambda m: m.raw("y", needed=True), 1, "top.y: missing; add it"),
        (lambda m: m.mapping("x", ("a",)), [], "top.x: expected a mapping"),
        (lambda m: m.mapping("x", ("a", "b")), {"c": 1}, "top.x.c: unknown key; accepted: a, b"),
        (lambda m: m.mapping("x", None), {1: 1}, "top.x.1: unknown key; accepted: text"),
        (lambda m: m.mappings("x", ("a",)), {"a": 1}, "accepted: a list"),
        (lambda m: m.mappings("x", ("a",)), [{}, {"b": 1}], "top.x[1].b: unknown key"),
        (lambda m: m.text("x", "[a-z]+", "small letters"), "abc1", "accepted: small letters"),
        (lambda m: m.text("x", r"\d+", "digits"), "١٢", "accepted: digits"),
        (lambda m: m.text("x", "[0-9]+", "digits"), 12, "accepted: digits"),
        (lambda m: m.choice("x", ("one", "two")), "three", "accepted: one, two"),
        (lambda m: m.whole("x", 0, 3), True, "a whole number from 0 to 3"),
        (lambda m: m.whole("x", 0, 3), 1.0, "a whole number from 0 to 3"),
        (lambda m: m.whole("x", 1, 3), 0, "a whole number from 1 to 3"),
        (lambda m: m.whole("x", 1, 3), 4, "a whole number from 1 to 3"),
        (lambda m: m.amount("x"), -1, "a number from 0 to 1000000"),
        (lambda m: m.amount("x"), 1_000_001, "a number from 0 to 1000000"),
        (lambda m: m.amount("x"), None, "a number from 0 to 1000000"),
        (lambda m: m.amounts("x", Decimal(-1), Decimal(1)), [0, 2], "a list of numbers from -1 to 1"),
        (lambda m: m.amounts("x", Decimal(-1), Decimal(1)), [0, -2], "a list of numbers from -1 to 1"),
        (lambda m: m.amounts("x", Decimal(-1), Decimal(1)), 0, "a list of numbers from -1 to 1"),
        (lambda m: m.day("x"), "2026-02-30", "a date YYYY-MM-DD"),
    ],
)
def test_what_is_refused(read: Read, value: object, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(mapping(value))
    assert said in str(refused.value)
    assert str(refused.value).startswith("f.yaml")


def test_at_the_top_a_key_is_named_alone() -> None:
    with pytest.raises(UsageError, match=r"^f\.yaml: x: missing"):
        ClosedMapping({}, "f.yaml", "", ("x",)).raw("x", needed=True)
