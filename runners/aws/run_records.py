"""Run records in the stack's DynamoDB table."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from contract.redaction import SECRETS
from contract.run_table import KEPT
from runners.aws.session import Clients, calling
from runners.errors import AwsError
from runners.runs.clock import Clock
from runners.runs.records import Kept

# A page has a megabyte at the most; a larger table is asked for each collection instead.
_MOST_PAGES: Final = 16
_DENIED: Final = frozenset({"AccessDeniedException", "AccessDenied"})
_Items = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class TableRecords:
    """The table that the stack created, keyed by run and step; a document is one JSON attribute."""

    clients: Clients
    table: str
    clock: Clock

    def put(self, run: str, step: str, document: Mapping[str, Any]) -> None:
        """Keeps a document.

        Raises:
            AwsError: it could not be written.
        """
        expires = int((self.clock.now() + KEPT).timestamp())
        item = {
            **_key(run, step),
            "document": {"S": json.dumps(SECRETS.redacted_data(document))},
            "expires_at": {"N": str(expires)},
        }
        with calling("dynamodb:PutItem", self.table):
            self.clients.client("dynamodb").put_item(TableName=self.table, Item=item)

    def get(self, run: str, step: str) -> Mapping[str, Any] | None:
        """One document.

        Raises:
            AwsError: the table could not be read.
        """
        with calling("dynamodb:GetItem", self.table):
            found = self.clients.client("dynamodb").get_item(
                TableName=self.table, Key=_key(run, step), ConsistentRead=True
            )
        return _document(found["Item"]) if "Item" in found else None

    def all(self, run: str) -> Mapping[str, Mapping[str, Any]]:
        """Every document of a run or collection.

        Raises:
            AwsError: the table could not be read.
        """
        asked: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "#run = :run",
            "ExpressionAttributeNames": {"#run": "run"},
            "ExpressionAttributeValues": {":run": {"S": run}},
            "ConsistentRead": True,
        }
        with calling("dynamodb:Query", self.table):
            pages = self.clients.client("dynamodb").get_paginator("query").paginate(**asked)
            items = [item for page in pages for item in page["Items"]]
        return {item["step"]["S"]: _document(item) for item in items}

    def snapshot(self) -> Kept:
        """All that is kept now, read at once; the table itself where that is much, or whoever asks may not.

        What was written before is in it, as by `all`: a consistent scan has every write that ended before it began.
        Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html (ConsistentRead)

        Raises:
            AwsError: the table could not be read.
        """
        try:
            items = self._scanned()
        except AwsError as error:
            if error.code not in _DENIED:
                raise
            # The role of a stack that was applied before this was asked may query only, which finds the same.
            items = None
        return self if items is None else Snapshot(items)

    def _scanned(self) -> _Items | None:
        found = defaultdict[str, dict[str, Mapping[str, Any]]](dict)
        pages = self.clients.client("dynamodb").get_paginator("scan")
        with calling("dynamodb:Scan", self.table):
            for number, page in enumerate(pages.paginate(TableName=self.table, ConsistentRead=True), 1):
                for item in page["Items"]:
                    found[item["run"]["S"]][item["step"]["S"]] = item
                if number == _MOST_PAGES and "LastEvaluatedKey" in page:
                    return None
        return found


@dataclass(frozen=True)
class Snapshot:
    """What a table had at one time."""

    items: _Items

    def get(self, run: str, step: str) -> Mapping[str, Any] | None:
        """One document."""
        item = self.items.get(run, {}).get(step)
        return None if item is None else _document(item)

    def all(self, run: str) -> Mapping[str, Mapping[str, Any]]:
        """Every document of a run or collection, in the order of a query."""
        return {step: _document(item) for step, item in sorted(self.items.get(run, {}).items())}


def _key(run: str, step: str) -> dict[str, dict[str, str]]:
    return {"run": {"S": run}, "step": {"S": step}}


def _document(item: Mapping[str, Any]) -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads(item["document"]["S"])
    return document
