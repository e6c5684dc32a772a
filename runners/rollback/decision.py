"""May the version be taken back? One failed experiment does not blame a release. Pure, and fails closed.

Source of the rule: docs/adr, "A failed experiment alone rolls nothing back".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PASSED: Final = "passed"
FAILED: Final = "failed"
BY_ALARM: Final = "aborted-by-alarm"


class Action(StrEnum):
    """What follows. PAGE: a person must look, and no version is to blame, or nobody can tell."""

    ROLL_BACK = "roll-back"
    RERUN = "re-run"
    PAGE = "page"
    LEAVE = "leave"


class Difference(StrEnum):
    """What runs beside what last passed the experiment."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"
    # Another version runs by now than the one that failed.
    MOVED = "moved"
    NEVER_PASSED = "never-passed"


class Underway(StrEnum):
    """Whether a version is being changed just now. OWN: by the very deployment that brought the failed version."""

    NONE = "none"
    OWN = "own"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is known when somebody asks. None is not known, and is never a reason to act.

    `by_users` says whether an alarm on what users feel stopped the experiment; `hurt` whether they still feel it after
    the fault was undone; `switched_on` whether the stack rolls anything back; `off` names what has changed and is not
    switched on, `cannot` why a part cannot be taken back; `incidents` are alarms that ring for other reasons; `limit`
    is why nothing could scale, empty if it could; `again` is the verdict of the one re-run, and `again_same` whether
    that tested the same versions.
    """

    verdict: str
    by_users: bool | None = None
    fault_over: bool | None = None
    halted: bool | None = None
    steady_before: bool | None = None
    difference: Difference = Difference.UNKNOWN
    switched_on: bool = False
    off: tuple[str, ...] = ()
    cannot: tuple[str, ...] | None = None
    incompatible: tuple[str, ...] = ()
    underway: Underway = Underway.UNKNOWN
    incidents: tuple[str, ...] | None = None
    limit: str | None = None
    before: str | None = None
    hurt: bool | None = None
    again: str | None = None
    again_by_users: bool | None = None
    again_same: bool | None = None


@dataclass(frozen=True)
class Answer:
    """What follows, with a code for machines and a sentence for people."""

    action: Action
    code: str
    sentence: str

    def document(self) -> dict[str, str]:
        """For machines."""
        return {"action": str(self.action), "code": self.code, "sentence": self.sentence}


def decide(case: Case) -> Answer:
    """The answer: the first thing that speaks against a rollback, or what speaks for one."""
    against = next((found for look in _AGAINST for found in look(case)), None)
    return against or _for(case)


def _verdict(case: Case) -> Iterator[Answer]:
    if case.verdict == BY_ALARM:
        if case.by_users is not True:
            yield _leave("not-by-users", "the alarm that stopped it does not say that users were hurt")
    elif case.verdict != FAILED:
        yield _leave(f"verdict-{case.verdict}", f"a run that ended as {case.verdict} says nothing against a version")


def _fault(case: Case) -> Iterator[Answer]:
    if case.fault_over is not True:
        yield _page("fault-not-over", "that the fault is over and undone is not confirmed; nothing is changed before")
    if case.halted is not False:
        yield _leave("halted", "chaos is halted, or nobody can tell: somebody is at it, and what they do comes first")
    if case.steady_before is not True:
        yield _leave("not-steady-before", "the workload was not known to be steady before the fault")


def _difference(case: Case) -> Iterator[Answer]:
    if case.difference is Difference.SAME:
        text = "what runs is what last passed this experiment: the environment is to blame, or a known weakness"
        yield _page("same-version", f"{text}; another version would not help")
    elif case.difference is Difference.NEVER_PASSED:
        yield _page(
            "never-passed", "no version is known to have passed this experiment, so there is none to go back to"
        )
    elif case.difference is Difference.MOVED:
        yield _leave("version-moved", "another version runs by now than the one that failed")
    elif case.difference is not Difference.OTHER:
        yield _page("version-unknown", "which version runs, or which one last passed, is not known")


def _reach(case: Case) -> Iterator[Answer]:
    if not case.switched_on:
        yield _page("off", "rollback is not switched on; it is by ial:chaos rollback.targets")
    if case.off:
        text = f"{', '.join(case.off)} has changed as well, and its rollback is not switched on"
        yield _page("beyond-reach", f"{text}: half of a change taken back is a state that nobody has tested")
    if case.incompatible:
        text = f"{', '.join(case.incompatible)}: nobody has declared that older versions work with today's data"
        yield _page("not-compatible", f"{text}; say `compatible: true` in ial:chaos rollback if they do")


def _means(case: Case) -> Iterator[Answer]:
    if case.cannot is None:
        yield _page("cannot-tell", "what the older version needs could not be looked at")
    elif case.cannot:
        yield _page("cannot", f"the older version cannot come back: {'; '.join(case.cannot)}")


def _others(case: Case) -> Iterator[Answer]:
    if case.underway not in (Underway.NONE, Underway.OWN):
        text = "somebody else changes the version" if case.underway is Underway.FOREIGN else "nobody can tell who does"
        yield _page("deployment-under-way", f"{text} just now; that is never fought")
    if case.incidents is None:
        yield _page("incidents-unknown", "whether something else is wrong could not be read")
    elif case.incidents:
        yield _page("open-incident", f"in alarm for another reason: {', '.join(case.incidents)}; that may explain it")
    if case.limit is None:
        yield _page("limit-unknown", "whether a limit kept the workload from scaling could not be read")
    elif case.limit:
        yield _page("scaling-limit", f"{case.limit}; that may explain it")
    if case.before:
        yield _page("rolled-back-before", f"{case.before}; nothing is rolled back twice")


def _for(case: Case) -> Answer:
    if case.hurt is True:
        return Answer(Action.ROLL_BACK, "users-still-hurt", "users are still hurt though the fault is undone")
    if case.again is None:
        return Answer(Action.RERUN, "re-run-first", "one failed run may be chance: the experiment is run once more")
    if case.again == PASSED:
        return _leave("not-reproduced", "the experiment passed when it was run again")
    if case.again != FAILED and not (case.again == BY_ALARM and case.again_by_users is True):
        return _page("re-run-undecided", f"the experiment was run again and ended as {case.again}")
    if case.again_same is not True:
        return _page("re-run-of-another", "the second run is not known to have tested the version of the first one")
    return Answer(Action.ROLL_BACK, "failed-again", "the experiment failed again, with the same version")


def _leave(code: str, sentence: str) -> Answer:
    return Answer(Action.LEAVE, code, sentence)


def _page(code: str, sentence: str) -> Answer:
    return Answer(Action.PAGE, code, sentence)


_AGAINST: Final[tuple[Callable[[Case], Iterator[Answer]], ...]] = (
    _verdict,
    _fault,
    _difference,
    _reach,
    _others,
    _means,
)
