"""What became of a run, and what the shell is told of it: one table for every kind of run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, TypeVar

from runners.exit_codes import ExitCode
from runners.runs.journal import Entry
from runners.runs.steps import CLEANED, REFUSED

# Each kind has its own verdicts; one word means the same in all of them.
EXITS: Final[Mapping[str, ExitCode]] = MappingProxyType(
    {
        "passed": ExitCode.OK,
        "restored": ExitCode.OK,
        "copied": ExitCode.OK,
        "rolled-back": ExitCode.OK,
        "failed": ExitCode.REFUSED,
        "incomplete": ExitCode.REFUSED,
        "aborted-by-runner": ExitCode.REFUSED,
        "planned": ExitCode.NOT_STARTED,
        # Somebody asked whether to roll back, and the answer is no.
        "kept": ExitCode.NOT_STARTED,
        "refused": ExitCode.NOT_STARTED,
        "aborted": ExitCode.ABORTED,
        "aborted-by-alarm": ExitCode.ABORTED,
        "aborted-by-safety-lever": ExitCode.ABORTED,
        "invalid": ExitCode.NOT_PROVEN,
        "inconclusive": ExitCode.NOT_PROVEN,
        "unfinished": ExitCode.NOT_PROVEN,
        "error": ExitCode.AWS_FAILED,
        "rollback-failed": ExitCode.LEFT_BEHIND,
        "interrupted": ExitCode.INTERRUPTED,
        "aborted-by-operator": ExitCode.INTERRUPTED,
    }
)


# Of several runs, what needs somebody most comes first.
SEVERITY: Final = (
    ExitCode.LEFT_BEHIND,
    ExitCode.INTERRUPTED,
    ExitCode.AWS_FAILED,
    ExitCode.ABORTED,
    ExitCode.REFUSED,
    ExitCode.NOT_PROVEN,
    ExitCode.NOT_STARTED,
    ExitCode.OK,
)


def most_severe(codes: Collection[ExitCode]) -> ExitCode:
    """What the shell is told of several runs; of none, that nothing is proven."""
    return min(codes, key=SEVERITY.index, default=ExitCode.NOT_PROVEN)


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """What every run's record says: what is `left`, whether that was looked at to the end, and whether it is stored.

    `codes` are those of the reasons for which it was refused; journals of before have their words alone.
    """

    left: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    cleaned: bool = True
    stored: bool = True

    def document(self) -> dict[str, Any]:
        """The record as it is stored, and printed by `--json`: each kind's own."""
        raise NotImplementedError


R = TypeVar("R", bound=RunRecord)


def _refusal_codes(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The codes of the reasons for which a run was refused."""
    held = next((entry.data for entry in reversed(entries) if entry.step == REFUSED), None)
    return () if held is None else tuple(held.get("codes", ()))


def cleaned_in(record: R, entries: Sequence[Entry]) -> R:
    """The record with what the journal says of a refusal, and of the clean-up.

    A clean-up that was never begun is not held against it.
    """
    found = replace(record, codes=_refusal_codes(entries))
    held = next((entry.data for entry in reversed(entries) if entry.step == CLEANED), None)
    return found if held is None else replace(found, cleaned=held["confirmed"], left=tuple(held["left"]))


def exit_code(verdict: str, *, confirmed: bool, interrupted: bool = False) -> ExitCode:
    """What the shell is told; clean-up that was not `confirmed` outranks every verdict, because it needs somebody.

    Who `interrupted` a run knows why nothing is proven, and is told that it was interrupted.
    """
    if not confirmed:
        return ExitCode.LEFT_BEHIND
    told = EXITS[verdict]
    return ExitCode.INTERRUPTED if interrupted and told is ExitCode.NOT_PROVEN else told
