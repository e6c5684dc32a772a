"""What the workload is expected to do about a fault: open its circuit breaker, replace what is gone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from runners.chaos.probing import tolerance_of
from runners.chaos.verdict import MOST_UNSEEN
from runners.chaos_outputs import Expectation

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
        """What was not met, for people."""
        if self.seen is None:
            return f"{self.name}: no data"
        return f"{self.name}: {_MISSED[self.when]} {self.expected}; seen {self.seen:g}"

    def document(self) -> dict[str, Any]:
        """As it stands in the journal and in the record."""
        return {"name": self.name, "when": self.when, "ok": self.ok, "expected": self.expected, "seen": self.seen}


def met(expectation: Expectation, values: Sequence[float | None]) -> Met:
    """Judges the values of the time that the expectation is about, oldest first; None is a look without data.

    `during` asks for one value in tolerance, `throughout` for all of them, `after` for the last. Where more than a
    fifth of the values is missing, what was not seen may have happened.
    """
    tolerance = tolerance_of(expectation)
    looked = values[-1:] if expectation.when == "after" else values
    seen = [value for value in looked if value is not None]
    blind = not seen or len(seen) < (1 - MOST_UNSEEN) * len(looked)
    fits = [tolerance.holds(value) for value in seen]
    settled = any(fits) if expectation.when == "during" else not all(fits)
    ok = None if blind and not settled else any(fits) if expectation.when == "during" else all(fits)
    return Met(
        name=expectation.name, when=expectation.when, ok=ok, expected=str(tolerance), seen=_decisive(expectation, seen)
    )


def _decisive(expectation: Expectation, seen: Sequence[float]) -> float | None:
    """Of "during" the value nearest to what is expected, of the others the one farthest from it."""
    highest_is_best = expectation.at_least is not None
    best_decides = expectation.when == "during"
    return (max if highest_is_best == best_decides else min)(seen, default=None)
