"""The resilience score: the newest run that says something of each required experiment, weighted and aged.

The order of records does not matter, a run that says nothing never raises it, and without any evidence there is none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final

from runners.analysis.records import ChaosRecord, Record, UnjudgedRecord
from runners.analysis.score_model import Excluded, ExperimentScore, LostPoints, Score, Week, Weights, Why
from runners.analysis.taker import Taker
from runners.analysis.weights import WEIGHTS
from runners.analysis.worth import Lack, Worth, fresh, worth_of
from runners.runs.run_folder import name_at

WEEKS: Final = 8
# What rounding leaves is no lost point.
_LEAST_POINTS: Final = 0.005
_DAY: Final = 86_400


@dataclass(frozen=True)
class Known:
    """An experiment that the stack has; `usd_per_run` is what FIS asks for a run, at list price."""

    name: str
    category: str
    weight: float
    required: bool
    usd_per_run: str = "0"


@dataclass(frozen=True)
class _Test:
    """A required experiment with what its newest run is worth."""

    score: ExperimentScore
    worth: Worth


class Scoring(Taker[ChaosRecord | UnjudgedRecord]):
    """Takes records in, one by one, and keeps of each experiment the newest at the end of each week."""

    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord, UnjudgedRecord})

    def __init__(self, stack: str, known: Sequence[Known], now: datetime, weights: Weights = WEIGHTS) -> None:
        self.stack, self.known, self.now, self.weights = stack, known, now, weights
        self._newest: dict[str, list[ChaosRecord | None]] = {}
        self._excluded: dict[tuple[str, Why], tuple[int, str]] = {}
        self._known = {held.name: held for held in self.known}
        self._ends = [self.now - timedelta(weeks=number) for number in reversed(range(WEEKS))]
        # The name of a run begins with its time, and is compared faster than that.
        self._names = [name_at(end) for end in self._ends]

    def add(self, record: ChaosRecord | UnjudgedRecord) -> None:
        """Counts a run."""
        if isinstance(record, UnjudgedRecord):
            self._exclude(record, "not-judged")
            return
        why = _why_excluded(self._known.get(record.experiment), record)
        if why is not None:
            self._exclude(record, why)
            return
        own = self._newest.setdefault(record.experiment, [None] * WEEKS)
        # A run is the newest of some weeks in a row: from the one in which it began until a newer one came.
        for number in range(bisect_left(self._names, record.run[: len(self._names[0])]), WEEKS):
            held = own[number]
            if held is not None and held.run >= record.run:
                return
            own[number] = record

    leave_out = add

    def _exclude(self, record: ChaosRecord | UnjudgedRecord, why: Why) -> None:
        count, newest = self._excluded.get((record.experiment, why), (0, ""))
        self._excluded[record.experiment, why] = (count + 1, max(newest, record.run))

    def score(self) -> Score:
        """The score now, with what it was at the end of each of the last weeks."""
        tests = list(self._tests(WEEKS - 1))
        value, covered = _value(tests), self._covered(tests)
        return Score(
            version=1,
            stack=self.stack,
            now=f"{self.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            score=None if value is None else round(value, 2),
            coverage=round(covered / len(tests), 4) if tests else None,
            required=len(tests),
            covered=covered,
            weights=self.weights,
            tests=tuple(test.score for test in tests),
            lost=tuple(_lost(tests)) if value is not None else (),
            excluded=tuple(self._exclusions()),
            weeks=tuple(self._week(number) for number in range(WEEKS)),
            said=_said(value, covered, len(tests)),
        )

    def _week(self, number: int) -> Week:
        tests = list(self._tests(number))
        value = _value(tests)
        return Week(
            day=f"{self._ends[number]:%Y-%m-%d}",
            score=None if value is None else round(value, 2),
            coverage=round(self._covered(tests) / len(tests), 4) if tests else None,
        )

    def _required(self) -> list[Known]:
        return sorted((held for held in self.known if held.required), key=lambda held: (held.category, held.name))

    def _tests(self, number: int) -> Iterator[_Test]:
        """Each required experiment as it was at the end of that week."""
        required = self._required()
        categories = {held.category for held in required}
        for held in required:
            weights = sum(other.weight for other in required if other.category == held.category)
            most = 100 / len(categories) * (held.weight / weights if weights else 0)
            newest = self._newest.get(held.name, [None] * WEEKS)[number]
            yield self._test(held, newest, most, self._ends[number])

    def _test(self, held: Known, newest: ChaosRecord | None, most: float, end: datetime) -> _Test:
        worth = Worth(0.0, (Lack(100.0, "no run has shown anything yet"),))
        age, share = None, 0.0
        if newest is not None:
            worth = worth_of(newest, self.weights)
            age = max(0.0, (end - newest.at).total_seconds() / _DAY)
            share = fresh(age, self.weights)
        found = ExperimentScore(
            experiment=held.name,
            category=held.category,
            weight=held.weight,
            run=None if newest is None else newest.run,
            verdict=None if newest is None else newest.verdict,
            age_days=age,
            fresh=share,
            test=worth.test,
            points=most * share * worth.test / 100,
            most=most,
        )
        return _Test(found, worth)

    def _covered(self, tests: Sequence[_Test]) -> int:
        ages = [test.score.age_days for test in tests]
        return sum(age is not None and age <= self.weights.coverage_days for age in ages)

    def _exclusions(self) -> Iterator[Excluded]:
        for (what, why), (runs, newest) in sorted(self._excluded.items()):
            yield Excluded(what=what, why=why, runs=runs, newest=newest)


def _value(tests: Sequence[_Test]) -> float | None:
    if all(test.score.run is None for test in tests):
        return None
    return min(100.0, max(0.0, sum(test.score.points for test in tests)))


def _lost(tests: Sequence[_Test]) -> list[LostPoints]:
    found = [
        LostPoints(
            experiment=test.score.experiment,
            run=test.score.run,
            points=round(test.score.most * points / 100, 2),
            why=why,
        )
        for test in tests
        for points, why in _lacks(test)
        if test.score.most * points / 100 >= _LEAST_POINTS
    ]
    return sorted(found, key=lambda lost: (-lost.points, lost.experiment, lost.why))


def _lacks(test: _Test) -> Iterator[tuple[float, str]]:
    for lack in test.worth.lacks:
        yield lack.points, lack.why
    if test.score.run is not None:
        yield test.score.test * (1 - test.score.fresh), f"the run is {test.score.age_days:.0f} days old"


def _why_excluded(held: Known | None, record: ChaosRecord) -> Why | None:
    if held is None:
        return "not-an-experiment-any-more"
    if not record.says_something:
        return "says-nothing"
    return None if held.required else "not-required"


def _said(value: float | None, covered: int, required: int) -> str:
    if value is None:
        return f"no score yet (coverage 0/{required})" if required else "no score: no experiment is required"
    return f"score {value:.0f} (coverage {covered}/{required})"
