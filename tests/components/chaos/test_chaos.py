from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from components.chaos.chaos import Chaos, ChaosArgs, lacks
from components.chaos.chaos_permissions import fault_permissions
from components.chaos.experiment_file import experiments_folder, read_experiments
from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.fault_kinds import fault_kinds, read_fault
from components.chaos.faults.connection_exhaustion import ConnectionExhaustion
from components.chaos_settings import USD_PER_ACTION_MINUTE
from components.omissions import omissions
from components.reading import Reader, SettingsError
from components.settings import Settings
from contract.experiments import DatabaseEngine
from pricing.estimate import estimate
from pricing.price_book import PriceBook
from pricing.resource import Graph, Resource
from pricing.usage import Usage
from tests.components.conftest import TOPIC
from tests.components.test_iam import _findings, actions

__all__ = ["actions"]
TEMPLATE = "aws:fis/experimentTemplate:ExperimentTemplate"
SCHEDULE = "aws:scheduler/schedule:Schedule"
UNDO = {
    *("ssm:CancelCommand", "ssm:ListCommands"),
    *("ec2:ReplaceNetworkAclAssociation", "ec2:DeleteNetworkAcl", "arc-zonal-shift:CancelZonalShift"),
}
AT_TEN = "cron(0 10 ? * TUE *)"
SUBNETS = ("subnet-0b0b0b0b0b0b0b0b0", "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-0a0a0a0a0a0a0a0a0")
# What the kinds need, each its own.
PARAMETERS: dict[str, Any] = {
    **{"sources": "10.0.0.0/16", "port": 5432, "zone": "use1-az1", "subnets": SUBNETS},
    **{"host": "db.example.com", "engine": "postgresql", "connections": 90, "reserve": 10},
    "trafficType": "egress",
}


def shipped(stage: int = 8) -> tuple[tuple[int, ExperimentSpec], ...]:
    return read_experiments(experiments_folder(), stage)


def of_kind(kind: str) -> ExperimentSpec:
    """A shipped experiment, with the fault of any kind."""
    taken = fault_kinds()[kind].settings.keys()
    given = {key: value for key, value in PARAMETERS.items() if key in taken}
    fault = read_fault(Reader({"kind": kind, **given}, "fault."))
    return replace(shipped()[0][1], name=kind, fault=fault)


@pytest.fixture
def built(run: Any, settings: Callable[..., Settings]) -> Callable[..., Any]:
    def build(*specs: ExperimentSpec, **values: Any) -> Any:
        given = settings(**values)
        chosen = tuple((3, spec) for spec in specs) or shipped()
        args = ChaosArgs(settings=given, experiments=chosen, topic_arn=TOPIC, records_table="ial-dev-records")
        return run(lambda: Chaos("chaos", args))

    return build


def test_each_shipped_experiment_has_a_template(built: Callable[..., Any]) -> None:
    templates = built().of(TEMPLATE)
    assert sorted(templates) == [
        "chaos-alb-health-check-template",
        "chaos-database-connection-failure-template",
        "chaos-instance-termination-template",
        "chaos-network-latency-template",
    ]
    latency = templates["chaos-network-latency-template"]
    [action] = latency["actions"]
    parameters = {held["key"]: held["value"] for held in action["parameters"]}
    inside = json.loads(parameters["documentParameters"])
    assert parameters["duration"] == "PT5M"
    assert (inside["DurationSeconds"], inside["TrafficType"], inside["Interface"]) == ("240", "egress", "DEFAULT")
    assert latency["tags"]["chaos:schedule"] == "cron:0 10 _ = TUE ="


def test_the_event_rule_takes_the_stack_s_own_templates_only(built: Callable[..., Any]) -> None:
    """FIS tells every experiment of the account and names its template (monitoring-eventbridge)."""
    recorder = built()
    pattern = json.loads(recorder.one("aws:cloudwatch/eventRule:EventRule")["eventPattern"])
    assert sorted(pattern["detail"]["experiment-template-id"]) == sorted(f"{name}-id" for name in recorder.of(TEMPLATE))
    assert (pattern["source"], pattern["detail-type"]) == (["aws.fis"], ["FIS Experiment State Change"])


