from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from runners.backup.tables.sentinel import (
    as_wire,
    can_be_bound,
    changed_sentinel,
    is_ours,
    is_whole,
    sentinel,
    sentinel_key,
)
from runners.backup.tables.tables import TableShape

SOURCE = TableShape(
    name="orders",
    arn="arn:orders",
    status="ACTIVE",
    keys=(("id", "HASH"),),
    attributes={"id": "S", "state": "S"},
    billing="PROVISIONED",
    capacity=(5, 5),
    deletion_protection=True,
    size_bytes=0,
    created=datetime(2026, 1, 1, tzinfo=UTC),
)
RUN, AT = "20261125-083000-a1b2", "2026-11-25T08:30:00.000Z"
WHOLE = sentinel(SOURCE, RUN, AT)


def test_it_is_recognised_by_key_run_and_checksum() -> None:
    assert is_whole(WHOLE, RUN)
    assert not is_whole(None, RUN)
    assert not is_whole(WHOLE, "20261125-083000-beef")


@pytest.mark.parametrize("name", ["ial_run", "ial_at", "ial_checksum"])
def test_one_changed_attribute_is_seen(name: str) -> None:
    assert not is_whole({**WHOLE, name: {"S": "other"}}, RUN)
    assert not is_whole({key: value for key, value in WHOLE.items() if key != name}, RUN)


@pytest.mark.parametrize(
    ("kind", "value"), [("S", {"S": f"ial-drill-{RUN}"}), ("B", {"B": "aWFsLWRyaWxsLTIwMjYxMTI1LTA4MzAwMC1hMWIy"})]
)
def test_keys_of_each_kind(kind: str, value: dict[str, Any]) -> None:
    shape = replace(SOURCE, attributes={"id": kind})
    assert as_wire(sentinel_key(shape, RUN)) == {"id": value}


def test_a_number_is_below_those_that_people_use() -> None:
    key = sentinel_key(replace(SOURCE, attributes={"id": "N"}), RUN)
    assert int(key["id"]["N"]) < -(10**9)


def test_a_changed_one_is_the_runs_and_not_whole() -> None:
    changed = changed_sentinel(SOURCE, RUN, AT)
    assert changed.keys() == WHOLE.keys()
    assert not is_whole(changed, RUN)
    assert is_ours(changed, RUN)
    assert not is_ours(changed, "20261125-083000-beef")


@pytest.mark.parametrize(("kind", "bound"), [("S", True), ("N", False), ("B", False)])
def test_roles_are_bound_to_texts_only(kind: str, bound: bool) -> None:
    assert can_be_bound(replace(SOURCE, attributes={"id": kind})) is bound
