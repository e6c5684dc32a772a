"""From the stored document of a suite or a rollback to its section: strict on what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from contract.execution_record import NOT_SHOWN
from pricing.money import plain
from runners.report.suite_model import RollbackSection, SuiteSection, SuiteStep


def suite_section(document: Mapping[str, Any]) -> SuiteSection:
    """The section of a suite's record.

    Raises:
        KeyError: something that every such record has is not there.
        msgspec.ValidationError: something is not of its kind.
    """
    same = ("run", "suite", "verdict", "reasons", "operator", "left")
    fields = [field.encode_name for field in msgspec.structs.fields(SuiteStep)]
    return msgspec.convert(
        {
            **{key: document[key] for key in same},
            "steps": [{name: step[name] for name in fields} for step in document["steps"]],
            "degradedSeconds": document["degraded"]["spent"],
            "mostDegradedSeconds": document["degraded"]["limit"],
            "usd": document["cost"]["spent"],
            "mostUsd": document["cost"]["limit"],
        },
        SuiteSection,
    )


def execution_section(document: Mapping[str, Any]) -> SuiteSection:
    """The section of a suite that a state machine ran: it has the steps and their price, and no verdict of any.

    Raises:
        KeyError: something that every such record has is not there.
        ValueError: something is not of its kind.
    """
    steps, same = document["steps"], ("run", "suite", "verdict", "reasons", "operator")
    usd = [step.get("usd") for step in steps if step["run"] is not None]
    return msgspec.convert(
        {
            **{key: document[key] for key in same},
            "steps": [_execution_step(step) for step in steps],
            "degradedSeconds": None,
            "mostDegradedSeconds": None,
            "usd": None if None in usd else plain(sum(map(Decimal, usd), Decimal(0))),
            "mostUsd": None,
            "left": [
                f"{step['id']}: whether FIS ended it is not known" for step in steps if step["status"] == "unknown"
            ],
            "notShown": document.get("notShown", NOT_SHOWN),
        },
        SuiteSection,
    )


def _execution_step(step: Mapping[str, Any]) -> dict[str, Any]:
    """How FIS ended it is no verdict."""
    return {
        "id": step["id"],
        "kind": "wait" if step["status"] == "waited" else "experiment" if step["run"] else "not begun",
        "status": step["status"],
        "verdict": None,
        "run": step["run"],
        "reasons": (),
        "degradedSeconds": None,
        "usd": step.get("usd"),
    }


def rollback_section(document: Mapping[str, Any]) -> RollbackSection:
    """The section of a rollback's record.

    Raises:
        KeyError: something that every such record has is not there.
        msgspec.ValidationError: something is not of its kind.
    """
    same = ("run", "verdict", "reasons", "steady", "paged", "halted")
    return msgspec.convert(
        {
            **{key: document[key] for key in same},
            "experiment": document["cause"]["experiment"],
            "cause": document["cause"]["run"],
            "code": (document["answer"] or {}).get("code"),
            "changes": [
                {
                    "part": f"{part['kind']} {part['name']}",
                    "newer": part["from"],
                    "older": part["to"],
                    "arrived": part["arrived"],
                    "heldUntil": part["heldUntil"],
                }
                for part in document["parts"]
            ],
            "reRun": (document["reRun"] or {}).get("verdict"),
            "proof": (document["validation"] or {}).get("verdict"),
            "left": document["cleanUp"]["left"],
        },
        RollbackSection,
    )
