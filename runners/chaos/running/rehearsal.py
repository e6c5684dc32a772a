"""Experiments on the local cloud: its time passes while the runner waits, and its load is simulated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import urllib3

from contract.experiments import Load
from runners.chaos.load import LoadReport
from runners.chaos.running.cloud_time import TimeComparison
from runners.errors import InputError


class RehearsalClock:
    """The time of the rehearsal. It moves when somebody sleeps, and for nobody else."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._now = self._ask("GET", {})

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.fromtimestamp(self._now, UTC)

    def sleep(self, seconds: float) -> None:
        """Lets the seconds pass, at once."""
        self._now = self._ask("POST", {"advance": max(0.0, seconds)})

    def compared(self) -> TimeComparison:
        """The cloud's time beside itself: a rehearsal has no other clock that could be off."""
        now = self.now()
        return TimeComparison(asked=now, cloud=now, answered=now)

    def _ask(self, method: str, document: Mapping[str, Any]) -> float:
        return float(_ask(self._url, "/ial/clock", method, document)["now"])


class RehearsedLoad:
    """Requests that the simulated users send besides their own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._began = False

    def begin(self, load: Load) -> None:
        """Starts sending."""
        self._began = True
        _ask(self._url, "/ial/load", "POST", {"requests_per_second": load.requests_per_second})

    def end(self) -> LoadReport | None:
        """Stops sending; what became of the requests is in the workload's metrics."""
        if self._began:
            _ask(self._url, "/ial/load", "POST", {"requests_per_second": 0})
            self._began = False
        return None


def begin_rehearsal(url: str, settings: list[str], namespace: str) -> None:
    """Begins a new rehearsal, with `design.KEY=VALUE` and `faults.KEY=VALUE` as the local cloud knows them.

    Raises:
        InputError: a setting is not of this form, or the local cloud refuses it.
    """
    asked: dict[str, Any] = {"design": {}, "faults": {}, "namespace": namespace}
    for text in settings:
        key, equals, value = text.partition("=")
        part, dot, name = key.partition(".")
        if not (equals and dot and part in ("design", "faults")):
            msg = f"--rehearsal {text!r}; accepted: design.KEY=VALUE or faults.KEY=VALUE"
            raise InputError(msg)
        asked[part][name] = _value(value)
    _ask(url, "/ial/rehearsal", "PUT", asked)


def end_rehearsal(url: str) -> None:
    """The local cloud follows this machine's time again."""
    _ask(url, "/ial/rehearsal", "DELETE", {})


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _ask(url: str, path: str, method: str, document: Mapping[str, Any]) -> Any:
    pool = urllib3.PoolManager(retries=False, timeout=60)
    answer = pool.request(method, url + path, body=json.dumps(document), headers={"Content-Type": "application/json"})
    said = json.loads(answer.data)
    if answer.status != 200:
        raise InputError(str(said.get("message", said)))
    return said
