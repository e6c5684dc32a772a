"""One look at everything that a decision needs, and the decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contract.run_table import collection
from runners.errors import AwsError
from runners.rollback.cause import Passes, Record
from runners.rollback.comparison import Part, compared, difference_of, underway_of
from runners.rollback.decision import Action, Answer, Case, Difference, Underway, decide
from runners.rollback.hold import Holds
from runners.rollback.kind import Kind
from runners.rollback.ports import Trials
from runners.rollback.version import versions_in
from runners.runs.clock import Clock
from runners.runs.records import Records
from runners.runs.run_folder import months, run_began

ROLLBACKS = "rollbacks"


@dataclass(frozen=True)
class Considered:
    """The answer, the parts as they were read, and those that would be taken back."""

    answer: Answer
    parts: tuple[Part, ...]
    unread: str | None = None

    @property
    def changed(self) -> list[Part]:
        """What differs from what passed."""
        return [part for part in self.parts if part.difference is Difference.OTHER]


@dataclass(frozen=True, kw_only=True)
class Considering:
    """Reads, changes nothing. `kinds` are all parts whose versions are known, switched on or not."""

    kinds: Mapping[tuple[str, str], Kind]
    records: Records
    trials: Trials
    holds: Holds | None
    clock: Clock

    def consider(
        self, failed: Record, again: Record | None = None, *, suite: str | None = None, own: str = ""
    ) -> Considered:
        """The answer for a run that failed, and for the one that was run once more; `own` is the rollback that asks.

        Raises:
            AwsError: the stack's records could not be read.
        """
        name = failed["experiment"]
        # That the second run passed makes no version a good one that has just failed.
        good = Passes(self.records).last_good(self.clock.now(), name, but=again)
        unread = None
        try:
            parts = compared(self.kinds, versions_in(failed), good)
        except AwsError as error:
            parts, unread = [], str(error)
        changed = [part for part in parts if part.difference is Difference.OTHER]
        seen = self.trials.surroundings(name)
        cleaned = all(record["cleaned"] for record in (failed, again) if record is not None)
        case = Case(
            verdict=failed["verdict"],
            by_users=self.trials.by_users(failed),
            fault_over=seen.fault_over if cleaned else False,
            halted=seen.halted,
            steady_before=failed.get("steadyBefore"),
            difference=Difference.UNKNOWN if unread else difference_of(parts, ever_passed=good is not None),
            switched_on=self.holds is not None,
            off=tuple(str(part) for part in changed if part.kind.part.rollback is None),
            incompatible=tuple(str(part) for part in changed if not _is_compatible(part)),
            underway=Underway.UNKNOWN if unread else underway_of(parts),
            incidents=seen.incidents,
            limit=seen.limit,
            before=self._before(failed["run"], changed, suite, own),
            cannot=_cannot(changed),
            hurt=seen.hurt,
            again=None if again is None else again["verdict"],
            again_by_users=None if again is None else self.trials.by_users(again),
            again_same=None if again is None else _same(failed, again),
        )
        return Considered(decide(case), tuple(parts), unread)

    def _before(self, cause: str, changed: list[Part], suite: str | None, own: str) -> str | None:
        """Why this would be the second rollback of the same thing."""
        for item in self._earlier(cause):
            if item["verdict"] not in (None, "rolled-back", "rollback-failed") or item["run"] == own:
                continue
            if item["cause"] == cause:
                return f"run {item['run']} has rolled back for this failure"
            if suite is not None and item["suite"] == suite:
                return f"run {item['run']} has rolled back in this suite"
        held = {(hold.kind, hold.name): hold for hold in (self.holds.all() if self.holds else ())}
        for part in changed:
            hold = held.get((part.kind.kind, part.kind.name))
            if hold is not None and hold.run != own and hold.active(self.clock.now()):
                return f"{hold}; release it first, if that is over"
        return None

    def _earlier(self, cause: str) -> Iterator[Mapping[str, Any]]:
        """Rollbacks since the run that failed: of its month, of this one, and of those between."""
        for month in months(run_began(cause), self.clock.now()):
            yield from self.records.all(collection(ROLLBACKS, month)).values()


def considered_document(found: Considered) -> dict[str, Any]:
    """What was decided, as the journal keeps it: the parts to be changed, and all that was read."""
    roll_back = found.answer.action in (Action.ROLL_BACK, Action.RERUN)
    return {
        "answer": found.answer.document(),
        "parts": [
            {
                "kind": part.kind.kind,
                "name": part.kind.name,
                "from": part.now.running,
                "to": part.good.running if part.good else None,
                "good": part.good.document() if part.good else None,
                "bad": part.now.document(),
                "lost": part.kind.lost(part.change()),
            }
            for part in (found.changed if roll_back else [])
        ],
        "read": [part.document() for part in found.parts],
    }


def _is_compatible(part: Part) -> bool:
    terms = part.kind.part.rollback
    return terms is None or terms.compatible


def _cannot(changed: list[Part]) -> tuple[str, ...] | None:
    try:
        return tuple(f"{part}: {reason}" for part in changed for reason in part.kind.obstacles(part.change()))
    except (AwsError, LookupError, ValueError):
        return None


def _same(failed: Record, again: Record) -> bool | None:
    """Whether both runs tested the same versions."""
    first, second = versions_in(failed), versions_in(again)
    if not first or first.keys() != second.keys():
        return None
    found = {first[part].same_as(second[part]) for part in first}
    return False if False in found else None if None in found else True
