"""What a rollback needs beside versions: experiments, alarms, people, and a way to stop everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What else may explain a failed run. None is not known; `limit` is empty where nothing kept it from scaling."""

    fault_over: bool | None
    halted: bool | None
    incidents: tuple[str, ...] | None
    limit: str | None
    hurt: bool | None


class Trials(Protocol):
    """Experiments of the stack, as a rollback runs them."""

    def by_users(self, record: Mapping[str, Any]) -> bool | None:
        """Whether an alarm on what users feel stopped the run of this record."""

    def surroundings(self, experiment: str) -> Surroundings:
        """What is so just now. Raises nothing: what could not be read is not known."""

    def steady(self, experiment: str) -> tuple[bool | None, Sequence[str]]:
        """Whether the experiment's hypothesis holds without a fault, and why not.

        Raises:
            AwsError: that could not be looked at.
        """

    def again(self, experiment: str, mark: str) -> Mapping[str, Any]:
        """Runs the experiment, and gives its record. The same mark never begins a second run.

        Raises:
            KeyboardInterrupt: somebody ended the run.
            RunnerError: it could not be carried out.
        """

    def affordable(self, experiment: str) -> str | None:
        """Why the month's budget does not allow one more run; None when it does.

        Raises:
            AwsError: the budget could not be read.
        """


class Alarms(Protocol):
    """What happens when a rollback fails, or a person must look."""

    def page(self, subject: str, text: str) -> None:
        """Tells people.

        Raises:
            AwsError: nobody could be told.
        """

    def halt(self, reason: str) -> Sequence[str]:
        """Stops every experiment of the stack, and lets no new one begin; names what is not confirmed."""
