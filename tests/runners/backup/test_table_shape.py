from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from runners.backup.table_shape import SHAPE_CHECKS, loss_findings, shape_checks
from runners.backup.tables import Index, Losses, TableShape

INDEX = Index(keys=(("state", "HASH"),), projection="ALL")
SOURCE = TableShape(
    name="orders",
    arn="arn:orders",
    status="ACTIVE",
    keys=(("id", "HASH"),),
    attributes={"id": "S", "state": "S"},
    global_indexes={"by-state": INDEX},
    local_indexes={},
    billing="PROVISIONED",
    capacity=(5, 5),
    encryption="KMS arn:key",
    table_class="STANDARD",
    stream=None,
    deletion_protection=True,
    size_bytes=0,
    created=datetime(2026, 1, 1, tzinfo=UTC),
)
ALL = Losses(
    time_to_live="expires_at",
    stream="NEW_IMAGE",
    tags={"owner": "team"},
    recovery_days=14,
    deletion_protection=True,
    scaled=("dynamodb:table:ReadCapacityUnits",),
)
NONE = Losses(
    time_to_live=None, stream=None, tags={"ial:drill-run": "r"}, recovery_days=None, deletion_protection=False
)


def test_the_same_shape_passes() -> None:
    checks = shape_checks(SOURCE, replace(SOURCE, name="orders-drill-r", arn="arn:other"))
    assert tuple(check.name for check in checks) == SHAPE_CHECKS
    assert all(check.ok for check in checks)


@pytest.mark.parametrize(
    ("change", "name", "detail"),
    [
        ({"keys": (("other", "HASH"),)}, "key-schema", ""),
        ({"attributes": {"id": "N", "state": "S"}}, "key-schema", ""),
        ({"global_indexes": {}}, "indexes", "by-state is missing"),
        ({"global_indexes": {"by-state": INDEX, "more": INDEX}}, "indexes", "more is not in the source"),
        (
            {"global_indexes": {"by-state": replace(INDEX, projection="KEYS_ONLY")}},
            "indexes",
            "by-state is (state HASH) KEYS_ONLY, not (state HASH) ALL",
        ),
        ({"local_indexes": {"extra": INDEX}}, "indexes", "extra is not in the source"),
        ({"billing": "PAY_PER_REQUEST", "capacity": (0, 0)}, "billing", ""),
        ({"capacity": (5, 6)}, "billing", ""),
        ({"encryption": "owned by DynamoDB"}, "encryption", ""),
        ({"table_class": "STANDARD_INFREQUENT_ACCESS"}, "table-class", ""),
    ],
)
def test_each_difference_is_told_by_its_check(change: dict[str, Any], name: str, detail: str) -> None:
    wrong = [check for check in shape_checks(SOURCE, replace(SOURCE, **change)) if not check.ok]
    assert [(check.name, check.detail) for check in wrong] == [(name, detail)]


def test_everything_that_is_lost_is_told() -> None:
    told = [finding.what for finding in loss_findings(ALL, NONE, "orders")]
    assert told == [
        "a restore loses time to live (expires_at)",
        "a restore loses the stream (NEW_IMAGE)",
        "a restore loses point-in-time recovery (14 days)",
        "a restore loses deletion protection (on)",
        "a restore loses the tags (owner=team)",
        "a restore loses autoscaling (dynamodb:table:ReadCapacityUnits)",
    ]
    assert loss_findings(ALL, NONE, "orders")[0].advice == "`ial backup restore orders` puts it back"


def test_nothing_lost_nothing_told() -> None:
    assert loss_findings(ALL, ALL, "orders") == []
    assert loss_findings(NONE, NONE, "orders") == []
