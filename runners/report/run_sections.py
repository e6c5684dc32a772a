"""From a run's stored document to its section: strict on what it shows, lenient to what was added since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from runners.report.model import AlarmChange, Check, DrillSection, Expected, Phase, ProbeSeen, RunSection


def run_section(document: Mapping[str, Any]) -> RunSection:
    """The section of an experiment's record.

    Raises:
        KeyError: something that every such record has is not there.
        msgspec.ValidationError: something is not of its kind.
    """
    hypothesis, alerts = document["hypothesis"], document["alerts"] or {}
    times, kpis = document["times"], document["kpis"]
    return msgspec.convert(
        {
            **{key: document[key] for key in ("run", "experiment", "kind", "verdict", "reasons", "operator", "left")},
            "hit": document["targets"]["hit"],
            "began": times["started"] or times["planned"],
            **{key: times[key] for key in ("injected", "lifted", "ended")},
            **{key: kpis[key] for key in ("detectedAfterSeconds", "recoveredAfterSeconds", "degradedSeconds")},
            "objectiveSeconds": hypothesis["rtoSeconds"],
            "probes": [_picked(ProbeSeen, probe) for probe in hypothesis["probes"]],
            "expectations": [_picked(Expected, one) for one in hypothesis["expectations"]],
            "evidence": [_picked(Expected, one) for one in document["evidence"]],
            "alarms": _alarms(alerts),
            **{key: alerts.get(key, ()) for key in ("fired", "missed", "unexpected")},
            "usd": document["cost"]["usd"],
        },
        RunSection,
    )


def drill_section(document: Mapping[str, Any]) -> DrillSection:
    """The section of a drill's record.

    Raises:
        KeyError: something that every such record has is not there.
        msgspec.ValidationError: something is not of its kind.
    """
    same = ("run", "kind", "resource", "verdict", "reasons", "rtoSeconds", "rpoSeconds", "objectiveMinutes")
    return msgspec.convert(
        {
            **{key: document[key] for key in same},
            "phases": [_picked(Phase, phase) for phase in document["phases"]],
            "checks": [_picked(Check, check) for check in document["checks"]],
            "usd": document["cost"]["usd"],
        },
        DrillSection,
    )


def _alarms(alerts: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    changes = alerts.get("changes")
    return None if changes is None else [_picked(AlarmChange, change) for change in changes]


def _picked(part: type[msgspec.Struct], document: Mapping[str, Any]) -> dict[str, Any]:
    """What a part shows of a document."""
    return {field.encode_name: document[field.encode_name] for field in msgspec.structs.fields(part)}
