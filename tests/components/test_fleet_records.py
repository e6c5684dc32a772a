from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.backup.backup import Backup, BackupArgs
from components.fleet.query_folder import queries_folder, read_queries
from components.fleet.record_table import COLUMNS
from components.reading import SettingsError
from components.settings import Settings
from runners.runs.run_line import RunLine
from tests.components.conftest import TOPIC, settings_of

WORKGROUP, QUERY = "aws:athena/workgroup:Workgroup", "aws:athena/namedQuery:NamedQuery"
DATABASE, TABLE = "aws:glue/catalogDatabase:CatalogDatabase", "aws:glue/catalogTable:CatalogTable"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
BUCKET = "ial-dev-configuration-123456789012"


@pytest.fixture
def build(run: Any, settings: Callable[..., Settings]) -> Callable[..., Any]:
    def built(**fleet: Any) -> Any:
        given = settings(fleetRecords=fleet) if fleet else settings()
        return run(lambda: Backup("backup", BackupArgs(settings=given, topic_arn=TOPIC)))

    return built


@pytest.mark.parametrize("fleet", [{}, {"enabled": False}])
def test_nothing_is_made_unless_it_is_switched_on(build: Any, fleet: dict[str, Any]) -> None:
    recorder = build(**fleet)
    assert [held for type_ in (WORKGROUP, QUERY, DATABASE, TABLE) for held in recorder.of(type_)] == []
    [own] = recorder.of(LIFECYCLE).values()
    assert [rule["id"] for rule in own["rules"]] == ["expire-old-versions", "abort-unfinished-uploads"]


def test_every_query_has_a_limit_and_a_place_that_is_encrypted(build: Any) -> None:
    held = build(enabled=True, scanLimitMegabytes=25).one(WORKGROUP)
    configuration = held["configuration"]
    assert (held["name"], configuration["enforceWorkgroupConfiguration"]) == ("ial-dev-records", True)
    assert configuration["bytesScannedCutoffPerQuery"] == 25_000_000
    assert configuration["resultConfiguration"] == {
        "outputLocation": f"s3://{BUCKET}/query-results/",
        "expectedBucketOwner": "123456789012",
        "encryptionConfiguration": {"encryptionOption": "SSE_S3"},
    }


def test_results_are_gone_after_their_days(build: Any) -> None:
    [own] = build(enabled=True, resultDays=3).of(LIFECYCLE).values()
    assert own["rules"][2] == {
        "id": "expire-query-results",
        "status": "Enabled",
        "filter": {"prefix": "query-results/"},
        "expiration": {"days": 3},
        # No `newerNoncurrentVersions`: the last version of a result would be kept for ever.
        "noncurrentVersionExpiration": {"noncurrentDays": 14},
    }


def test_the_table_has_the_months_of_every_environment(build: Any) -> None:
    recorder = build(enabled=True, environments=["prod", "dev"])
    assert recorder.one(DATABASE)["name"] == "ial_dev_records"
    table = recorder.one(TABLE)
    assert table["parameters"] == {
        "classification": "json",
        "projection.enabled": "true",
        "projection.environment.type": "enum",
        "projection.environment.values": "dev,prod",
        "projection.dt.type": "date",
        "projection.dt.format": "yyyy-MM-dd",
        "projection.dt.range": "2026-01-01,NOW",
        "projection.dt.interval": "1",
        "projection.dt.interval.unit": "MONTHS",
        "storage.location.template": "s3://ial-${environment}-configuration-123456789012/runs/dt=${dt}/",
    }
    assert [key["name"] for key in table["partitionKeys"]] == ["environment", "dt"]
    assert table["storageDescriptor"]["location"] == f"s3://{BUCKET}/runs/"


def test_the_columns_are_those_of_a_line() -> None:
    assert tuple(COLUMNS) == RunLine.__struct_fields__


def test_the_own_environment_is_always_looked_at() -> None:
    assert settings_of(fleetRecords={"environments": ["prod"]}).fleet_records.environments == ("dev", "prod")
    assert settings_of().fleet_records.environments == ("dev",)


def test_every_file_is_a_saved_query(build: Any) -> None:
    saved = {held["name"]: held for held in build(enabled=True).of(QUERY).values()}
    files = {f"ial-{file.stem}": file.read_text() for file in queries_folder().glob("*.sql")}
    assert {name: held["query"] for name, held in saved.items()} == files
    assert len(files) == 8
    assert saved["ial-drills"]["description"].startswith("How soon data is proven to be back")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"SELECT 1\n", "the first line is 'SELECT 1'; accepted: `-- ` and what the query answers"),
        (b"--\nSELECT 1\n", "accepted: `-- ` and what the query answers"),
        (b"", "the first line is ''"),
        (b"-- " + b"x" * 1025, "accepted: `-- ` and what the query answers"),
        (b"-- x\n" + b" " * 262_144, "larger than 256 KiB"),
        (b"-- \xff", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_query(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "q.sql").write_bytes(content)
    with pytest.raises(SettingsError, match=r"q\.sql") as caught:
        read_queries(tmp_path)
    assert told in str(caught.value)
    (tmp_path / "q.sql").write_text("-- What it answers\nSELECT 1\n")
    [found] = read_queries(tmp_path)
    assert (found.name, found.description) == ("q", "What it answers")
