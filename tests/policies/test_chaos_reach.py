"""What is said of an experiment's targets, stop conditions and log, word for word, beside what is fine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from policies.chaos_reach import capped, lever_left_alone, logged, opted_in, stopped_by_an_alarm
from policies.experiment import TEMPLATE
from pricing.resource import Resource
from tests.policies.conftest import UNKNOWN_TEXT, made

ALARM = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors"
BY_ALARM = {"source": "aws:cloudwatch:alarm", "value": ALARM}


def said(check: Callable[[Resource], Iterator[str]], **inputs: Any) -> list[str]:
    found = list(check(made(TEMPLATE, inputs)))
    assert all(text.startswith("experiment it") for text in found)
    return [text.removeprefix("experiment it").removeprefix(", target app: ") for text in found]


STOPPED_BY_NOTHING = " is stopped by nothing; set `stopConditions` with source aws:cloudwatch:alarm"
STOPPED_UNKNOWN = " has `stopConditions` that are unknown at preview; write them out"
NO_ALARM = " has a stop condition without an alarm; set its `value` to an alarm's ARN"


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ([BY_ALARM], []),
        ([BY_ALARM, {"source": "none"}], []),
        ([BY_ALARM | {"value": UNKNOWN_TEXT}], []),
        (None, [STOPPED_BY_NOTHING]),
        ([], [STOPPED_BY_NOTHING]),
        ("none", [STOPPED_BY_NOTHING]),
        ([{"source": "none"}], [STOPPED_BY_NOTHING]),
        ([{"value": ALARM}], [STOPPED_BY_NOTHING]),
        ([{"source": UNKNOWN_TEXT, "value": ALARM}], [STOPPED_BY_NOTHING]),
        (UNKNOWN_TEXT, [STOPPED_UNKNOWN]),
        ([BY_ALARM, UNKNOWN_TEXT], [STOPPED_UNKNOWN]),
        ([BY_ALARM, BY_ALARM | {"value": "errors"}], [NO_ALARM]),
        ([{"source": "aws:cloudwatch:alarm"}], [NO_ALARM]),
        ([BY_ALARM | {"value": "arn:aws:s3:::bucket"}], [NO_ALARM]),
        ([BY_ALARM | {"value": f"{ALARM[:-6]}"}], [NO_ALARM]),
    ],
)
def test_stop_conditions(conditions: Any, found: list[str]) -> None:
    assert said(stopped_by_an_alarm, stopConditions=conditions) == found


def target(**changes: Any) -> dict[str, Any]:
    """A target of tasks, of which nothing is to be said."""
    return {"name": "app", "resourceType": "aws:ecs:task", "selectionMode": "COUNT(1)", **changes}


def tags(**given: Any) -> list[dict[str, Any]]:
    return [{"key": key.replace("_", ":"), "value": value} for key, value in given.items()]


OFFERED = tags(chaos_enabled="true")
ANYTHING = (
    "whatever has the type may be hit; add the tag chaos:enabled=true to its `resourceTags`, and to the resources that "
    "may suffer"
)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"resourceTags": OFFERED}, []),
        ({"resourceTags": OFFERED + tags(owner=UNKNOWN_TEXT)}, []),
        ({"resourceArns": ["arn:a"]}, []),
        ({"resourceArns": UNKNOWN_TEXT}, []),
        ({}, [ANYTHING]),
        ({"resourceArns": []}, [ANYTHING]),
        ({"resourceArns": "arn:a"}, [ANYTHING]),
        ({"resourceTags": UNKNOWN_TEXT}, [ANYTHING]),
        ({"resourceTags": [UNKNOWN_TEXT, *OFFERED]}, [ANYTHING]),
        ({"resourceTags": tags(chaos_enabled="True")}, [ANYTHING]),
        ({"resourceTags": tags(chaos_enabled=UNKNOWN_TEXT)}, [ANYTHING]),
        ({"resourceTags": tags(owner="true")}, [ANYTHING]),
    ],
)
def test_what_has_been_offered(changes: dict[str, Any], found: list[str]) -> None:
    assert said(opted_in, targets=[target(**changes)]) == found


def test_each_target_must_be_offered() -> None:
    found = said(opted_in, targets=[target(name="arn", resourceArns=["a"]), target(), target(resourceTags=OFFERED)])
    assert found == [ANYTHING]


ACCEPTED = "accepted: COUNT(1) to COUNT(5), PERCENT(1) to PERCENT(50)"
STOPPED_TOO = "instances that are stopped or gone may be picked; add the filter State.Name = running"
EVERY_ZONE = (
    "subnets of every zone may be cut off at once; name the subnets, or set the target's parameter "
    "availabilityZoneIdentifier"
)
RUNNING = [{"path": "State.Name", "values": ["running"]}]
EC2, SUBNET = "aws:ec2:instance", "aws:ec2:subnet"
SELECTIONS = [
    *((mode, []) for mode in ("COUNT(1)", "COUNT(2)", "COUNT(5)", "PERCENT(1)", "PERCENT(2)", "PERCENT(50)")),
    *(
        (mode, [f"`selectionMode` is {mode}; {ACCEPTED}"])
        for mode in ("COUNT(0)", "COUNT(6)", "COUNT(999)", "PERCENT(0)", "PERCENT(51)", "PERCENT(100)")
    ),
    *(
        (mode, [f"`selectionMode` is `{mode}`; {ACCEPTED}"])
        for mode in ("ALL", "count(1)", "COUNT(1000)", "COUNT()", "COUNT(1) ", "COUNT(\u0661)", None)
    ),
    (UNKNOWN_TEXT, [f"`selectionMode` is unknown at preview; {ACCEPTED}"]),
]


@pytest.mark.parametrize(("mode", "found"), SELECTIONS)
def test_how_many_are_picked(mode: Any, found: list[str]) -> None:
    assert said(capped, targets=[target(selectionMode=mode)]) == found


@pytest.mark.parametrize(("token", "most"), [("aws:ecs:task", 1), (SUBNET, 5)])
def test_all_of_a_few_that_are_named(token: str, most: int) -> None:
    refused = [f"`selectionMode` is `ALL`; {ACCEPTED}"]
    for number in range(8):
        given = target(resourceType=token, selectionMode="ALL", resourceArns=[f"arn:{n}" for n in range(number)])
        found = [text for text in said(capped, targets=[given]) if text != EVERY_ZONE]
        assert found == ([] if 1 <= number <= most else refused), number
    unknown = target(resourceType=token, selectionMode="ALL", resourceArns=UNKNOWN_TEXT)
    assert said(capped, targets=[unknown]) == refused


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"resourceType": EC2, "filters": RUNNING}, []),
        ({"resourceType": EC2, "filters": [{"path": "Tags", "values": ["a"]}, *RUNNING]}, []),
        ({"resourceType": EC2, "resourceArns": ["arn:a"]}, []),
        ({"resourceType": EC2}, [STOPPED_TOO]),
        ({"resourceType": EC2, "filters": [{"path": "State.Name", "values": ["running", "stopped"]}]}, [STOPPED_TOO]),
        ({"resourceType": EC2, "filters": [{"path": "State.Name", "values": []}]}, [STOPPED_TOO]),
        ({"resourceType": EC2, "filters": UNKNOWN_TEXT}, [STOPPED_TOO]),
        ({"resourceType": EC2, "filters": RUNNING, "resourceArns": []}, []),
        ({}, []),
        ({"resourceType": SUBNET, "parameters": {"availabilityZoneIdentifier": "use1-az1"}}, []),
        ({"resourceType": SUBNET, "resourceArns": ["arn:a"]}, []),
        ({"resourceType": SUBNET}, [EVERY_ZONE]),
        ({"resourceType": SUBNET, "parameters": {"availabilityZoneIdentifier": UNKNOWN_TEXT}}, [EVERY_ZONE]),
        ({"resourceType": SUBNET, "parameters": UNKNOWN_TEXT}, [EVERY_ZONE]),
        ({"resourceType": SUBNET, "parameters": {"vpc": "vpc-1"}}, [EVERY_ZONE]),
    ],
)
def test_which_are_picked(changes: dict[str, Any], found: list[str]) -> None:
    assert said(capped, targets=[target(**changes)]) == found


def together(*selections: str, **named: int) -> list[str]:
    """What is said of several targets: selections, and resources named by their ARNs."""
    found = [target(name=f"t{n}", selectionMode=mode) for n, mode in enumerate(selections)]
    for name, number in named.items():
        arns = [f"arn:{n}" for n in range(number)]
        found.append(target(name=name, resourceType=SUBNET, selectionMode="ALL", resourceArns=arns))
    return said(capped, targets=found)


def up_to(number: int) -> list[str]:
    return [f": its targets together hit up to {number}; accepted: 5 in all targets of a template"]


def share(number: int) -> list[str]:
    return [f": its targets together hit {number} %; accepted: 50 % in all targets of a template"]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (together("COUNT(2)", "COUNT(3)"), []),
        (together("COUNT(3)", "COUNT(3)"), up_to(6)),
        (together("COUNT(2)", "COUNT(2)", "COUNT(2)"), up_to(6)),
        (together("COUNT(2)", a=3), []),
        (together("COUNT(3)", a=3), up_to(6)),
        (together(a=3, b=2), []),
        (together(a=3, b=3), up_to(6)),
        (together(a=5), []),
        (together("COUNT(5)"), []),
        (together("COUNT(5)", "PERCENT(50)"), []),
        (together("PERCENT(25)", "PERCENT(25)"), []),
        (together("PERCENT(26)", "PERCENT(25)"), share(51)),
        (together("PERCENT(10)", "PERCENT(30)", "PERCENT(11)"), share(51)),
        (together("COUNT(5)", "COUNT(1)", "PERCENT(50)", "PERCENT(1)"), up_to(6) + share(51)),
    ],
)
def test_targets_that_are_hit_together(found: list[str], expected: list[str]) -> None:
    assert found == expected


def test_what_one_target_alone_may_not_is_said_once() -> None:
    assert together("COUNT(6)") == [", target t0: `selectionMode` is COUNT(6); " + ACCEPTED]
    assert together("PERCENT(51)") == [", target t0: `selectionMode` is PERCENT(51); " + ACCEPTED]
    # Some of those that are named are picked: they are counted by the number that is picked.
    picked = [target(name=name, selectionMode="COUNT(2)", resourceArns=["a", "b", "c"]) for name in ("one", "two")]
    assert said(capped, targets=picked) == []


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (None, None),
        ({}, None),
        ({"emptyTargetResolutionMode": "fail"}, None),
        ({"emptyTargetResolutionMode": "skip"}, "`skip`"),
        ({"emptyTargetResolutionMode": UNKNOWN_TEXT}, "unknown at preview"),
        (UNKNOWN_TEXT, "unknown at preview"),
    ],
)
def test_hitting_none_is_a_failure(options: Any, shown: str | None) -> None:
    text = f" may hit nothing and pass: `emptyTargetResolutionMode` is {shown}; set fail"
    assert said(capped, targets=[target()], experimentOptions=options) == ([] if shown is None else [text])


GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/ial"
NO_LOG = " leaves no log; set `logConfiguration` with a log group or a bucket"


@pytest.mark.parametrize(
    ("logs", "found"),
    [
        ({"cloudwatchLogsConfiguration": {"logGroupArn": f"{GROUP}:*"}}, []),
        ({"cloudwatchLogsConfiguration": {"logGroupArn": UNKNOWN_TEXT}}, []),
        ({"s3Configuration": {"bucketName": "logs"}}, []),
        ({"s3Configuration": {"bucketName": UNKNOWN_TEXT}}, []),
        (
            {"cloudwatchLogsConfiguration": {"logGroupArn": GROUP}, "s3Configuration": {"bucketName": "logs"}},
            [f" logs to {GROUP}; FIS takes the group's ARN with `:*` at its end"],
        ),
        ({"cloudwatchLogsConfiguration": {"logGroupArn": f"{GROUP}:*"}, "s3Configuration": {"bucketName": "l"}}, []),
        (None, [NO_LOG]),
        ({}, [NO_LOG]),
        ({"logSchemaVersion": 2}, [NO_LOG]),
        ({"s3Configuration": {"prefix": "x"}}, [NO_LOG]),
        (UNKNOWN_TEXT, [" has a `logConfiguration` that is unknown at preview; write it out"]),
    ],
)
def test_logs(logs: Any, found: list[str]) -> None:
    assert said(logged, logConfiguration=logs) == found


def test_the_lever() -> None:
    assert list(lever_left_alone(made("aws:fis/safetyLeverState:SafetyLeverState", {}))) == [
        "it puts FIS's safety lever under Pulumi: an ordinary update would release a lever that somebody pulled; "
        "remove it, and use `ial chaos halt`"
    ]
