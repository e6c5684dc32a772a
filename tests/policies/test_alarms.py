from __future__ import annotations

from typing import Any

import pytest

from policies.alarms import COMPOSITE_ALARM, EXPERIMENT, METRIC_ALARM, actions, dimensions, missing_data, window
from policies.stack import Stack
from pricing.resource import Resource
from tests.policies.conftest import UNKNOWN_TEXT, Declared, Servicer, made, urn_of

GOOD: dict[str, Any] = {
    "name": "cpu",
    "namespace": "AWS/ECS",
    "metricName": "CPUUtilization",
    "dimensions": {"ClusterName": "shop", "ServiceName": UNKNOWN_TEXT},
    "period": 60,
    "evaluationPeriods": 5,
    "datapointsToAlarm": 3,
    "treatMissingData": "breaching",
    "alarmActions": [UNKNOWN_TEXT],
    "okActions": [UNKNOWN_TEXT],
}


def said_of(pack: Servicer, policy: str, **changes: Any) -> list[int]:
    inputs = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return [said.level for said in pack.of(policy, Declared(METRIC_ALARM, "cpu", inputs))]


def test_a_good_alarm_passes_all(pack: Servicer) -> None:
    found = pack.all(Declared(METRIC_ALARM, "cpu", GOOD))
    assert [said.policy for said in found if said.policy.startswith("alarm-")] == []


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"period": 300, "evaluationPeriods": 288, "datapointsToAlarm": 1}, 0),
        ({"period": 300, "evaluationPeriods": 289, "datapointsToAlarm": 1}, 1),
        ({"period": 3600, "evaluationPeriods": 168}, 0),
        ({"period": 3600, "evaluationPeriods": 169}, 1),
        ({"datapointsToAlarm": 5}, 0),
        ({"datapointsToAlarm": 6}, 1),
        ({"datapointsToAlarm": None}, 0),
        ({"datapointsToAlarm": UNKNOWN_TEXT}, 1),
        ({"period": 90}, 1),
        ({"period": 30}, 0),
        ({"period": UNKNOWN_TEXT}, 1),
        ({"evaluationPeriods": UNKNOWN_TEXT}, 1),
        ({"evaluationPeriods": None}, 1),
        # A PromQL alarm has a duration in their place.
        ({"evaluationPeriods": None, "evaluationCriteria": {"promqlCriteria": {"query": "up"}}}, 0),
        ({"period": None, "metricQueries": [{"id": "m1", "metric": {"period": 43200}}], "evaluationPeriods": 15}, 1),
        ({"period": None, "metricQueries": [{"id": "m1", "metric": {"period": 43200}}], "evaluationPeriods": 14}, 0),
    ],
)
def test_window(pack: Servicer, changes: dict[str, Any], refused: int) -> None:
    assert said_of(pack, "alarm-window-valid", **changes) == [1] * refused


@pytest.mark.parametrize(
    ("namespace", "metric", "given", "refused"),
    [
        ("AWS/ECS", "CPUUtilization", {"ServiceName": "web"}, 1),
        ("AWS/DynamoDB", "ReadThrottleEvents", {}, 1),
        ("AWS/DynamoDB", "ReadThrottleEvents", {"TableName": UNKNOWN_TEXT}, 0),
        ("AWS/DynamoDB", "UserErrors", {}, 0),
        ("AWS/ApplicationELB", "TargetResponseTime", {"LoadBalancer": "app/shop/1"}, 0),
        ("AWS/ApplicationELB", "UnHealthyHostCount", {"LoadBalancer": "app/shop/1"}, 1),
        ("AWS/ApplicationELB", "UnHealthyHostCount", {"LoadBalancer": "app/a/1", "TargetGroup": "targetgroup/a/1"}, 0),
        (
            "AWS/ApplicationELB",
            "RequestCount",
            {"LoadBalancer": "arn:aws:elasticloadbalancing:::loadbalancer/app/a"},
            1,
        ),
        ("AWS/RDS", "DatabaseConnections", {}, 1),
        ("AWS/RDS", "DatabaseConnections", {"DBInstanceIdentifier": "db"}, 0),
        ("AWS/EC2", "CPUUtilization", {"AutoScalingGroupName": "web"}, 0),
        ("AWS/EC2", "CPUUtilization", UNKNOWN_TEXT, 1),
        ("shop/own", "Errors", {}, 0),
    ],
)
def test_dimensions(pack: Servicer, namespace: str, metric: str, given: Any, refused: int) -> None:
    single = {"namespace": namespace, "metricName": metric, "dimensions": given}
    assert said_of(pack, "alarm-dimensions-complete", **single) == [1] * refused
    queries = {"namespace": None, "metricName": None, "dimensions": None, "metricQueries": [{"metric": single}]}
    assert said_of(pack, "alarm-dimensions-complete", **queries) == [1] * refused


