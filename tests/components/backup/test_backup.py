from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from components.backup.backup import Backup, BackupArgs
from components.backup.drill_automation import first_overdue
from components.settings import Settings
from contract.names import ANY_RUN, drill_name
from tests.components.conftest import CREATED, TOPIC, WORKLOAD

TABLE = "aws:dynamodb/table:Table"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
BORROWED = "pulumi-python:dynamic/backup:"
OWN = "backup-configuration"


@pytest.fixture
def build(run: Any, settings: Callable[..., Settings]) -> Callable[..., Any]:
    def built(preview: bool = False, **values: Any) -> Any:
        return run(lambda: Backup("backup", BackupArgs(settings=settings(**values), topic_arn=TOPIC)), preview=preview)

    return built


def test_everything_of_stage_two_is_registered_once(build: Any) -> None:
    counts: dict[str, int] = {}
    for resource in build().resources:
        counts[resource.typ] = counts.get(resource.typ, 0) + 1
    assert counts == {
        "ial:backup:Backup": 1,
        "ial:backup:TableProtection": 2,
        "ial:backup:BucketProtection": 1,
        "ial:backup:BackupPlan": 1,
        "ial:backup:ConfigurationBucket": 1,
        "ial:backup:RunRecords": 1,
        "ial:backup:RunnerRoles": 1,
        "pulumi-python:dynamic/backup:ContinuousBackups": 1,
        "pulumi-python:dynamic/backup:DeletionProtection": 1,
        TABLE: 2,
        "aws:s3/bucket:Bucket": 1,
        "pulumi-python:dynamic/backup:BucketLifecycle": 1,
        "pulumi-python:dynamic/backup:BucketVersioning": 1,
        "aws:s3/bucketVersioning:BucketVersioning": 1,
        LIFECYCLE: 1,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 1,
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 1,
        "aws:s3/bucketPolicy:BucketPolicy": 1,
        "aws:backup/vault:Vault": 1,
        "aws:backup/plan:Plan": 1,
        "aws:backup/selection:Selection": 1,
        "aws:iam/role:Role": 4,
        "aws:iam/rolePolicy:RolePolicy": 4,
        "ial:backup:DrillAutomation": 1,
        "aws:cloudwatch/metricAlarm:MetricAlarm": 1,
        "aws:scheduler/schedule:Schedule": 1,
    }


def test_an_existing_table_is_switched_and_never_created(build: Any) -> None:
    recorder = build(recoveryWindowDays=21)
    switched = recorder.one("pulumi-python:dynamic/backup:ContinuousBackups")
    assert (switched["table"], switched["enabled"], switched["recoveryPeriodInDays"]) == ("orders", True, 21)
    assert recorder.one("pulumi-python:dynamic/backup:DeletionProtection")["enabled"] is True
    assert "orders" not in {table["name"] for table in recorder.of(TABLE).values()}


