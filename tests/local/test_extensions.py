from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.endpoint import Endpoint

pytestmark = pytest.mark.cloud


def test_what_is_not_there_is_the_services_own_error(endpoint: Endpoint) -> None:
    logs, xray, backup = (endpoint.client(name) for name in ("logs", "xray", "backup"))
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.delete_query_definition(queryDefinitionId="none")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.put_query_definition(queryDefinitionId="none", name="n", queryString="q")
    with pytest.raises(xray.exceptions.InvalidRequestException, match="no such group"):
        xray.delete_group(GroupName="none")
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.get_backup_selection(BackupPlanId="none", SelectionId="none")
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.delete_restore_testing_plan(RestoreTestingPlanName="none")
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.list_restore_testing_selections(RestoreTestingPlanName="none")


def test_a_restore_testing_plan_with_selections_is_not_deleted(endpoint: Endpoint) -> None:
    backup = endpoint.client("backup")
    choice = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}
    plan = {"RestoreTestingPlanName": "p", "RecoveryPointSelection": choice, "ScheduleExpression": "rate(1 day)"}
    selection = {
        "RestoreTestingSelectionName": "s", "IamRoleArn": "arn:aws:iam::123456789012:role/x",
        "ProtectedResourceType": "DynamoDB", "ProtectedResourceArns": ["*"],
    }  # fmt: skip
    backup.create_restore_testing_plan(RestoreTestingPlan=plan)
    with pytest.raises(backup.exceptions.AlreadyExistsException):
        backup.create_restore_testing_plan(RestoreTestingPlan=plan)
    backup.create_restore_testing_selection(RestoreTestingPlanName="p", RestoreTestingSelection=selection)
    with pytest.raises(backup.exceptions.InvalidRequestException, match="still has selections"):
        backup.delete_restore_testing_plan(RestoreTestingPlanName="p")
    backup.delete_restore_testing_selection(RestoreTestingPlanName="p", RestoreTestingSelectionName="s")
    backup.delete_restore_testing_plan(RestoreTestingPlanName="p")
    assert backup.list_restore_testing_plans()["RestoreTestingPlans"] == []


def test_other_requests_reach_the_cloud_behind(endpoint: Endpoint) -> None:
    assert endpoint.client("logs").describe_log_groups(logGroupNamePrefix="/ecs/shop-web")["logGroups"]
    assert endpoint.client("backup").list_backup_vaults()["BackupVaultList"] == []


def test_mute_rules_are_listed_by_alarm_and_page(endpoint: Endpoint) -> None:
    watch = endpoint.client("cloudwatch")
    for name in ("a", "b"):
        watch.put_composite_alarm(AlarmName=f"muted-{name}", AlarmRule="FALSE")
    rules = {"first": ["muted-a"], "second": ["muted-a", "muted-b"], "third": ["muted-a"]}
    once = {"Schedule": {"Expression": "at(2026-11-24T10:00)", "Duration": "P1DT2H"}}
    for name, alarms in rules.items():
        watch.put_alarm_mute_rule(
            Name=name, Rule=once, MuteTargets={"AlarmNames": alarms}, Tags=[{"Key": "k", "Value": name}]
        )
    page = watch.list_alarm_mute_rules(AlarmName="muted-a", MaxRecords=2)
    rest = watch.list_alarm_mute_rules(AlarmName="muted-a", MaxRecords=2, NextToken=page["NextToken"])
    found = [*page["AlarmMuteRuleSummaries"], *rest["AlarmMuteRuleSummaries"]]
    assert [held["AlarmMuteRuleArn"].rsplit(":", 1)[1] for held in found] == ["first", "second", "third"]
    assert {(held["MuteType"], held["Status"]) for held in found} == {("ONE_TIME", "SCHEDULED")}
    assert "NextToken" not in rest
    assert len(watch.list_alarm_mute_rules(AlarmName="muted-b")["AlarmMuteRuleSummaries"]) == 1
    assert watch.list_alarm_mute_rules(Statuses=["ACTIVE"])["AlarmMuteRuleSummaries"] == []
    tags = watch.list_tags_for_resource(ResourceARN=found[0]["AlarmMuteRuleArn"])["Tags"]
    assert tags == [{"Key": "k", "Value": "first"}]
    for name in rules:
        watch.delete_alarm_mute_rule(AlarmMuteRuleName=name)
    watch.delete_alarms(AlarmNames=["muted-a", "muted-b"])
    with pytest.raises(watch.exceptions.ResourceNotFoundException, match="no such mute rule: first"):
        watch.get_alarm_mute_rule(AlarmMuteRuleName="first")


