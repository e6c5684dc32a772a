"""Each AWS type of the program, and how CloudFormation spells it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.components.cloudformation import (
    Properties,
    Reshape,
    Shape,
    as_it_is,
    document,
    each,
    into,
    named_values,
    number,
    pascal,
    spelt,
    within,
)


def _of_pairs(target: str) -> Reshape:
    """A list of keys and values that AWS has as a map."""
    return lambda value: {target: {held["key"]: held["value"] for held in value}} if value else {}


def _by_name(called: str, **reshaped: Reshape) -> Reshape:
    """A list of named objects that AWS has as a map."""

    def reshape(value: list[dict[str, Any]]) -> Properties:
        unnamed = {held["name"]: {key: given for key, given in held.items() if key != "name"} for held in value}
        return {called: {name: spelt(held, {}, reshaped) for name, held in unnamed.items()}}

    return reshape


def _suppressor(value: dict[str, Any]) -> Properties:
    others = {f"ActionsSuppressor{key}": held for key, held in pascal(value).items() if key != "Alarm"}
    return {"ActionsSuppressor": value["alarm"], **others}


def _metric_of_query(value: dict[str, Any]) -> Properties:
    """What is measured, and how it is read."""
    reading = {key: held for key, held in value.items() if key in ("period", "stat", "unit")}
    measured = {key: held for key, held in value.items() if key not in reading}
    metric = spelt(measured, {}, {"dimensions": named_values("Dimensions", "Name")})
    return {"MetricStat": {**pascal(reading), "Metric": metric}}


def _transformation(value: dict[str, Any]) -> Properties:
    renamed = {"name": "MetricName", "namespace": "MetricNamespace", "value": "MetricValue"}
    return {"MetricTransformations": [spelt(value, renamed, {"defaultValue": number("DefaultValue")})]}


def _notifications(value: list[dict[str, Any]]) -> Properties:
    def one(given: dict[str, Any]) -> Properties:
        about = {key: held for key, held in given.items() if key != "subscriberSnsTopicArns"}
        topics = [{"SubscriptionType": "SNS", "Address": topic} for topic in given["subscriberSnsTopicArns"]]
        return {"Notification": pascal(about), "Subscribers": topics}

    return {"NotificationsWithSubscribers": [one(given) for given in value]}


def _key(kind: str) -> Reshape:
    return lambda value: {"KeySchema": [{"AttributeName": value, "KeyType": kind}]}


def _encryption(value: list[dict[str, Any]]) -> Properties:
    by_default = {
        "applyServerSideEncryptionByDefault": within("ServerSideEncryptionByDefault", sseAlgorithm="SSEAlgorithm")
    }
    return {"BucketEncryption": each("ServerSideEncryptionConfiguration", by_default)(value)}


def _lifecycle(value: list[dict[str, Any]]) -> Properties:
    # Its filter and its expiration are properties of the rule itself.
    reshaped: dict[str, Reshape] = {
        "filter": pascal,
        "expiration": lambda held: spelt(held, {"days": "ExpirationInDays"}, {}),
    }
    return {"LifecycleConfiguration": each("Rules", reshaped)(value)}


def _in_catalog(target: str, *beside: str) -> Callable[[Properties], Properties]:
    """What CloudFormation wants to be told whose catalogue it is in; the provider takes the account's."""
    held = into(target, *beside)
    return lambda found: {"CatalogId": "123456789012", **held(found)}


def _storage(value: dict[str, Any]) -> Properties:
    return {"StorageDescriptor": spelt(value, {"serDeInfo": "SerdeInfo"}, {})}


def _machine_log(value: Any) -> dict[str, Any]:
    """CloudFormation takes several destinations, of which AWS takes one."""
    found = spelt({key: held for key, held in value.items() if key != "logDestination"}, {}, {})
    return {
        "LoggingConfiguration": {
            **found,
            "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": value["logDestination"]}}],
        }
    }


_BUCKET: Final = "AWS::S3::Bucket"
_RULE: Final = "AWS::Events::Rule"

