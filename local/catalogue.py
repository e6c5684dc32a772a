"""Which resource types the local cloud can hold. Every other type is recorded, not emulated."""

from __future__ import annotations

from local.resources import (
    buckets,
    cloudwatch,
    clusters,
    copies,
    documents,
    experiments,
    identity,
    logs,
    machines,
    notifications,
    queries,
    restore_testing,
    schedules,
    spending,
    tables,
    tracing,
)
from local.resources.kind import Kind

KINDS: dict[str, Kind] = {
    **cloudwatch.KINDS,
    **logs.KINDS,
    **notifications.KINDS,
    **tracing.KINDS,
    **spending.KINDS,
    **identity.KINDS,
    **buckets.KINDS,
    **tables.KINDS,
    **copies.KINDS,
    **restore_testing.KINDS,
    **schedules.KINDS,
    **clusters.KINDS,
    **documents.KINDS,
    **experiments.KINDS,
    **queries.KINDS,
    **machines.KINDS,
}
