"""The kill switch: nothing new starts, and everything of ours stops, which is waited for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal

from contract.parts import RecordPart, plain
from contract.run_table import HALT
from runners.chaos.equipment import LISTED_WITHIN
from runners.chaos.injection import Injection
from runners.chaos.judging.verdict import TERMINAL
from runners.errors import AwsError
from runners.exit_codes import ExitCode
from runners.runs.clock import Clock, pause, rfc3339
from runners.runs.records import Records

_EVERY: Final = timedelta(seconds=5)


class Halted(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What a halt did: the answer of `ial chaos halt --json`, from which `make schemas` makes its schema.

    Attributes:
        version: Version of this document.
        halted: Whether no experiment starts any more.
        lever_engaged: Whether FIS's safety lever was engaged; null when nobody asked for it.
        stopped: Experiments of this stack that FIS has ended.
        left: What could not be confirmed, such as an experiment that has not ended in three minutes.
    """

    version: Literal[1] = 1
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
        return plain(self)


@dataclass(frozen=True)
class _Listed:
    """What FIS has listed of ours, and what of that it has ended."""

    found: set[str] = field(default_factory=set)
    over: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Halting:
    """Halts the chaos of one stack, or, with the lever, of the whole account and region.

    An experiment is the stack's when it has the stack's tag or is of one of its templates. FIS gets `within` to end it,
    and its list is watched for `listed_within` after the mark: what started before it may not be listed yet.
    """

    owner: str
    templates: tuple[str, ...]
    injection: Injection
    records: Records
    clock: Clock
    say: Callable[[str], object]
    within: timedelta = timedelta(minutes=3)
    listed_within: timedelta = LISTED_WITHIN

    def halt(self, reason: str, operator: str, *, lever: bool) -> Halted:
        """Marks the stack as halted first, so that nothing starts behind the stops.

        Raises:
            KeyboardInterrupt: somebody did not wait for the end; the mark stays.
        """
        left: list[str] = []
        marked = self._mark(reason, operator, left)
        try:
            engaged = self._pull(reason, left) if lever else None
            stopped = self._stop_all(left)
        except KeyboardInterrupt:
            mark = "the stack stays halted" if marked else "the stack could not be marked as halted"
            self.say(f"interrupted: {mark}; that all is over is not confirmed, `ial chaos halt` once more looks again")
            raise
        return Halted(halted=True, lever_engaged=engaged, stopped=tuple(stopped), left=tuple(left))

    def release(self, operator: str) -> Halted:
        """Lets runs start again. The safety lever stays as it is: people release it where they see why it was pulled.

        Raises:
            AwsError: the mark could not be taken away.
        """
        self.records.put(*HALT, {"halted": False, "operator": operator, "at": rfc3339(self.clock.now())})
        return Halted(halted=False, lever_engaged=None, stopped=(), left=())

    def _mark(self, reason: str, operator: str, left: list[str]) -> bool:
        try:
            mark = {"halted": True, "reason": reason, "operator": operator, "at": rfc3339(self.clock.now())}
            self.records.put(*HALT, mark)
        except AwsError as error:
            left.append(f"the mark that keeps new runs from starting: {error}")
            return False
        return True

    def _pull(self, reason: str, left: list[str]) -> bool:
        try:
            self.injection.pull_lever(reason, engaged=True)
        except AwsError as error:
            left.append(f"the safety lever: {error}")
            return False
        return True

    def _stop_all(self, left: list[str]) -> list[str]:
        """Stops again and again until all is over: a stop is a request, and one may have started behind the list."""
        began, listed, last = self.clock.now(), _Listed(), ""
        while True:
            asked = self.clock.now()
            open_ = self._list_into(listed) | self._stop_into(listed)
            told = [f"{what}: {said}" for what, said in open_.items()]
            if asked >= began + (self.within if told else self.listed_within):
                left += told
                return sorted(listed.over)
            line = f"waiting for {'; '.join(told)}" if told else self._watching
            if line != last:
                self.say(line)
            last = line
            pause(self.clock, _EVERY, "the end of all experiments of the stack")

    @property
    def _watching(self) -> str:
        seconds = self.listed_within.total_seconds()
        return (
            f"nothing runs; FIS's list is watched for {seconds:g} s after the halt: it lists late what has just started"
        )

    def _list_into(self, listed: _Listed) -> dict[str, str]:
        try:
            running = self.injection.unfinished()
        except AwsError as error:
            return {"the list of experiments": str(error)}
        listed.found.update(held.id for held in running if held.belongs_to(self.owner, self.templates))
        return {}

    def _stop_into(self, listed: _Listed) -> dict[str, str]:
        open_: dict[str, str] = {}
        for id_ in sorted(listed.found - listed.over):
            said = self._stop(id_)
            if said is None:
                listed.over.add(id_)
            else:
                open_[f"experiment {id_}"] = said
        return open_

    def _stop(self, id_: str) -> str | None:
        """None when the experiment is over; else what keeps it from that."""
        problem = None
        try:
            self.injection.stop(id_)
        except AwsError as error:
            problem = str(error)
        try:
            status = self.injection.state(id_).status
        except AwsError as error:
            return problem or str(error)
        return None if status in TERMINAL else problem or f"FIS says that it is {status}"


def halt_mark(records: Records) -> Mapping[str, Any] | None:
    """Why the stack is halted; None when it is not.

    Raises:
        AwsError: that could not be read.
    """
    found = records.get(*HALT)
    return found if found is not None and found.get("halted") is not False else None
