"""Everything that AWS tells of a table's settings, as facts that can be compared. Pure.

Nothing is picked: whatever an answer holds becomes a fact, also what this product does not know. What is left out when
two tables are compared stands in `table_exceptions.py`, with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Final

# Where a fact stands: names of members, and `[...]` for an entry of a list by what names it.
Path = tuple[str, ...]
Facts = Mapping[Path, str]

# What names an entry of a list, so that its place in the list says nothing.
_NAMES: Final = (
    *("IndexName", "AttributeName", "RegionName", "Key", "StreamArn", "ResourceId", "ScalableDimension"),
    *("PolicyName", "ScheduledActionName", "Name"),
)
# A policy or a scaled resource names its table; on another table it must name that one.
ITSELF: Final = "arn:the-table"
_SCALED_ITSELF: Final = "table/the-table"
# RecoveryPeriodInDays is not required, and 35 when it is not given (API reference, PointInTimeRecoverySpecification).
RECOVERY_DAYS: Final = 35
_OFF: Final = frozenset({"DISABLED", "DISABLING"})
_ON: Final = {"ENABLING": "ENABLED", "UPDATING": "ENABLED", "ACTIVE": "ENABLED"}


@dataclass(frozen=True, kw_only=True)
class TableDescription:
    """The answers by name, all pages of each put together; `unknown` says why one could not be had."""

    table: str
    arn: str
    answers: Mapping[str, Any]
    unknown: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """For the journal."""
        return asdict(self)

    @classmethod
    def read(cls, held: Mapping[str, Any]) -> TableDescription:
        """What a journal holds."""
        return cls(**held)

    @property
    def facts(self) -> Facts:
        """Each setting that is on, as text; what is off or nought is as if it was not told."""
        settled = _settled(self.answers, self.table, self.arn)
        return dict(fact for name, answer in settled.items() for fact in _flat((name,), answer))

    @property
    def scaled(self) -> frozenset[Path]:
        """The units that application auto scaling moves."""
        return frozenset(
            _units(target, self.table)
            for target in self.answers.get("ScalableTargets", [])
            if target["ScalableDimension"].startswith("dynamodb:")
        )


def shown_path(path: Path) -> str:
    """For people: `Table.GlobalSecondaryIndexes[by-who].Projection.ProjectionType`."""
    return ".".join(path).replace(".[", "[")


def _units(target: Mapping[str, Any], table: str) -> Path:
    units = target["ScalableDimension"].rpartition(":")[2]
    index = target["ResourceId"].removeprefix(f"table/{table}").removeprefix("/index/")
    where = ("GlobalSecondaryIndexes", f"[{index}]") if index else ()
    return ("Table", *where, "ProvisionedThroughput", units)


def _flat(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        for name, held in value.items():
            yield from _flat((*path, name), held)
    elif isinstance(value, list):
        yield from _flat_list(path, value)
    elif value or value == "":
        yield path, value if isinstance(value, str) else json.dumps(value)


def _flat_list(path: Path, entries: list[Any]) -> Iterator[tuple[Path, str]]:
    if not all(isinstance(entry, Mapping) for entry in entries):
        yield path, ", ".join(sorted(map(str, entries)))
        return
    for number, entry in enumerate(entries):
        named = [str(entry[name]) for name in _NAMES if name in entry]
        yield from _flat((*path, f"[{' '.join(named) or number}]"), entry)


def _settled(answers: Mapping[str, Any], table: str, arn: str) -> dict[str, Any]:
    """The answers with every way of saying "off" left out, and every way of saying "on" in one."""
    found = dict(answers)
    if "Table" in found:
        found["Table"] = _table(found["Table"])
    recovery = found.get("ContinuousBackups", {}).get("PointInTimeRecoveryDescription", {})
    if "ContinuousBackups" in found:
        on = recovery.get("PointInTimeRecoveryStatus") not in (None, "DISABLED")
        kept = {"RecoveryPeriodInDays": RECOVERY_DAYS, **recovery} if on else {}
        found["ContinuousBackups"] = {**found["ContinuousBackups"], "PointInTimeRecoveryDescription": kept}
    for name, status in (("TimeToLive", "TimeToLiveStatus"), ("KinesisDestinations", "DestinationStatus")):
        if name in found:
            found[name] = _switched(found[name], status)
    if "ContributorInsights" in found:
        found["ContributorInsights"] = _switched(found["ContributorInsights"], "ContributorInsightsStatus")
    for name in ("ScalableTargets", "ScalingPolicies", "ScheduledActions"):
        if name in found:
            found[name] = [_about_itself(held, table) for held in found[name]]
    if found.get("ResourcePolicy", {}).get("Policy"):
        found["ResourcePolicy"] = {**found["ResourcePolicy"], "Policy": policy_text(found["ResourcePolicy"], arn)}
    return found


def _table(told: Mapping[str, Any]) -> dict[str, Any]:
    """What DescribeTable leaves out is what a new table has."""
    found = {"DeletionProtectionEnabled": False, **told}
    found["BillingModeSummary"] = {"BillingMode": "PROVISIONED", **told.get("BillingModeSummary", {})}
    found["TableClassSummary"] = {"TableClass": "STANDARD", **told.get("TableClassSummary", {})}
    stream = told.get("StreamSpecification", {})
    found["StreamSpecification"] = stream if stream.get("StreamEnabled") else {}
    found["SSEDescription"] = _switched(told.get("SSEDescription", {}), "Status")
    found["GlobalSecondaryIndexes"] = [_limited(index) for index in told.get("GlobalSecondaryIndexes", [])]
    return _limited(found)


def _limited(told: Mapping[str, Any]) -> dict[str, Any]:
    """AWS says -1 where there is no limit (API reference, OnDemandThroughput)."""
    limits = told.get("OnDemandThroughput", {})
    return {**told, "OnDemandThroughput": {name: units for name, units in limits.items() if units != -1}}


def _switched(told: Any, status: str) -> Any:
    """Entries that are off left out, the others as if all were over that has begun."""
    if isinstance(told, list):
        return [kept for kept in (_switched(held, status) for held in told) if kept]
    if not told or told.get(status) in _OFF:
        return {}
    return {**told, status: _ON.get(told.get(status), told.get(status))}


def _about_itself(held: Mapping[str, Any], table: str) -> dict[str, Any]:
    """What names its table by name names itself."""
    found: dict[str, Any] = renamed(held, table, "the-table")
    own, under = f"table/{table}", f"table/{table}/index/"
    resource = str(found["ResourceId"])
    if resource == own or resource.startswith(under):
        found["ResourceId"] = _SCALED_ITSELF + resource.removeprefix(own)
    return found


def renamed(held: Any, table: str, other: str) -> Any:
    """A scaling policy whose metrics are those of another table: dimensions alone name the table."""
    if isinstance(held, list):
        return [renamed(entry, table, other) for entry in held]
    if not isinstance(held, Mapping):
        return held
    if held.get("Name") == "TableName" and held.get("Value") == table:
        return {**held, "Value": other}
    return {name: renamed(value, table, other) for name, value in held.items()}


def policy_text(answer: Mapping[str, Any], arn: str, target: str = ITSELF) -> str:
    """A resource policy in one form, about another table than its own."""
    text = str(answer["Policy"])
    with suppress(ValueError):
        text = json.dumps(json.loads(text), sort_keys=True)
    return text.replace(f'"{arn}"', f'"{target}"').replace(f'"{arn}/', f'"{target}/')
