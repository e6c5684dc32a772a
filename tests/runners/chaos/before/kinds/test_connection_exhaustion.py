"""What stands against taking a database's connections: each reason by itself, and what cannot be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from contract.experiments import Connections
from runners.aws.connection_limits import limit_of
from runners.chaos.before.kinds.connection_exhaustion import connection_obstacles
from runners.chaos.before.situation import DatabaseSituation

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
    status="available",
    host="db.example.com",
    port=5432,
    engine="postgresql",
    parameters="in-sync",
    limit=100,
    unfinished_logins=None,
    document_sha256="abc",
)
MYSQL = structs.replace(WANTED, engine="mysql", most=80)
SEEN_MYSQL = replace(SEEN, engine="mysql", unfinished_logins=100)
EXPIRED = "rds:DescribeDBInstances on shop-db: ExpiredToken: it is over; log in again"
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
        ({"parameters": None}, ["parameters-unknown"]),
        ({"parameters": "pending-reboot"}, ["parameters-not-in-force"]),
        ({"parameters": "applying"}, ["parameters-not-in-force"]),
        ({"limit": 500, "parameters": "pending-reboot"}, ["parameters-not-in-force"]),
    ],
)
def test_each_reason_refuses(change: dict[str, Any], code: list[str]) -> None:
    found = list(connection_obstacles(WANTED, 2, replace(SEEN, **change)))
    assert [held.code for held in found] == code
    assert not any(held.warning for held in found)


def test_nothing_known_refuses() -> None:
    assert [held.code for held in connection_obstacles(WANTED, 2, None)] == ["database-unknown"]


@pytest.mark.parametrize(
    ("most", "instances", "logins", "code"),
    [
        (80, 2, 100, []),
        (80, 2, 81, []),
        (80, 2, 80, ["would-block-hosts"]),
        (80, 1, 100, ["would-block-hosts"]),
        # Shared unevenly, one instance takes the larger part.
        (5, 2, 6, ["would-block-hosts"]),
        (80, 2, None, ["blocking-unknown"]),
    ],
)
def test_mysql_must_not_block_the_instances(most: int, instances: int, logins: int | None, code: list[str]) -> None:
    wanted, seen = structs.replace(MYSQL, most=most), replace(SEEN_MYSQL, unfinished_logins=logins)
    assert [held.code for held in connection_obstacles(wanted, instances, seen)] == code


def test_numbers_are_named() -> None:
    [found] = connection_obstacles(MYSQL, 2, replace(SEEN_MYSQL, unfinished_logins=70))
    assert found.message.startswith("40 connections from an instance, twice, are not below max_connect_errors of shop-")
    assert "(70)" in found.message
    [found] = connection_obstacles(WANTED, 2, replace(SEEN, parameters="pending-reboot", limit=500))
    assert "is pending-reboot, it must be in-sync: its max_connections (500) may not hold yet" in found.message


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("status", "database-unknown"),
        ("parameters", "parameters-unknown"),
        ("limit", "limit-unknown"),
        ("unfinished_logins", "blocking-unknown"),
        ("document_sha256", "document-unknown"),
    ],
)
def test_what_could_not_be_read_says_why(field: str, code: str) -> None:
    changes: dict[str, Any] = {field: None, "unread": {field: EXPIRED}}
    [found] = connection_obstacles(MYSQL, 2, replace(SEEN_MYSQL, **changes))
    assert found.code == code
    assert EXPIRED in found.message


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 1000))
def test_the_reserve_is_always_left(most: int, reserve: int, limit: int) -> None:
    wanted = structs.replace(WANTED, most=most, reserve=reserve)
    refused = bool(list(connection_obstacles(wanted, 2, replace(SEEN, limit=limit))))
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
