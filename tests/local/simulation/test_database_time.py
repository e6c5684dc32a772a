"""How far the example database can be brought back, as RDS tells: it goes on in a rehearsal's time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from local.seed import DATABASE
from tests.local.simulation.conftest import Stage

pytestmark = pytest.mark.cloud


def latest(stage: Stage) -> datetime:
    [found] = stage.client("rds").describe_db_instances(DBInstanceIdentifier=DATABASE)["DBInstances"]
    moment: datetime = found["LatestRestorableTime"]
    return moment


def test_it_follows_rehearsed_time(stage: Stage) -> None:
    stage.begin()
    now = datetime.fromtimestamp(stage.wait(2 * 3600), UTC)
    assert abs(latest(stage) - now) < timedelta(seconds=1)


def test_it_is_never_behind_this_machines_time(stage: Stage) -> None:
    stage.ask("DELETE", "/ial/rehearsal")
    assert abs(latest(stage) - datetime.now(UTC)) < timedelta(seconds=10)
    # A rehearsal that nobody drives stands still; backups do not.
    stage.begin()
    assert latest(stage) >= datetime.now(UTC) - timedelta(seconds=10)