def test_a_mute_rule_that_has_ended_is_expired(endpoint: Endpoint) -> None:
    watch = endpoint.client("cloudwatch")
    rule = {"Schedule": {"Expression": "cron(0 10 * * TUE)", "Duration": "PT1H"}}
    watch.put_alarm_mute_rule(Name="ended", Rule=rule, ExpireDate=datetime(2020, 1, 1, tzinfo=UTC))
    found = watch.get_alarm_mute_rule(AlarmMuteRuleName="ended")
    watch.delete_alarm_mute_rule(AlarmMuteRuleName="ended")
    assert (found["Status"], found["MuteType"], found["Rule"]) == ("EXPIRED", "RECURRING", rule)


@pytest.mark.parametrize(
    ("expression", "duration", "timezone", "said"),
    [
        ("rate(14 days)", "PT1H", "UTC", "neither cron"),
        ("cron(0 10 ? * TUE *)", "PT1H", "UTC", "neither cron"),
        ("cron(0 10 ? * TUE)", "PT1H", "UTC", "'?' is no part of a cron"),
        ("cron(0/5 10 * * *)", "PT1H", "UTC", "'0/5' is no part of a cron"),
        ("cron(60 10 * * *)", "PT1H", "UTC", "'60' is not between"),
        ("cron(0 10 * * MONDAY)", "PT1H", "UTC", "'MONDAY' is not between"),
        ("at(2026-11-24)", "PT1H", "UTC", "does not match"),
        ("cron(0 10 * * *)", "PT30S", "UTC", "duration PT30S is not between"),
        ("cron(0 10 * * *)", "P15DT1M", "UTC", "duration P15DT1M is not between"),
        ("cron(0 10 * * *)", "PT1H", "Europe/Nowhere", "Europe/Nowhere"),
    ],
)
def test_a_mute_rule_that_aws_would_refuse(
    endpoint: Endpoint, expression: str, duration: str, timezone: str, said: str
) -> None:
    watch = endpoint.client("cloudwatch")
    schedule = {"Expression": expression, "Duration": duration, "Timezone": timezone}
    with pytest.raises(watch.exceptions.ClientError, match=re.escape(said)):
        watch.put_alarm_mute_rule(Name="wrong", Rule={"Schedule": schedule})
    assert watch.list_alarm_mute_rules()["AlarmMuteRuleSummaries"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"MuteTargets": {"AlarmNames": ["nobody"]}}, "no such alarm: nobody"),
        ({"MuteTargets": {"AlarmNames": [f"a{number}" for number in range(101)]}}, "101 alarms are more than 100"),
        (
            {
                "Rule": {"Schedule": {"Expression": "at(2026-11-24T10:00)", "Duration": "PT1H"}},
                "StartDate": datetime(2026, 1, 1, tzinfo=UTC),
            },
            "neither StartDate nor ExpireDate",
        ),
    ],
)
def test_a_mute_rule_with_wrong_targets_or_dates(endpoint: Endpoint, change: dict[str, Any], said: str) -> None:
    watch = endpoint.client("cloudwatch")
    given = {"Rule": {"Schedule": {"Expression": "cron(0 10 * * *)", "Duration": "PT1H"}}} | change
    with pytest.raises(watch.exceptions.ClientError, match=said):
        watch.put_alarm_mute_rule(Name="wrong", **given)