@pytest.mark.parametrize("kind", fault_kinds())
def test_every_kind_is_bounded_and_limited(built: Callable[..., Any], kind: str) -> None:
    [template] = built(of_kind(kind)).of(TEMPLATE).values()
    assert template["stopConditions"][0]["value"].endswith(":alarm:ial-dev-errors")
    assert template["logConfiguration"]["cloudwatchLogsConfiguration"]["logGroupArn"].endswith("/chaos:*")
    assert template["experimentOptions"]["emptyTargetResolutionMode"] == "fail"
    for target in template["targets"]:
        tags = {held["key"]: held["value"] for held in target.get("resourceTags") or []}
        named = target.get("resourceArns") or []
        assert tags.get("chaos:enabled") == "true" or 1 <= len(named) <= 5
        assert all(arn.startswith("arn:aws:") for arn in named)


@pytest.mark.parametrize("kind", fault_kinds())
def test_a_role_allows_its_fault_and_nothing_blocks_the_undoing(
    settings: Callable[..., Settings], actions: dict[str, bool], kind: str
) -> None:
    statements = fault_permissions(of_kind(kind).ordered_fault(settings()))
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    assert _findings(policy, actions) == []
    allowed = [action for statement in statements for action in statement["Action"]]  # type: ignore[attr-defined]
    assert not any(action.endswith("*") for action in allowed)
    for statement in statements:
        if UNDO & set(statement["Action"]):  # type: ignore[call-overload]
            assert "Condition" not in statement


def test_a_zone_is_cut_off_while_its_traffic_is_shifted_away(built: Callable[..., Any]) -> None:
    [template] = built(of_kind("az-impairment")).of(TEMPLATE).values()
    given = {held["name"]: {pair["key"]: pair["value"] for pair in held["parameters"]} for held in template["actions"]}
    # At the same time: one that started after the other would begin when the other has ended.
    assert [held.get("startAfters") for held in template["actions"]] == [None, None]
    assert given["network"] == {"duration": "PT4M", "scope": "availability-zone"}
    assert given["shift"] == {
        "duration": "PT5M",
        "availabilityZoneIdentifier": "use1-az1",
        "managedResourceTypes": "ALB",
        "zonalAutoshiftStatus": "ANY",
    }
    named = {held["name"]: held["resourceArns"] for held in template["targets"]}
    assert named["subnets"] == [
        "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-0a0a0a0a0a0a0a0a0",
        "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-0b0b0b0b0b0b0b0b0",
    ]
    assert len(named["balancer"]) == 1
    assert ":elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/" in named["balancer"][0]


@pytest.mark.parametrize("kind", fault_kinds())
def test_what_a_run_costs_is_what_the_gate_says(
    built: Callable[..., Any], settings: Callable[..., Settings], kind: str
) -> None:
    [inputs] = built(replace(of_kind(kind), schedule=None)).of(TEMPLATE).values()
    resource = Resource(urn="urn:a", type=TEMPLATE, name="a", properties=inputs)
    once = Usage.from_mapping({"resources": {"a": {"runs_per_month": 1}}}, "usage.yaml")
    found = estimate(Graph([resource]), once, PriceBook.load(), region="us-east-1", today=date(2026, 11, 25))
    [item] = found.items()
    assert item.cost is not None
    assert item.cost.expected == of_kind(kind).ordered_fault(settings()).action_minutes * USD_PER_ACTION_MINUTE


def test_connections_are_taken_by_a_document_of_the_stacks_own(built: Callable[..., Any]) -> None:
    found = built(of_kind("connection-exhaustion"), replace(of_kind("connection-exhaustion"), name="again"))
    document = found.one("aws:ssm/document:Document")
    assert (document["documentType"], document["name"]) == ("Command", "ial-dev-connection-hold")
    for template in found.of(TEMPLATE).values():
        [action] = template["actions"]
        given = {pair["key"]: pair["value"] for pair in action["parameters"]}
        assert given["documentArn"] == "arn:aws:ssm:us-east-1:123456789012:document/ial-dev-connection-hold"
        inside = json.loads(given["documentParameters"])
        # 90 connections, shared by two instances.
        assert inside["Connections"] == "45"
        parameters = json.loads(document["content"])["parameters"]
        assert inside.keys() == parameters.keys()
        for name, value in inside.items():
            about = parameters[name]
            assert value in about.get("allowedValues", [value])
            assert re.fullmatch(about.get("allowedPattern", ".*"), value), name
    [policy] = [
        json.loads(held["policy"])["Statement"]
        for name, held in found.of("aws:iam/rolePolicy:RolePolicy").items()
        if "connection-exhaustion" in name
    ]
    assert {"ssm:SendCommand": "arn:aws:ssm:us-east-1:123456789012:document/ial-dev-connection-hold"} in [
        dict.fromkeys(statement["Action"], statement["Resource"][0]) for statement in policy
    ]


