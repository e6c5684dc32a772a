"""What stands against taking a database's connections: each reason by itself, and what cannot be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from runners.aws.connection_limits import limit_of
from runners.chaos.connection_preflight import DatabaseSituation, connection_obstacles
from runners.chaos_outputs import Connections

WANTED = Connections(
    database="shop-db",
    host="db.example.com",
    port=5432,
    engine="postgresql",
    most=80,
    reserve=20,
    document="ial-dev-connection-hold",
    document_sha256="abc",
)
SEEN = DatabaseSituation(
    status="available", host="db.example.com", port=5432, engine="postgresql", limit=100, document_sha256="abc"
)
GIB = 1024**3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, []),
        ({"status": "backing-up"}, ["database-not-available"]),
        ({"host": "other.example.com"}, ["other-database"]),
        ({"host": None}, ["other-database"]),
        ({"port": 5433}, ["other-database"]),
        ({"engine": "mysql"}, ["other-engine"]),
        ({"engine": None}, ["other-engine"]),
        ({"limit": 99}, ["too-many-connections"]),
        ({"limit": None}, ["limit-unknown"]),
        ({"document_sha256": None}, ["document-unknown"]),
        ({"document_sha256": ""}, ["document-missing"]),
        ({"document_sha256": "abd"}, ["document-changed"]),
        ({"status": None}, ["database-unknown"]),
    ],
)
def test_each_reason_refuses(change: dict[str, Any], code: list[str]) -> None:
    found = list(connection_obstacles(WANTED, replace(SEEN, **change)))
    assert [held.code for held in found] == code
    assert not any(held.warning for held in found)


def test_nothing_known_refuses() -> None:
    assert [held.code for held in connection_obstacles(WANTED, None)] == ["database-unknown"]


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 1000))
def test_the_reserve_is_always_left(most: int, reserve: int, limit: int) -> None:
    wanted = structs.replace(WANTED, most=most, reserve=reserve)
    refused = bool(list(connection_obstacles(wanted, replace(SEEN, limit=limit))))
    assert refused == (limit - most < reserve)


@pytest.mark.parametrize(
    ("formula", "memory", "limit"),
    [
        # RDS's own: 112 for a db.t3.micro by the formula, 87 by AWS's users, as RDS keeps memory for itself.
        ("LEAST({DBInstanceClassMemory/9531392},5000)", GIB, 84),
        ("LEAST({DBInstanceClassMemory/9531392},5000)", 256 * GIB, 5000),
        ("{DBInstanceClassMemory/12582880}", 8 * GIB, 512),
        ("{DBInstanceClassMemory/0}", GIB, ZeroDivisionError),
        ("{DBInstanceClassMemory/12582880},5000)", GIB, None),
        ("LEAST({DBInstanceClassMemory/12582880}", GIB, None),
        ("GREATEST({log(DBInstanceClassMemory/805306368)*45},1000)", GIB, None),
        ("", GIB, None),
    ],
)
def test_a_formula_is_taken_rather_too_low(formula: str, memory: int, limit: Any) -> None:
    if isinstance(limit, type):
        with pytest.raises(ArithmeticError):
            limit_of(formula, lambda: memory)
    else:
        assert limit_of(formula, lambda: memory) == limit
