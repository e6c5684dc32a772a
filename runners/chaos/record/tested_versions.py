"""Which versions of the workload an experiment has tested: those before the fault that are the same at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from runners.chaos.record.steps import VERSIONS, VERSIONS_AFTER
from runners.runs.journal import Entry

_CHANGED: Final = "it changed while the experiment ran"


def tested_versions(last: Mapping[str, Entry]) -> Mapping[str, Any] | None:
    """The versions that a run has tested, None when nobody looked.

    What was deployed meanwhile was not tested, and what followed it was not either: such a version is not known.
    """
    if VERSIONS not in last:
        return None
    before = last[VERSIONS].data["found"]
    after: Sequence[Mapping[str, Any]] = last[VERSIONS_AFTER].data["found"]["parts"] if VERSIONS_AFTER in last else ()
    later = {(part["kind"], part["name"]): part for part in after}
    return {**before, "parts": [_tested(part, later.get((part["kind"], part["name"]))) for part in before["parts"]]}


def _tested(before: Mapping[str, Any], after: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if after is None or all(before[key] == after[key] for key in ("running", "images")):
        return before
    return {**before, "running": None, "unread": after["unread"] if after["running"] is None else _CHANGED}
