from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from msgspec.structs import replace

from components.place import Place
from components.reading import Reader
from components.workload.part import Stay
from components.workload.workload import Workload
from runners.backup.evidence import Kind
from runners.backup.resources import doubled, resources
from runners.errors import OutputsError
from runners.wiring.drills import DrillPlan

if TYPE_CHECKING:
    from contract import outputs
    from runners.wiring.backup import Access

PLACE = Place(account="123456789012", region="us-east-1", environment="dev", owner="team")


def told(**given: object) -> outputs.Workload:
    work = Workload.read(Reader(given, "workload."))
    return work.told(Stay(place=PLACE, recovery_days=14, noncurrent_days=14))


def found(**given: object) -> list[tuple[str, Kind]]:
    return list(resources(told(**given)).items())


def test_tables_come_first_and_the_database_last() -> None:
    given = {"tables": [{"name": "orders"}], "buckets": [{"name": "assets"}, {"name": "logs"}], "database": "shop"}
    kinds = [("orders", Kind.TABLE), ("assets", Kind.BUCKET), ("logs", Kind.BUCKET), ("shop", Kind.DATABASE)]
    assert found(**given) == kinds
    assert found(buckets=given["buckets"]) == kinds[1:3]


@pytest.mark.parametrize(
    ("table", "bucket", "database", "name"),
    [
        ("shop", "shop", "other", "shop"),
        ("shop", "assets", "shop", "shop"),
        ("orders", "shop", "shop", "shop"),
        ("configuration", "assets", "shop", "configuration"),
        ("orders", "configuration", "shop", "configuration"),
        ("orders", "assets", "shop", None),
    ],
)
def test_a_drill_that_would_be_lost_to_a_name_is_told(table: str, bucket: str, database: str, name: str | None) -> None:
    work = told(tables=[{"name": "orders"}], buckets=[{"name": "assets"}])
    of_before = replace(
        work,
        tables=(replace(work.tables[0], name=table),),
        buckets=(replace(work.buckets[0], name=bucket),),
        database=database,
    )
    assert doubled(of_before, "configuration") == name
    access = SimpleNamespace(outputs=SimpleNamespace(workload=of_before), stack="dev")
    plan = DrillPlan(cast("Access", access), None)
    if name is None:
        assert len(plan.names()) == 4
    else:
        with pytest.raises(OutputsError, match=f"^{name} names two things of stack dev"):
            plan.names()
