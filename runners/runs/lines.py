"""The types of a journal's lines: what stands beside each step, by kind of run. A misspelt key is found by mypy.

A room that writes lines has their types in a `lines.py`, as one `Lines` for each kind of run; the published schema of
journals is made from them. Reading is lenient and going on is strict: what does not know a step can still list the run,
and must not clean up after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final, Self

from msgspec import UNSET, Struct, UnsetType, ValidationError, convert, field, json

from runners.errors import JournalError
from runners.runs.steps import CARRIED_OUT, CLEANED, DONE, ENDED, FAULT, REFUSED, RESUMED, STORED

# In the name of a step: what differs from line to line, such as the part that is put back.
ANY: Final = "*"


class Line(Struct, frozen=True, kw_only=True):
    """What stands beside a step. A field that older journals lack has a default; later ones are left alone."""

    step: ClassVar[str]

    @classmethod
    def step_of(cls, of: str = "") -> str:
        """The step's name; `of` is what differs from line to line."""
        return cls.step.replace(ANY, of)

    @classmethod
    def begin_of(cls, of: str = "") -> str:
        """The name of the step whose result this is, as its first line has it."""
        return cls.step_of(of).removesuffix(DONE)

    def data(self) -> dict[str, Any]:
        """As it stands in the journal."""
        # As it is read back: lists, not tuples.
        return dict(json.decode(json.encode(self)))

    @classmethod
    def exactly(cls, data: Mapping[str, Any]) -> Self:
        """From what is about to be written; here, what the type does not know is an error.

        Raises:
            ValueError: it has other keys, or values of other types.
        """
        made = convert(dict(data), cls)
        if lost := set(data) - set(made.data()):
            msg = f"a line {cls.step!r} has no {', '.join(sorted(lost))}"
            raise ValueError(msg)
        return made

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """From what a journal has of it.

        Raises:
            JournalError: it is not that of such a line.
        """
        try:
            return convert(dict(data), cls)
        except ValidationError as error:
            msg = f"step {cls.step!r} of the journal is that of another version of ial: {error}"
            raise JournalError(msg) from error


class FirstLine(Line, frozen=True, kw_only=True):
    """The first line of a run: the life cycle adds its name."""

    run: str | UnsetType = UNSET


class Refused(Line, frozen=True, kw_only=True):
    """It did not begin; each reason in words and, since there are codes, by its code."""

    step = REFUSED
    reasons: list[str]
    codes: list[str] = field(default_factory=list)


class Resumed(Line, frozen=True, kw_only=True):
    """The runner was away and came back."""

    step = RESUMED


class Fault(Line, frozen=True, kw_only=True):
    """Something went wrong, or somebody interrupted it."""

    step = FAULT
    message: str
    interrupted: bool


class CarriedOut(Line, frozen=True, kw_only=True):
    """It went to its end; some kinds say here what was found."""

    step = CARRIED_OUT


class Cleaned(Line, frozen=True, kw_only=True):
    """What must not stay was removed; `left` names what could not be."""

    step = CLEANED
    confirmed: bool
    left: list[str]


class Ended(Line, frozen=True, kw_only=True):
    """Nothing is left to do but to store the record."""

    step = ENDED


class Stored(Line, frozen=True, kw_only=True):
    """The record is in the stack's table; `archived` is whether the archive has it, too."""

    step = STORED
    archived: bool = False


OF_EVERY_RUN: Final[tuple[type[Line], ...]] = (Refused, Resumed, Fault, CarriedOut, Cleaned, Ended, Stored)


@dataclass(frozen=True)
class Lines:
    """All lines that a journal of one kind may have, `kind` in words for people."""

    kind: str
    types: tuple[type[Line], ...]

    @cached_property
    def steps(self) -> frozenset[str]:
        """The name of each step, of both lines where it has a result."""
        return frozenset(name for held in self.types for name in (held.step, held.step.removesuffix(DONE)))

    def knows(self, step: str) -> bool:
        """Whether such a line may be there."""
        return step in self.steps or any(
            step.startswith(first) and step.endswith(last)
            for first, mark, last in (name.partition(ANY) for name in self.steps)
            if mark and len(step) > len(first) + len(last)
        )

    def require(self, steps: Sequence[str]) -> None:
        """Makes sure that every step is known: who goes on with a run must know what was begun, and clean it up.

        Raises:
            JournalError: one is not.
        """
        for number, step in enumerate(steps, 1):
            if not self.knows(step):
                msg = f"line {number}: step {step!r} of {self.kind} is not known to this version of ial"
                raise JournalError(f"{msg}; finish the run with the version that wrote it, nothing was done")
