"""Small pieces of text that several sections write alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import htpy as h

from pricing.money import dollars
from runners.report.charts.scale import written

# A mark beside each word, so that nothing depends on colour. None is not known.
_MARKS: Final = {"passed": "✓", "met": "✓", "failed": "✗", "missed": "✗", "refused": "–"}
_GOOD: Final = frozenset({"passed", "met"})
_BAD: Final = frozenset({"failed", "missed", "error", "aborted-by-alarm", "aborted-by-runner"})


def badge(verdict: str) -> h.Element:
    """A verdict or an answer, with a mark of its own."""
    kind = "good" if verdict in _GOOD else "bad" if verdict in _BAD else "open"
    return h.span(class_=f"badge {kind}")[f"{_MARKS.get(verdict, '?')} {verdict.replace('-', ' ')}"]


def moment(text: str | None) -> str:
    """A moment of a document as people read it."""
    return "not known" if text is None else f"{read_moment(text):%Y-%m-%d %H:%M:%S} UTC"


def read_moment(text: str) -> datetime:
    """A moment of a document."""
    return datetime.fromisoformat(text).astimezone(UTC)


def seconds(value: float | None) -> str:
    """A time as people say it."""
    if value is None:
        return "not known"
    return f"{written(round(value, 1))} s" if value < 120 else f"{written(round(value / 60, 1))} min"


def held(ok: bool | None) -> str:
    """Whether something was so."""
    return "? not known" if ok is None else "✓ yes" if ok else "✗ no"


def listed(items: Sequence[str], none: str) -> str:
    """Names in a row, or that there are none."""
    return ", ".join(items) if items else none


def sentence(said: str) -> str:
    """What analysis says in a line, as a sentence."""
    return f"{said[:1].upper()}{said[1:]}"


def billed(usd: str | None) -> str:
    """An amount of a bill, or that nobody knows it."""
    return "not known" if usd is None else dollars(Decimal(usd))


def short(arn: str) -> str:
    """The end of an ARN, which is what people call it; other names as they are.

    >>> short("arn:aws:ec2:us-east-1:123456789012:instance/i-1"), short("orders")
    ('i-1', 'orders')
    """
    return arn.rpartition("/")[2].rpartition(":")[2] if arn.startswith("arn:") else arn


def facts(pairs: Sequence[tuple[str, h.Node]]) -> h.Element:
    """Names and what they are, as a list."""
    return h.dl[[h.div[h.dt[name], h.dd[value]] for name, value in pairs]]
