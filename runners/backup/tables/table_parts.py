"""The settings of a table by parts: which a restore brings back, which are put back, which are only named. Pure.

A part is a name for people and for the act that puts it back. It decides nothing about the comparison: a fact that
belongs to no part is compared all the same, as one of `other-settings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from runners.backup.tables.table_description import Facts, Path, TableDescription, shown_path
from runners.backup.tables.table_exceptions import patterns

OTHER: Final = "other-settings"
Show = Callable[[Facts], str]


@dataclass(frozen=True, kw_only=True)
class Part:
    """`restored` is what a restore brings back by itself; `put` is whether it can be put back afterwards.

    `why_not` says why it is not; `warning` what follows when it is. `show` makes one text of the part's facts.
    """

    name: str
    told: str
    holds: tuple[str, ...]
    show: Show
    restored: bool = False
    put: bool = False
    why_not: str = ""
    warning: str = ""


def _listed(facts: Facts) -> str:
    return ", ".join(f"{shown_path(path[1:])}={value}" for path, value in sorted(facts.items()))


def _entries(facts: Facts) -> str:
    """The names of the entries of a list."""
    return ", ".join(sorted({part[1:-1] for path in facts for part in path[1:3] if part.startswith("[")}))


def _recovery(facts: Facts) -> str:
    days = [value for path, value in facts.items() if path[-1] == "RecoveryPeriodInDays"]
    return f"{days[0]} days" if days else "off"


def _only(member: str) -> Show:
    """The value of one member, whatever else there is."""

    def show(facts: Facts) -> str:
        found = [value for path, value in facts.items() if path[-1] == member]
        return found[0] if found else _listed(facts)

    return show


def _tags(facts: Facts) -> str:
    held = {path[1][1:-1]: value for path, value in facts.items() if path[-1] == "Value"}
    return ", ".join(f"{key}={value}" for key, value in sorted(held.items()))


def _keys(facts: Facts) -> str:
    kinds = {path[2][1:-1]: value for path, value in facts.items() if path[-1] == "AttributeType"}
    keys = {path[2][1:-1]: value for path, value in facts.items() if path[-1] == "KeyType"}
    return ", ".join(f"{name} {keys[name]} {kinds.get(name, '?')}" for name in sorted(keys, key=lambda k: keys[k]))


def _billing(facts: Facts) -> str:
    mode = facts.get(("Table", "BillingModeSummary", "BillingMode"), "PROVISIONED")
    read, write = (facts.get(("Table", "ProvisionedThroughput", f"{kind}CapacityUnits")) for kind in ("Read", "Write"))
    return mode if read is None and write is None else f"{mode} {read or 'scaled'}/{write or 'scaled'}"


def _scaling(facts: Facts) -> str:
    targets = sorted({path[1][1:-1] for path in facts if path[0] == "ScalableTargets"})
    actions = sorted({path[1][1:-1].split(" ")[-1] for path in facts if path[0] == "ScheduledActions"})
    told = [name.removeprefix("table/the-table").removeprefix("/").replace("dynamodb:", "").strip() for name in targets]
    told += [f"scheduled action {name}" for name in actions]
    return ", ".join(told) or _listed(facts)


def _policy(_: Facts) -> str:
    return "as it is"


def _encryption(facts: Facts) -> str:
    return " ".join(value for path, value in sorted(facts.items(), reverse=True) if path[-1] != "Status")


# In the order in which they are put on: recovery first, and what makes a table hard to remove last.
PARTS: Final = (
    Part(
        name="key-schema",
        told="the keys",
        holds=("Table.KeySchema", "Table.AttributeDefinitions"),
        show=_keys,
        restored=True,
    ),
    Part(
        name="indexes",
        told="the indexes",
        holds=("Table.GlobalSecondaryIndexes", "Table.LocalSecondaryIndexes", "Table.VectorIndexes"),
        show=_entries,
        restored=True,
    ),
    Part(
        name="billing",
        told="billing and units",
        holds=(
            *("Table.BillingModeSummary", "Table.ProvisionedThroughput"),
            "Table.GlobalSecondaryIndexes[].ProvisionedThroughput",
        ),
        show=_billing,
        restored=True,
    ),
    Part(name="encryption", told="encryption", holds=("Table.SSEDescription",), show=_encryption, restored=True),
    Part(
        name="table-class",
        told="the table class",
        holds=("Table.TableClassSummary",),
        show=_only("TableClass"),
        restored=True,
        put=True,
    ),
    Part(
        name="point-in-time-recovery",
        told="point-in-time recovery",
        holds=("ContinuousBackups",),
        show=_recovery,
        put=True,
    ),
    Part(
        name="throughput-limits",
        told="the limits of on-demand throughput",
        holds=("Table.OnDemandThroughput", "Table.GlobalSecondaryIndexes[].OnDemandThroughput"),
        show=_listed,
        put=True,
    ),
    Part(
        name="stream",
        told="the stream",
        holds=("Table.StreamSpecification",),
        show=_only("StreamViewType"),
        put=True,
        warning="what reads the old stream does not read the new one",
    ),
    Part(
        name="tags",
        told="the tags",
        holds=("Tags",),
        show=_tags,
        put=True,
    ),
    Part(
        name="autoscaling",
        told="autoscaling",
        holds=("ScalableTargets", "ScalingPolicies", "ScheduledActions"),
        show=_scaling,
        put=True,
    ),
    Part(
        name="contributor-insights",
        told="Contributor Insights",
        holds=("ContributorInsights",),
        show=_entries,
        put=True,
    ),
    Part(
        name="kinesis-destinations",
        told="the Kinesis destinations",
        holds=("KinesisDestinations",),
        show=_entries,
        put=True,
        warning="readers of the data stream see the changes of both tables",
    ),
    Part(
        name="resource-policy",
        told="the resource policy",
        holds=("ResourcePolicy",),
        show=_policy,
        put=True,
    ),
    Part(
        name="time-to-live",
        told="time to live",
        holds=("TimeToLive",),
        show=_only("AttributeName"),
        put=True,
        warning="what has expired by then is deleted soon; how many items that are is counted and told before",
    ),
    Part(
        name="deletion-protection",
        told="deletion protection",
        holds=("Table.DeletionProtectionEnabled",),
        show=lambda _: "on",
        put=True,
    ),
    Part(
        name="replicas",
        told="the replicas",
        holds=(
            *("Table.Replicas", "Table.MultiRegionConsistency", "Table.GlobalTableWitnesses"),
            "Table.GlobalTableSettingsReplicationMode",
        ),
        show=_entries,
        why_not="each is billed and fills up with every item; add them when the application uses the table",
    ),
)
# Facts of no part: this version does not know them, and nobody has told that a restore brings them back.
UNKNOWN: Final = Part(
    name=OTHER,
    told="other settings",
    holds=(),
    show=_listed,
    why_not="this version of ial does not know how; look at each before the application uses the table",
)
_BY_PATH: Final = {held: part for part in PARTS for held in part.holds}
_BY_NAME: Final = {part.name: part for part in (*PARTS, UNKNOWN)}


def part_of(path: Path) -> Part:
    """The part to which a fact belongs."""
    return next((_BY_PATH[name] for name in patterns(path) if name in _BY_PATH), UNKNOWN)


def part_named(name: str) -> Part:
    """The part of a name."""
    return _BY_NAME[name]


def parts_in(facts: Facts) -> Mapping[str, Facts]:
    """The facts of each part that has some, in the order of the parts."""
    found: dict[str, dict[Path, str]] = {part.name: {} for part in (*PARTS, UNKNOWN)}
    for path, value in facts.items():
        found[part_of(path).name][path] = value
    return {name: held for name, held in found.items() if held}


def parts_of_answers(description: TableDescription) -> Iterator[tuple[Part, str]]:
    """The parts of which nothing is known because a question was not answered, and why."""
    for part in PARTS:
        for answer, why in description.unknown.items():
            if any(held.split(".")[0] == answer for held in part.holds):
                yield part, why
