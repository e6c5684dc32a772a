"""The kill switch: nothing new starts, and everything of ours stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from runners.chaos.injection import OWNER_TAG, Injection
from runners.clock import Clock, rfc3339
from runners.errors import AwsError
from runners.exit_codes import ExitCode
from runners.records import Records

_PLACE: Final = ("chaos", "halt")


@dataclass(frozen=True, kw_only=True)
class Halted:
    """What a halt did. `left` names what could not be confirmed."""

    halted: bool
    lever_engaged: bool | None
    stopped: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def exit_code(self) -> ExitCode:
        """Somebody must look when something could not be stopped."""
        return ExitCode.LEFT_BEHIND if self.left else ExitCode.OK

    def document(self) -> dict[str, Any]:
        """As `ial chaos halt --json` prints it."""
        return {
            "version": 1,
            "halted": self.halted,
            "leverEngaged": self.lever_engaged,
            "stopped": list(self.stopped),
            "left": list(self.left),
        }


@dataclass(frozen=True, kw_only=True)
class Halting:
    """Halts the chaos of one stack, or, with the lever, of the whole account and region."""

    owner: str
    injection: Injection
    records: Records
    clock: Clock

    def halt(self, reason: str, operator: str, *, lever: bool) -> Halted:
        """Marks the stack as halted first, so that nothing starts behind the stops."""
        left: list[str] = []
        try:
            mark = {"halted": True, "reason": reason, "operator": operator, "at": rfc3339(self.clock.now())}
            self.records.put(*_PLACE, mark)
        except AwsError as error:
            left.append(f"the mark that keeps new runs from starting: {error}")
        engaged = self._pull(reason, left) if lever else None
        stopped = self._stop_all(left)
        return Halted(halted=True, lever_engaged=engaged, stopped=tuple(stopped), left=tuple(left))

    def release(self, operator: str) -> Halted:
        """Lets runs start again. The safety lever stays as it is: people release it where they see why it was pulled.

        Raises:
            AwsError: the mark could not be taken away.
        """
        self.records.put(*_PLACE, {"halted": False, "operator": operator, "at": rfc3339(self.clock.now())})
        return Halted(halted=False, lever_engaged=None, stopped=(), left=())

    def _pull(self, reason: str, left: list[str]) -> bool:
        try:
            self.injection.pull_lever(reason, engaged=True)
        except AwsError as error:
            left.append(f"the safety lever: {error}")
            return False
        return True

    def _stop_all(self, left: list[str]) -> list[str]:
        try:
            running = [held for held in self.injection.unfinished() if held.tags.get(OWNER_TAG) == self.owner]
        except AwsError as error:
            left.append(f"the list of experiments: {error}")
            return []
        stopped = []
        for held in running:
            try:
                self.injection.stop(held.id)
                stopped.append(held.id)
            except AwsError as error:
                left.append(f"experiment {held.id}: {error}")
        return stopped


def halt_mark(records: Records) -> Mapping[str, Any] | None:
    """Why the stack is halted; None when it is not.

    Raises:
        AwsError: that could not be read.
    """
    found = records.get(*_PLACE)
    return found if found is not None and found.get("halted") is not False else None
