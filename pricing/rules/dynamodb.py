"""DynamoDB: requests or capacity, storage, recovery, streams, replicas."""

from __future__ import annotations

from collections.abc import Iterator

from contract import borrowed_types
from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity, total
from pricing.registry import UsageKey, free, priced, through_parent
from pricing.rules.arithmetic import shown
from pricing.rules.references import refers_to
from pricing.rules.scaling import scaled

_TABLE = "aws:dynamodb/table:Table"
_PAGE = "https://aws.amazon.com/dynamodb/pricing/"
_MILLION = 1_000_000
_DRILL_READS = 3 * 1024 * 1024 // 4
_CLASSES = {"STANDARD": "standard", "STANDARD_INFREQUENT_ACCESS": "standard_ia"}
_RESTORED_FROM = ("restoreSourceName", "restoreSourceTableArn", "restoreBackupArn")
_SIZE = UsageKey(name="storage_gb", unit="GB", meaning="average size of the table with its indexes")
_WRITES = UsageKey(
    name="write_requests",
    unit="write request units",
    meaning="on-demand writes a month, of 1 KB each, indexes included",
)
_READS = UsageKey(name="read_requests", unit="read request units", meaning="on-demand reads a month, of 4 KB each")


@priced(
    _TABLE,
    usage=[
        _SIZE,
        _WRITES,
        _READS,
        UsageKey(name="write_capacity", unit="WCU", meaning="provisioned writes a second when unknown at preview"),
        UsageKey(name="read_capacity", unit="RCU", meaning="provisioned reads a second when unknown at preview"),
        UsageKey(name="backup_gb", unit="GB", meaning="on-demand backups kept, each a full copy", default="0"),
        UsageKey(name="restored_gb", unit="GB", meaning="data restored a month from PITR or backups", default="0"),
        UsageKey(name="imported_gb", unit="GB", meaning="uncompressed data that `importTable` reads from S3"),
        UsageKey(
            name="stream_read_requests",
            unit="stream reads",
            meaning="GetRecords calls a month by other readers than Lambda",
            default="0",
        ),
    ],
)
def table(b: Billing) -> Iterator[LineItem]:
    """A table bills requests or capacity, storage, point-in-time recovery, and what is copied or restored."""
    kind = _table_class(b)
    on_demand = b.text("billingMode", "PROVISIONED") == "PAY_PER_REQUEST"
    yield from _requests(b, kind) if on_demand else _capacity(b, kind)
    yield b.usage_item("Table storage", f"dynamodb.storage.{kind}", "storage_gb")
    if b.flag("pointInTimeRecovery.enabled", unknown=True):
        yield b.usage_item("Point-in-time recovery", "dynamodb.pitr", "storage_gb")
    yield from b.optional_item("On-demand backups", "dynamodb.backup.warm", "backup_gb")
    yield from b.optional_item("Restored data", "dynamodb.restore", "restored_gb")
    if b.resource.get("importTable") is not None:
        yield b.usage_item("Imported data", "dynamodb.import", "imported_gb")
    if b.flag("streamEnabled", unknown=True):
        yield from b.optional_item("Stream reads", "dynamodb.streams", "stream_read_requests", divisor=_MILLION)
    if any(b.resource.get(path) is not None for path in _RESTORED_FROM):
        yield b.usage_item("Restored table", "dynamodb.restore", "storage_gb")
    for index, _ in enumerate(b.items_of("replicas")):
        yield from _replica(b, f"replicas.{index}", kind, on_demand=on_demand)


def _table_class(b: Billing) -> str:
    name = b.text("tableClass", "STANDARD")
    if name not in _CLASSES:
        msg = f"property `tableClass` is {name!r}; accepted are {', '.join(_CLASSES)}"
        raise Unpriceable(msg)
    return _CLASSES[name]


def _requests(b: Billing, kind: str) -> Iterator[LineItem]:
    yield b.usage_item("Write requests", f"dynamodb.write.on_demand.{kind}", "write_requests", divisor=_MILLION)
    yield b.usage_item("Read requests", f"dynamodb.read.on_demand.{kind}", "read_requests", divisor=_MILLION)


def _capacity(b: Billing, kind: str) -> Iterator[LineItem]:
    for word, unit in (("write", "WCU"), ("read", "RCU")):
        capacity = _provisioned(b, word)
        yield b.item(
            f"{word.capitalize()} capacity",
            f"dynamodb.{word}.provisioned.{kind}",
            capacity * b.hours,
            f"{shown(capacity)} {unit} x {b.hours} hours",
        )


def _provisioned(b: Billing, word: str) -> Quantity:
    """Capacity of the table and its global indexes; auto scaling makes it a range from its minimum to its maximum."""
    own = b.number(f"{word}Capacity", unknown=f"{word}_capacity", default=0)
    units = f"{word.capitalize()}CapacityUnits"
    parts = [scaled(b, own, "table", f"dynamodb:table:{units}")]
    for index, _ in enumerate(b.items_of("globalSecondaryIndexes")):
        path = f"globalSecondaryIndexes.{index}"
        bought = b.number(f"{path}.{word}Capacity", unknown=f"{word}_capacity", default=0)
        name = b.resource.get(f"{path}.name")
        parts.append(
            scaled(b, bought, "table", f"dynamodb:index:{units}", index=name if isinstance(name, str) else "*")
        )
    return total(parts)


