from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contract.experiments import Experiment
from runners.chaos.before.recent_drill import DATABASE_APART, READ, drill_obstacles
from tests.runners.chaos.experiments import experiment, radius

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OF_DATABASE = experiment(needs_recovery_point=True)


@pytest.mark.parametrize(
    ("held", "of_database"),
    [
        (OF_DATABASE, True),
        (experiment(blast_radius=radius(group_kind="database", group="shop-db")), True),
        (experiment(), False),
    ],
)
def test_which_experiments_are_about_the_database(held: Experiment, of_database: bool) -> None:
    assert held.of_database is of_database
    found = list(drill_obstacles(held, NOW, NOW, {}))
    assert [str(obstacle).partition(":")[0] for obstacle in found] == (["recent-drill"] if of_database else [])


@pytest.mark.parametrize(
    ("drilled", "refused"),
    [(None, False), (NOW - DATABASE_APART + timedelta(seconds=1), True), (NOW - DATABASE_APART, False)],
)
def test_a_fault_of_the_database_keeps_apart_from_its_restore(drilled: datetime | None, refused: bool) -> None:
    found = list(drill_obstacles(OF_DATABASE, drilled, NOW, {}))
    assert bool(found) is refused
    assert not any(obstacle.warning for obstacle in found)


def test_what_could_not_be_read_refuses() -> None:
    [found] = drill_obstacles(OF_DATABASE, None, NOW, {READ: "AccessDenied"})
    assert found.code == "drill-unknown"
    assert "AccessDenied" in found.message
