"""One run as its steps see it: each is done once, with a line of the journal before it and one after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, overload

from runners.runs.clock import Clock, parse_rfc3339
from runners.runs.journal import Entry, Journal
from runners.runs.lines import Line
from runners.runs.steps import DONE

D = TypeVar("D", bound=Line)


def unguarded() -> None:
    """Stands in nobody's way."""


class Run:
    """One run of any kind."""

    def __init__(self, run: str, journal: Journal, clock: Clock, say: Callable[[str], object]) -> None:
        self.id, self.clock, self.say = run, clock, say
        self.journal = journal
        # Asked before each step; raises what keeps the run from going on.
        self.guard: Callable[[], object] = unguarded

    @overload
    def step(self, name: type[D], action: Callable[[], D], told: str = "", *, of: str = "") -> D: ...

    @overload
    def step(self, name: str, action: Callable[[], Mapping[str, Any]], told: str = "") -> Mapping[str, Any]: ...

    def step(self, name: Any, action: Callable[[], Any], told: str = "", *, of: str = "") -> Any:
        """Does one step, once: a line before, a line with the result after. Both survive a crash.

        A step that is done is not done again when the run is resumed: its result comes from the journal. One that
        was cut off is: `action` must be able to meet its own half-done work. `name` is the type of the result, and
        `of` what differs in the step's name; or it is the name, and the result is plain JSON.
        """
        if isinstance(name, str):
            return self._step(name, action, told)
        return name.read(self._step(name.begin_of(of), lambda: action().data(), told))

    def _step(self, name: str, action: Callable[[], Mapping[str, Any]], told: str) -> Mapping[str, Any]:
        done = self.journal.last(name + DONE)
        if done is not None:
            return done.data
        self.guard()
        self.say(told or name)
        self.journal.write(name)
        return self.journal.write(name + DONE, **action()).data

    def result(self, of_type: type[D], of: str = "") -> D | None:
        """The result of a step, None if it is not done."""
        done = self.journal.last(of_type.step_of(of))
        return None if done is None else of_type.read(done.data)

    def began(self, name: str) -> datetime | None:
        """When a step began for the first time, even if it never ended: clean-up goes by this."""
        found = next((entry for entry in self.journal.entries if entry.step == name), None)
        return None if found is None else parse_rfc3339(found.at)

    def result_at(self, name: str) -> datetime | None:
        """When a step was done, None if it is not."""
        done = self.journal.last(name + DONE)
        return None if done is None else parse_rfc3339(done.at)

    def seconds(self, name: str) -> float | None:
        """How long a finished step took, from its first beginning."""
        pair = steps_done(self.journal.entries).get(name)
        return None if pair is None else (parse_rfc3339(pair[1].at) - parse_rfc3339(pair[0].at)).total_seconds()

    def attachment(self, name: str) -> Path:
        """A file beside the journal, for what is too large for a line."""
        return self.journal.path.with_suffix(f".{name}")


def steps_done(entries: Sequence[Entry]) -> Mapping[str, tuple[Entry, Entry]]:
    """Each finished step with its first line and its last."""
    begun: dict[str, Entry] = {}
    done: dict[str, tuple[Entry, Entry]] = {}
    for entry in entries:
        if entry.step.endswith(DONE):
            name = entry.step.removesuffix(DONE)
            done[name] = (begun.get(name, entry), entry)
        else:
            begun.setdefault(entry.step, entry)
    return done
