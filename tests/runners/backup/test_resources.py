from __future__ import annotations

from components.place import Place
from components.reading import Reader
from components.workload.part import Stay
from components.workload.workload import Workload
from runners.backup.evidence import Kind
from runners.backup.resources import resources

PLACE = Place(account="123456789012", region="us-east-1", environment="dev", owner="team")


def found(**given: object) -> list[tuple[str, Kind]]:
    work = Workload.read(Reader(given, "workload."))
    return list(resources(work.told(Stay(place=PLACE, recovery_days=14, noncurrent_days=14))).items())


def test_tables_come_first_and_the_database_last() -> None:
    given = {"tables": [{"name": "orders"}], "buckets": [{"name": "assets"}, {"name": "logs"}], "database": "shop"}
    kinds = [("orders", Kind.TABLE), ("assets", Kind.BUCKET), ("logs", Kind.BUCKET), ("shop", Kind.DATABASE)]
    assert found(**given) == kinds
    assert found(buckets=given["buckets"]) == kinds[1:3]


def test_of_two_with_one_name_it_is_the_first() -> None:
    shop = [{"name": "shop"}]
    assert found(tables=shop, buckets=shop, database="shop") == [("shop", Kind.TABLE)]
    assert found(buckets=shop, database="shop") == [("shop", Kind.BUCKET)]