TYPES: Final[dict[str, Shape]] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": Shape(
        type="AWS::CloudWatch::Alarm",
        renamed={
            "name": "AlarmName",
            "okActions": "OKActions",
            "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
        },
        reshaped={
            "dimensions": named_values("Dimensions", "Name"),
            "metricQueries": each("Metrics", {"metric": _metric_of_query}),
        },
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": Shape(
        type="AWS::CloudWatch::CompositeAlarm",
        renamed={"okActions": "OKActions"},
        reshaped={"actionsSuppressor": _suppressor},
    ),
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": Shape(type="AWS::CloudWatch::AlarmMuteRule"),
    "aws:cloudwatch/dashboard:Dashboard": Shape(type="AWS::CloudWatch::Dashboard"),
    "aws:cloudwatch/queryDefinition:QueryDefinition": Shape(type="AWS::Logs::QueryDefinition"),
    "aws:cloudwatch/logGroup:LogGroup": Shape(type="AWS::Logs::LogGroup", renamed={"name": "LogGroupName"}),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Shape(
        type="AWS::Logs::MetricFilter",
        renamed={"name": "FilterName", "pattern": "FilterPattern"},
        reshaped={"metricTransformation": _transformation},
    ),
    "aws:cloudwatch/eventRule:EventRule": Shape(type=_RULE, reshaped={"eventPattern": document("EventPattern")}),
    "aws:cloudwatch/eventTarget:EventTarget": Shape(
        type=_RULE, owner="rule", renamed={"targetId": "Id"}, wrapped=lambda found: {"Targets": [found]}
    ),
    "aws:scheduler/schedule:Schedule": Shape(type="AWS::Scheduler::Schedule"),
    "aws:xray/group:Group": Shape(type="AWS::XRay::Group"),
    "aws:xray/samplingRule:SamplingRule": Shape(
        type="AWS::XRay::SamplingRule",
        renamed={"httpMethod": "HTTPMethod", "urlPath": "URLPath", "resourceArn": "ResourceARN"},
        wrapped=into("SamplingRule", "Tags"),
    ),
    "aws:budgets/budget:Budget": Shape(
        type="AWS::Budgets::Budget",
        renamed={"name": "BudgetName"},
        reshaped={
            "limitAmount": lambda value: {"BudgetLimit": number("Amount")(value)},
            "limitUnit": lambda value: {"BudgetLimit": {"Unit": value}},
            "notifications": _notifications,
            "tags": named_values("ResourceTags"),
        },
        wrapped=into("Budget", "NotificationsWithSubscribers", "ResourceTags"),
    ),
    "aws:sns/topic:Topic": Shape(type="AWS::SNS::Topic", renamed={"name": "TopicName"}),
    "aws:sns/topicPolicy:TopicPolicy": Shape(
        type="AWS::SNS::TopicPolicy",
        reshaped={"arn": lambda value: {"Topics": [value]}, "policy": document("PolicyDocument")},
    ),
    "aws:sns/topicSubscription:TopicSubscription": Shape(type="AWS::SNS::Subscription", renamed={"topic": "TopicArn"}),
    "aws:iam/role:Role": Shape(
        type="AWS::IAM::Role",
        renamed={"name": "RoleName"},
        reshaped={"assumeRolePolicy": document("AssumeRolePolicyDocument")},
    ),
    "aws:iam/rolePolicy:RolePolicy": Shape(
        type="AWS::IAM::RolePolicy",
        renamed={"name": "PolicyName", "role": "RoleName"},
        reshaped={"policy": document("PolicyDocument")},
    ),
    "aws:dynamodb/table:Table": Shape(
        type="AWS::DynamoDB::Table",
        renamed={"name": "TableName"},
        reshaped={
            "attributes": each("AttributeDefinitions", name="AttributeName", type="AttributeType"),
            "hashKey": _key("HASH"),
            "rangeKey": _key("RANGE"),
            "pointInTimeRecovery": within("PointInTimeRecoverySpecification", enabled="PointInTimeRecoveryEnabled"),
            "ttl": within("TimeToLiveSpecification"),
        },
    ),
    "aws:s3/bucket:Bucket": Shape(type=_BUCKET, renamed={"bucket": "BucketName"}),
    "aws:s3/bucketPolicy:BucketPolicy": Shape(
        type="AWS::S3::BucketPolicy", reshaped={"policy": document("PolicyDocument")}
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Shape(type=_BUCKET, owner="bucket", adopted="BucketName"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Shape(
        type=_BUCKET, owner="bucket", adopted="BucketName", wrapped=into("PublicAccessBlockConfiguration")
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Shape(
        type=_BUCKET, owner="bucket", adopted="BucketName", reshaped={"rules": _encryption}
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Shape(
        type=_BUCKET, owner="bucket", adopted="BucketName", reshaped={"rules": _lifecycle}
    ),
    "aws:backup/vault:Vault": Shape(
        type="AWS::Backup::BackupVault",
        renamed={"name": "BackupVaultName"},
        reshaped={"tags": as_it_is("BackupVaultTags")},
    ),
    "aws:backup/plan:Plan": Shape(
        type="AWS::Backup::BackupPlan",
        renamed={"name": "BackupPlanName"},
        reshaped={
            "tags": as_it_is("BackupPlanTags"),
            "rules": each(
                "BackupPlanRule",
                {
                    "recoveryPointTags": as_it_is("RecoveryPointTags"),
                    "lifecycle": within("Lifecycle", deleteAfter="DeleteAfterDays"),
                },
                schedule="ScheduleExpression",
                startWindow="StartWindowMinutes",
                completionWindow="CompletionWindowMinutes",
                targetVaultName="TargetBackupVault",
            ),
        },
        wrapped=into("BackupPlan", "BackupPlanTags"),
    ),
    "aws:backup/selection:Selection": Shape(
        type="AWS::Backup::BackupSelection",
        renamed={"name": "SelectionName", "planId": "BackupPlanId"},
        wrapped=into("BackupSelection", "BackupPlanId"),
    ),
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": Shape(
        type="AWS::Backup::RestoreTestingPlan", renamed={"name": "RestoreTestingPlanName"}
    ),
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": Shape(
        type="AWS::Backup::RestoreTestingSelection", renamed={"name": "RestoreTestingSelectionName"}
    ),
    "aws:ssm/document:Document": Shape(type="AWS::SSM::Document", reshaped={"content": document("Content")}),
    "aws:sfn/stateMachine:StateMachine": Shape(
        type="AWS::StepFunctions::StateMachine",
        renamed={"name": "StateMachineName", "type": "StateMachineType"},
        reshaped={"definition": document("Definition"), "loggingConfiguration": _machine_log},
    ),
    "aws:athena/workgroup:Workgroup": Shape(
        type="AWS::Athena::WorkGroup",
        renamed={"forceDestroy": "RecursiveDeleteOption"},
        reshaped={
            "configuration": within(
                "WorkGroupConfiguration",
                enforceWorkgroupConfiguration="EnforceWorkGroupConfiguration",
                publishCloudwatchMetricsEnabled="PublishCloudWatchMetricsEnabled",
            )
        },
    ),
    "aws:athena/namedQuery:NamedQuery": Shape(
        type="AWS::Athena::NamedQuery", renamed={"query": "QueryString", "workgroup": "WorkGroup"}
    ),
    "aws:glue/catalogDatabase:CatalogDatabase": Shape(
        type="AWS::Glue::Database",
        # Glue tags databases, CloudFormation does not.
        reshaped={"tags": lambda _: {}},
        wrapped=_in_catalog("DatabaseInput"),
    ),
    "aws:glue/catalogTable:CatalogTable": Shape(
        type="AWS::Glue::Table",
        reshaped={"parameters": as_it_is("Parameters"), "storageDescriptor": _storage},
        wrapped=_in_catalog("TableInput", "DatabaseName"),
    ),
    "aws:fis/experimentTemplate:ExperimentTemplate": Shape(
        type="AWS::FIS::ExperimentTemplate",
        reshaped={
            "tags": as_it_is("Tags"),
            "logConfiguration": within("LogConfiguration", cloudwatchLogsConfiguration="CloudWatchLogsConfiguration"),
            "actions": _by_name(
                "Actions",
                parameters=_of_pairs("Parameters"),
                target=lambda value: {"Targets": {value["key"]: value["value"]}},
            ),
            "targets": _by_name("Targets", resourceTags=_of_pairs("ResourceTags"), parameters=as_it_is("Parameters")),
        },
    ),
}
