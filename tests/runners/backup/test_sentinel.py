from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from runners.backup.sentinel import as_wire, is_whole, sentinel, sentinel_key
from tests.runners.backup.test_table_shape import SOURCE

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