@pytest.mark.parametrize(
    ("namespace", "names"),
    [
        ("AWS/NetworkELB", ["LoadBalancer"]),
        ("ECS/ContainerInsights", ["ClusterName"]),
        ("AWS/EC2", ["InstanceId"]),
        ("AWS/EC2", ["InstanceType"]),
        ("AWS/EC2", ["ImageId"]),
        ("AWS/AutoScaling", ["AutoScalingGroupName"]),
        ("AWS/RDS", ["DBClusterIdentifier"]),
        ("AWS/RDS", ["DatabaseClass"]),
        ("AWS/RDS", ["EngineName"]),
        ("AWS/S3", ["BucketName", "StorageType"]),
        ("AWS/S3", ["BucketName", "FilterId"]),
        ("AWS/SQS", ["QueueName"]),
        ("AWS/SNS", ["TopicName"]),
        ("AWS/Lambda", ["FunctionName"]),
        ("AWS/States", ["StateMachineArn"]),
    ],
)
def test_without_one_of_its_dimensions_a_metric_has_no_data(pack: Servicer, namespace: str, names: list[str]) -> None:
    of = {"namespace": namespace, "metricName": "Some"}
    for held, refused in ((names, 0), (names[1:], 1), (names[:-1], 1), (["Other"], 1)):
        given = {name: UNKNOWN_TEXT for name in held}
        assert said_of(pack, "alarm-dimensions-complete", **of, dimensions=given) == [1] * refused


@pytest.mark.parametrize(("value", "refused"), [(None, 1), ("missing", 0), (UNKNOWN_TEXT, 0)])
def test_missing_data(pack: Servicer, value: str | None, refused: int) -> None:
    assert said_of(pack, "alarm-missing-data-decided", treatMissingData=value) == [1] * refused


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, 0),
        ({"alarmActions": None}, 1),
        ({"alarmActions": []}, 1),
        ({"actionsEnabled": False}, 1),
        ({"okActions": None}, 1),
        ({"okActions": UNKNOWN_TEXT}, 0),
    ],
)
def test_actions(pack: Servicer, changes: dict[str, Any], refused: int) -> None:
    assert said_of(pack, "alarm-tells-somebody", **changes) == [1] * refused


SILENT = Declared(METRIC_ALARM, "cpu", {**GOOD, "alarmActions": [], "okActions": []})
ACTS = {"alarmActions": [UNKNOWN_TEXT], "okActions": [UNKNOWN_TEXT]}


@pytest.mark.parametrize(
    ("user", "refused"),
    [
        (Declared(COMPOSITE_ALARM, "all", {"alarmName": "all", "alarmRule": 'ALARM("cpu")', **ACTS}), []),
        (Declared(COMPOSITE_ALARM, "all", {"alarmName": "all", "alarmRule": "ALARM(cpu)", **ACTS}), []),
        (Declared(COMPOSITE_ALARM, "all", {"alarmName": "all", "alarmRule": 'ALARM("cpu-2")', **ACTS}), ["cpu"]),
        (Declared(COMPOSITE_ALARM, "all", {"alarmName": "all", "alarmRule": UNKNOWN_TEXT, **ACTS}), ["cpu"]),
        (
            Declared(COMPOSITE_ALARM, "all", {"alarmRule": UNKNOWN_TEXT, **ACTS}, dependencies=(SILENT.urn,)),
            [],
        ),
        (Declared(EXPERIMENT, "x", {"stopConditions": [{"value": "arn:aws:cloudwatch:r:1:alarm:cpu"}]}), []),
        (Declared(EXPERIMENT, "x", {"stopConditions": [{"value": "arn:aws:cloudwatch:r:1:alarm:cpu2"}]}), ["cpu"]),
        (Declared(EXPERIMENT, "x", {"stopConditions": [{"value": UNKNOWN_TEXT}]}, dependencies=(SILENT.urn,)), []),
        (Declared(EXPERIMENT, "x", {"stopConditions": [{"source": "none"}]}, dependencies=(SILENT.urn,)), ["cpu"]),
    ],
)
def test_an_alarm_without_actions_must_serve_one_with(pack: Servicer, user: Declared, refused: list[str]) -> None:
    found = pack.of("alarm-tells-somebody", SILENT, user)
    assert [said.urn.rpartition("::")[2] for said in found] == refused
    assert all(said.level == 1 for said in found)


