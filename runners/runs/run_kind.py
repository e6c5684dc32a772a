"""What a kind of run is to the life cycle: one run of it, with what it needs to begin, go on, clean up and be told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic

from runners.errors import RunnerError
from runners.exit_codes import ExitCode
from runners.runs.lines import Lines
from runners.runs.outcome import R
from runners.runs.reason import Obstacle
from runners.runs.run import Run
from runners.runs.run_lock import RunLock
from runners.runs.steps import ENDED


class RefusedError(RunnerError):
    """The run must not go on, and has changed nothing yet; `obstacles` say why."""

    exit_code = ExitCode.NOT_STARTED

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__("; ".join(str(held) for held in obstacles))
        self.obstacles = list(obstacles)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What people are told: `resume` is the command that goes on, `clean` what is said when nothing is left."""

    what: str
    resume: str
    left: str = "left behind"
    clean: str = ""
    # What helps when the clean-up itself failed.
    after_failure: str = ""


class RunKind(ABC, Generic[R]):
    """One run. Everything it needs to continue or to clean up is in its journal."""

    # What its records say that they are of; no two kinds have the same.
    type: ClassVar[str]
    # What it holds to take turns with the stack's other runs; None when it needs none, or looks after its own.
    turn: RunLock | None = None
    # A fault ends the run, with a record of that; or it is raised, and the run is there to be resumed.
    ended_by_fault: ClassVar[bool] = True
    # The lines that its journal may have: a run with another one is not gone on with. None looks at none.
    lines: Lines | None = None

    def __init__(self, run: Run, words: Words) -> None:
        self.run, self.words = run, words

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not hasattr(cls, "type"):
            msg = f"{cls.__name__} has no `type`, by which the records of its runs are known"
            raise TypeError(msg)

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to do but to store it."""
        return self.run.journal.last(ENDED) is not None

    def obstacles(self) -> list[Obstacle]:
        """Why it cannot begin now; empty when it can. Reads, changes nothing. Warnings are the kind's to tell."""
        return []

    @abstractmethod
    def carry_out(self) -> None:
        """Does it, or goes on with it: may be called again for the same run.

        Raises:
            RefusedError: it must not, and nothing was changed.
            RunnerError: something failed.
        """

    @abstractmethod
    def clean_up(self) -> list[str]:
        """Removes what must not stay, however far it came, and names what is left."""

    @abstractmethod
    def record(self) -> R:
        """What the journal tells, of a run that ended or not."""

    @abstractmethod
    def store(self, record: R) -> None:
        """Keeps the record in the stack's table. May be called again for the same record.

        The life cycle archives it afterwards.

        Raises:
            RunnerError: it could not be kept.
        """
