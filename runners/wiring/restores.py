"""What `ial backup restore` brings back: one resource of a stack, as its kind is restored."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from runners.errors import InputError

if TYPE_CHECKING:
    from pricing.price_book import PriceBook
    from runners.backup.restoring import Restore
    from runners.wiring.backup import Access

_LONGEST: Final = timedelta(hours=24)


def restore_of(access: Access, name: str, into: str | None) -> Restore:
    """The restore of one resource; `into` is the prefix of a bucket's aside copy, None is in place.

    Raises:
        InputError: the stack has no such resource.
    """
    from runners.backup.evidence import Kind
    from runners.backup.resources import resources

    known = resources(access.outputs.workload)
    match known.get(name):
        case Kind.TABLE:
            return _table_restore(access, name)
        case Kind.BUCKET:
            return _bucket_restore(access, name, into)
        case Kind.DATABASE:
            return _database_restore(access, name)
    msg = f"{name} is not part of stack {access.stack}; accepted: {', '.join(known) or 'nothing'}"
    raise InputError(msg)


def _table_restore(access: Access, name: str) -> Restore:
    from runners.aws.table_settings import AwsTableSettings
    from runners.aws.tables import AwsTables
    from runners.backup.drill import DrillLimits
    from runners.backup.tables.table_restore import TableRestore

    return TableRestore(
        stack=access.stack,
        table=name,
        tables=AwsTables(access.clients),
        settings=AwsTableSettings(access.clients),
        prices=_prices(access),
        region=access.outputs.region,
        clock=access.clock,
        limits=DrillLimits(every=access.pace, restored_within=_LONGEST),
    )


def _bucket_restore(access: Access, name: str, into: str | None) -> Restore:
    from runners.aws.objects import AwsObjects
    from runners.backup.buckets.bucket_restore import BucketRestore

    return BucketRestore(
        stack=access.stack,
        bucket=name,
        into=into,
        objects=AwsObjects(access.clients),
        prices=_prices(access),
        region=access.outputs.region,
        clock=access.clock,
    )


def _database_restore(access: Access, name: str) -> Restore:
    from runners.aws.databases import AwsDatabases
    from runners.backup.databases.database_restore import DatabaseRestore
    from runners.backup.drill import DrillLimits

    return DatabaseRestore(
        stack=access.stack,
        name=name,
        databases=AwsDatabases(access.clients),
        prices=_prices(access),
        region=access.outputs.region,
        clock=access.clock,
        limits=DrillLimits(every=access.pace, restored_within=_LONGEST),
    )


def _prices(access: Access) -> PriceBook:
    """The price book, or an empty one: nobody's data waits for a price file."""
    from pricing.errors import CatalogError
    from pricing.price_book import PriceBook

    try:
        return access.prices
    except CatalogError as error:
        access.say(f"prices are unknown: {error}")
        return PriceBook({}, "")
