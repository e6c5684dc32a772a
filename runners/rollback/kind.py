"""A kind of version: how it is read, what stands against taking it back, how that is done and seen to be done."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, Final

from contract.rollback import VersionKind, WatchedVersion
from runners.errors import AwsError, RunnerError
from runners.exit_codes import ExitCode
from runners.rollback.calls import Calls
from runners.rollback.version import Version

# So long somebody waits until a version has arrived.
ARRIVES_WITHIN: Final = timedelta(minutes=30)


class ForeignDeploymentError(RunnerError):
    """Somebody else changes the version just now; that is never fought."""

    exit_code = ExitCode.NOT_STARTED


class Stage(StrEnum):
    """How far a change of version is."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    # AWS has done it, and does not show it: reads may be older than what they come after.
    UNSETTLED = "unsettled"


@dataclass(frozen=True, kw_only=True)
class Move:
    """A change of version that is under way; `to` is the version that it brings, None when that is not known."""

    id: str
    to: str | None


@dataclass(frozen=True, kw_only=True)
class Change:
    """From the bad version back to the good one; the token is the same whenever the same change is asked for."""

    good: Version
    bad: Version
    token: str = ""


@dataclass(frozen=True)
class Progress:
    """How far it is, in AWS's words."""

    stage: Stage
    said: str


class Kind(ABC):
    """One part of a workload, of one kind. Reads raise AwsError; only `begin` changes anything."""

    kind: ClassVar[VersionKind]
    # AWS's words for: somebody was quicker, and nothing was changed.
    overtaken: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, part: WatchedVersion, calls: Calls) -> None:
        self.part, self.name, self._calls = part, part.name, calls

    def __init_subclass__(cls) -> None:
        """Registers the kind."""
        if "kind" in cls.__dict__:
            if cls.kind in _kinds:
                msg = f"kind {cls.kind} is there twice"
                raise ValueError(msg)
            _kinds[cls.kind] = cls

    def version(self) -> Version:
        """What runs; that it could not be read is part of the answer."""
        try:
            return self.running()
        except AwsError as error:
            return self.unknown(str(error))
        except (LookupError, ValueError, TypeError) as error:
            return self.unknown(f"AWS's answer was not understood: {type(error).__name__}: {error}")

    def unknown(self, why: str) -> Version:
        """A version that is not known."""
        return Version(kind=self.kind, name=self.name, unread=why)

    def known(self, running: str, **more: Any) -> Version:
        """A version that is."""
        return Version(kind=self.kind, name=self.name, running=running, **more)

    @abstractmethod
    def running(self) -> Version:
        """What runs now."""

    def move(self) -> Move | None:
        """The change of version that is under way, if there is one."""
        return None

    @abstractmethod
    def obstacles(self, change: Change, /) -> list[str]:
        """Why it cannot be taken from the bad version back to the good one."""

    @abstractmethod
    def lost(self, change: Change, /) -> list[str]:
        """What does not come back with the good version, in words for people."""

    @abstractmethod
    def begin(self, change: Change, /) -> Mapping[str, Any]:
        """Takes it back, or finds that this is under way or done already: it may be called again for the same change.

        Returns:
            What `progress` needs to know, as plain JSON; its `how` says what was done.

        Raises:
            ForeignDeploymentError: somebody else changes the version.
        """

    @abstractmethod
    def progress(self, change: Change, begun: Mapping[str, Any], /) -> Progress:
        """How far that is. It is done when the good version runs, and not before."""

    def _is_back(self, change: Change) -> bool:
        """Whether the good version runs already.

        Raises:
            ForeignDeploymentError: what runs is neither: somebody has changed it since it was looked at.
        """
        return self._goes_back(change, self.running())

    def _goes_back(self, change: Change, now: Version) -> bool:
        """The same of a version that was read just now."""
        if now.same_as(change.good):
            return True
        if not now.same_as(change.bad):
            raise self._of_another(f"{now if now.running else now.unread} runs by now")
        return False

    def _changed(self, operation: str, about: str, **given: Any) -> Mapping[str, Any]:
        """The call that changes something.

        Raises:
            ForeignDeploymentError: somebody else was quicker; nothing was changed.
            AwsError: it failed for good.
        """
        try:
            return self._calls.ask(operation, about, **given)
        except AwsError as error:
            if error.code not in self.overtaken:
                raise
            raise self._of_another(f"{operation} was refused with {error.code}") from error

    def _of_another(self, said: str) -> ForeignDeploymentError:
        return ForeignDeploymentError(f"{self.kind} {self.name}: {said}; that is somebody else's, and is left alone")

    def _arrived(self, good: Version, how: str) -> Progress:
        """What AWS calls successful is so when the version says so too."""
        now = self.version()
        if now.same_as(good):
            return Progress(Stage.DONE, how)
        return Progress(Stage.UNSETTLED, f"{how}, and {now if now.running else now.unread} runs instead of {good}")


_kinds: dict[str, type[Kind]] = {}


@lru_cache(maxsize=1)
def all_kinds() -> Mapping[str, type[Kind]]:
    """Each kind by its name: a file in `kinds/`, there by being there."""
    package = importlib.import_module("runners.rollback.kinds")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"runners.rollback.kinds.{module}")
    return _kinds


def kinds_of(parts: Sequence[WatchedVersion], calls: Calls) -> dict[tuple[str, str], Kind]:
    """What reads and takes back each of the parts."""
    return {(part.kind, part.name): all_kinds()[part.kind](part, calls) for part in parts}


def versions_now(kinds: Mapping[tuple[str, str], Kind], commit: str | None) -> dict[str, Any]:
    """What runs now, as records of experiments have it. Raises nothing: what was not read says why."""
    return {"commit": commit, "parts": [kind.version().document() for kind in kinds.values()]}