def said(check: Any, name: str = "it", **inputs: Any) -> list[str]:
    found = list(check(made(METRIC_ALARM, inputs, name)))
    assert all(text.startswith(f"alarm {name} ") for text in found)
    return [text.removeprefix(f"alarm {name} ") for text in found]


NO_EVALUATIONS = "has no known `evaluationPeriods`; set it to a number known at preview"
NO_PERIOD = "has no known `period`; set it to a number of seconds known at preview"


def waits(points: str, periods: int) -> str:
    return f"waits for {points} datapoints in {periods} periods; set `datapointsToAlarm` to that or less"


def odd(period: str) -> str:
    return f"has a period of {period} seconds; use 10, 20, 30 or a multiple of 60"


def long(seconds: int, periods: int, period: int, most: int) -> str:
    text = f"looks at {seconds} seconds ({periods} periods of {period}); CloudWatch accepts {most}"
    return f"{text}: lower `evaluationPeriods`"


def of_queries(*queries: Any, **more: Any) -> dict[str, Any]:
    return {"metricQueries": list(queries), "evaluationPeriods": 1, **more}


@pytest.mark.parametrize(
    ("inputs", "found"),
    [
        ({"period": 60, "evaluationPeriods": 1}, []),
        ({"period": 60, "evaluationPeriods": 1, "datapointsToAlarm": 1}, []),
        ({"period": 60, "evaluationPeriods": 1, "datapointsToAlarm": 2}, [waits("2", 1)]),
        ({"period": 60, "evaluationPeriods": 1, "datapointsToAlarm": UNKNOWN_TEXT}, [waits("an unknown number of", 1)]),
        ({"period": 60, "evaluationPeriods": 1, "datapointsToAlarm": "1"}, [waits("an unknown number of", 1)]),
        ({"period": 60}, [NO_EVALUATIONS]),
        ({"period": 60, "evaluationPeriods": "1"}, [NO_EVALUATIONS]),
        ({"period": 60, "evaluationPeriods": UNKNOWN_TEXT, "datapointsToAlarm": 9}, [NO_EVALUATIONS]),
        ({"evaluationCriteria": {}}, []),
        ({"evaluationPeriods": 1}, [NO_PERIOD]),
        ({"evaluationPeriods": 1, "period": "60"}, [NO_PERIOD]),
        *(({"evaluationPeriods": 1, "period": period}, []) for period in (1, 5, 10, 20, 30, 60, 120, 86400)),
        *(
            ({"evaluationPeriods": 1, "period": period}, [odd(str(period))])
            for period in (2, 6, 11, 21, 31, 59, 61, 90)
        ),
        ({"evaluationPeriods": 1440, "period": 60}, []),
        ({"evaluationPeriods": 1441, "period": 60}, [long(86460, 1441, 60, 86400)]),
        ({"evaluationPeriods": 25, "period": 3540}, [long(88500, 25, 3540, 86400)]),
        ({"evaluationPeriods": 168, "period": 3600}, []),
        ({"evaluationPeriods": 169, "period": 3600}, [long(608400, 169, 3600, 604800)]),
        ({"evaluationPeriods": 8, "period": 86400}, [long(691200, 8, 86400, 604800)]),
        ({"evaluationPeriods": 2000, "period": 90}, [odd("90"), long(180000, 2000, 90, 86400)]),
        (of_queries({"metric": {"period": 60}}, {"expression": "a"}), []),
        (of_queries({"metric": {"period": 61}}, {"metric": {"period": 62}}), [odd("61"), odd("62")]),
        (of_queries({"metric": {"period": 61}}, {"metric": {"period": 61}}), [odd("61")]),
        (of_queries({"metric": {}}), [NO_PERIOD]),
        (of_queries({"metric": {"period": UNKNOWN_TEXT}}), [NO_PERIOD]),
        (of_queries({"expression": "a", "period": 61}), [odd("61")]),
        (of_queries({"expression": "a", "period": UNKNOWN_TEXT}), [NO_PERIOD]),
        # The alarm's own period is not asked for beside queries.
        (of_queries({"metric": {"period": 60}}, period=61), []),
        (of_queries("text", period=61), [odd("61")]),
        ({"metricQueries": "text", "period": 61, "evaluationPeriods": 1}, [odd("61")]),
    ],
)
def test_what_is_said_of_a_window(inputs: dict[str, Any], found: list[str]) -> None:
    assert said(window, **inputs) == found


