"""The drill of a database over HTTP, and its probe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from local.seed import DATABASE
from local.server import Running
from pricing.price_book import PriceBook
from runners.aws.databases import AwsDatabases
from runners.aws.session import AwsClients
from runners.backup.databases.database_drill import DatabaseDrill
from runners.backup.databases.database_probe import CommandProbe
from runners.backup.databases.databases import Database
from runners.backup.drill import DrillLimits
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Verdict
from runners.backup.life_cycle import DrillLifeCycle
from runners.chaos.running.rehearsal import RehearsalClock, begin_rehearsal, end_rehearsal
from runners.errors import InputError
from runners.runs.clock import SystemClock
from runners.runs.journal import read_entries
from tests.runners.backup.drill_cycles import drill_cycle
from tests.runners.backup.tables.test_tables import set_knobs
from tests.runners.conftest import ROOT
from tests.runners.journal_lines import assert_fits
from tests.runners.killing import die_after

pytestmark = pytest.mark.cloud
ANSWERS = f"{sys.executable} -c \"import os; print(os.environ['PGHOST'], os.environ['DATABASE_PORT'])\""


@dataclass
class Site:
    """The example workload's database, and what drills it."""

    rds: Any
    drill: DatabaseDrill
    cycle: DrillLifeCycle

    def run(self, **change: Any) -> DrillRecord:
        return self.cycle.run(replace(self.drill, **change))

    def names(self) -> list[str]:
        return [held["DBInstanceIdentifier"] for held in self.rds.describe_db_instances()["DBInstances"]]


@pytest.fixture
def site(clients: AwsClients, cloud: Running, tmp_path: Path) -> Iterator[Site]:
    set_knobs(cloud, database_restore_seconds=0.3)
    drill = DatabaseDrill(
        resource=DATABASE,
        stack="dev",
        databases=AwsDatabases(clients),
        probe=CommandProbe(ANSWERS),
        prices=PriceBook.load(),
        region="us-east-1",
        limits=DrillLimits(every=timedelta(seconds=0.1)),
    )
    cycle = drill_cycle(tmp_path, SystemClock())
    found = Site(clients.client("rds"), drill, cycle)
    yield found
    assert found.names() == [DATABASE]


def test_a_database_that_answers_passes(site: Site) -> None:
    record = site.run()
    assert (record.verdict, record.reasons) == (Verdict.PASSED, ())
    assert {check.name for check in record.checks} == site.drill.required
    assert record.rto_seconds is not None
    assert record.rto_seconds > 0.2
    assert record.rpo_seconds is not None
    probe = next(check for check in record.checks if check.name == "probe")
    assert record.run in probe.observed


def test_a_database_that_lives_in_rehearsed_time_loses_nothing(site: Site, cloud: Running) -> None:
    begin_rehearsal(cloud.endpoint.url, [], "ial/dev")
    try:
        RehearsalClock(cloud.endpoint.url).sleep(3600)
        record = site.run()
    finally:
        end_rehearsal(cloud.endpoint.url)
    assert (record.verdict, record.rpo_seconds) == (Verdict.PASSED, 0.0)


@pytest.mark.parametrize(
    ("command", "verdict", "told"),
    [
        (None, Verdict.INCONCLUSIVE, "probe: expected an answer, found nothing asked it; give --probe COMMAND"),
        (f"{sys.executable} -c 'import sys; sys.exit(3)'", Verdict.FAILED, "found exit code 3"),
        (f"{sys.executable} -c 'raise SystemExit(\"no such table\")'", Verdict.FAILED, "found no such table"),
        ("no-such-command", Verdict.ERROR, "--probe 'no-such-command' cannot be run"),
        ("unbalanced 'quote", Verdict.ERROR, "cannot be run"),
    ],
)
def test_what_does_not_answer_is_never_passed(site: Site, command: str | None, verdict: Verdict, told: str) -> None:
    record = site.run(probe=None if command is None else CommandProbe(command))
    assert record.verdict is verdict
    assert told in record.reasons[0]


