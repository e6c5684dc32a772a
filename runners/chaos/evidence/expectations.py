"""What the workload is expected to do about a fault: open its circuit breaker, replace what is gone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from contract.probes import Expectation
from runners.chaos.evidence.probing import tolerance_of
from runners.chaos.judging.hypothesis import Tolerance
from runners.chaos.judging.verdict import MOST_UNSEEN

_MISSED: Final = {
    "during": "at no time during the fault",
    "throughout": "not all the time",
    "after": "not when it was over",
}


@dataclass(frozen=True, kw_only=True)
class Met:
    """Whether one expectation was met; None when it could not be seen. `seen` is the value that decided."""

    name: str
    when: str
    ok: bool | None
    expected: str
    seen: float | None

    @property
    def reason(self) -> str:
        """What was not met, or why that is not known, for people."""
        if self.seen is None:
            return f"{self.name}: no data"
        if self.ok is None:
            return f"{self.name}: too little data, or so when the fault began; expected {self.when}: {self.expected}"
        return f"{self.name}: {_MISSED[self.when]} {self.expected}; seen {self.seen:g}"

    def document(self) -> dict[str, Any]:
        """As it stands in the journal and in the record."""
        return {"name": self.name, "when": self.when, "ok": self.ok, "expected": self.expected, "seen": self.seen}


def some_time(marks: Sequence[bool | None]) -> bool | None:
    """Whether it was so at some time: one look settles it. That it never was takes most looks; None has no data."""
    known = [mark for mark in marks if mark is not None]
    if any(known):
        return True
    return False if known and len(known) >= (1 - MOST_UNSEEN) * len(marks) else None


def always(marks: Sequence[bool | None]) -> bool | None:
    """Whether it was always so: the mirror image of `some_time`."""
    return opposite(some_time([opposite(mark) for mark in marks]))


def by_the_fault(found: bool | None, decided: bool, before: Sequence[bool | None]) -> bool | None:
    """What is left of a finding that one look `decided`: what was so before the fault already says nothing of it."""
    return None if found is decided and decided in before else found


def unclear(found: bool | None, decided: bool, across: Sequence[bool | None]) -> bool | None:
    """What is left of a finding that no look `decided`, when one `across` the injection would have."""
    return None if found is (not decided) and decided in across else found


def marks_of(tolerance: Tolerance, values: Sequence[float | None]) -> list[bool | None]:
    """Which values are fine; None for those without data."""
    return [None if value is None else tolerance.holds(value) for value in values]


def opposite(mark: bool | None) -> bool | None:
    """Not so; what is not known stays so."""
    return None if mark is None else not mark


def met(expectation: Expectation, values: Sequence[float | None]) -> Met:
    """Judges the values of the time that the expectation is about, oldest first; None is a look without data.

    `during` asks for one value in tolerance, `throughout` for all of them, `after` for the last.
    """
    tolerance, during = tolerance_of(expectation), expectation.when == "during"
    looked = values[-1:] if expectation.when == "after" else values
    marks = marks_of(tolerance, looked)
    # The value nearest to what is expected tells of "during", the one farthest from it of the others.
    telling = max if during == (expectation.at_least is not None) else min
    return Met(
        name=expectation.name,
        when=expectation.when,
        ok=some_time(marks) if during else always(marks),
        expected=str(tolerance),
        seen=telling((value for value in looked if value is not None), default=None),
    )


def doubted(held: Met, tolerance: Tolerance, before: Sequence[float | None]) -> Met:
    """The same, in the light of what the probe saw before the fault."""
    if held.when == "after":
        return held
    marks = marks_of(tolerance, before)
    return replace(held, ok=by_the_fault(held.ok, held.when == "during", marks))