def test_a_composite_alarm_keeps_its_suppressor(endpoint: Endpoint) -> None:
    watch = endpoint.client("cloudwatch")
    watch.put_composite_alarm(
        AlarmName="slow", AlarmRule="FALSE", ActionsSuppressor="fast", ActionsSuppressorWaitPeriod=60,
        ActionsSuppressorExtensionPeriod=300,
    )  # fmt: skip
    found = watch.describe_alarms(AlarmNames=["slow"])["CompositeAlarms"][0]
    watch.delete_alarms(AlarmNames=["slow"])
    assert (found["ActionsSuppressor"], found["ActionsSuppressorWaitPeriod"]) == ("fast", 60)
    assert found["ActionsSuppressorExtensionPeriod"] == 300


def test_percentiles_come_as_extended_statistics(endpoint: Endpoint) -> None:
    watch = endpoint.client("cloudwatch")
    begin = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=5)
    data = [{"MetricName": "Latency", "Timestamp": begin, "Value": value} for value in range(1, 101)]
    watch.put_metric_data(Namespace="test/percentiles", MetricData=data)
    asked = {
        "Namespace": "test/percentiles", "MetricName": "Latency", "StartTime": begin, "Period": 60,
        "EndTime": begin + timedelta(minutes=1),
    }  # fmt: skip
    [both] = watch.get_metric_statistics(**asked, Statistics=["Maximum"], ExtendedStatistics=["p50", "p99"])[
        "Datapoints"
    ]
    assert (both["Maximum"], both["ExtendedStatistics"]) == (100, {"p50": 50, "p99": 99})
    [plain] = watch.get_metric_statistics(**asked, Statistics=["Sum"])["Datapoints"]
    assert (plain["Sum"], "ExtendedStatistics" in plain) == (5050, False)


def _rule(id_: str, **changed: Any) -> dict[str, Any]:
    expiry = {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3}
    return {"ID": id_, "Status": "Enabled", "Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": expiry, **changed}


def _without_filter(id_: str) -> dict[str, Any]:
    return {"ID": id_, "Status": "Enabled", "Prefix": "tmp/", "Expiration": {"Days": 3}}


def test_a_lifecycle_comes_back_as_it_was_put(endpoint: Endpoint) -> None:
    s3 = endpoint.client("s3")
    s3.create_bucket(Bucket="lifecycles")
    larger = {"ID": "b", "Status": "Enabled", "Filter": {"ObjectSizeGreaterThan": 7}, "Expiration": {"Days": 3}}
    rules, size = [_rule("a"), larger], "varies_by_storage_class"
    try:
        s3.put_bucket_lifecycle_configuration(
            Bucket="lifecycles", LifecycleConfiguration={"Rules": rules}, TransitionDefaultMinimumObjectSize=size
        )
        found = s3.get_bucket_lifecycle_configuration(Bucket="lifecycles")
        assert (found["Rules"], found["TransitionDefaultMinimumObjectSize"]) == (rules, size)
        s3.put_bucket_lifecycle_configuration(Bucket="lifecycles", LifecycleConfiguration={"Rules": rules})
        found = s3.get_bucket_lifecycle_configuration(Bucket="lifecycles")
        assert found["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
        s3.delete_bucket_lifecycle(Bucket="lifecycles")
        with pytest.raises(s3.exceptions.ClientError, match="NoSuchLifecycleConfiguration"):
            s3.get_bucket_lifecycle_configuration(Bucket="lifecycles")
    finally:
        s3.delete_bucket(Bucket="lifecycles")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([], "MalformedXML"),
        ([_rule("a"), _rule("a")], "Rule ID must be unique"),
        ([_rule("a"), _without_filter("b")], "Base level prefix cannot be used in Lifecycle V2"),
    ],
)
def test_a_lifecycle_that_s3_refuses_is_refused(endpoint: Endpoint, rules: list[Any], said: str) -> None:
    s3 = endpoint.client("s3")
    s3.create_bucket(Bucket="refused")
    try:
        with pytest.raises(s3.exceptions.ClientError, match=said):
            s3.put_bucket_lifecycle_configuration(Bucket="refused", LifecycleConfiguration={"Rules": rules})
        one = {"Rules": [_without_filter("b")]}
        s3.put_bucket_lifecycle_configuration(Bucket="refused", LifecycleConfiguration=one)
    finally:
        s3.delete_bucket(Bucket="refused")