def test_no_document_is_made_for_others(built: Callable[..., Any]) -> None:
    assert built().of("aws:ssm/document:Document") == {}


@pytest.mark.parametrize(("engine", "connections"), [("mysql", 92), ("postgresql", 1)])
def test_connections_that_cannot_be_shared(built: Callable[..., Any], engine: DatabaseEngine, connections: int) -> None:
    spec = of_kind("connection-exhaustion")
    assert isinstance(spec.fault, ConnectionExhaustion)
    with pytest.raises(SettingsError, match=r"fault\.connections is"):
        built(replace(spec, fault=replace(spec.fault, engine=engine, connections=connections)))


def test_a_role_serves_one_kind(built: Callable[..., Any]) -> None:
    roles = built().of("aws:iam/role:Role")
    trusts = {name: json.loads(held["assumeRolePolicy"])["Statement"][0] for name, held in roles.items()}
    of_fis = {name: held for name, held in trusts.items() if held["Principal"].get("Service") == "fis.amazonaws.com"}
    assert len(of_fis) == 4
    for held in of_fis.values():
        assert held["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
        assert held["Condition"]["ArnLike"] == {"aws:SourceArn": "arn:aws:fis:us-east-1:123456789012:experiment/*"}


def test_the_runner_injects_nothing_and_the_lever_starts_nothing(
    built: Callable[..., Any], actions: dict[str, bool]
) -> None:
    policies = built().of("aws:iam/rolePolicy:RolePolicy")
    runner, halt = (policies[f"chaos-{name}-policy"]["policy"] for name in ("runner", "halt"))
    assert _findings(runner, actions) == []
    assert _findings(halt, actions) == []
    for forbidden in ("iam:PassRole", "ssm:SendCommand", "ec2:TerminateInstances", "UpdateSafetyLeverState"):
        assert forbidden not in runner
    assert "StartExperiment" not in halt


@pytest.mark.parametrize(("starter", "schedules", "tags"), [("pipeline", 0, 4), ("scheduler", 4, 0), ("none", 0, 0)])
def test_one_starter_and_never_two(built: Callable[..., Any], starter: str, schedules: int, tags: int) -> None:
    found = built(*(replace(spec, schedule=AT_TEN) for _, spec in shipped()), chaos={"starter": starter})
    assert len(found.of(SCHEDULE)) == schedules
    assert sum("chaos:schedule" in held["tags"] for held in found.of(TEMPLATE).values()) == tags


def test_a_schedule_starts_once_or_not_at_all(built: Callable[..., Any]) -> None:
    schedule = built(of_kind("alb-stress"), chaos={"starter": "scheduler", "timezone": "Europe/Lisbon"}).one(SCHEDULE)
    # Scheduler's own choice is 185 attempts in 24 hours: a start at ten could be one at three in the night.
    assert schedule["target"]["retryPolicy"] == {"maximumRetryAttempts": 0, "maximumEventAgeInSeconds": 60}
    assert schedule["flexibleTimeWindow"] == {"mode": "OFF"}
    assert schedule["scheduleExpressionTimezone"] == "Europe/Lisbon"


def test_scheduler_needs_times(built: Callable[..., Any]) -> None:
    spec = replace(of_kind("alb-stress"), schedule="rate(14 days)")
    with pytest.raises(SettingsError) as refused:
        built(spec, chaos={"starter": "scheduler"})
    said = (
        'alb-stress.schedule is "rate(14 days)"; accepted: with ial:chaos starter scheduler, cron(...), such as cron(0'
    )
    assert str(refused.value).startswith(said)
    assert built(spec).of(SCHEDULE) == {}
    assert built(replace(spec, schedule=None), chaos={"starter": "scheduler"}).of(SCHEDULE) == {}


def test_a_halt_may_switch_the_schedules_and_no_others(built: Callable[..., Any], actions: dict[str, bool]) -> None:
    found = built(
        of_kind("alb-stress"), replace(of_kind("az-impairment"), schedule=None), chaos={"starter": "scheduler"}
    )
    policy = found.of("aws:iam/rolePolicy:RolePolicy")["chaos-halt-policy"]["policy"]
    assert _findings(policy, actions) == []
    held = {statement["Sid"]: statement for statement in json.loads(policy)["Statement"]}
    arn = "arn:aws:scheduler:us-east-1:123456789012:schedule/default/ial-dev-alb-stress"
    assert held["SwitchSchedules"]["Resource"] == [arn]
    role = found.of("aws:iam/role:Role")["chaos-alb-stress-starter"]["name"]
    assert held["PassStarters"]["Resource"] == [f"arn:aws:iam::123456789012:role/{role}"]
    assert held["PassStarters"]["Condition"]["StringEquals"] == {"iam:PassedToService": "scheduler.amazonaws.com"}
    assert found.one(SCHEDULE)["name"] == "ial-dev-alb-stress"


@pytest.mark.parametrize(
    ("chaos", "said"),
    [
        ({"window": {"days": ["MON"], "opens": "09:00", "closes": "17:00"}}, "ial:chaos.window is {"),
        ({"freezes": [{"first": "2026-12-20", "last": "2027-01-03"}]}, "ial:chaos.freezes is ["),
        ({"confirm": True}, "ial:chaos.confirm is true; accepted: false where starter is scheduler"),
    ],
)
def test_terms_that_only_a_runner_heeds(settings: Callable[..., Settings], chaos: dict[str, Any], said: str) -> None:
    settings(chaos=chaos)
    with pytest.raises(SettingsError) as refused:
        settings(chaos=chaos | {"starter": "scheduler"})
    assert str(refused.value).startswith(said), str(refused.value)
    assert "accepted: " in str(refused.value)
    assert "\n" not in str(refused.value)


def test_production_says_that_scheduler_asks_nobody(settings: Callable[..., Settings]) -> None:
    with pytest.raises(SettingsError, match=r"ial:chaos\.confirm is null; accepted: false where starter is scheduler"):
        settings(stack="prod", environment="prod", chaos={"starter": "scheduler"})
    said = {"starter": "scheduler", "confirm": False}
    assert settings(stack="prod", environment="prod", chaos=said).chaos.confirm is False


@pytest.mark.parametrize("starter", ["pipeline", "none"])
def test_schedules_are_in_the_windows_time_zone_unless_they_have_their_own(
    settings: Callable[..., Settings], starter: str
) -> None:
    assert settings(chaos={"starter": starter}).chaos.timezone == "UTC"
    window = {"timezone": "Europe/Lisbon", "days": ["TUE"], "opens": "09:00", "closes": "17:00"}
    assert settings(chaos={"starter": starter, "window": window}).chaos.timezone == "Europe/Lisbon"
    both = {"starter": starter, "window": window, "timezone": "Asia/Tokyo"}
    assert settings(chaos=both).chaos.timezone == "Asia/Tokyo"
    with pytest.raises(SettingsError, match=r'ial:chaos\.timezone is "Mars"; accepted: a time zone of the IANA list'):
        settings(chaos={"starter": "scheduler", "timezone": "Mars"})


@pytest.mark.parametrize(
    ("part", "missing"),
    [
        ("autoScalingGroup", "workload.autoScalingGroup"),
        ("database", "workload.database"),
        ("logGroups", "workload.logGroups"),
    ],
)
def test_what_the_workload_lacks_is_left_out_and_said(
    settings: Callable[..., Settings], workload: dict[str, Any], part: str, missing: str
) -> None:
    given = settings(workload={key: value for key, value in workload.items() if key != part})
    parts = [lacks(spec, given) for _, spec in shipped()]
    assert missing in parts
    said = [omission.reason for omission in omissions(given, shipped()) if omission.feature.startswith("experiment ")]
    assert len(said) == sum(part is not None for part in parts)
