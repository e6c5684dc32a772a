"""Tables that keep history: moto copies the current items whatever time is asked for, AWS gives those of the time."""

from __future__ import annotations

import base64
import copy
import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from local.knobs import KnobBoard
from local.table_history import TableHistory
from local.table_scan import changed, is_unfinished, key_of, text_of
from local.table_settings import inherit

if TYPE_CHECKING:
    from moto.core.responses import ActionResult
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.dynamo_type import DynamoType, Item
    from moto.dynamodb.models.table import Table
    from moto.dynamodb.responses import DynamoHandler

_DAYS: Final = 35
_DAY_SECONDS: Final = 86400
_ON: Final = "ENABLED"


def keep_history(board: KnobBoard) -> None:
    """Teaches moto's DynamoDB history, restores at a time, and what restores lose."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import Table
    from moto.dynamodb.responses import DynamoHandler

    tables: Any = Table
    _record_writes(tables, DynamoDBBackend)
    _describe_backups(board, DynamoDBBackend)
    _refuseis_unfinished(DynamoDBBackend)

    def restore(handler: DynamoHandler) -> ActionResult:
        return _restore(handler, board)

    DynamoHandler.restore_table_to_point_in_time = restore  # type: ignore[method-assign,assignment]


def history_of(table: Table) -> TableHistory | None:
    """The history of a table whose point-in-time recovery is on."""
    found: TableHistory | None = getattr(table, "ial_history", None)
    return found


def _record_writes(tables: Any, backends: type[DynamoDBBackend]) -> None:
    put, delete, update = tables.put_item, tables.delete_item, backends.update_item

    def put_item(table: Table, *given: Any, **named: Any) -> Item:
        item: Item = put(table, *given, **named)
        _note(table, item)
        return item

    def delete_item(table: Table, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
        item: Item | None = delete(table, hash_key, range_key)
        history = history_of(table)
        changed(table)
        if history is not None and item is not None:
            history.record(time.time(), key_of(item), None)
        return item

    def update_item(backend: DynamoDBBackend, table_name: str, *given: Any, **named: Any) -> Item:
        item = update(backend, table_name, *given, **named)
        _note(backend.get_table(table_name), item)
        return item

    tables.put_item = put_item
    tables.delete_item = delete_item
    backends.update_item = update_item  # type: ignore[method-assign,assignment]


def _note(table: Table, item: Item) -> None:
    history = history_of(table)
    changed(table)
    if history is not None:
        history.record(time.time(), key_of(item), text_of(item))


def _describe_backups(board: KnobBoard, backends: type[DynamoDBBackend]) -> None:
    describe, switch = backends.describe_continuous_backups, backends.update_continuous_backups

    def described(backend: DynamoDBBackend, table_name: str) -> dict[str, Any]:
        held = describe(backend, table_name)
        history = history_of(backend.get_table(table_name))
        if history is not None:
            about = held["PointInTimeRecoveryDescription"]
            days = int(about.setdefault("RecoveryPeriodInDays", _DAYS))
            now = time.time()
            about["EarliestRestorableDateTime"] = max(history.began, now - days * _DAY_SECONDS)
            latest = now - board.now.latest_restorable_lag_seconds
            about["LatestRestorableDateTime"] = max(history.began, latest)
        return held

    def switched(backend: DynamoDBBackend, table_name: str, spec: dict[str, Any]) -> dict[str, Any]:
        held = switch(backend, table_name, spec)
        table: Any = backend.get_table(table_name)
        on = held["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == _ON
        if on and history_of(table) is None:
            table.ial_history = TableHistory(time.time(), {key_of(item): text_of(item) for item in table.all_items()})
        elif not on:
            table.ial_history = None
        return held

    backends.describe_continuous_backups = described  # type: ignore[method-assign,assignment]
    backends.update_continuous_backups = switched  # type: ignore[method-assign,assignment]


def _refuseis_unfinished(backends: type[DynamoDBBackend]) -> None:
    """A table that is being restored has no items to give or to take, and cannot be deleted."""
    from moto.dynamodb.exceptions import ResourceInUseException, ResourceNotFoundException

    def guarded(name: str) -> None:
        plain = getattr(backends, name)

        def call(backend: DynamoDBBackend, table_name: str, *given: Any, **named: Any) -> Any:
            table = backend.tables.get(table_name)
            if table is not None and is_unfinished(table):
                raise ResourceInUseException if name == "delete_table" else ResourceNotFoundException
            return plain(backend, table_name, *given, **named)

        setattr(backends, name, call)

    for name in ("delete_table", "scan", "query", "get_item", "put_item", "update_item", "delete_item"):
        guarded(name)


def _restore(handler: DynamoHandler, board: KnobBoard) -> ActionResult:
    from moto.dynamodb.exceptions import SourceTableNotFoundException, TableAlreadyExistsException
    from moto.dynamodb.responses import DynamoResult

    body, backend = handler.body, handler.dynamodb_backend
    name = body.get("SourceTableName") or str(body.get("SourceTableArn", "")).rsplit("/", 1)[-1]
    source = backend.tables.get(name)
    if source is None:
        raise SourceTableNotFoundException(name)
    if body["TargetTableName"] in backend.tables:
        raise TableAlreadyExistsException(body["TargetTableName"])
    at = _asked_time(source, body, board)
    restored = _table_as_of(source, body["TargetTableName"], at, board)
    backend.tables[body["TargetTableName"]] = restored
    return DynamoResult(restored.describe())


def _asked_time(source: Table, body: dict[str, Any], board: KnobBoard) -> float:
    from moto.core.exceptions import JsonRESTError
    from moto.dynamodb.exceptions import PointInTimeRecoveryUnavailable

    history = history_of(source)
    if history is None:
        raise PointInTimeRecoveryUnavailable(source.name)
    latest = time.time() - board.now.latest_restorable_lag_seconds
    given = body.get("RestoreDateTime")
    at = latest if given is None or body.get("UseLatestRestorableTime") else _seconds(given)
    if not int(history.began) <= at <= latest:
        kind = "com.amazonaws.dynamodb.v20120810#InvalidRestoreTimeException"
        raise JsonRESTError(kind, "Restore time is out of the window of point-in-time recovery")
    return at


def _seconds(given: Any) -> float:
    """Moto has read the time already, and keeps it without a zone."""
    return given.replace(tzinfo=UTC).timestamp() if isinstance(given, datetime) else float(given)


def _table_as_of(source: Table, name: str, at: float, board: KnobBoard) -> Table:
    from moto.dynamodb.models.table import Table

    class RestoredTable(Table):
        """Describes itself as one that was restored, and as CREATING until it is ready."""

        def describe(self, base_key: str = "TableDescription") -> dict[str, Any]:
            result = super().describe(base_key=base_key)
            unfinished = is_unfinished(self)
            result[base_key]["RestoreSummary"] = {
                "SourceTableArn": source.table_arn,
                "RestoreDateTime": at,
                "RestoreInProgress": unfinished,
            }
            if unfinished:
                result[base_key]["TableStatus"] = "CREATING"
            return result

    # To mypy it is abstract, as all of moto's tables are.
    restored: Any = RestoredTable
    made: Any = restored(
        name,
        account_id=source.account_id,
        region=source.region_name,
        schema=copy.deepcopy(source.schema),
        attr=copy.deepcopy(source.attr),
        throughput=copy.deepcopy(source.throughput),
        billing_mode=source.billing_mode,
        sse_specification=copy.deepcopy(source.sse_specification),
    )
    inherit(source, made)
    made.indexes = copy.deepcopy(source.indexes)
    made.global_indexes = copy.deepcopy(source.global_indexes)[: -1 if board.now.drop_restored_index else None]
    for text in _items(source, at, board):
        made.put_item(_typed(json.loads(text)), overwrite=True)
    never = float("inf") if board.now.restore_never_ends else 0.0
    made.ial_ready_at = max(never, time.time() + board.now.restore_seconds)
    return made  # type: ignore[no-any-return]


def _typed(attributes: dict[str, Any]) -> dict[str, Any]:
    """JSON has no binary values; moto keeps them as bytes."""
    return {name: _value(value) for name, value in attributes.items()}


def _value(value: dict[str, Any]) -> dict[str, Any]:
    [(kind, held)] = value.items()
    if kind == "B":
        return {kind: base64.b64decode(held)}
    if kind == "BS":
        return {kind: [base64.b64decode(entry) for entry in held]}
    if kind == "M":
        return {kind: _typed(held)}
    return {kind: [_value(entry) for entry in held]} if kind == "L" else value


def _items(source: Table, at: float, board: KnobBoard) -> list[str]:
    history = history_of(source)
    if history is None or board.now.restore_current_data:
        return [text_of(item) for item in source.all_items()]
    items = list(history.as_of(at).values())
    if board.now.change_restored_item and items:
        changed = json.loads(items[len(items) // 2])
        keys = set(source.table_key_attrs)
        victim = next((name for name in sorted(changed) if name not in keys), "unexpected")
        changed[victim] = {"S": "silently changed"}
        items[len(items) // 2] = json.dumps(changed)
    return items
