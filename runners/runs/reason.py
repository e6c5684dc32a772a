"""Why a run must not begin now: a code, a sentence, and what to do. Free text refuses nobody.

Each room lists its reasons in a `reasons.py`, as an enum that extends `Reason`; docs/preflight.md is made from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from string import Formatter
from typing import Final

from runners.errors import InputError

READ_AGAIN: Final = "what AWS said is told beside it: allow the call, or try again"


class Weight(StrEnum):
    """What a reason does: it refuses, or it is told as a warning; one of design by plans alone, not by every run."""

    REFUSES = "refuses"
    WARNS = "warns"
    WARNS_IN_PLANS = "warns in plans"


class Reason(Enum):
    """A reason by its code. `says` and `do` name in braces what each case fills in."""

    says: str
    do: str
    weight: Weight

    def __new__(cls, code: str, says: str, do: str, weight: Weight = Weight.REFUSES) -> Reason:
        """The value of a reason is its code: records and `--json` carry it."""
        made = object.__new__(cls)
        made._value_, made.says, made.do, made.weight = code, says, do, weight
        return made

    @property
    def code(self) -> str:
        """What people look it up by."""
        return str(self.value)

    def against(self, **given: object) -> Obstacle:
        """The reason in one case.

        Raises:
            TypeError: something that its words name was not given, or the other way round.
        """
        named = {name for text in (self.says, self.do) for _, name, _, _ in Formatter().parse(text) if name}
        if wrong := named ^ given.keys():
            msg = f"{self.code}: named in its words, or given, but not both: {', '.join(sorted(wrong))}"
            raise TypeError(msg)
        return Obstacle(self, f"{self.says}; {self.do}".format(**given))

    def unread(self, why: str | None, **given: object) -> Obstacle:
        """The reason that something could not be read, and `why` as AWS said it, which says what to do as well."""
        if why is None:
            return self.against(**given)
        return Obstacle(self, f"{self.says.format(**given)}: {why}")


@dataclass(frozen=True)
class Obstacle:
    """A reason in one case, in words for people. Only a `Reason` makes one."""

    reason: Reason
    message: str

    @property
    def code(self) -> str:
        """Its reason's."""
        return self.reason.code

    @property
    def warning(self) -> bool:
        """Whether it is told, and does not refuse."""
        return self.reason.weight is not Weight.REFUSES

    @property
    def of_design(self) -> bool:
        """Whether it stays until somebody changes a file: a plan tells it, and not every run again."""
        return self.reason.weight is Weight.WARNS_IN_PLANS

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class NotNowError(InputError):
    """What was asked for cannot be planned as things are; `obstacle` says why, and nothing was done."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(str(obstacle))
        self.obstacle = obstacle
