"""An experiment of FIS in simulated time: its states, its actions in their order, its stopping."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_DURATION: Final = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_DURATIONS: Final = ("duration", "maxDuration", "startInstancesAfterDuration")
# How long FIS takes for what lasts no time of its own, and to stop what runs.
_INSTANT: Final = 2.0
_STOPPING: Final = 5.0
OVER: Final = ("completed", "stopped", "failed", "cancelled", "skipped")


def seconds(text: str) -> float:
    """An ISO 8601 duration as FIS writes it, in seconds."""
    found = _DURATION.fullmatch(text)
    hours, minutes, rest = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return float(hours * 3600 + minutes * 60 + rest)


@dataclass
class Action:
    """One action of a running experiment."""

    name: str
    id: str
    parameters: Mapping[str, str]
    targets: Mapping[str, str]
    after: tuple[str, ...]
    status: str = "pending"
    reason: str = ""
    started: float | None = None
    ended: float | None = None

    @property
    def length(self) -> float:
        """How long it lasts."""
        given = next((self.parameters[name] for name in _DURATIONS if name in self.parameters), None)
        return seconds(given) if given else _INSTANT

    def end(self, status: str, at: float, reason: str = "") -> None:
        """It is over."""
        self.status, self.ended, self.reason = status, at, reason


@dataclass
class Experiment:
    """One run. `hit` has the resources by target; `act` and `undo` do to the workload what an action does."""

    id: str
    token: str
    template: str
    role: str
    tags: dict[str, str]
    stop_alarms: tuple[str, ...]
    hit: Mapping[str, tuple[str, ...]]
    resource_types: Mapping[str, str]
    actions: list[Action]
    created: float
    skip_all: bool = False
    status: str = "pending"
    reason: str = "Experiment is pending"
    error: str = ""
    started: float | None = None
    ended: float | None = None
    never_ends: bool = False
    log_group: str = ""
    _stopping_since: float | None = None
    undone: set[str] = field(default_factory=set)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in OVER

    def step(self, now: float, act: Callable[[Action], str | None], undo: Callable[[Action], None]) -> None:
        """One second. `act` returns why an action failed, None if it didn't."""
        if self.status == "pending":
            self._to("initiating", "Experiment is initiating")
        elif self.status == "initiating":
            self._to("running", "Experiment is running")
            self.started = now
        if self.status == "running":
            self._run(now, act, undo)
        elif self.status == "stopping" and self._stopping_since is not None and now - self._stopping_since >= _STOPPING:
            self._to("stopped", self.reason)
            self.ended = now

    def stop(self, now: float, reason: str, undo: Callable[[Action], None]) -> None:
        """Undoes what runs, and ends a little later."""
        if self.over or self.status == "stopping":
            return
        for action in self.actions:
            if action.status == "running":
                self._undo(action, undo)
                action.end("stopped", now, reason)
            elif action.status == "pending":
                action.end("cancelled", now, reason)
        self._to("stopping", reason)
        self._stopping_since = now

    def fail(self, now: float, error: str, reason: str) -> None:
        """FIS could not do it."""
        for action in self.actions:
            if action.status not in OVER:
                action.end("failed" if action.status == "running" else "cancelled", now, reason)
        self.error, self.ended = error, now
        self._to("failed", reason)

    def cancel(self, now: float) -> None:
        """The safety lever was engaged when it was to begin."""
        self.ended = now
        self._to("cancelled", "The safety lever is engaged.")

    def _run(self, now: float, act: Callable[[Action], str | None], undo: Callable[[Action], None]) -> None:
        done = {action.name for action in self.actions if action.status in OVER}
        for action in self.actions:
            if action.status == "running" and action.started is not None and now - action.started >= action.length:
                self._undo(action, undo)
                action.end("completed", now)
            elif action.status == "pending" and set(action.after) <= done:
                action.status, action.started = "running", now
                problem = None if self.skip_all else act(action)
                if self.skip_all:
                    action.end("skipped", now, "actionsMode is skip-all")
                elif problem is not None:
                    action.end("failed", now, problem)
                    self.fail(now, "ConfigurationFailure", problem)
                    return
        if not self.never_ends and all(action.status in OVER for action in self.actions):
            self.ended = now
            self._to("completed", "Experiment completed.")

    def _undo(self, action: Action, undo: Callable[[Action], None]) -> None:
        if action.name not in self.undone:
            self.undone.add(action.name)
            undo(action)

    def _to(self, status: str, reason: str) -> None:
        self.status, self.reason = status, reason

    def document(self) -> dict[str, Any]:
        """As GetExperiment answers."""
        state: dict[str, Any] = {"status": self.status, "reason": self.reason}
        if self.error:
            state["error"] = {"code": self.error, "accountId": "123456789012", "location": "targets"}
        return self.summary() | {
            "roleArn": self.role,
            "state": state,
            "startTime": self.started,
            "endTime": self.ended,
            "actions": {action.name: _action(action) for action in self.actions},
            "stopConditions": [{"source": "aws:cloudwatch:alarm", "value": arn} for arn in self.stop_alarms],
        }

    def summary(self) -> dict[str, Any]:
        """As ListExperiments lists it."""
        return {
            "id": self.id,
            "arn": f"arn:aws:fis:us-east-1:123456789012:experiment/{self.id}",
            "experimentTemplateId": self.template,
            "state": {"status": self.status, "reason": self.reason},
            "creationTime": self.created,
            "tags": self.tags,
        }


def _action(action: Action) -> dict[str, Any]:
    shown = {
        "actionId": action.id,
        "parameters": dict(action.parameters),
        "targets": dict(action.targets),
        "startAfter": list(action.after),
        "state": {"status": action.status, "reason": action.reason},
        "startTime": action.started,
        "endTime": action.ended,
    }
    return {key: value for key, value in shown.items() if value is not None}
