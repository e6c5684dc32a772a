"""Every type that the local cloud holds, through boto3: created, created again, changed, deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from local.catalogue import KINDS
from local.endpoint import ACCOUNT, Endpoint
from local.resources.kind import Properties

pytestmark = pytest.mark.cloud

Look = Callable[[Endpoint], list[Any]]
_TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"backup.amazonaws.com"},'
    '"Action":"sts:AssumeRole"}]}'
)
_POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/x"
_BUCKET = "kinds-bucket"
_COMMAND = (
    '{"schemaVersion": "2.2", "mainSteps": [{"action": "aws:runShellScript", "name": "a",'
    ' "inputs": {"runCommand": ["true"]}}]}'
)
_A_DOCUMENT = {"name": "kinds", "content": _COMMAND, "documentType": "Command", "documentFormat": "JSON"}


def _calls(service: str, operation: str, *path: str, **arguments: Any) -> Look:
    """One request; a refusal because the thing is gone is an empty list, and so is an empty answer."""

    def look(endpoint: Endpoint) -> list[Any]:
        client = endpoint.client(service)
        try:
            found: Any = getattr(client, operation)(**arguments)
        except client.exceptions.ClientError as error:
            said = str(error.response["Error"])
            assert any(word in said for word in ("NotFound", "NoSuch", "DoesNotExist", "no such"))
            return []
        for step in path:
            found = found.get(step) if isinstance(found, dict) else [item[step] for item in found if step in item]
        return found if isinstance(found, list) else [] if found is None else [found]

    return look


@dataclass(frozen=True)
class Case:
    """`first` and `second` are what `look` sees of the properties and of the changed properties."""

    type: str
    properties: Properties
    changed: Properties
    look: Look
    first: Any
    second: Any
    needs: tuple[tuple[str, Properties], ...] = ()
    left: tuple[Any, ...] = ()


_A_BUCKET = (("aws:s3/bucket:Bucket", {"bucket": _BUCKET}),)
_A_ROLE = (("aws:iam/role:Role", {"name": "kinds", "assumeRolePolicy": _TRUST}),)
_A_GROUP = (("aws:cloudwatch/logGroup:LogGroup", {"name": "/kinds"}),)
_CHOICE = {"algorithm": "LATEST_WITHIN_WINDOW", "includeVaults": ["*"], "recoveryPointTypes": ["SNAPSHOT"]}
_TEST_PLAN = {"name": "kinds_plan", "recoveryPointSelection": _CHOICE, "scheduleExpression": "rate(1 day)"}
_A_TEST_PLAN = (("aws:backup/restoreTestingPlan:RestoreTestingPlan", _TEST_PLAN),)
_ALARM = {
    "name": "kinds", "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 2, "threshold": 5,
    "namespace": "AWS/ApplicationELB", "metricName": "RequestCount", "period": 60, "statistic": "Sum",
    "dimensions": {"LoadBalancer": "app/x/y"},
}  # fmt: skip
_WORKGROUP = {
    "name": "kinds", "forceDestroy": True,
    "configuration": {
        "bytesScannedCutoffPerQuery": 10_000_000,
        "resultConfiguration": {
            "outputLocation": "s3://kinds/results/", "encryptionConfiguration": {"encryptionOption": "SSE_S3"}
        },
    },
}  # fmt: skip
_SAVED_QUERY = {"name": "kinds", "database": "kinds", "workgroup": "kinds", "query": "SELECT 1"}
_A_WORKGROUP = (("aws:athena/workgroup:Workgroup", _WORKGROUP),)
_CATALOG = {"name": "kinds", "description": "a"}
_CATALOG_TABLE = {
    "name": "kinds", "databaseName": "kinds", "tableType": "EXTERNAL_TABLE",
    "parameters": {"projection.dt.type": "date"}, "partitionKeys": [{"name": "dt", "type": "string"}],
    "storageDescriptor": {
        "columns": [{"name": "run", "type": "string"}], "location": "s3://kinds/runs/",
        "serDeInfo": {"serializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
    },
}  # fmt: skip
_A_CATALOG = (("aws:glue/catalogDatabase:CatalogDatabase", _CATALOG),)
_AN_ALARM = (("aws:cloudwatch/metricAlarm:MetricAlarm", _ALARM),)
_RULE = {
    "ruleName": "kinds", "priority": 1, "version": 1, "reservoirSize": 1, "fixedRate": 0.05, "serviceName": "*",
    "serviceType": "*", "host": "*", "httpMethod": "GET", "urlPath": "*", "resourceArn": "*",
}  # fmt: skip
_TABLE = {
    "name": "kinds", "hashKey": "id", "attributes": [{"name": "id", "type": "S"}], "billingMode": "PAY_PER_REQUEST",
}  # fmt: skip
_FILTER = {"name": "kinds", "logGroupName": "/kinds", "pattern": "ERROR"}
_PUBLIC = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}
_QUERY = {"name": "kinds", "logGroupNames": ["/ecs/shop-web"]}
_COMPOSITE = {"alarmName": "kinds-all", "alarmRule": 'ALARM("a")', "okActions": ["arn:aws:sns:us-east-1:1:t"]}
_TEST_SELECTION = {
    "name": "kinds_tables", "restoreTestingPlanName": "kinds_plan", "iamRoleArn": _ROLE,
    "protectedResourceType": "DynamoDB", "protectedResourceArns": ["arn:aws:dynamodb:us-east-1:1:table/t"],
}  # fmt: skip


def _mute(minutes: int) -> dict[str, Any]:
    schedule = {"expression": "cron(0 10 8,22 * *)", "duration": f"PT{minutes}M", "timezone": "Europe/Lisbon"}
    return {"name": "kinds", "rule": {"schedule": schedule}, "muteTargets": {"alarmNames": ["kinds"]}}


def _filter(name: str) -> dict[str, Any]:
    return {**_FILTER, "metricTransformation": {"name": name, "namespace": "Shop", "value": "1", "defaultValue": "0"}}


def _lifecycle(days: int) -> dict[str, Any]:
    rule = {"id": "old", "status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": days}}
    return {"bucket": _BUCKET, "rules": [rule]}


def _encryption(key: bool) -> dict[str, Any]:
    rule = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}, "bucketKeyEnabled": key}
    return {"bucket": _BUCKET, "rules": [rule]}


def _versioning(status: str) -> dict[str, Any]:
    return {"bucket": _BUCKET, "versioningConfiguration": {"status": status}}


_SCHEDULE: Properties = {
    "name": "kinds",
    "scheduleExpression": "rate(1 day)",
    "startDate": "2100-01-01T00:00:00Z",
    "flexibleTimeWindow": {"mode": "OFF"},
    "target": {
        "arn": "arn:aws:scheduler:::aws-sdk:cloudwatch:putMetricData",
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/kinds",
        "input": "{}",
    },
}
_MACHINE: Properties = {
    "name": "kinds",
    "roleArn": _ROLE,
    "definition": '{"StartAt":"a","States":{"a":{"Type":"Succeed"}}}',
    "loggingConfiguration": {"level": "ERROR", "logDestination": "arn:aws:logs:us-east-1:1:log-group:/kinds:*"},
    "tags": {"stage": "3"},
}
_OTHER_MACHINE = '{"StartAt":"b","States":{"b":{"Type":"Succeed"}}}'
CASES = [
    Case(
        "aws:sfn/stateMachine:StateMachine", _MACHINE, {**_MACHINE, "definition": _OTHER_MACHINE},
        _calls(
            "stepfunctions", "describe_state_machine", "definition",
            stateMachineArn=f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:kinds",
        ),
        _MACHINE["definition"], _OTHER_MACHINE,
    ),
    Case(
        "aws:cloudwatch/metricAlarm:MetricAlarm", _ALARM, {**_ALARM, "threshold": 9},
        _calls("cloudwatch", "describe_alarms", "MetricAlarms", "Threshold", AlarmNames=["kinds"]), 5.0, 9.0,
    ),
    Case(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm", _COMPOSITE, {**_COMPOSITE, "alarmRule": 'ALARM("b")'},
        _calls("cloudwatch", "describe_alarms", "CompositeAlarms", "AlarmRule", AlarmNames=["kinds-all"]),
        'ALARM("a")', 'ALARM("b")',
    ),
    Case(
        "aws:cloudwatch/alarmMuteRule:AlarmMuteRule", _mute(56), _mute(57),
        _calls("cloudwatch", "get_alarm_mute_rule", "Rule", "Schedule", "Duration", AlarmMuteRuleName="kinds"),
        "PT56M", "PT57M", _AN_ALARM,
    ),
    Case(
        "aws:cloudwatch/dashboard:Dashboard", {"dashboardName": "kinds", "dashboardBody": '{"widgets":[]}'},
        {"dashboardName": "kinds", "dashboardBody": '{"widgets":[],"start":"-PT1H"}'},
        _calls("cloudwatch", "get_dashboard", "DashboardBody", DashboardName="kinds"),
        '{"widgets":[]}', '{"widgets":[],"start":"-PT1H"}',
    ),
    Case(
        "aws:cloudwatch/logGroup:LogGroup", {"name": "/kinds", "retentionInDays": 7},
        {"name": "/kinds", "retentionInDays": 14},
        _calls("logs", "describe_log_groups", "logGroups", "retentionInDays", logGroupNamePrefix="/kinds"), 7, 14,
    ),
    Case(
        "aws:cloudwatch/logMetricFilter:LogMetricFilter", _filter("Errors"), _filter("Faults"),
        _calls("logs", "describe_metric_filters", "metricFilters", "metricTransformations", logGroupName="/kinds"),
        [{"metricName": "Errors", "metricNamespace": "Shop", "metricValue": "1", "defaultValue": 0.0}],
        [{"metricName": "Faults", "metricNamespace": "Shop", "metricValue": "1", "defaultValue": 0.0}], _A_GROUP,
    ),
    Case(
        "aws:cloudwatch/queryDefinition:QueryDefinition", {**_QUERY, "queryString": "fields a"},
        {**_QUERY, "queryString": "fields b"},
        _calls("logs", "describe_query_definitions", "queryDefinitions", "queryString", queryDefinitionNamePrefix="k"),
        "fields a", "fields b",
    ),
    Case(
        "aws:sns/topic:Topic", {"name": "kinds"}, {"name": "kinds", "tags": {"a": "b"}},
        _calls("sns", "list_topics", "Topics", "TopicArn"),
        f"arn:aws:sns:us-east-1:{ACCOUNT}:kinds", f"arn:aws:sns:us-east-1:{ACCOUNT}:kinds",
    ),
    Case(
        "aws:scheduler/schedule:Schedule", _SCHEDULE, {**_SCHEDULE, "scheduleExpression": "rate(2 days)"},
        lambda endpoint: [
            endpoint.client("scheduler").get_schedule(Name=held["Name"])["ScheduleExpression"]
            for held in endpoint.client("scheduler").list_schedules(NamePrefix="kinds")["Schedules"]
        ],
        "rate(1 day)", "rate(2 days)",
    ),
    Case(
        "aws:xray/group:Group", {"groupName": "kinds", "filterExpression": "fault"},
        {"groupName": "kinds", "filterExpression": "error"},
        _calls("xray", "get_group", "Group", "FilterExpression", GroupName="kinds"), "fault", "error",
    ),
    Case(
        "aws:xray/samplingRule:SamplingRule", _RULE, {**_RULE, "fixedRate": 0.5},
        lambda endpoint: [
            record["SamplingRule"]["FixedRate"]
            for record in endpoint.client("xray").get_sampling_rules()["SamplingRuleRecords"]
        ], 0.05, 0.5,
    ),
    Case(
        "aws:budgets/budget:Budget",
        {"name": "kinds", "budgetType": "COST", "timeUnit": "MONTHLY", "limitAmount": "5", "limitUnit": "USD"},
        {"name": "kinds", "budgetType": "COST", "timeUnit": "MONTHLY", "limitAmount": "6", "limitUnit": "USD"},
        _calls("budgets", "describe_budget", "Budget", "BudgetLimit", "Amount", AccountId=ACCOUNT, BudgetName="kinds"),
        "5", "6",
    ),
    Case(
        "aws:iam/role:Role", {"name": "kinds", "assumeRolePolicy": _TRUST, "maxSessionDuration": 3600},
        {"name": "kinds", "assumeRolePolicy": _TRUST, "maxSessionDuration": 7200},
        _calls("iam", "get_role", "Role", "MaxSessionDuration", RoleName="kinds"), 3600, 7200,
    ),
    Case(
        "aws:iam/rolePolicy:RolePolicy", {"name": "p", "role": "kinds", "policy": _POLICY},
        {"name": "p", "role": "kinds", "policy": _POLICY.replace("Get", "Put")},
        _calls("iam", "get_role_policy", "PolicyDocument", "Statement", "Action", RoleName="kinds", PolicyName="p"),
        "s3:GetObject", "s3:PutObject", _A_ROLE,
    ),
    Case(
        "aws:s3/bucket:Bucket", {"bucket": _BUCKET, "tags": {"a": "1"}}, {"bucket": _BUCKET, "tags": {"a": "2"}},
        _calls("s3", "get_bucket_tagging", "TagSet", Bucket=_BUCKET),
        {"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"},
    ),
    Case(
        "aws:s3/bucketVersioning:BucketVersioning", _versioning("Enabled"), _versioning("Suspended"),
        _calls("s3", "get_bucket_versioning", "Status", Bucket=_BUCKET), "Enabled", "Suspended", _A_BUCKET,
        ("Suspended",),
    ),
    Case(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", _lifecycle(30), _lifecycle(60),
        _calls(
            "s3", "get_bucket_lifecycle_configuration", "Rules", "NoncurrentVersionExpiration", Bucket=_BUCKET
        ), {"NoncurrentDays": 30}, {"NoncurrentDays": 60}, _A_BUCKET,
    ),
    Case(
        "aws:s3/bucketPolicy:BucketPolicy", {"bucket": _BUCKET, "policy": _TRUST},
        {"bucket": _BUCKET, "policy": _TRUST + " "},
        _calls("s3", "get_bucket_policy", "Policy", Bucket=_BUCKET), _TRUST, _TRUST + " ", _A_BUCKET,
    ),
    Case(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {"bucket": _BUCKET, **_PUBLIC},
        {"bucket": _BUCKET, **_PUBLIC, "blockPublicAcls": False},
        _calls(
            "s3", "get_public_access_block", "PublicAccessBlockConfiguration", "BlockPublicAcls", Bucket=_BUCKET
        ), True, False, _A_BUCKET,
    ),
    Case(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        _encryption(True), _encryption(False),
        _calls(
            "s3", "get_bucket_encryption", "ServerSideEncryptionConfiguration", "Rules", "BucketKeyEnabled",
            Bucket=_BUCKET,
        ), True, False, _A_BUCKET,
    ),
    Case(
        "aws:dynamodb/table:Table", {**_TABLE, "deletionProtectionEnabled": True}, _TABLE,
        _calls("dynamodb", "describe_table", "Table", "DeletionProtectionEnabled", TableName="kinds"), True, False,
    ),
    Case(
        "aws:backup/vault:Vault", {"name": "kinds"}, {"name": "kinds", "tags": {"a": "b"}},
        _calls("backup", "list_backup_vaults", "BackupVaultList", "BackupVaultName"), "kinds", "kinds",
    ),
    Case(
        "aws:backup/restoreTestingPlan:RestoreTestingPlan", _TEST_PLAN,
        {**_TEST_PLAN, "scheduleExpression": "rate(2 days)"},
        _calls("backup", "list_restore_testing_plans", "RestoreTestingPlans", "ScheduleExpression"),
        "rate(1 day)", "rate(2 days)",
    ),
    Case(
        "aws:backup/restoreTestingSelection:RestoreTestingSelection", {**_TEST_SELECTION, "validationWindowHours": 4},
        {**_TEST_SELECTION, "validationWindowHours": 8},
        _calls(
            "backup", "list_restore_testing_selections", "RestoreTestingSelections", "ValidationWindowHours",
            RestoreTestingPlanName="kinds_plan",
        ), 4, 8, _A_TEST_PLAN,
    ),
    Case(
        "aws:athena/workgroup:Workgroup", _WORKGROUP,
        {**_WORKGROUP, "configuration": {**_WORKGROUP["configuration"], "bytesScannedCutoffPerQuery": 20_000_000}},  # type: ignore[dict-item]
        lambda endpoint: [
            endpoint.client("athena").get_work_group(WorkGroup=held["Name"])["WorkGroup"]["Configuration"][
                "BytesScannedCutoffPerQuery"
            ]
            for held in endpoint.client("athena").list_work_groups()["WorkGroups"]
            if held["Name"] == "kinds"
        ],
        10_000_000, 20_000_000,
    ),
    Case(
        "aws:athena/namedQuery:NamedQuery", _SAVED_QUERY, {**_SAVED_QUERY, "query": "SELECT 2"},
        lambda endpoint: [
            endpoint.client("athena").get_named_query(NamedQueryId=id_)["NamedQuery"]["QueryString"]
            for id_ in endpoint.client("athena").list_named_queries(WorkGroup="kinds")["NamedQueryIds"]
        ],
        "SELECT 1", "SELECT 2", _A_WORKGROUP,
    ),
    Case(
        "aws:glue/catalogDatabase:CatalogDatabase", _CATALOG, {**_CATALOG, "description": "b"},
        _calls("glue", "get_databases", "DatabaseList", "Description"), "a", "b",
    ),
    Case(
        "aws:glue/catalogTable:CatalogTable", _CATALOG_TABLE,
        {**_CATALOG_TABLE, "parameters": {"projection.dt.type": "enum"}},
        _calls("glue", "get_table", "Table", "Parameters", "projection.dt.type", DatabaseName="kinds", Name="kinds"),
        "date", "enum", _A_CATALOG,
    ),
    Case(
        "aws:ssm/document:Document", _A_DOCUMENT, _A_DOCUMENT | {"content": _COMMAND.replace("true", "false")},
        lambda endpoint: [
            endpoint.client("ssm").get_document(Name=held["Name"])["Content"]
            for held in endpoint.client("ssm").list_documents(
                Filters=[{"Key": "Owner", "Values": ["Self"]}]
            )["DocumentIdentifiers"]
            if held["Name"] == "kinds"
        ],
        _COMMAND, _COMMAND.replace("true", "false"),
    ),
    Case(
        "aws:ecs/cluster:Cluster", {"name": "kinds", "settings": [{"name": "containerInsights", "value": "disabled"}]},
        {"name": "kinds", "settings": [{"name": "containerInsights", "value": "enabled"}]},
        lambda endpoint: [
            found["settings"]
            for found in endpoint.client("ecs").describe_clusters(clusters=["kinds"], include=["SETTINGS"])["clusters"]
            if found["status"] == "ACTIVE"
        ],
        [{"name": "containerInsights", "value": "disabled"}], [{"name": "containerInsights", "value": "enabled"}],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.type for case in CASES])
def test_a_kind_is_created_once_changed_and_deleted(endpoint: Endpoint, case: Case) -> None:
    kind = KINDS[case.type]
    needed = [(type_, properties, KINDS[type_].create(endpoint, properties).id) for type_, properties in case.needs]
    before = case.look(endpoint)
    try:
        made = kind.create(endpoint, case.properties)
        assert kind.create(endpoint, case.properties).id == made.id
        assert case.look(endpoint) == [*before, case.first]
        if kind.update is not None:
            assert kind.update(endpoint, made.id, case.changed).id == made.id
        else:
            made = kind.create(endpoint, case.changed)
        assert case.look(endpoint) == [*before, case.second]
        kind.delete(endpoint, made.id, case.changed)
        assert case.look(endpoint) == [*before, *case.left]
    finally:
        for type_, properties, id_ in reversed(needed):
            KINDS[type_].delete(endpoint, id_, properties)


def test_what_no_case_covers_is_covered_by_the_whole_program() -> None:
    """These need ids of other resources, which a program hands them."""
    assert set(KINDS) - {case.type for case in CASES} == {
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:backup/plan:Plan",
        "aws:backup/selection:Selection",
        "aws:fis/experimentTemplate:ExperimentTemplate",
        "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/eventTarget:EventTarget",
    }