def test_a_created_table_is_born_protected(build: Any) -> None:
    table = build().of(TABLE)["backup-table-sessions-table"]
    assert table["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 14}
    assert table["deletionProtectionEnabled"] is True
    assert table["billingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize("existing", [True, False])
def test_recovery_that_is_switched_off_stays_visible_to_policies(
    build: Any, workload: dict[str, Any], existing: bool
) -> None:
    recorder = build(workload={**workload, "tables": [{"name": "orders", "existing": existing, "pitr": False}]})
    if existing:
        assert recorder.one("pulumi-python:dynamic/backup:ContinuousBackups")["enabled"] is False
    else:
        assert recorder.of(TABLE)["backup-table-orders-table"]["pointInTimeRecovery"] == {"enabled": False}


def test_bucket_rules_keep_the_recovery_window(build: Any) -> None:
    rules = build().of(LIFECYCLE)[f"{OWN}-lifecycle"]["rules"]
    assert rules[0]["noncurrentVersionExpiration"] == {"noncurrentDays": 14, "newerNoncurrentVersions": 3}
    assert rules[0]["expiration"] == {"expiredObjectDeleteMarker": True}
    assert rules[1]["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}


@pytest.mark.parametrize(
    ("bucket", "backup", "days"),
    [
        ({}, {"noncurrentDays": 60}, 60),
        ({"noncurrentDays": 7}, {"noncurrentDays": 60}, 7),
        ({"noncurrentDays": 7}, {}, 7),
    ],
)
def test_the_bucket_decides_before_the_stack(
    build: Any, workload: dict[str, Any], bucket: dict[str, Any], backup: dict[str, Any], days: int
) -> None:
    recorder = build(workload={**workload, "buckets": [{"name": "shop-assets", **bucket}]}, backup=backup)
    assert recorder.one(f"{BORROWED}BucketLifecycle")["noncurrentDays"] == days


def test_a_bucket_of_our_own_is_private_encrypted_and_tls_only(build: Any) -> None:
    recorder = build()
    block = recorder.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert [block[key] for key in switches] == [True] * 4
    policy = json.loads(recorder.one("aws:s3/bucketPolicy:BucketPolicy")["policy"])
    (statement,) = policy["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    name = "ial-dev-configuration-123456789012"
    assert statement["Resource"] == [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]


def _of_bucket(recorder: Any) -> set[str]:
    return {found.typ for found in recorder.resources if found.name.startswith("backup-bucket-shop-assets-")}


def test_a_bucket_of_others_gets_versions_and_nothing_that_replaces(build: Any, workload: dict[str, Any]) -> None:
    assert _of_bucket(build()) == {f"{BORROWED}BucketVersioning", f"{BORROWED}BucketLifecycle"}
    asked = {"also": ["encryption", "policy", "publicAccessBlock"], "multipartDays": 3}
    recorder = build(workload={**workload, "buckets": [{"name": "shop-assets", **asked}]})
    assert _of_bucket(recorder) == {
        f"{BORROWED}Bucket{role}" for role in ("Versioning", "Lifecycle", "Encryption", "Policy", "PublicAccess")
    }
    assert json.loads(recorder.one(f"{BORROWED}BucketPolicy")["statement"])["Sid"] == "ial-dev-only-over-tls"
    assert recorder.one(f"{BORROWED}BucketLifecycle")["multipartDays"] == 3


def test_versions_that_are_not_wanted_stay_visible_to_policies(build: Any, workload: dict[str, Any]) -> None:
    recorder = build(workload={**workload, "buckets": [{"name": "shop-assets", "versioning": False}]})
    assert recorder.one(f"{BORROWED}BucketVersioning")["enabled"] is False


def test_what_the_owner_keeps_is_left_alone(build: Any, workload: dict[str, Any]) -> None:
    leave = ["versioning", "lifecycle", "encryption", "publicAccessBlock", "policy"]
    recorder = build(workload={**workload, "buckets": [{"name": "shop-assets", "leave": leave}]})
    assert _of_bucket(recorder) == set()


def test_a_bucket_can_be_created(build: Any, workload: dict[str, Any]) -> None:
    recorder = build(workload={**workload, "buckets": [{"name": "new-bucket", "existing": False}]})
    created = {bucket["bucket"] for bucket in recorder.of("aws:s3/bucket:Bucket").values()}
    assert created == {"new-bucket", "ial-dev-configuration-123456789012"}


def test_the_plan_copies_weekly_and_forgets(build: Any) -> None:
    recorder = build()
    (rule,) = recorder.one("aws:backup/plan:Plan")["rules"]
    assert rule["schedule"] == "cron(0 5 ? * SUN *)"
    assert rule["lifecycle"] == {"deleteAfter": 14}
    assert recorder.one("aws:backup/selection:Selection")["resources"] == [
        "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
        "arn:aws:dynamodb:us-east-1:123456789012:table/sessions",
    ]


def test_the_database_is_copied_on_request(build: Any) -> None:
    recorder = build(backup={"includeDatabase": True})
    resources = recorder.one("aws:backup/selection:Selection")["resources"]
    assert resources[-1] == "arn:aws:rds:us-east-1:123456789012:db:shop-db"
    policy = recorder.of("aws:iam/rolePolicy:RolePolicy")["backup-plan-role-policy"]["policy"]
    assert "rds:CreateDBSnapshot" in policy


def test_restore_tests_are_off_until_asked_for(build: Any) -> None:
    plan, selection = (
        "aws:backup/restoreTestingPlan:RestoreTestingPlan",
        "aws:backup/restoreTestingSelection:RestoreTestingSelection",
    )
    assert build().of(plan) == {}
    recorder = build(backup={"restoreTesting": True})
    assert recorder.one(plan)["name"] == "ial_dev_restores"
    assert recorder.one(selection)["protectedResourceType"] == "DynamoDB"
    policy = recorder.of("aws:iam/rolePolicy:RolePolicy")["backup-plan-role-policy"]["policy"]
    assert "RestoreTestTables" in policy


def test_records_expire_and_are_recoverable(build: Any) -> None:
    records = build().of(TABLE)["backup-records-table"]
    assert records["ttl"] == {"attributeName": "expires_at", "enabled": True}
    assert records["pointInTimeRecovery"]["enabled"] is True
    assert records["deletionProtectionEnabled"] is True


def test_without_data_there_is_no_plan_but_records(build: Any) -> None:
    recorder = build(workload={})
    assert recorder.of("aws:backup/plan:Plan") == {}
    assert set(recorder.of(TABLE)) == {"backup-records-table"}
    policy = recorder.of("aws:iam/rolePolicy:RolePolicy")["backup-runners-drill-policy"]["policy"]
    assert "backup.amazonaws.com" not in policy


def test_no_mutating_action_has_a_wildcard_resource(build: Any) -> None:
    reading = ("Get", "List", "Describe")
    for name, inputs in (
        build(backup={"restoreTesting": True, "includeDatabase": True}).of("aws:iam/rolePolicy:RolePolicy").items()
    ):
        for statement in json.loads(inputs["policy"])["Statement"]:
            if statement["Resource"] != ["*"]:
                continue
            mutating = [action for action in statement["Action"] if not action.split(":")[1].startswith(reading)]
            # PutMetricData knows no resource: its namespace is pinned instead.
            assert mutating in ([], ["cloudwatch:PutMetricData"]), name
            if mutating:
                assert statement["Condition"] == {"StringEquals": {"cloudwatch:namespace": "ial/dev"}}


def test_runners_may_only_delete_drill_tables(build: Any) -> None:
    policy = json.loads(build().of("aws:iam/rolePolicy:RolePolicy")["backup-runners-drill-policy"]["policy"])
    for statement in policy["Statement"]:
        if "dynamodb:DeleteTable" in statement["Action"]:
            assert all(resource.endswith(drill_name("", ANY_RUN)) for resource in statement["Resource"])


def test_services_assume_roles_for_this_account_only(build: Any) -> None:
    role = build().of("aws:iam/role:Role")["backup-plan-role"]
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "backup.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_named_principals_replace_the_account_for_their_role_alone(build: Any) -> None:
    arn = "arn:aws:iam::123456789012:role/ci"
    roles = build(trusted={"drill": [arn]}).of("aws:iam/role:Role")
    trusted = {name: json.loads(role["assumeRolePolicy"])["Statement"][0]["Principal"] for name, role in roles.items()}
    assert trusted["backup-runners-drill"] == {"AWS": [arn]}
    assert trusted["backup-runners-reader"] == {"AWS": ["arn:aws:iam::123456789012:root"]}


def test_what_holds_data_stays_with_all_that_keeps_it_safe(build: Any) -> None:
    work = {
        **WORKLOAD,
        "buckets": [{"name": "shop-new", "existing": False}],
    }
    recorder = build(workload=work)
    holders = {"backup-records-table", "backup-table-sessions-table", "backup-plan-vault"}
    needed = {"backup-plan-role", "backup-plan-role-policy"}
    buckets = ("backup-configuration", "backup-bucket-shop-new")
    settings = ("bucket", "versioning", "lifecycle", "encryption", "private", "tls-only")
    expected = holders | needed | {f"{bucket}-{role}" for bucket in buckets for role in settings}
    assert recorder.retained == expected


def test_what_an_earlier_down_left_is_imported_by_its_name(build: Any) -> None:
    names = ["ial-dev-records", "ial-dev-vault", "ial-dev-backup", "ial-dev-configuration-123456789012"]
    imported = build(adopt=names).imported
    assert sorted(imported.values()) == sorted(names)
    assert imported["backup-plan-role"] == "ial-dev-backup"
    assert build().imported == {}


def test_a_drill_that_failed_stays_red_until_one_passes(build: Any) -> None:
    alarm = build().one("aws:cloudwatch/metricAlarm:MetricAlarm")
    assert (alarm["namespace"], alarm["metricName"], alarm["treatMissingData"]) == (
        "ial/dev",
        "RestoreDrillFailed",
        "ignore",
    )
    assert alarm["alarmActions"] == alarm["okActions"] == [TOPIC]
    assert "docs/RECOVERY_PROCEDURES.md" in alarm["alarmDescription"]


def test_a_rate_of_one_day_is_in_aws_s_words(build: Any) -> None:
    recorder = build(backup={"drills": {"schedule": "rate(1 day)", "overdueDays": 1}})
    assert recorder.one("aws:scheduler/schedule:Schedule")["scheduleExpression"] == "rate(1 day)"


def test_a_drill_that_is_missed_is_said_by_a_schedule(build: Any) -> None:
    recorder = build(backup={"drills": {"schedule": "cron(0 6 ? * MON *)", "overdueDays": 10}})
    schedule = recorder.one("aws:scheduler/schedule:Schedule")
    assert schedule["scheduleExpression"] == "rate(10 days)"
    began, due = (datetime.fromisoformat(text) for text in (CREATED, schedule["startDate"]))
    assert (due - began) % timedelta(days=10) == timedelta(0)
    assert due > datetime.now(UTC)
    assert schedule["target"]["arn"] == "arn:aws:scheduler:::aws-sdk:cloudwatch:putMetricData"
    assert json.loads(schedule["target"]["input"]) == {
        "Namespace": "ial/dev",
        "MetricData": [{"MetricName": "RestoreDrillFailed", "Value": 1}],
    }


@pytest.mark.parametrize(
    ("made", "now", "due"),
    [
        ("2026-11-28T12:00:00Z", "2026-11-28T12:00:05Z", "2026-12-08T12:00:00Z"),
        # The clock of whoever applies the stack may be behind AWS's.
        ("2026-11-28T12:00:00Z", "2026-11-28T11:58:00Z", "2026-12-08T12:00:00Z"),
        ("2026-11-28T12:00:00Z", "2026-12-08T11:59:59Z", "2026-12-08T12:00:00Z"),
        ("2026-11-28T12:00:00Z", "2026-12-08T12:00:00Z", "2026-12-18T12:00:00Z"),
        ("2026-11-28T12:00:00Z", "2028-11-28T12:00:01Z", "2028-12-07T12:00:00Z"),
    ],
)
def test_a_drill_is_overdue_days_after_its_watch_was_made(made: str, now: str, due: str) -> None:
    assert first_overdue(made, 10, datetime.fromisoformat(now)) == due


def test_drills_that_are_switched_off_are_not_watched(build: Any) -> None:
    recorder = build(backup={"drills": {"enabled": False}})
    assert recorder.of("aws:scheduler/schedule:Schedule") == {}
    policy = recorder.of("aws:iam/rolePolicy:RolePolicy")["backup-runners-drill-policy"]["policy"]
    assert "scheduler" not in policy
