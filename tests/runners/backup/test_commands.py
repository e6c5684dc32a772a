"""`ial backup` as its users run it, on a stack that is up: what is printed, what is returned, what is left."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from contract.names import runs_folder
from runners.runs.run_folder import month_of
from tests.clouds import STACK
from tests.runners.backup.conftest import Deployed
from tests.runners.conftest import ROOT, Ran
from tests.runners.journal_lines import assert_fits
from tests.runners.test_schemas import valid

pytestmark = pytest.mark.cloud
BUCKET = "shop-assets-123456789012"
CONFIGURATION = "ial-dev-configuration-123456789012"


def tables(deployed: Deployed) -> set[str]:
    return set(deployed.client("dynamodb").list_tables()["TableNames"])


def now() -> str:
    """A moment that can be restored: the second that has just passed."""
    at = int(time.time())
    time.sleep(at + 1.1 - time.time())
    return datetime.fromtimestamp(at, UTC).isoformat()


def verdicts(ran: Ran) -> dict[str, str]:
    return {record["resource"]: record["verdict"] for record in ran.document["records"]}


def signers(deployed: Deployed, run: str) -> set[str]:
    """Who has signed the calls of a run, by its log."""
    file = deployed.folder / ".ial" / "dev" / "runs" / f"{run}.log.jsonl"
    lines = [json.loads(text) for text in file.read_text().splitlines()]
    first = next(number for number, line in enumerate(lines) if line["event"] == "step")
    return {line["identity"] for line in lines[first:] if line["event"] == "asked"}


def archived(deployed: Deployed, run: str) -> list[dict[str, Any]]:
    """What the archive has of a run, each line valid."""
    key = f"{runs_folder(f'{month_of(run)}-01')}{STACK}.jsonl"
    body = deployed.client("s3").get_object(Bucket=CONFIGURATION, Key=key)["Body"].read()
    schema = json.loads((ROOT / "schemas" / "run-line.schema.json").read_text())
    found = [json.loads(line) for line in body.splitlines()]
    for line in found:
        jsonschema.validate(line, schema)
    return [line["document"] for line in found if line["run"] == run]


def test_the_full_recovery_test(deployed: Deployed) -> None:
    before = tables(deployed)
    ran = deployed.run("drill", "--all", "--probe", "true", "--as-runner", "--json")
    assert ran.code == 0, ran.err
    valid(ran, "backup-drill")
    assert verdicts(ran) == dict.fromkeys(["orders", "sessions", BUCKET, "shop-db", "configuration"], "passed")
    assert ran.document["full"] is True
    assert tables(deployed) == before
    role = "arn:aws:sts::123456789012:assumed-role/ial-dev-runner-drill/ial-drill"
    assert {name for record in ran.document["records"] for name in signers(deployed, record["run"])} == {role}
    for record in ran.document["records"]:
        assert archived(deployed, record["run"]) == [record]
        drilled = "the configuration" if record["kind"] == "configuration" else f"a {record['kind']}"
        assert_fits(deployed.folder / ".ial" / "dev" / "runs" / f"{record['run']}.jsonl", f"a drill of {drilled}")
    status = deployed.run("status", "--json")
    assert status.code == 0, status.err
    valid(status, "backup-status")
    assert {held["state"] for held in status.document["resources"]} == {"protected"}
    assert not any(held["drillOverdue"] for held in status.document["resources"])
    assert all(held["lastDrill"]["rtoSeconds"] is not None for held in status.document["resources"])
    schedule = deployed.client("scheduler").get_schedule(Name="ial-dev-drill-overdue")
    assert schedule["StartDate"] > datetime.now(UTC)
    people = deployed.run("status")
    assert "protected" in people.out
    assert "passed, today" in people.out


def test_a_full_test_without_the_database_has_not_passed(deployed: Deployed) -> None:
    def overdue() -> Any:
        return deployed.client("scheduler").get_schedule(Name="ial-dev-drill-overdue").get("StartDate")

    before = overdue()
    ran = deployed.run("drill", "--all", "--json")
    assert ran.code == 5, ran.err
    valid(ran, "backup-drill")
    assert set(verdicts(ran).values()) == {"passed"}
    assert ran.document["leftOut"] == [
        {"resource": "shop-db", "reason": "nothing can ask it whether it answers; give --probe COMMAND"}
    ]
    assert (ran.document["passed"], overdue()) == (False, before)


@pytest.mark.parametrize(
    ("knob", "told"),
    [("change_restored_item", "order-"), ("restore_current_data", "what was restored is what the table holds now")],
)
def test_a_bad_restore_fails_and_cleans_up(deployed: Deployed, knob: str, told: str) -> None:
    before = tables(deployed)
    deployed.knobs(**{knob: True})
    if knob == "restore_current_data":
        # Something has to change after the time for current data to be wrong: the drill itself takes that long.
        deployed.knobs(latest_restorable_lag_seconds=2)
        client = deployed.client("dynamodb")
        writer = threading.Timer(
            2.0, lambda: client.put_item(TableName="orders", Item={"id": {"S": "order-0001"}, "state": {"S": "new"}})
        )
        writer.start()
    ran = deployed.run("drill", "orders", "--json")
    assert ran.code == 1, ran.err
    valid(ran, "backup-drill")
    [record] = ran.document["records"]
    assert record["verdict"] == "failed"
    assert any(reason.startswith("content: ") and told in reason for reason in record["reasons"])
    assert tables(deployed) == before


def test_a_spent_budget_refuses(deployed: Deployed) -> None:
    month = f"drills#{datetime.now(UTC):%Y-%m}"
    document = {"run": "x", "kind": "table", "resource": "orders", "usd": "0.50", "verdict": "passed"}
    item = {"run": {"S": month}, "step": {"S": "x"}, "document": {"S": json.dumps(document)}}
    deployed.client("dynamodb").put_item(TableName="ial-dev-records", Item=item)
    ran = deployed.run("drill", "orders", "--json")
    assert ran.code == 3
    assert "0.50 of this month's 0.50 USD are taken" in ran.document["records"][0]["reasons"][0]
    people = deployed.run("drill", "orders")
    assert "REFUSED" in people.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("drill",), 2, "say what to drill: names, or --all, or --resume RUN"),
        (("drill", "orders", "--all"), 2, "exactly one of them"),
        (("drill", "--plan", "--resume", "20200101-000000-abcd"), 2, "leave one of --plan and --resume out"),
        (("drill", "nope"), 2, "nope is not part of stack dev; accepted: orders, sessions"),
        (("drill", "--resume", "nope"), 2, "'nope' is not a run"),
        (("drill", "--resume", "20200101-000000-abcd"), 2, "No such file"),
        (("run", BUCKET), 2, "buckets keep versions instead"),
        (("run", "nope"), 2, "nope is not copied to the vault; accepted: orders, sessions"),
        (("restore",), 2, "say what to restore and to when"),
        (("restore", "orders", "--at", "yesterday"), 2, "accepted: a time with its zone"),
        (("restore", "orders", "--at", "2026-11-25T08:30:00"), 2, "has no time zone"),
        (("restore", "orders", "--at", "2020-01-01T00:00:00Z"), 2, "cannot be restored; accepted: "),
        (("restore", "nope", "--at", "2026-11-25T08:30:00Z"), 2, "nope is not part of stack dev"),
        (("reap", "--older-than", "-1"), 2, "--older-than"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    deployed: Deployed, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ran = deployed.run(*arguments)
    assert ran.code == code
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert ran.out == ""


def test_copies(deployed: Deployed) -> None:
    ran = deployed.run("run", "--json")
    assert ran.code == 0, ran.err
    valid(ran, "backup-run")
    assert [job["resource"] for job in ran.document["jobs"]] == ["orders", "sessions"]
    found = deployed.run("verify", "orders", "--json")
    assert found.code == 0, found.out
    valid(found, "backup-verify")
    assert "COMPLETED  orders" in deployed.run("run", "orders").out
    assert "readable" in deployed.run("verify").out


def test_the_configuration(deployed: Deployed) -> None:
    copied = deployed.run("config", "--json")
    assert copied.code == 0, copied.err
    valid(copied, "backup-config")
    names = {file["name"] for file in copied.document["files"]}
    assert {"state.json", "outputs.json", "alarms.json", "program/Pulumi.dev.yaml", "environments/dev.yaml"} <= names
    found = deployed.run("config", "--verify", "--json")
    assert found.code == 0, found.out
    valid(found, "backup-config-verify")
    assert "10 of 10 checks passed" in deployed.run("config", "--verify").out
    s3, watch = deployed.client("s3"), deployed.client("cloudwatch")
    [name] = [held["DashboardName"] for held in watch.list_dashboards()["DashboardEntries"]]
    body = watch.get_dashboard(DashboardName=name)["DashboardBody"]
    watch.delete_dashboards(DashboardNames=[name])
    try:
        gap = deployed.run("config", "--json")
    finally:
        watch.put_dashboard(DashboardName=name, DashboardBody=body)
    assert gap.code == 1
    valid(gap, "backup-config")
    assert [held["name"] for held in gap.document["gaps"]] == [f"dashboards/{name}.json"]
    assert "GetDashboard" in gap.document["gaps"][0]["reason"]
    assert len(gap.document["files"]) == len(copied.document["files"]) - 1
    copied = deployed.run("config", "--json")
    s3.put_object(Bucket=CONFIGURATION, Key=f"{copied.document['prefix']}/state.json", Body=b"{}")
    damaged = deployed.run("config", "--verify")
    assert damaged.code == 1
    assert "the digest is another one" in damaged.out


def test_a_drill_shows_its_plan_and_does_nothing(deployed: Deployed) -> None:
    before = tables(deployed)
    ran = deployed.run("drill", "orders", "configuration", "--plan", "--json")
    assert ran.code == 0, ran.err
    valid(ran, "backup-drill-plan")
    orders, configuration = ran.document["drills"]
    assert (orders["resource"], orders["obstacles"]) == ("orders", [])
    assert orders["reads"]["source"]["unitsPerSecond"] == 600
    assert orders["reads"]["copy"]["unitsPerSecond"] is None
    assert configuration["reads"] == {}
    assert "reads orders twice, " in deployed.run("drill", "orders", "--plan").out
    assert tables(deployed) == before
    switch = deployed.client("dynamodb").update_continuous_backups
    switch(TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False})
    try:
        refused = deployed.run("drill", "orders", "--plan")
        assert refused.code == 3
        assert "point-in-time recovery of table orders is off" in refused.out
    finally:
        spec = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 14}
        switch(TableName="orders", PointInTimeRecoverySpecification=spec)


def test_a_table_is_restored_after_a_plan_and_a_yes(deployed: Deployed) -> None:
    at, before = now(), tables(deployed)
    planned = deployed.run("restore", "orders", "--at", at, "--json")
    assert planned.code == 3, planned.err
    valid(planned, "backup-restore")
    assert tables(deployed) == before
    other = deployed.run("restore", "orders", "--at", at, "--confirm", "prod")
    assert (other.code, tables(deployed)) == (2, before)
    done = deployed.run("restore", "orders", "--at", at, "--to", "orders-back", "--confirm", "dev", "--json")
    assert done.code == 0, done.err
    valid(done, "backup-restore")
    assert tables(deployed) == before | {"orders-back"}
    again = deployed.run("restore", "orders", "--at", at, "--to", "orders-back", "--confirm", "dev")
    assert again.code == 2
    assert "a table of that name exists" in again.err
    client = deployed.client("dynamodb")
    client.update_table(TableName="orders-back", DeletionProtectionEnabled=False)
    client.delete_table(TableName="orders-back")


def objects(deployed: Deployed) -> dict[str, bytes]:
    s3 = deployed.client("s3")
    listed = s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {held["Key"]: s3.get_object(Bucket=BUCKET, Key=held["Key"])["Body"].read() for held in listed}


def test_a_bucket_is_rolled_back_in_place_without_losing_anything(deployed: Deployed) -> None:
    s3, wanted, at = deployed.client("s3"), objects(deployed), now()
    s3.put_object(Bucket=BUCKET, Key="images/00.svg", Body=b"overwritten")
    s3.delete_object(Bucket=BUCKET, Key="images/01.svg")
    s3.put_object(Bucket=BUCKET, Key="images/new.svg", Body=b"new")
    planned = deployed.run("restore", BUCKET, "--at", at, "--in-place")
    assert planned.code == 3
    for told in ("hide images/new.svg", "copy images/01.svg", "copy images/00.svg"):
        assert told in planned.out
    done = deployed.run("restore", BUCKET, "--at", at, "--in-place", "--confirm", "dev", "--json")
    assert done.code == 0, done.err
    assert objects(deployed) == wanted
    versions = s3.list_object_versions(Bucket=BUCKET, Prefix="images/00.svg")["Versions"]
    assert len(versions) >= 3
    assert "nothing: the bucket is as it was then" in deployed.run("restore", BUCKET, "--at", now(), "--in-place").out


def test_a_bucket_is_restored_aside(deployed: Deployed) -> None:
    at, wanted = now(), objects(deployed)
    done = deployed.run("restore", BUCKET, "--at", at, "--into", "restored-x/", "--confirm", "dev", "--json")
    assert done.code == 0, done.err
    held = objects(deployed)
    aside = {key.removeprefix("restored-x/"): body for key, body in held.items() if key.startswith("restored-x/")}
    assert aside == wanted
    valid(done, "backup-restore")
    taken = deployed.run("restore", BUCKET, "--at", at, "--into", "images/", "--confirm", "dev")
    assert taken.code == 2
    assert "--into images/: bucket" in taken.err
    assert objects(deployed) == held
    both = deployed.run("restore", BUCKET, "--at", at, "--into", "x/", "--in-place")
    assert (both.code, both.err.count("\n")) == (2, 1)
    planned = deployed.run("restore", BUCKET, "--at", at)
    assert "/ial-restored-" in planned.out


def test_a_database_is_restored(deployed: Deployed) -> None:
    done = deployed.run("restore", "shop-db", "--at", now(), "--to", "shop-db-back", "--confirm", "dev", "--json")
    assert done.code == 0, done.err
    valid(done, "backup-restore")
    rds = deployed.client("rds")
    rds.modify_db_instance(DBInstanceIdentifier="shop-db-back", DeletionProtection=False, ApplyImmediately=True)
    rds.delete_db_instance(DBInstanceIdentifier="shop-db-back", SkipFinalSnapshot=True)


def unprotect_table(deployed: Deployed) -> Any:
    client = deployed.client("dynamodb")
    client.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    )
    return lambda: client.update_continuous_backups(
        TableName="orders",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 14},
    )


def shorten_window(deployed: Deployed) -> Any:
    client = deployed.client("dynamodb")

    def switch(days: int) -> None:
        client.update_continuous_backups(
            TableName="orders",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": days},
        )

    switch(7)
    return lambda: switch(14)


def allow_deletion(deployed: Deployed) -> Any:
    client = deployed.client("dynamodb")
    client.update_table(TableName="orders", DeletionProtectionEnabled=False)
    return lambda: client.update_table(TableName="orders", DeletionProtectionEnabled=True)


def suspend_versions(deployed: Deployed) -> Any:
    s3 = deployed.client("s3")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    return lambda: s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})


def stop_database_backups(deployed: Deployed) -> Any:
    rds = deployed.client("rds")

    def retain(days: int) -> None:
        rds.modify_db_instance(DBInstanceIdentifier="shop-db", BackupRetentionPeriod=days, ApplyImmediately=True)

    retain(0)
    return lambda: retain(7)


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (unprotect_table, "orders: point-in-time-recovery is off, expected on"),
        (shorten_window, "orders: recovery-window is 7 days, expected 14 days or more"),
        (allow_deletion, "orders: deletion-protection is off, expected on"),
        (suspend_versions, f"{BUCKET}: versioning is off, expected on"),
        (stop_database_backups, "shop-db: automated-backups is off, expected on"),
    ],
)
def test_what_is_not_protected_is_told(deployed: Deployed, break_it: Any, told: str) -> None:
    assert deployed.run("status").code == 0
    mend = break_it(deployed)
    try:
        ran = deployed.run("status")
    finally:
        mend()
    assert ran.code == 1
    assert told in ran.out
    assert deployed.run("status").code == 0


def test_leftovers_are_listed_and_removed_only_when_asked(deployed: Deployed) -> None:
    run = "20200101-000000-abcd"
    client, s3 = deployed.client("dynamodb"), deployed.client("s3")
    client.restore_table_to_point_in_time(
        SourceTableName="orders", TargetTableName=f"orders-drill-{run}", UseLatestRestorableTime=True
    )
    client.create_table(
        TableName="orders-drill-20200101-000000-beef",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    s3.put_object(Bucket=CONFIGURATION, Key=f"drills/{run}/{BUCKET}/a", Body=b"a")
    s3.put_object(Bucket=BUCKET, Key=f"ial-drill-{run}", Body=b"a")
    s3.put_object(Bucket=BUCKET, Key=f"ial-drill-{run}/overwritten", Body=b"a")
    somebodys = {"ial-drill-book.pdf", f"ial-drill-{run}/book.pdf"}
    for key in somebodys:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"a")
    time.sleep(0.2)
    listed = deployed.run("reap", "--json")
    assert listed.code == 0
    valid(listed, "backup-reap")
    assert {(held["kind"], held["removed"]) for held in listed.document["leftovers"]} == {
        *(("table", None), ("copies", None), ("sentinel", None)),
    }
    assert "nothing was removed; give --yes" in deployed.run("reap").err
    assert f"orders-drill-{run}" in tables(deployed)
    removed = deployed.run("reap", "--yes", "--json")
    assert removed.code == 0
    assert all(held["removed"] for held in removed.document["leftovers"])
    assert f"orders-drill-{run}" not in tables(deployed)
    # Somebody's table, and somebody's object: named alike, and not a drill's.
    assert "orders-drill-20200101-000000-beef" in tables(deployed)
    assert {key for key in objects(deployed) if key.startswith("ial-drill-")} == somebodys
    assert deployed.run("reap", "--json").document["leftovers"] == []
    client.delete_table(TableName="orders-drill-20200101-000000-beef")


def test_young_leftovers_are_left_alone(deployed: Deployed) -> None:
    run = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-abcd"
    s3 = deployed.client("s3")
    s3.put_object(Bucket=CONFIGURATION, Key=f"drills/{run}/x", Body=b"a")
    assert deployed.run("reap", "--json").document["leftovers"] == []
    assert len(deployed.run("reap", "--older-than", "0", "--yes", "--json").document["leftovers"]) == 1