@dataclass(frozen=True)
class Other(AwsDatabases):
    """Restores that come out otherwise."""

    change: tuple[tuple[str, Any], ...] = ()

    def database(self, name: str) -> Database | None:
        found = super().database(name)
        return replace(found, **dict(self.change)) if found and "-drill-" in name else found


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"version": "1.0"}, "engine"),
        ({"size": "db.t3.small"}, "size"),
        ({"storage_gb": 10}, "storage"),
        ({"encrypted": True}, "encryption"),
    ],
)
def test_another_database_fails(site: Site, clients: AwsClients, change: dict[str, Any], check: str) -> None:
    record = site.run(databases=Other(clients, tuple(change.items())))
    assert record.verdict is Verdict.FAILED
    assert record.reasons[0].startswith(f"{check}: ")


@dataclass(frozen=True)
class Described(AwsDatabases):
    """Restored databases that RDS describes otherwise, or sources that do."""

    change: tuple[tuple[str, Any], ...] = ()
    of_source: bool = False

    def database(self, name: str) -> Database | None:
        found = super().database(name)
        if found is None or ("-drill-" in name) is self.of_source:
            return found
        return replace(found, described={**found.described, **dict(self.change)})


def test_a_setting_that_a_restore_takes_and_that_is_not_there_fails(site: Site, clients: AwsClients) -> None:
    record = site.run(databases=Described(clients, (("IAMDatabaseAuthenticationEnabled", True),)))
    assert record.verdict is Verdict.FAILED
    assert "IAM login: on instead of none" in record.reasons[0]


def test_what_a_restore_does_not_take_is_told(site: Site, clients: AwsClients) -> None:
    change = (("PerformanceInsightsEnabled", True), ("ReadReplicaDBInstanceIdentifiers", ["shop-db-2"]))
    record = site.run(databases=Described(clients, change, of_source=True))
    assert record.verdict is Verdict.PASSED
    assert {
        f"a restore loses performance insights: `ial backup restore {DATABASE}` puts it back",
        "a restore loses read replicas (shop-db-2): somebody has to set it again",
    } <= {f"{finding.what}: {finding.advice}" for finding in record.findings}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": "backing-up"}, "drilled-database-not-available: database shop-db is backing-up"),
        ({"retention_days": 0}, "no-automated-backups: database shop-db keeps no automated backups"),
    ],
)
def test_obstacles_refuse(site: Site, clients: AwsClients, change: dict[str, Any], told: str) -> None:
    @dataclass(frozen=True)
    class Unready(AwsDatabases):
        def database(self, name: str) -> Database | None:
            found = super().database(name)
            return replace(found, **change) if found else None

    record = site.run(databases=Unready(clients))
    assert record.verdict is Verdict.REFUSED
    assert record.reasons[0].startswith(told)


def test_a_database_whose_size_has_no_price_is_not_drilled(site: Site, clients: AwsClients) -> None:
    @dataclass(frozen=True)
    class Strange(AwsDatabases):
        def database(self, name: str) -> Database | None:
            found = super().database(name)
            return replace(found, size="db.z9.huge") if found else None

    record = site.run(databases=Strange(clients))
    assert (record.verdict, record.cost_usd) == (Verdict.REFUSED, None)
    assert record.reasons[0].startswith(
        "cost-unknown: the price of hours of class db.z9.huge is unknown (rds.instance.postgres."
    )
    document = record.document()
    schema = json.loads((ROOT / "schemas" / "drill-record.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["cost"]["usd"] is None


def test_what_it_costs(site: Site) -> None:
    # Two hours of db.t3.micro at 0.018, 20 GB for two hours of 730 at 0.115.
    assert site.drill.cost().usd == Decimal("0.0424")


def test_a_missing_database_is_named(site: Site) -> None:
    with pytest.raises(InputError, match="database-missing: database gone does not exist"):
        site.run(resource="gone")


LINES = 23


def test_the_number_of_lines(site: Site) -> None:
    record = site.run()
    assert len(read_entries(site.cycle.runs.journal(record.run))) == LINES
    assert_fits(site.cycle.runs.journal(record.run), "a drill of a database")


@pytest.mark.parametrize("line", range(1, LINES + 1))
def test_killed_after_each_line_and_resumed(site: Site, monkeypatch: pytest.MonkeyPatch, line: int) -> None:
    die_after(monkeypatch, line, DatabaseDrill, site.run)
    [run] = site.cycle.runs.all()
    assert site.cycle.resume(site.drill, run).verdict is Verdict.PASSED
