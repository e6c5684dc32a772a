"""What is said of each action, word for word: its target, its parameters, its document, how long it lasts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.chaos_actions import LONGEST_SECONDS, bounded, document_parameters, valid
from policies.experiment import TEMPLATE
from policies.fis_catalogue import catalogue
from pricing.resource import UNKNOWN
from tests.policies.conftest import UNKNOWN_TEXT, made

AWS = "arn:aws:ssm:us-east-1::document/AWSFIS-Run-"
OWN = "arn:aws:ssm:us-east-1:123456789012:document/own"
OBJECT = "`documentParameters` must be a JSON object of texts, each name once, known at preview; write it out"
LOST = {"DurationSeconds": "60", "Sources": "10.0.0.0/8", "TrafficType": "egress"}


def action(id_: Any, target: Any = None, name: str = "fault", **given: Any) -> dict[str, Any]:
    parameters = [{"key": key, "value": value} for key, value in given.items()]
    found = {"name": name, "actionId": id_, "parameters": parameters}
    return found if target is None else {**found, "target": {"key": target[0], "value": target[1]}}


def instances(id_: Any, name: str = "fault", **given: Any) -> dict[str, Any]:
    return action(id_, ("Instances", "app"), name, **given)


def command(document: Any, inside: Any = None, *, name: str = "fault", **given: Any) -> dict[str, Any]:
    held = {} if inside is None else {"documentParameters": inside if isinstance(inside, str) else json.dumps(inside)}
    return instances("aws:ssm:send-command", name, **{"documentArn": document, "duration": "PT10M", **held, **given})


def said(judge: Any, *actions: Any, types: dict[str, Any] | None = None) -> list[str]:
    """What is said of a template, without its name and without that of the action `fault`."""
    known = {"app": "aws:ec2:instance"} if types is None else types
    targets = [{"name": name, "resourceType": token} for name, token in known.items()]
    found = judge(made(TEMPLATE, {"actions": list(actions), "targets": targets}))
    return [text.removeprefix("experiment it").removeprefix(", action fault: ") for text in found]


@pytest.mark.parametrize(
    ("given", "types", "faults"),
    [
        (instances("aws:ec2:reboot-instances"), None, []),
        (
            instances(UNKNOWN_TEXT),
            None,
            ["its `actionId` is unknown at preview; write it out"],
        ),
        (
            instances("aws:ec2:reboot-instance"),
            None,
            ["FIS has no action `aws:ec2:reboot-instance`; did you mean `aws:ec2:reboot-instances`?"],
        ),
        (
            instances("nothing like it"),
            None,
            ["FIS has no action `nothing like it`; see `aws fis list-actions`"],
        ),
        (
            action("aws:ec2:reboot-instances"),
            None,
            ["`aws:ec2:reboot-instances` needs a target; set `target` with key `Instances`"],
        ),
        (
            instances("aws:fis:wait", duration="PT1M"),
            None,
            ["`aws:fis:wait` takes no target; remove `target`"],
        ),
        (action("aws:fis:wait", duration="PT1M"), None, []),
        (
            action("aws:ec2:reboot-instances", (UNKNOWN_TEXT, "app")),
            None,
            ["the key of its target is unknown at preview; `aws:ec2:reboot-instances` takes `Instances`"],
        ),
        (
            action("aws:ec2:reboot-instances", ("Tasks", "app")),
            None,
            ["the key of its target is `Tasks`; `aws:ec2:reboot-instances` takes `Instances`"],
        ),
        (
            instances("aws:ec2:reboot-instances"),
            {"web": "aws:ec2:instance", "db": "aws:rds:db"},
            ["its target 'app' is none of the template's; accepted: db, web"],
        ),
        (
            instances("aws:ec2:reboot-instances"),
            {},
            ["its target 'app' is none of the template's; accepted: none is there"],
        ),
        (
            instances("aws:ec2:reboot-instances"),
            {"app": "aws:rds:db"},
            ["its target app is of type aws:rds:db; `aws:ec2:reboot-instances` takes aws:ec2:instance"],
        ),
        (
            instances("aws:ec2:reboot-instances") | {"parameters": UNKNOWN_TEXT},
            None,
            ["its `parameters` are unknown at preview; write out their names"],
        ),
        (
            command(OWN) | {"parameters": UNKNOWN_TEXT},
            None,
            ["its `parameters` are unknown at preview; write out their names"],
        ),
        (
            action("aws:fis:wait", zzz="1", aaa="1"),
            None,
            [
                "parameter `aaa` does not exist; accepted: duration",
                "parameter `zzz` does not exist; accepted: duration",
                "parameter `duration` is missing",
            ],
        ),
        (instances("aws:ec2:reboot-instances", force="1"), None, ["parameter `force` does not exist; accepted: none"]),
        (
            action("aws:network:disrupt-connectivity", ("Subnets", "app"), duration="PT1M"),
            {"app": "aws:ec2:subnet"},
            ["parameter `scope` is missing"],
        ),
    ],
)
def test_an_action_its_target_and_the_names_it_takes(
    given: dict[str, Any], types: dict[str, Any] | None, faults: list[str]
) -> None:
    assert said(valid, given, types=types) == faults


def test_a_template_without_actions() -> None:
    assert said(valid) == [" has no `actions`; give it one"]


CHOICES = {
    "trafficType": "ingress, egress",
    "alarmStates": "OK, ALARM, INSUFFICIENT_DATA",
    "scope": "all, availability-zone, dynamodb, prefix-list, s3, s3express, vpc",
    "managedResourceTypes": "ASG, ALB, NLB, EKS",
    "zonalAutoshiftStatus": "ENABLED, DISABLED, ANY",
}


def of_parameter(name: str, value: Any) -> list[str]:
    """What is said of the value of a parameter, by an action that takes it."""
    id_, taken = next((id_, taken) for id_, taken in catalogue().actions.items() if name in taken.names)
    target, types = None, {}
    for key, token in taken.targets.items():
        target, types = (key, "app"), {"app": token}
    given = dict.fromkeys(taken.required, UNKNOWN_TEXT) | {name: value}
    return said(valid, action(id_, target, **given), types=types)


@pytest.mark.parametrize(("name", "accepted"), CHOICES.items())
def test_a_choice_is_one_of_those_that_fis_takes(name: str, accepted: str) -> None:
    for value in (*accepted.split(", "), accepted, UNKNOWN_TEXT):
        assert of_parameter(name, value) == []
    for value in ("x", f"{accepted}, x", "", accepted.swapcase()):
        assert of_parameter(name, value) == [f"parameter `{name}` is `{value}`; accepted: {accepted}"]


PERCENTAGES = sorted(
    {name for taken in catalogue().actions.values() for name in taken.names if "percent" in name.lower()}
)


OF_IO = {"readIOPercentage", "writeIOPercentage"}


@pytest.mark.parametrize("name", PERCENTAGES)
def test_a_percentage_is_one(name: str) -> None:
    least, right, wrong = ("0.1", ("0.1", "99.5"), ("0", "0.0", "100.1")) if name in OF_IO else ("0", ("0",), ("0.5",))
    for value in ("1", "9", "10", "99", "100", UNKNOWN_TEXT, *right):
        assert of_parameter(name, value) == []
    for value in ("101", "-1", "010", "ten", "", "\u0665", *wrong):
        assert of_parameter(name, value) == [f"parameter `{name}` is `{value}`; accepted: {least} to 100"]


def test_what_is_no_percentage_may_be_any_number() -> None:
    assert len(PERCENTAGES) == 10
    assert of_parameter("workers", "101") == []


@pytest.mark.parametrize("zone", ["use1-az1", "usw2-lax1-az1", "us-east-1a", "us-gov-west-1b", UNKNOWN_TEXT])
def test_a_zone(zone: str) -> None:
    assert of_parameter("availabilityZoneIdentifier", zone) == []


@pytest.mark.parametrize("zone", ["us-east-1", "use1-az1,use1-az2", "", "US-EAST-1A"])
def test_what_is_no_zone(zone: str) -> None:
    [fault] = of_parameter("availabilityZoneIdentifier", zone)
    text = f"parameter `availabilityZoneIdentifier` is `{zone}`; accepted: one zone's id or name, such as use1-az1"
    assert fault == text


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (command(OWN, {"any": "thing"}), []),
        (command(UNKNOWN_TEXT), []),
        (command(f"{AWS}CPU-Stress", {"DurationSeconds": "60"}), []),
        (command(f"{AWS}CPU-Stress", "{"), [OBJECT]),
        (command(OWN, "[]"), [OBJECT]),
        (command(OWN, UNKNOWN_TEXT), [OBJECT]),
        (command(OWN, {"a": "text", "b": 1}), [OBJECT]),
        (command("own"), ["`documentArn` is `own`; accepted: arn:aws:ssm:REGION:[ACCOUNT]:document/NAME"]),
        (
            command(f"{AWS}CPU-Stres", {"DurationSeconds": "60"}),
            [
                "AWS's document AWSFIS-Run-CPU-Stres is not one that injects a fault; did you mean "
                "`AWSFIS-Run-CPU-Stress`?"
            ],
        ),
        (command(f"{AWS}CPU-Stress"), ["AWSFIS-Run-CPU-Stress: parameter `DurationSeconds` is missing"]),
        (
            command(f"{AWS}CPU-Stress", {"DurationSeconds": "60", "Loadpercent": "9"}),
            ["AWSFIS-Run-CPU-Stress: parameter `Loadpercent` does not exist; did you mean `LoadPercent`?"],
        ),
        # Its faults have no direction, and it is not asked for one.
        (command(f"{AWS}Kill-Process", {"ProcessName": "web"}), []),
        *(
            (
                command(f"{AWS}Network-{name}", {"DurationSeconds": "60"}),
                [
                    f"AWSFIS-Run-Network-{name} takes interface eth0, which most instances don't have; use "
                    f"AWSFIS-Run-Network-{name}-Sources with Interface DEFAULT"
                ],
            )
            for name in ("Latency", "Packet-Loss")
        ),
        *((command(f"{AWS}Network-{name}-Sources", LOST), []) for name in ("Latency", "Packet-Loss")),
        (command(f"{AWS}Network-Latency-Sources", LOST | {"TrafficType": "ingress"}), []),
        (
            command(f"{AWS}Network-Latency-Sources", LOST | {"TrafficType": "both"}),
            [
                "AWSFIS-Run-Network-Latency-Sources: TrafficType is `both`; say ingress or egress: calls to a "
                "database are egress"
            ],
        ),
        *(
            (
                command(
                    f"{AWS}Network-Blackhole-Port", {"DurationSeconds": "60", "Port": "1", "Protocol": "tcp"} | more
                ),
                [
                    "AWSFIS-Run-Network-Blackhole-Port: TrafficType is not set, which means ingress; say ingress or "
                    "egress: calls to a database are egress"
                ],
            )
            for more in ({}, {"TrafficType": ""})
        ),
        (
            action("aws:ssm:start-automation-execution", documentArn=f"{AWS}CPU-Stress", maxDuration="PT5M"),
            [
                "AWS's document AWSFIS-Run-CPU-Stress is not one that injects a fault; did you mean "
                "`AWSFIS-Run-CPU-Stress`?"
            ],
        ),
        # What an automation is given is judged with its document.
        (
            action(
                "aws:ssm:start-automation-execution",
                documentArn=OWN,
                maxDuration="PT5M",
                documentParameters='{"a": []}',
            ),
            [],
        ),
        (
            action("aws:ssm:start-automation-execution", documentArn="own", maxDuration="PT5M"),
            ["`documentArn` is `own`; accepted: arn:aws:ssm:REGION:[ACCOUNT]:document/NAME"],
        ),
    ],
)
def test_the_document_of_an_action_and_what_it_is_given(given: dict[str, Any], faults: list[str]) -> None:
    assert said(valid, given) == faults


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (None, {}),
        ("{}", {}),
        ('{"a": "1", "b": ""}', {"a": "1", "b": ""}),
        ('{"a": "1", "b": 2}', None),
        ('{"a": 1, "b": "2"}', None),
        ("[]", None),
        ('"text"', None),
        ("{", None),
        (UNKNOWN, None),
        ({"a": "1"}, None),
    ],
)
def test_the_parameters_of_a_document(text: Any, read: dict[str, str] | None) -> None:
    assert document_parameters(text) == read


def latency(*, name: str, target: str = "app") -> dict[str, Any]:
    return command(f"{AWS}Network-Latency-Sources", LOST, name=name) | {"target": {"key": "Instances", "value": target}}


@pytest.mark.parametrize(
    ("second", "collides"),
    [
        (latency(name="two"), True),
        (latency(name="two", target="web"), False),
        (latency(name="two") | {"startAfters": ["one"]}, False),
        (command(f"{AWS}CPU-Stress", {"DurationSeconds": "60"}, name="two"), False),
        (instances("aws:ec2:reboot-instances", "two"), False),
        (instances("aws:ecs:task-network-latency", "two", duration="PT5M"), True),
        (instances("aws:eks:pod-network-latency", "two", duration="PT5M"), True),
        (instances("aws:eks:pod-network-latency", "two") | {"parameters": UNKNOWN_TEXT}, True),
        (instances(UNKNOWN_TEXT, "two") | {"parameters": UNKNOWN_TEXT}, False),
        (action("aws:ecs:task-network-latency", None, "two"), False),
    ],
)
def test_two_faults_of_one_network_at_one_time(second: dict[str, Any], collides: bool) -> None:
    given = {"app": "aws:ec2:instance", "web": "aws:ec2:instance"}
    found = [text for text in said(valid, latency(name="one"), second, types=given) if "at the same time" in text]
    text = (
        ", action two: one disturbs the network of the same target at the same time, which fails; start one after the "
        "other with `startAfters`"
    )
    assert found == [text] * collides


def test_a_third_one_is_told_of_the_first_too() -> None:
    three = [latency(name=name) for name in ("one", "two", "three")]
    found = [text for text in said(valid, *three) if "at the same time" in text]
    assert [text.partition(" disturbs")[0] for text in found] == [", action two: one", ", action three: one"]


def lasts(inside: int, seconds: int) -> str:
    return (
        f"it is over after {seconds} s and the fault lasts {inside} s: the fault would outlive the action that watches "
        f"it; set `duration` to {inside + 60} s or more"
    )


SENT = f"{AWS}CPU-Stress"


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (instances("aws:ec2:reboot-instances"), []),
        (
            instances("aws:ec2:reboot-instances") | {"parameters": UNKNOWN_TEXT},
            ["how long it lasts is unknown at preview"],
        ),
        (instances(UNKNOWN_TEXT), ["how long it lasts is unknown at preview"]),
        (
            instances("aws:ec2:stop-instances"),
            ["the instances stay stopped; set `startInstancesAfterDuration`"],
        ),
        (instances("aws:ec2:stop-instances", startInstancesAfterDuration="PT1M"), []),
        *(
            (action("aws:some:thing", **{name: "PT1H1S"}), [f"`{name}` is PT1H1S; accepted: PT1M to PT1H"])
            for name in ("duration", "maxDuration", "startInstancesAfterDuration", "durationBeforeInterruption")
        ),
        *((action("aws:some:thing", duration=text), []) for text in ("PT1M", "PT60S", "PT1H", "PT60M")),
        (action("aws:some:thing", duration="PT59S"), ["`duration` is PT59S; accepted: PT1M to PT1H"]),
        (action("aws:some:thing", duration="PT0S"), ["`duration` is PT0S; accepted: PT1M to PT1H"]),
        (action("aws:ebs:pause-volume-io", duration="PT1S"), []),
        (action("aws:ebs:pause-volume-io", duration="PT0S"), ["`duration` is PT0S; accepted: PT1M to PT1H"]),
        (action("aws:some:thing", duration="soon"), ["`duration` is `soon`; accepted: PT1M to PT1H"]),
        (action("aws:some:thing", duration=UNKNOWN_TEXT), ["`duration` is unknown at preview; accepted: PT1M to PT1H"]),
        # Each that is given counts, those after one that is not as well.
        (
            action("aws:some:thing", maxDuration="PT2H", durationBeforeInterruption="PT3H"),
            [
                "`maxDuration` is PT2H; accepted: PT1M to PT1H",
                "`durationBeforeInterruption` is PT3H; accepted: PT1M to PT1H",
            ],
        ),
        (command(SENT, {"DurationSeconds": "540"}), []),
        (command(SENT, {"DurationSeconds": "541"}), [lasts(541, 600)]),
        (command(SENT, {"DurationSeconds": "0"}, duration="PT1M"), []),
        (command(SENT, {"DurationSeconds": "1"}, duration="PT1M"), [lasts(1, 60)]),
        (command(SENT, {"DurationSeconds": "1m"}), ["DurationSeconds is `1m`; accepted: a number of seconds"]),
        (
            command(SENT, {"DurationSeconds": "1" * 10}),
            ["DurationSeconds is `1111111111`; accepted: a number of seconds"],
        ),
        (command(SENT, {}), []),
        (command(SENT, "{"), []),
        # Only a command says how long it lasts in what its document is given.
        (
            action(
                "aws:ssm:start-automation-execution", maxDuration="PT1M", documentParameters='{"DurationSeconds": "9"}'
            ),
            [],
        ),
    ],
)
def test_how_long_an_action_lasts(given: dict[str, Any], faults: list[str]) -> None:
    assert said(bounded, given) == faults


def test_the_longest_that_the_messages_name() -> None:
    assert LONGEST_SECONDS == 3600
