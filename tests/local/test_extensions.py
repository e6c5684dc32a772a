from __future__ import annotations

from datetime import UTC, datetime, timedelta

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