def blind(namespace: str, accepted: str) -> str:
    return f"watches {namespace} without all dimensions, so it sees no data; give {accepted}"


def whole(key: str) -> str:
    return f"has a whole ARN as dimension {key}, so it sees no data; give the part after `:`"


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        ({"namespace": "AWS/SQS", "metricName": "Age"}, [blind("AWS/SQS", "QueueName")]),
        ({"namespace": "AWS/SQS", "metricName": "Age", "dimensions": "QueueName"}, [blind("AWS/SQS", "QueueName")]),
        ({"namespace": "AWS/SQS", "metricName": "Age", "dimensions": {"QueueName": "q", "More": "m"}}, []),
        ({"namespace": "AWS/Unknown", "metricName": "Age"}, []),
        ({"namespace": UNKNOWN_TEXT, "metricName": "Age"}, []),
        ({"metricName": "Age"}, []),
        (
            {"namespace": "AWS/S3", "dimensions": {"BucketName": "b"}},
            [blind("AWS/S3", "BucketName and StorageType or BucketName and FilterId")],
        ),
        *(
            ({"namespace": namespace, "metricName": name}, [])
            for namespace, name in (
                ("AWS/DynamoDB", "UserErrors"),
                ("AWS/DynamoDB", "AccountMaxReads"),
                ("AWS/DynamoDB", "AccountMaxWrites"),
                ("AWS/Lambda", "ConcurrentExecutions"),
            )
        ),
        *(
            (
                {"namespace": "AWS/NetworkELB", "metricName": name, "dimensions": {"LoadBalancer": "net/a/1"}},
                [blind("AWS/NetworkELB", "LoadBalancer and TargetGroup")],
            )
            for name in ("HealthyHostCount", "UnHealthyHostCount")
        ),
        (
            {
                "namespace": "AWS/ApplicationELB",
                "metricName": "HealthyHostCount",
                "dimensions": {"LoadBalancer": "arn:aws:a", "TargetGroup": "arn:aws:b"},
            },
            [whole("LoadBalancer"), whole("TargetGroup")],
        ),
        ({"namespace": "AWS/ApplicationELB", "dimensions": {"LoadBalancer": UNKNOWN_TEXT}}, []),
        # Of what is not known, nothing is said of its suffix either.
        ({"namespace": "shop", "dimensions": {"LoadBalancer": "arn:aws:a"}}, []),
    ],
)
def test_what_is_said_of_dimensions(metric: dict[str, Any], found: list[str]) -> None:
    assert said(dimensions, **metric) == found
    fine = {"namespace": "AWS/Lambda", "metricName": "Errors", "dimensions": {"FunctionName": "f"}}
    queries = ["text", {"expression": "m1"}, {"metric": "text"}, {"metric": fine}, {"metric": metric}]
    assert said(dimensions, metricQueries=queries) == found


def test_what_silence_means() -> None:
    text = "does not say what missing data means; set `treatMissingData`"
    assert said(missing_data) == [text]
    assert said(missing_data, treatMissingData="missing") == said(missing_data, treatMissingData=UNKNOWN_TEXT) == []
    assert said(missing_data, evaluationCriteria={}) == []


NOBODY = "alarm cpu tells nobody; set `alarmActions`, or use it in a composite alarm or as a stop condition"
NOT_OVER = "alarm cpu does not tell when it is over; set `okActions`"


def told(*others: Resource, token: str = METRIC_ALARM, **inputs: Any) -> list[tuple[str, str | None]]:
    alarm = made(token, {"name": "cpu", **inputs}, "cpu")
    return [(one.message, one.urn) for one in actions(Stack((alarm, *others))) if one.urn == alarm.urn]


def tell(text: str, token: str = METRIC_ALARM) -> list[tuple[str, str | None]]:
    return [(text, urn_of(token, "cpu"))]


