"""What is not compared when a restored table is compared with its source: a short list, with a reason each.

Whatever AWS tells and is not here is compared, also what it begins to tell tomorrow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from runners.backup.tables.table_description import Path

_OWN: Final = "each table has its own"
_AGE: Final = "says when something was changed, not what it is"
_COUNTED: Final = "up to six hours old; the items are counted by reading them"
_PASSING: Final = "says how far something has come that is waited for"
_ASKED: Final = "the question repeated"

# Paths by their members, `[]` for any entry of a list; what lies below is meant too.
EXCEPTIONS: Final[dict[str, str]] = {
    **dict.fromkeys(("Table.TableName", "Table.TableArn", "Table.TableId", "Table.CreationDateTime"), _OWN),
    "Table.TableStatus": _PASSING,
    **dict.fromkeys(("Table.TableSizeBytes", "Table.ItemCount"), _COUNTED),
    "Table.RestoreSummary": "says where a restored table comes from",
    "Table.ArchivalSummary": "only a table that AWS has archived has it, and that one cannot be restored to a time",
    **dict.fromkeys(
        ("Table.LatestStreamLabel", "Table.LatestStreamArn"),
        "each stream has its own; whether there is one, and what it holds, is compared",
    ),
    **{
        f"Table.{prefix}ProvisionedThroughput.{name}": "counts and dates changes of the units, which are compared"
        for prefix in ("", "GlobalSecondaryIndexes[].")
        for name in ("LastIncreaseDateTime", "LastDecreaseDateTime", "NumberOfDecreasesToday")
    },
    "Table.BillingModeSummary.LastUpdateToPayPerRequestDateTime": _AGE,
    "Table.TableClassSummary.LastUpdateDateTime": _AGE,
    "Table.SSEDescription.InaccessibleEncryptionDateTime": _AGE,
    **{
        f"Table.{indexes}[].{name}": reason
        for indexes in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes", "VectorIndexes")
        for name, reason in (("IndexArn", _OWN), ("IndexSizeBytes", _COUNTED), ("ItemCount", _COUNTED))
    },
    **{
        f"Table.{indexes}[].{name}": _PASSING
        for indexes in ("GlobalSecondaryIndexes", "VectorIndexes")
        for name in ("IndexStatus", "Backfilling")
    },
    "Table.GlobalTableVersion": "follows from the replicas, which are compared",
    **{
        f"Table.Replicas[].{name}": reason
        for name, reason in (
            *(("ReplicaArn", _OWN), ("ReplicaStatus", _PASSING), ("ReplicaStatusDescription", _PASSING)),
            *(("ReplicaStatusPercentProgress", _PASSING), ("ReplicaInaccessibleDateTime", _AGE)),
            ("ReplicaTableClassSummary.LastUpdateDateTime", _AGE),
        )
    },
    "Table.GlobalTableWitnesses[].WitnessStatus": _PASSING,
    **{
        f"ContinuousBackups.PointInTimeRecoveryDescription.{name}": "the window begins anew with each table"
        for name in ("EarliestRestorableDateTime", "LatestRestorableDateTime")
    },
    "ContinuousBackups.ContinuousBackupsStatus": "every table has it; recovery to a time is switched, and compared",
    "KinesisDestinations[].DestinationStatusDescription": _PASSING,
    "ContributorInsights[].TableName": _ASKED,
    "ContributorInsights[].ContributorInsightsRuleList": "the rules carry the table's name; on or off is compared",
    "ContributorInsights[].LastUpdateDateTime": _AGE,
    "ContributorInsights[].FailureException": "a failed status is compared; this says why",
    "ResourcePolicy.RevisionId": _OWN,
    **dict.fromkeys(("ScalableTargets[].ScalableTargetARN", "ScalableTargets[].CreationTime"), _OWN),
    "ScalableTargets[].PredictedCapacity": "a forecast of the moment",
    **{
        f"ScalingPolicies[].{name}": reason
        for name, reason in (
            *(("PolicyARN", _OWN), ("CreationTime", _OWN)),
            ("Alarms", "application auto scaling makes alarms for each policy of each table"),
        )
    },
    **dict.fromkeys(("ScheduledActions[].ScheduledActionARN", "ScheduledActions[].CreationTime"), _OWN),
    **dict.fromkeys(("Tags[ial:drill-run]", "Tags[ial:stack]"), "a drill's own, by which what it left is found"),
}

# Not as they were, and named; they decide nothing, because nobody can or should bring them back.
TOLD: Final[dict[str, str]] = {
    "SystemTags": "only AWS sets tags that begin with aws:, such as those of a CloudFormation stack",
    **dict.fromkeys(
        ("Table.WarmThroughput", "Table.GlobalSecondaryIndexes[].WarmThroughput"),
        "it grows with use, and AWS bills for raising it at once",
    ),
}
SCALED: Final = "application auto scaling moves the units between its bounds, which are compared"


def exception_for(path: Path, scaled: Collection[Path] = ()) -> str | None:
    """Why a fact is not compared, None if it is. `scaled` are the units that auto scaling moves."""
    if path in scaled:
        return SCALED
    return next((EXCEPTIONS[name] for name in _above(path) if name in EXCEPTIONS), None)


def told_for(path: Path) -> str | None:
    """Why a difference is named and decides nothing, None if it decides."""
    return next((TOLD[name] for name in _above(path) if name in TOLD), None)


def patterns(path: Path) -> Iterator[str]:
    """The path and everything above it, with each entry of a list as any entry, the longest first."""
    parts = ["[]" if part.startswith("[") else part for part in path]
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length]).replace(".[", "[")


def _above(path: Path) -> Iterator[str]:
    yield from patterns(path)
    for length in range(len(path), 0, -1):
        yield ".".join(path[:length]).replace(".[", "[")
