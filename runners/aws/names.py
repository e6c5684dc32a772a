"""What a region has, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runners.aws.session import Clients, calling


@dataclass(frozen=True)
class AwsNames:
    """Listings only."""

    clients: Clients

    def tables(self) -> Iterator[str]:
        """Every table of the region.

        Raises:
            AwsError: they could not be listed.
        """
        with calling("dynamodb:ListTables", "the region"):
            pages = list(self.clients.client("dynamodb").get_paginator("list_tables").paginate())
        yield from (name for page in pages for name in page["TableNames"])

    def databases(self) -> Iterator[str]:
        """Every database instance of the region.

        Raises:
            AwsError: they could not be listed.
        """
        with calling("rds:DescribeDBInstances", "the region"):
            pages = list(self.clients.client("rds").get_paginator("describe_db_instances").paginate())
        yield from (held["DBInstanceIdentifier"] for page in pages for held in page["DBInstances"])