def _replica(b: Billing, path: str, kind: str, *, on_demand: bool) -> Iterator[LineItem]:
    """A replica stores the table again, repeats its writes and has its capacity for reads, at its own region's prices.

    It has the class of the table, and point-in-time recovery of its own.
    """
    region = b.text(f"{path}.regionName")
    if on_demand:
        writes = b.use("write_requests")
        name, key = "Replicated write requests", "dynamodb.replicated_write.on_demand"
        quantity = None if writes is None else writes / _MILLION
        formula = "write_requests / 1000000"
    else:
        name, key = "Replicated write capacity", "dynamodb.replicated_write.provisioned"
        quantity = _provisioned(b, "write") * b.hours
        formula = f"write capacity x {b.hours} hours"
    yield _there(b, region, name, key, quantity, formula, "write_requests" if on_demand else None)
    if not on_demand:
        reads = _provisioned(b, "read") * b.hours
        name, key = "Replica read capacity", f"dynamodb.read.provisioned.{kind}"
        yield _there(b, region, name, key, reads, f"read capacity x {b.hours} hours", None)
    size = b.use("storage_gb")
    lines = [("Replica storage", f"dynamodb.storage.{kind}")]
    if b.flag(f"{path}.pointInTimeRecovery", unknown=True):
        lines.append(("Point-in-time recovery of the replica", "dynamodb.pitr"))
    for name, key in lines:
        yield _there(b, region, name, key, size, "storage_gb", "storage_gb")


def _there(
    b: Billing, region: str, name: str, price_key: str, quantity: Quantity | None, formula: str, usage_key: str | None
) -> LineItem:
    return LineItem(
        name=f"{name} ({region})",
        price=b.book.price(price_key, region),
        quantity=quantity,
        formula=formula,
        by_usage=usage_key is not None,
        usage_key=usage_key,
    )


@priced("aws:dynamodb/tableReplica:TableReplica", usage=[_WRITES, _SIZE], by_usage=True)
def table_replica(b: Billing) -> Iterator[LineItem]:
    """A replica repeats the writes of its table and stores it again."""
    yield b.usage_item(
        "Replicated write requests", "dynamodb.replicated_write.on_demand", "write_requests", divisor=_MILLION
    )
    yield b.usage_item("Replica storage", "dynamodb.storage.standard", "storage_gb")
    if b.flag("pointInTimeRecovery", unknown=True):
        yield b.usage_item("Point-in-time recovery", "dynamodb.pitr", "storage_gb")


@priced("aws:dynamodb/globalTable:GlobalTable", usage=[_WRITES], by_usage=True)
def global_table(b: Billing) -> Iterator[LineItem]:
    """Joins tables that bill their own storage; every write is repeated in each region."""
    for index, _ in enumerate(b.items_of("replicas")):
        region = b.text(f"replicas.{index}.regionName")
        writes = b.use("write_requests")
        quantity = None if writes is None else writes / _MILLION
        name, key = "Replicated write requests", "dynamodb.replicated_write.on_demand"
        yield _there(b, region, name, key, quantity, "write_requests / 1000000", "write_requests")


@priced(
    borrowed_types.CONTINUOUS_BACKUPS,
    usage=[
        UsageKey(name="table_size_gb", unit="GB", meaning="average size of the table with its local indexes"),
        UsageKey(name="drilled_gb", unit="GB", meaning="GB a month that restore drills bring back and read"),
    ],
    by_usage=True,
)
def continuous_backups(b: Billing) -> Iterator[LineItem]:
    """Point-in-time recovery of a table that others own, and its restore drills.

    Recovery is billed by the table's size, not by the window or the changes. A drill pays for each GB restored, and
    reads it three times in consistent read units of 4 KB: the source before and after the time, and what came back.
    """
    if not b.flag("enabled", default=True, unknown=True):
        return
    yield b.usage_item("Point-in-time recovery", "dynamodb.pitr", "table_size_gb")
    yield b.usage_item("Restore drills", "dynamodb.restore", "drilled_gb")
    read = b.use("drilled_gb")
    units = None if read is None else read * _DRILL_READS / _MILLION
    yield b.item(
        "Reads of restore drills",
        "dynamodb.read.on_demand.standard",
        units,
        f"drilled_gb x {_DRILL_READS} read units / {_MILLION}",
        usage_key="drilled_gb",
    )


@priced(
    "aws:dynamodb/contributorInsights:ContributorInsights",
    usage=[
        UsageKey(name="rules", unit="rules", meaning="rules that DynamoDB makes: 2, or 4 with a sort key", default="4"),
        UsageKey(name="events", unit="events", meaning="reads and writes a month that the rules look at"),
    ],
)
def contributor_insights(b: Billing) -> Iterator[LineItem]:
    """DynamoDB makes two rules for the partition key and two more for a sort key; each looks at every request."""
    rules = _insight_rules(b)
    yield b.item("Contributor rules", "cloudwatch.contributor_insights.managed_rule", rules, f"{shown(rules)} rules")
    yield b.usage_item(
        "Contributor events", "cloudwatch.contributor_insights.managed_events", "events", divisor=_MILLION
    )


def _insight_rules(b: Billing) -> Quantity:
    for owner in b.graph.of_type(_TABLE):
        if refers_to(b.resource, owner, "tableName"):
            return Quantity.exact(2 if owner.get("rangeKey") is None else 4)
    return b.used("rules")


@priced(
    "aws:dynamodb/tableExport:TableExport",
    usage=[UsageKey(name="exported_gb", unit="GB", meaning="data exported to S3 a month")],
    by_usage=True,
)
def table_export(b: Billing) -> Iterator[LineItem]:
    """An export bills the data it writes."""
    yield b.usage_item("Exported data", "dynamodb.export", "exported_gb")


free(
    borrowed_types.DELETION_PROTECTION,
    "aws:dynamodb/resourcePolicy:ResourcePolicy",
    "aws:dynamodb/tag:Tag",
    why="a setting of a table, free of charge",
    source=_PAGE,
)
through_parent(
    "aws:dynamodb/tableItem:TableItem",
    why="its storage and its write are billed with the table",
    source=_PAGE,
)
