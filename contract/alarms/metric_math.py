"""CloudWatch's metric math, as far as alarms use it: arithmetic, comparisons, IF, FILL and reductions over lists.

A result is missing where something it needs is missing, and where it would divide by zero.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Final

Series = list[float | None]
ACCEPTED: Final = "numbers, ids, + - * / ^, comparisons, AND, OR, IF, FILL, ABS, CEIL, FLOOR, SUM, AVG, MIN, MAX"


class MetricMathError(ValueError):
    """The expression is not one that is understood; the message quotes it and says what is."""


def evaluated(expression: str, series: Mapping[str, Sequence[float | None]]) -> Series:
    """The expression's value for each period. All series must be of one length.

    Raises:
        MetricMathError: it cannot be read, or uses an id or a function that is not known.
    """
    text = expression.replace("&&", " and ").replace("||", " or ").replace("^", "**")
    for word in ("AND", "OR"):
        text = " ".join(word.lower() if part == word else part for part in text.split(" "))
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        msg = f"metric math {expression!r} cannot be read; accepted: {ACCEPTED}"
        raise MetricMathError(msg) from None
    lengths = {len(values) for values in series.values()}
    if len(lengths) > 1:
        msg = f"metric math {expression!r} got series of different lengths"
        raise MetricMathError(msg)
    return _Evaluation(expression, {key: list(values) for key, values in series.items()}, max(lengths, default=1)).of(
        tree
    )


_ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[float, float], bool]]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_REDUCTIONS: Final[Mapping[str, Callable[[list[float]], float]]] = {
    "SUM": sum,
    "AVG": lambda values: sum(values) / len(values),
    "MIN": min,
    "MAX": max,
}
_ROUNDINGS: Final[Mapping[str, Callable[[float], float]]] = {
    "ABS": abs,
    "CEIL": lambda value: float(-(-value // 1)),
    "FLOOR": lambda value: float(value // 1),
}


class _Evaluation:
    """One expression over some series."""

    def __init__(self, text: str, series: Mapping[str, Series], length: int) -> None:
        self._text, self._series, self._length = text, series, length

    def of(self, node: ast.expr) -> Series:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return [float(node.value)] * self._length  # type: ignore[arg-type]
        if isinstance(node, ast.Name):
            return self._named(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return [None if value is None else -value for value in self.of(node.operand)]
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            return _pairwise(_ARITHMETIC[type(node.op)], self.of(node.left), self.of(node.right))
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS:
            compare = _COMPARISONS[type(node.ops[0])]
            return _pairwise(lambda a, b: float(compare(a, b)), self.of(node.left), self.of(node.comparators[0]))
        if isinstance(node, ast.BoolOp):
            return self._boolean(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self._called(node.func.id.upper(), node.args)
        raise self._refused()

    def _named(self, key: str) -> Series:
        if key not in self._series:
            msg = f"metric math {self._text!r}: {key} is none of the metrics: {', '.join(sorted(self._series))}"
            raise MetricMathError(msg)
        return self._series[key]

    def _boolean(self, node: ast.BoolOp) -> Series:
        combine = all if isinstance(node.op, ast.And) else any
        parts = [self.of(value) for value in node.values]
        return [None if None in row else float(combine(row)) for row in zip(*parts, strict=True)]

    def _called(self, name: str, given: list[ast.expr]) -> Series:
        if name in _REDUCTIONS and len(given) == 1 and isinstance(given[0], ast.List):
            rows = zip(*(self.of(entry) for entry in given[0].elts), strict=True)
            present = ([value for value in row if value is not None] for row in rows)
            return [_REDUCTIONS[name](row) if row else None for row in present]
        if name in _ROUNDINGS and len(given) == 1:
            return [None if value is None else _ROUNDINGS[name](value) for value in self.of(given[0])]
        if name == "FILL" and len(given) == 2:
            return self._filled(self.of(given[0]), given[1])
        if name == "IF" and len(given) in (2, 3):
            parts = [self.of(part) for part in given] + ([] if len(given) == 3 else [[None] * self._length])
            return [None if asked is None else yes if asked else no for asked, yes, no in zip(*parts, strict=True)]
        raise self._refused()

    def _filled(self, values: Series, by: ast.expr) -> Series:
        if isinstance(by, ast.Name) and by.id == "REPEAT":
            for number in range(1, len(values)):
                values = (
                    values
                    if values[number] is not None
                    else [*values[:number], values[number - 1], *values[number + 1 :]]
                )
            return values
        return [other if value is None else value for value, other in zip(values, self.of(by), strict=True)]

    def _refused(self) -> MetricMathError:
        return MetricMathError(f"metric math {self._text!r} cannot be evaluated; accepted: {ACCEPTED}")


def _pairwise(combine: Callable[[float, float], float], left: Series, right: Series) -> Series:
    return [_combined(combine, a, b) for a, b in zip(left, right, strict=True)]


def _combined(combine: Callable[[float, float], float], left: float | None, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    try:
        return combine(left, right)
    except (ZeroDivisionError, OverflowError):
        return None
