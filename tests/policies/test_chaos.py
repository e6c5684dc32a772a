"""Each unsafe experiment is refused, and the safe one beside it is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.names import OPT_IN
from policies import chaos, chaos_actions, chaos_reach
from policies.experiment import TEMPLATE, seconds
from policies.fis_catalogue import catalogue, suggestion
from pricing.errors import CatalogError
from pricing.resource import Resource
from tests.policies.conftest import UNKNOWN_TEXT, Declared, Servicer

ALARM = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ial-dev-errors"
LATENCY = {
    "DurationSeconds": "300",
    "DelayMilliseconds": "200",
    "Sources": "10.0.2.0/24",
    "TrafficType": "egress",
    "Interface": "DEFAULT",
}
DOCUMENT = "arn:aws:ssm:us-east-1::document/AWSFIS-Run-Network-Latency-Sources"
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/ial/dev/fis"


def parameters(**values: Any) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def command(document: str = DOCUMENT, duration: Any = "PT6M", inside: Any = None, **changes: Any) -> dict[str, Any]:
    """An action that runs a document on the target."""
    text = json.dumps({**LATENCY, **changes}) if inside is None else inside
    return action(
        "aws:ssm:send-command",
        parameters(documentArn=document, documentParameters=text, duration=duration),
    )


def action(id_: Any, given: Any = (), target: Any = ("Instances", "app"), **changes: Any) -> dict[str, Any]:
    found = {"name": "fault", "actionId": id_, "parameters": list(given) if isinstance(given, tuple) else given}
    if target:
        found["target"] = {"key": target[0], "value": target[1]} if isinstance(target, tuple) else target
    return {**found, **changes}


def target(**changes: Any) -> dict[str, Any]:
    return {
        "name": "app",
        "resourceType": "aws:ec2:instance",
        "selectionMode": "COUNT(2)",
        "resourceTags": parameters(**{"chaos:enabled": "true"}),
        "filters": [{"path": "State.Name", "values": ["running"]}],
        **changes,
    }


def template(*actions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "description": "latency",
        "roleArn": UNKNOWN_TEXT,
        "actions": list(actions) or [command()],
        "targets": [target()],
        "stopConditions": [{"source": "aws:cloudwatch:alarm", "value": ALARM}],
        "logConfiguration": {"logSchemaVersion": 2, "cloudwatchLogsConfiguration": {"logGroupArn": f"{GROUP}:*"}},
        **changes,
    }


def said(pack: Servicer, inputs: dict[str, Any], *, token: str = TEMPLATE) -> list[tuple[str, str]]:
    """What the chaos policies say, with the level checked: each of them refuses."""
    found = [found for found in pack.resource(Declared(token, inputs=inputs)) if found.policy.startswith("chaos-")]
    assert all(found.level == 1 for found in found)
    return [(found.policy, found.message) for found in found]


SUBNETS = ["arn:aws:ec2:us-east-1:123456789012:subnet/subnet-0a0a0a0a0a0a0a0a0"]
BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188"
BY_TAG = {"resourceArns": None, "selectionMode": "COUNT(2)", "resourceTags": parameters(**{"chaos:enabled": "true"})}


def subnets(**changes: Any) -> dict[str, Any]:
    return {
        "name": "subnets",
        "resourceType": "aws:ec2:subnet",
        "resourceArns": SUBNETS * 2,
        "selectionMode": "ALL",
        **changes,
    }


def zone(*, subnets: dict[str, Any] = subnets(), **changes: Any) -> dict[str, Any]:  # noqa: B008
    """The impairment of a zone; a parameter of None is left out."""
    shift = {"duration": "PT6M", "availabilityZoneIdentifier": "use1-az1", "zonalAutoshiftStatus": "ANY"}
    network = {"duration": "PT5M", "scope": "availability-zone"}
    into = {
        name: {key: value for key, value in (given | changes).items() if value is not None and key in {*given, *more}}
        for name, given, more in (
            ("shift", shift, {"managedResourceTypes", "zone"}),
            ("network", network, {"scopes"}),
        )
    }
    balancer = subnets | {
        "name": "balancer",
        "resourceType": "aws:arc:zonal-shift-managed-resource",
        "selectionMode": "ALL",
        "resourceArns": [BALANCER],
        "resourceTags": None,
        "parameters": None,
    }
    return template(
        action("aws:arc:start-zonal-autoshift", parameters(**into["shift"]), ("ManagedResources", "balancer"))
        | {"name": "shift"},
        action("aws:network:disrupt-connectivity", parameters(**into["network"]), ("Subnets", "subnets"))
        | {"name": "network"},
        targets=[subnets, balancer],
    )


GOOD: list[dict[str, Any]] = [
    template(),
    template(command(), experimentOptions={"emptyTargetResolutionMode": "fail"}),
    template(stopConditions=[{"source": "aws:cloudwatch:alarm", "value": UNKNOWN_TEXT}]),
    template(action("aws:ec2:terminate-instances")),
    template(action("aws:ec2:stop-instances", parameters(startInstancesAfterDuration="PT3M"))),
    template(command(duration="PT1H", DurationSeconds="3540")),
    template(command(document=UNKNOWN_TEXT)),
    template(command(document="arn:aws:ssm:us-east-1:123456789012:document/own")),
    template(targets=[target(selectionMode="COUNT(5)")]),
    template(targets=[target(selectionMode="PERCENT(50)")]),
    template(
        action("aws:rds:reboot-db-instances", parameters(forceFailover="true"), ("DBInstances", "app")),
        targets=[
            {
                "name": "app",
                "resourceType": "aws:rds:db",
                "selectionMode": "ALL",
                "resourceArns": ["arn:aws:rds:us-east-1:123456789012:db:shop-db"],
            }
        ],
    ),
    template(
        action("aws:cloudwatch:assert-alarm-state", parameters(alarmArns=ALARM, alarmStates="OK"), None, name="gate"),
        {**command(), "startAfters": ["gate"]},
    ),
    template(command(), {**command(), "name": "later", "startAfters": ["fault"]}),
    template(
        action(
            "aws:ebs:pause-volume-io",
            parameters(duration="PT30S"),
            ("Volumes", "app"),
        ),
        targets=[target(resourceType="aws:ec2:ebs-volume", filters=[])],
    ),
    template(logConfiguration={"logSchemaVersion": 2, "s3Configuration": {"bucketName": "logs"}}),
    zone(),
    zone(scope="all"),
    zone(availabilityZoneIdentifier="us-east-1a"),
    zone(subnets=subnets(resourceArns=SUBNETS * 4)),
    template(targets=[target(), target(name="more", selectionMode="COUNT(3)")]),
    template(targets=[target(selectionMode="PERCENT(30)"), target(name="more", selectionMode="PERCENT(20)")]),
    template(targets=[target(selectionMode="COUNT(5)"), target(name="more", selectionMode="PERCENT(50)")]),
    zone(subnets=subnets(**BY_TAG, parameters={"availabilityZoneIdentifier": "use1-az1"})),
]


@pytest.mark.parametrize("inputs", GOOD)
def test_what_is_safe_passes(pack: Servicer, inputs: dict[str, Any]) -> None:
    assert said(pack, inputs) == []


BLACKHOLE = "arn:aws:ssm:us-east-1::document/AWSFIS-Run-Network-Blackhole-Port"
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("chaos-actions-valid", template(actions=[]), "has no `actions`"),
    ("chaos-actions-valid", template(actions=UNKNOWN_TEXT), "`actionId` is unknown at preview"),
    (
        "chaos-actions-valid",
        template(action("aws:ec2:terminate-instance")),
        "did you mean `aws:ec2:terminate-instances`?",
    ),
    ("chaos-actions-valid", template(action(UNKNOWN_TEXT)), "`actionId` is unknown at preview"),
    (
        "chaos-actions-valid",
        template(action("aws:ec2:terminate-instances", target=("Instance", "app"))),
        "the key of its target is `Instance`; `aws:ec2:terminate-instances` takes `Instances`",
    ),
    ("chaos-actions-valid", template(action("aws:ec2:terminate-instances", target=None)), "needs a target"),
    (
        "chaos-actions-valid",
        template(action("aws:ec2:terminate-instances", target=("Instances", "web"))),
        "its target 'web' is none of the template's; accepted: app",
    ),
    (
        "chaos-actions-valid",
        template(action("aws:rds:reboot-db-instances", target=("DBInstances", "app"))),
        "is of type aws:ec2:instance; `aws:rds:reboot-db-instances` takes aws:rds:db",
    ),
    (
        "chaos-actions-valid",
        template(action("aws:fis:wait", parameters(duration="PT1M"))),
        "`aws:fis:wait` takes no target",
    ),
    (
        "chaos-actions-valid",
        template(action("aws:ec2:stop-instances", parameters(startInstancesAfterDuration="PT3M", force="true"))),
        "parameter `force` does not exist",
    ),
    (
        "chaos-actions-valid",
        template(action("aws:cloudwatch:assert-alarm-state", parameters(alarmArns=ALARM), None)),
        "parameter `alarmStates` is missing",
    ),
    (
        "chaos-actions-valid",
        template(action("aws:cloudwatch:assert-alarm-state", parameters(alarmArns=ALARM, alarmStates="ok"), None)),
        "parameter `alarmStates` is `ok`; accepted: OK, ALARM, INSUFFICIENT_DATA",
    ),
    (
        "chaos-actions-valid",
        template(action("aws:ec2:terminate-instances", UNKNOWN_TEXT)),
        "`parameters` are unknown at preview",
    ),
    (
        "chaos-actions-valid",
        template(
            action(
                "aws:ecs:task-network-blackhole-port",
                parameters(duration="PT5M", port="5432", trafficType="out"),
                ("Tasks", "app"),
            ),
            targets=[target(resourceType="aws:ecs:task")],
        ),
        "parameter `trafficType` is `out`; accepted: ingress, egress",
    ),
    (
        "chaos-actions-valid",
        template(
            action(
                "aws:ecs:task-network-packet-loss", parameters(duration="PT5M", lossPercent="101"), ("Tasks", "app")
            ),
            targets=[target(resourceType="aws:ecs:task")],
        ),
        "parameter `lossPercent` is `101`; accepted: 0 to 100",
    ),
    (
        "chaos-actions-valid",
        template(command(document="AWSFIS-Run-CPU-Stress")),
        "`documentArn` is `AWSFIS-Run-CPU-Stress`",
    ),
    (
        "chaos-actions-valid",
        template(command(document="arn:aws:ssm:us-east-1::document/AWS-RunShellScript")),
        "AWS's document AWS-RunShellScript is not one that injects a fault",
    ),
    ("chaos-actions-valid", template(command(inside="{")), "must be a JSON object of texts"),
    ("chaos-actions-valid", template(command(inside='{"DurationSeconds": 300}')), "must be a JSON object of texts"),
    ("chaos-actions-valid", template(command(inside=UNKNOWN_TEXT)), "must be a JSON object of texts"),
    *(
        ("chaos-actions-valid", template(command(document=arn, inside=inside)), "must be a JSON object of texts")
        for arn in ("arn:aws:ssm:us-east-1:123456789012:document/own", UNKNOWN_TEXT)
        for inside in (
            "{",
            "[]",
            UNKNOWN_TEXT,
            '{"DurationSeconds": 3540}',
            '{"DurationSeconds": ["3540"]}',
            '{"DurationSeconds": null}',
            '{"DurationSeconds": "60", "DurationSeconds": "3540"}',
        )
    ),
    ("chaos-actions-valid", template(command(Duration="300")), "parameter `Duration` does not exist"),
    (
        "chaos-actions-valid",
        template(command(inside=json.dumps({k: v for k, v in LATENCY.items() if k != "Sources"}))),
        "parameter `Sources` is missing",
    ),
    (
        "chaos-actions-valid",
        template(command(inside=json.dumps({k: v for k, v in LATENCY.items() if k != "TrafficType"}))),
        "TrafficType is not set, which means ingress",
    ),
    ("chaos-actions-valid", template(command(TrafficType="out")), "TrafficType is `out`"),
    (
        "chaos-actions-valid",
        template(
            command(
                "arn:aws:ssm:us-east-1::document/AWSFIS-Run-Network-Latency",
                inside='{"DurationSeconds": "300", "DelayMilliseconds": "200"}',
            )
        ),
        "use AWSFIS-Run-Network-Latency-Sources with Interface DEFAULT",
    ),
    (
        "chaos-actions-valid",
        template(command(), {**command(), "name": "second"}),
        "fault disturbs the network of the same target at the same time",
    ),
    ("chaos-bounded", template(action("aws:ec2:stop-instances")), "the instances stay stopped"),
    ("chaos-bounded", template(command(duration="PT5M")), "set `duration` to 360 s or more"),
    ("chaos-bounded", template(command(duration="PT359S")), "set `duration` to 360 s or more"),
    ("chaos-bounded", template(command(duration="PT61M")), "`duration` is PT61M; accepted: PT1M to PT1H"),
    ("chaos-bounded", template(command(duration="PT59S", DurationSeconds="0")), "`duration` is PT59S"),
    ("chaos-bounded", template(command(duration="5 minutes")), "`duration` is `5 minutes`"),
    ("chaos-bounded", template(command(duration=UNKNOWN_TEXT)), "`duration` is unknown at preview"),
    ("chaos-bounded", template(command(DurationSeconds="5m")), "DurationSeconds is `5m`"),
    ("chaos-bounded", template(command(DurationSeconds="\u0663\u0660\u0660")), "accepted: a number of seconds"),
    (
        "chaos-bounded",
        template(
            action(
                "aws:ssm:start-automation-execution",
                parameters(documentArn=UNKNOWN_TEXT, maxDuration="PT2H"),
                None,
            )
        ),
        "`maxDuration` is PT2H",
    ),
    ("chaos-stop-condition", template(stopConditions=[{"source": "none"}]), "is stopped by nothing"),
    ("chaos-stop-condition", template(stopConditions=[]), "is stopped by nothing"),
    ("chaos-stop-condition", template(stopConditions=UNKNOWN_TEXT), "unknown at preview"),
    ("chaos-stop-condition", template(stopConditions=[UNKNOWN_TEXT]), "unknown at preview"),
    ("chaos-stop-condition", template(stopConditions=[{"source": UNKNOWN_TEXT}]), "is stopped by nothing"),
    (
        "chaos-stop-condition",
        template(stopConditions=[{"source": "aws:cloudwatch:alarm", "value": "errors"}]),
        "set its `value` to an alarm's ARN",
    ),
    ("chaos-opt-in", template(targets=[target(resourceTags=[])]), "whatever has the type may be hit"),
    ("chaos-opt-in", template(targets=[target(resourceTags=UNKNOWN_TEXT)]), "whatever has the type may be hit"),
    (
        "chaos-opt-in",
        template(targets=[target(resourceTags=parameters(**{"chaos:enabled": "false"}))]),
        "add the tag chaos:enabled=true",
    ),
    ("chaos-opt-in", template(targets=[target(resourceTags=[], resourceArns=[])]), "whatever has the type may be hit"),
    ("chaos-blast-radius", template(targets=[target(selectionMode="ALL")]), "`selectionMode` is `ALL`"),
    ("chaos-blast-radius", template(targets=[target(selectionMode="COUNT(6)")]), "`selectionMode` is COUNT(6)"),
    ("chaos-blast-radius", template(targets=[target(selectionMode="COUNT(0)")]), "`selectionMode` is COUNT(0)"),
    ("chaos-blast-radius", template(targets=[target(selectionMode="PERCENT(51)")]), "`selectionMode` is PERCENT(51)"),
    ("chaos-blast-radius", template(targets=[target(selectionMode=UNKNOWN_TEXT)]), "is unknown at preview"),
    (
        "chaos-blast-radius",
        template(targets=[target(selectionMode="ALL", resourceTags=[], filters=[], resourceArns=["arn:a", "arn:b"])]),
        "`selectionMode` is `ALL`",
    ),
    ("chaos-blast-radius", template(targets=[target(filters=[])]), "add the filter State.Name = running"),
    ("chaos-blast-radius", template(targets=[target(filters=UNKNOWN_TEXT)]), "add the filter State.Name = running"),
    (
        "chaos-blast-radius",
        template(targets=[target(filters=[{"path": "State.Name", "values": ["running", "stopped"]}])]),
        "add the filter State.Name = running",
    ),
    (
        "chaos-blast-radius",
        template(experimentOptions={"emptyTargetResolutionMode": "skip"}),
        "may hit nothing and pass",
    ),
    ("chaos-actions-valid", zone(scope=None), "action network: parameter `scope` is missing"),
    ("chaos-actions-valid", zone(scope="zone"), "parameter `scope` is `zone`; accepted: all, availability-zone"),
    ("chaos-actions-valid", zone(scopes="all"), "parameter `scopes` does not exist; did you mean `scope`?"),
    ("chaos-actions-valid", zone(availabilityZoneIdentifier=None), "`availabilityZoneIdentifier` is missing"),
    ("chaos-actions-valid", zone(zone="use1-az1"), "parameter `zone` does not exist"),
    (
        "chaos-actions-valid",
        zone(availabilityZoneIdentifier="use1-az1,use1-az2"),
        "accepted: one zone's id or name, such as use1-az1",
    ),
    ("chaos-actions-valid", zone(managedResourceTypes="ELB"), "`managedResourceTypes` is `ELB`; accepted: ASG"),
    ("chaos-actions-valid", zone(zonalAutoshiftStatus="ON"), "`zonalAutoshiftStatus` is `ON`; accepted: ENABLED"),
    (
        "chaos-blast-radius",
        zone(subnets=subnets(resourceArns=SUBNETS * 5)),
        "targets together hit up to 6; accepted: 5",
    ),
    (
        "chaos-blast-radius",
        template(targets=[target(), *(target(name=f"more{n}", selectionMode="COUNT(5)") for n in range(9))]),
        "targets together hit up to 47; accepted: 5",
    ),
    (
        "chaos-blast-radius",
        template(targets=[target(selectionMode="PERCENT(50)"), target(name="more", selectionMode="PERCENT(1)")]),
        "targets together hit 51 %; accepted: 50 %",
    ),
    ("chaos-blast-radius", zone(subnets=subnets(**BY_TAG)), "subnets of every zone may be cut off at once"),
    (
        "chaos-opt-in",
        zone(
            subnets=subnets(**BY_TAG | {"resourceTags": [], "parameters": {"availabilityZoneIdentifier": "use1-az1"}})
        ),
        "target subnets: whatever has the type may be hit",
    ),
    ("chaos-logged", template(logConfiguration=None), "leaves no log"),
    ("chaos-logged", template(logConfiguration=UNKNOWN_TEXT), "unknown at preview"),
    ("chaos-logged", template(logConfiguration={"logSchemaVersion": 2}), "leaves no log"),
    (
        "chaos-logged",
        template(logConfiguration={"cloudwatchLogsConfiguration": {"logGroupArn": GROUP}}),
        "takes the group's ARN with `:*`",
    ),
]


@pytest.mark.parametrize(("policy", "inputs", "text"), BAD)
def test_what_is_unsafe_is_refused_for_that_reason_alone(
    pack: Servicer, policy: str, inputs: dict[str, Any], text: str
) -> None:
    found = said(pack, inputs)
    assert [name for name, message in found if text in message] == [policy], found
    # What is unknown cannot be called bounded either.
    assert all(name == policy or "unknown at preview" in message for name, message in found), found


def test_a_parameter_that_is_missing_is_said_once(pack: Servicer) -> None:
    given = parameters(documentParameters=json.dumps(LATENCY), duration="PT6M")
    [(policy, message)] = said(pack, template(action("aws:ssm:send-command", given)))
    assert policy == "chaos-actions-valid"
    assert message.count("documentArn") == 1
    assert "None" not in message


def test_a_lever_under_pulumi_is_refused(pack: Servicer) -> None:
    [(policy, message)] = said(pack, {"reason": "x", "status": "disengaged"}, token=chaos.SAFETY_LEVER)
    assert policy == "chaos-safety-lever"
    assert "use `ial chaos halt`" in message


def test_every_policy_of_the_group_has_a_case() -> None:
    cases = {policy for policy, _, _ in BAD} | {"chaos-safety-lever", "chaos-role-trust", "chaos-role-permissions"}
    cases.add("chaos-documents")
    assert cases == {policy.name for policy in chaos.policies()}


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_durations_are_read_as_fis_writes_them(hours: int, minutes: int, rest: int) -> None:
    parts = [f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if number]
    expected = hours * 3600 + minutes * 60 + rest
    assert seconds("PT" + "".join(parts)) == (expected if parts else None)


@pytest.mark.parametrize("text", ["", "PT", "5M", "P1D", "PT5", "PT1.5M", "PT٥M", None])
def test_what_is_no_duration(text: str | None) -> None:
    assert seconds(text) is None


@given(st.integers(1, 3600), st.integers(1, 3600))
def test_a_fault_never_outlives_its_action(lasting: int, inside: int) -> None:
    faults = list(chaos_actions.cut_short(lasting, {"DurationSeconds": str(inside)}))
    assert bool(faults) == (lasting < inside + 60)


def test_the_catalogue_is_whole() -> None:
    found = catalogue()
    assert len(found.actions) == 50
    assert all(signature.required.isdisjoint(signature.optional) for signature in found.actions.values())
    assert all(len(signature.targets) <= 1 for signature in found.actions.values())
    assert found.actions["aws:ec2:stop-instances"].optional == {
        "startInstancesAfterDuration",
        "completeIfInstancesTerminated",
    }


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2, "actions": {}, "documents": {}, "read": ""}', None])
def test_a_damaged_catalogue_judges_nothing(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "fis_actions.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(CatalogError, match=r"fis_actions\.json: not a catalogue of FIS actions of version 1"):
        catalogue(file)


def test_suggestions() -> None:
    assert suggestion("delayMiliseconds", {"delayMilliseconds", "duration"}) == "did you mean `delayMilliseconds`?"
    assert suggestion("zzz", {"duration"}) == "accepted: duration"
    assert suggestion("zzz", set()) == "accepted: none"
    assert suggestion("zzz", catalogue().actions) == "see `aws fis list-actions`"


@given(st.lists(st.tuples(st.sampled_from(["COUNT", "PERCENT"]), st.integers(1, 6)), min_size=1, max_size=6))
def test_targets_are_counted_together(selections: list[tuple[str, int]]) -> None:
    chosen = [(how, number * 10 if how == "PERCENT" else number) for how, number in selections]
    found: list[Any] = [target(name=f"t{n}", selectionMode=f"{how}({many})") for n, (how, many) in enumerate(chosen)]
    declared = Resource(urn="u", type=TEMPLATE, name="it", properties={"targets": found})
    counted, shared = (sum(many for how, many in chosen if how == wanted) for wanted in ("COUNT", "PERCENT"))
    assert bool(list(chaos_reach.capped(declared))) == (counted > 5 or shared > 50)


def test_the_limits_that_the_messages_name() -> None:
    assert (chaos_reach.MOST_TARGETS, chaos_reach.MOST_PERCENT) == (5, 50)
    assert OPT_IN == ("chaos:enabled", "true")
