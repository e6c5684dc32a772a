"""Run records in the stack's DynamoDB table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract.redaction import SECRETS
from contract.run_table import KEPT
from runners.aws.session import Clients, calling
from runners.runs.clock import Clock


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


def _key(run: str, step: str) -> dict[str, dict[str, str]]:
    return {"run": {"S": run}, "step": {"S": step}}


def _document(item: Mapping[str, Any]) -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads(item["document"]["S"])
    return document
