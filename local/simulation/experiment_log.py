"""What FIS writes into a log group as an experiment runs, in version 2 of its schema.

Source: https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from local.endpoint import ACCOUNT
from local.simulation.experiment import OVER, Action, Experiment

# The log group, the experiment's id, the time and the line.
Write = Callable[[str, str, float, str], None]


class ExperimentLog:
    """Writes each record of each experiment once, to the log group that its template names."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._written: set[tuple[str, str, str]] = set()

    def note(self, experiment: Experiment, now: float) -> None:
        """Writes what has happened since the last look."""
        if not experiment.log_group:
            return
        for kind, of, details in _happened(experiment):
            known = (experiment.id, kind, of)
            if known not in self._written:
                self._written.add(known)
                record = {
                    "id": experiment.id,
                    "log_type": kind,
                    "event_timestamp": _moment(now),
                    "version": "2",
                    "details": details,
                }
                self._write(experiment.log_group, experiment.id, now, json.dumps(record))


def _happened(experiment: Experiment) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if experiment.started is not None:
        details = {"experiment_template_id": experiment.template, "experiment_start_time": _moment(experiment.started)}
        yield "experiment-start", "", details
    for action in experiment.actions:
        yield from _of(action)
    if experiment.over:
        state = {"status": experiment.status, "reason": experiment.reason}
        yield "experiment-end", "", {"experiment_end_time": _moment(experiment.ended), "experiment_state": state}


def _of(action: Action) -> Iterator[tuple[str, str, dict[str, Any]]]:
    about: dict[str, Any] = {"action_name": action.name, "action_id": action.id}
    if action.started is not None:
        started = {"action_start_time": _moment(action.started), "action_targets": dict(action.targets)}
        yield "action-start", action.name, {**about, **started}
    state = {"status": action.status, "reason": action.reason}
    if action.status == "failed":
        yield "action-error", action.name, {**about, "account_id": ACCOUNT, "action_state": state}
    if action.started is not None and action.status in OVER:
        yield "action-end", action.name, {**about, "action_end_time": _moment(action.ended), "action_state": state}


def _moment(at: float | None) -> str:
    return f"{datetime.fromtimestamp(at or 0, UTC):%Y-%m-%dT%H:%M:%SZ}"
