"""Tables of runs, as a stack has one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from runners.aws.session import AwsClients


@contextmanager
def run_table(clients: AwsClients, what: str) -> Iterator[str]:
    """The name of a table of its own, which is gone afterwards."""
    client, name = clients.client("dynamodb"), f"{what}-{secrets.token_hex(4)}"
    keys = (("run", "HASH"), ("step", "RANGE"))
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys],
    )
    yield name
    client.delete_table(TableName=name)