BOTH: dict[str, Any] = {"alarmActions": ["a"], "okActions": ["a"]}


@pytest.mark.parametrize("token", [METRIC_ALARM, COMPOSITE_ALARM])
@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        (BOTH, None),
        ({"alarmActions": UNKNOWN_TEXT, "okActions": [UNKNOWN_TEXT]}, None),
        (BOTH | {"actionsEnabled": True}, None),
        (BOTH | {"actionsEnabled": "true"}, None),
        (BOTH | {"actionsEnabled": False}, NOBODY),
        (BOTH | {"actionsEnabled": "false"}, NOBODY),
        (BOTH | {"actionsEnabled": UNKNOWN_TEXT}, NOBODY),
        ({"okActions": ["a"]}, NOBODY),
        ({"alarmActions": [], "okActions": ["a"]}, NOBODY),
        ({"alarmActions": ["a"]}, NOT_OVER),
        ({"alarmActions": ["a"], "okActions": []}, NOT_OVER),
        ({}, NOBODY),
    ],
)
def test_whom_an_alarm_tells(token: str, inputs: dict[str, Any], text: str | None) -> None:
    assert told(token=token, **inputs) == ([] if text is None else tell(text, token))


def composite(rule: Any, name: str = "all", **more: Any) -> Resource:
    return made(COMPOSITE_ALARM, {"alarmName": name, "alarmRule": rule, **BOTH}, name, **more)


def stopping(*values: Any, **more: Any) -> Resource:
    conditions = [{"source": "aws:cloudwatch:alarm", "value": value} for value in values]
    return made(EXPERIMENT, {"stopConditions": conditions}, "x", **more)


ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu"
OTHER_ARN = ARN.replace(":cpu", ":other")
OWN = (urn_of(METRIC_ALARM, "cpu"),)
OTHER_RULES: list[Any] = ["ALARM(other)", "ALARM(cpu2)", "ALARM(a:cpu)", "cpu", None, [], ""]


@pytest.mark.parametrize(
    ("others", "serves"),
    [
        *(
            ((composite(f"ALARM({form}) OR ALARM(other)"),), True)
            for form in ('"cpu"', "'cpu'", "cpu", f'"{ARN}"', ARN)
        ),
        *(((composite(rule),), False) for rule in OTHER_RULES),
        ((composite(UNKNOWN_TEXT, dependencies=OWN),), True),
        ((composite(UNKNOWN_TEXT, dependencies=("urn-other",)),), False),
        # What it depends on says nothing where its rule is known.
        ((composite("ALARM(other)", dependencies=OWN),), False),
        ((composite("ALARM(other)", "one"), composite("ALARM(cpu)", "two")), True),
        ((stopping(ARN),), True),
        ((stopping(OTHER_ARN, ARN),), True),
        ((stopping(OTHER_ARN), stopping(ARN)), True),
        ((stopping(OTHER_ARN),), False),
        ((stopping(),), False),
        ((stopping(UNKNOWN_TEXT, dependencies=OWN),), True),
        ((stopping(UNKNOWN_TEXT),), False),
        ((stopping(OTHER_ARN, dependencies=OWN),), False),
        ((made(EXPERIMENT, {"stopConditions": [UNKNOWN_TEXT, {"value": ARN}]}),), True),
        ((made(EXPERIMENT, {"stopConditions": UNKNOWN_TEXT}),), False),
        ((composite("ALARM(other)"), stopping(ARN)), True),
        ((composite("ALARM(cpu)"), stopping(OTHER_ARN)), True),
    ],
)
def test_whom_an_alarm_without_actions_serves(others: tuple[Resource, ...], serves: bool) -> None:
    assert told(*others) == ([] if serves else tell(NOBODY))


def test_the_name_that_aws_gives_comes_before_the_program_s() -> None:
    assert told(composite("ALARM(real)"), alarmName="real", name="cpu") == []
    assert told(composite("ALARM(cpu)"), alarmName="real", name="cpu") == tell(NOBODY)
    assert told(composite("ALARM(cpu)"), name=UNKNOWN_TEXT) == tell(NOBODY)


def test_a_composite_alarm_does_not_serve_itself() -> None:
    assert told(token=COMPOSITE_ALARM, alarmRule="ALARM(cpu)") == tell(NOBODY, COMPOSITE_ALARM)
