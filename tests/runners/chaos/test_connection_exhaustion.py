"""A database's connections are taken, in rehearsed time: what passes, what fails, what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from contract.experiments import Experiment
from runners.chaos.judging.verdict import Verdict
from runners.chaos.record.chaos_record import ChaosRecord
from runners.chaos.running.rehearsal import RehearsalClock
from tests.runners.chaos.conftest import Rehearsal
from tests.runners.chaos.opt_in_kinds import exhaustion

pytestmark = pytest.mark.cloud


def run(rehearsal: Rehearsal, *settings: str, **given: Any) -> ChaosRecord:
    made = exhaustion(rehearsal, **given)
    rehearsal.begin(*settings)
    return rehearsal.cycle().run(made)


def codes(rehearsal: Rehearsal, made: Experiment) -> list[str]:
    rehearsal.begin()
    record = rehearsal.cycle().run(made)
    assert record.judgement.verdict is Verdict.REFUSED, record.judgement
    return [reason.split(":")[0] for reason in record.judgement.reasons]


def test_a_workload_with_a_circuit_breaker_passes(rehearsal: Rehearsal) -> None:
    record = run(rehearsal)
    assert record.judgement.verdict is Verdict.PASSED, (record.judgement, rehearsal.said)
    # Three minutes, and one more in which the undoing is watched.
    assert str(record.usd) == "0.40"
    assert record.hit is not None
    assert len(record.hit) == 2


def test_one_without_rings(rehearsal: Rehearsal) -> None:
    record = run(rehearsal, "design.circuit_breaker=false")
    assert record.judgement.verdict is Verdict.ABORTED_BY_ALARM, (record.judgement, rehearsal.said)


@pytest.mark.parametrize(
    "setting",
    ["faults.no_effect=true", "faults.hit_fewer=1", "design.max_connections=200"],
)
def test_connections_that_were_not_missed_prove_nothing(rehearsal: Rehearsal, setting: str) -> None:
    record = run(rehearsal, setting)
    assert record.judgement.verdict is Verdict.INVALID, (record.judgement, rehearsal.said)


def test_they_are_given_back(rehearsal: Rehearsal) -> None:
    record = run(rehearsal, "faults.alarm=chaos-errors", "faults.alarm_after=60")
    assert record.judgement.verdict is Verdict.ABORTED_BY_ALARM
    assert record.cleaned
    clock = RehearsalClock(rehearsal.url)
    clock.sleep(120)
    found = rehearsal.clients.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/RDS",
        MetricName="DatabaseConnections",
        Dimensions=[{"Name": "DBInstanceIdentifier", "Value": "shop-db"}],
        StartTime=clock.now() - timedelta(minutes=20),
        EndTime=clock.now(),
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    seen = [held["Maximum"] for held in sorted(found, key=lambda held: held["Timestamp"])]
    assert max(seen) >= 90
    assert seen[-1] == 20


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"host": "other.example.com"}, ["other-database"]),
        ({"port": 3306}, ["other-database"]),
        ({"engine": "mysql", "connections": 80}, ["other-engine"]),
        ({"reserve": 11}, ["too-many-connections"]),
        ({"connections": 92, "reserve": 10}, ["too-many-connections"]),
    ],
)
def test_what_would_hit_something_else_or_leave_nothing_refuses(
    rehearsal: Rehearsal, given: dict[str, Any], code: list[str]
) -> None:
    assert codes(rehearsal, exhaustion(rehearsal, **given)) == code


def test_a_document_that_was_changed_by_hand_refuses(rehearsal: Rehearsal) -> None:
    made = exhaustion(rehearsal)
    taken = made.blast_radius.connections
    assert taken is not None
    for change, code in (
        ({"document_sha256": "0" * 64}, "document-changed"),
        ({"document": "gone"}, "document-missing"),
    ):
        other = replace(made.blast_radius, connections=replace(taken, **change))
        assert codes(rehearsal, replace(made, blast_radius=other)) == [code]


def test_a_database_that_is_not_available_refuses(rehearsal: Rehearsal) -> None:
    made = exhaustion(rehearsal)
    rds = rehearsal.clients.client("rds")
    rds.stop_db_instance(DBInstanceIdentifier="shop-db")
    try:
        assert codes(rehearsal, made) == ["database-not-available"]
    finally:
        rds.start_db_instance(DBInstanceIdentifier="shop-db")
