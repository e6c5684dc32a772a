"""The findings as SARIF 2.1.0, for code scanning: a rule for each policy, a place in the program or the environment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final, Literal, TypeAlias
from urllib.parse import quote

from contract.names import (
    BUDGET_WARNING,
    CAPABILITY_BUDGET,
    COULD_JUDGE,
    MAX_INCREASE,
    MONTHLY_BUDGET,
    RESOURCE_CAP,
    WAIVERS_VALID,
)
from preview.gate import Status
from preview.report.document import open_problems
from preview.report.model import MANDATORY, PreviewReport
from preview.report.provenance import declared
from preview.report.text import one_line

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
PROGRAM_FILE: Final = "__main__.py"
Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"
_Level: TypeAlias = Literal["error", "warning", "note"]
_DECLARED: Final = "declared-by-team"
# Findings about money point at the file that sets the limit; all others at the program.
_BUDGET_POLICIES: Final = frozenset(
    {
        MONTHLY_BUDGET,
        CAPABILITY_BUDGET,
        RESOURCE_CAP,
        BUDGET_WARNING,
        MAX_INCREASE,
        WAIVERS_VALID,
        _DECLARED,
    }
)
# What the gate itself says, also where no pack spoke; policies carry their own words.
_WORDS: Final = {
    MAX_INCREASE: "A change must not add more to the month than is allowed at once.",
    _DECLARED: "What a team says itself about a cost that no rule knows.",
    COULD_JUDGE: "The gate must be able to judge: what cannot be priced is refused.",
}


def sarif(report: PreviewReport) -> dict[str, Json]:
    """The findings, problems and errors of a report as a SARIF log with one run."""
    results = [_result(report, *entry) for entry in _entries(report)]
    rules = sorted({*report["policies"], *(str(entry["ruleId"]) for entry in results)})
    told = _WORDS | report.get("policyDescriptions", {})
    places = {rule: index for index, rule in enumerate(rules)}
    for entry in results:
        entry["ruleIndex"] = places[str(entry["ruleId"])]
    listed: list[Json] = list(results)
    run: dict[str, Json] = {
        "tool": {"driver": {"name": "ial", "version": "1", "rules": [_rule(rule, told) for rule in rules]}},
        "automationDetails": {"id": f"ial-preview/{one_line(report['stack'])}/"},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": listed,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _entries(report: PreviewReport) -> list[tuple[str, _Level, str, str | None]]:
    found: list[tuple[str, _Level, str, str | None]] = [
        (entry["policy"], "error" if entry["level"] == MANDATORY else "warning", entry["message"], entry["urn"])
        for entry in report["findings"]
    ]
    problems = open_problems(report)
    found += [(COULD_JUDGE, "error", f"{entry['code']}: {entry['message']}", entry["urn"]) for entry in problems]
    found += [(COULD_JUDGE, "error", error, None) for error in report["errors"]]
    said = report["estimate"]["declarations"] if report["estimate"] else []
    found += [(_DECLARED, "note", declared(entry), None) for entry in said]
    return found


def _rule(name: str, told: Mapping[str, str]) -> dict[str, Json]:
    words = one_line(told.get(name, "")) or f"Policy {one_line(name)} must hold."
    return {"id": one_line(name), "shortDescription": {"text": words}}


def _result(report: PreviewReport, policy: str, level: _Level, message: str, urn: str | None) -> dict[str, Json]:
    location: dict[str, Json] = {
        "physicalLocation": {"artifactLocation": {"uri": _file(report, policy)}, "region": {"startLine": 1}}
    }
    if urn:
        name = one_line(urn.split("::")[-1])
        location["logicalLocations"] = [{"name": name, "fullyQualifiedName": one_line(urn, 1000), "kind": "resource"}]
    # Two findings of one policy about one resource differ in their message; amounts in it may change from run to run.
    words = "".join(char for char in message if not char.isdigit())
    mark = hashlib.sha256("\0".join((policy, urn or "", words)).encode("utf-8", errors="replace")).hexdigest()
    return {
        "ruleId": one_line(policy),
        "level": level,
        "message": {"text": one_line(message, 2000) or "no message"},
        "locations": [location],
        "partialFingerprints": {"ialFinding/v1": mark},
    }


def _file(report: PreviewReport, policy: str) -> str:
    """A path relative to the repository: code scanning shows nothing for absolute ones."""
    environment = report["environmentFile"]
    if policy in _BUDGET_POLICIES and environment:
        path = PurePath(environment)
    else:
        path = PurePath(report["program"]) / PROGRAM_FILE
    if path.is_absolute() or ".." in path.parts:
        path = PurePath("policies", "environments", path.name) if policy in _BUDGET_POLICIES else PurePath(PROGRAM_FILE)
    return quote(path.as_posix())


def _invocation(report: PreviewReport) -> dict[str, Json]:
    notes: list[Json] = [{"level": "error", "message": {"text": one_line(error, 2000)}} for error in report["errors"]]
    return {
        "executionSuccessful": report["verdict"] != Status.COULD_NOT_JUDGE,
        "exitCode": report["exitCode"],
        "toolExecutionNotifications": notes,
    }
