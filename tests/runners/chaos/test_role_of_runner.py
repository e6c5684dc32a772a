"""The runner's role against the calls that the shipped experiments really make: each is allowed, and few are idle."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import unquote

import pytest

from preview.engines import Engine
from runners.aws.session import AwsClients
from runners.backup.access import Access
from runners.chaos.chaos_access import ChaosAccess
from runners.chaos.rehearsal import RehearsalClock, begin_rehearsal
from runners.chaos.verdict import Verdict
from tests.runners.chaos.conftest import SHIPPED, Deployed

pytestmark = pytest.mark.cloud
SERVICES: Final = ("dynamodb", "rds", "cloudwatch", "fis", "ec2", "autoscaling", "elbv2", "ecs", "ssm")
PREFIXES: Final = {"elbv2": "elasticloadbalancing", "elastic load balancing v2": "elasticloadbalancing"}
# Allowed and not called in this test: what each of them is for.
IDLE: Final = {
    # A run that is stopped; a lease that is renewed in place is an update of the table.
    "fis:StopExperiment",
    # AWS asks for it of whoever starts an experiment with tags.
    "fis:TagResource",
    # Stop alarms on one metric; those that are shipped are on metric math.
    "cloudwatch:GetMetricStatistics",
    # Experiments on tasks; reports.
    *("ecs:DescribeServices", "ecs:ListTasks", "ecs:DescribeTasks"),
    # Experiments on zones, which are off by default.
    *(
        "ec2:DescribeSubnets",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeTags",
    ),
    # And on a database's connections.
    *("rds:DescribeDBParameters", "ec2:DescribeInstanceTypes", "ssm:GetDocument"),
}


def test_every_call_is_allowed(deployed: Deployed) -> None:
    site = deployed.folder
    base = Access.open("dev", site, Engine.LOCAL, lambda _: None)
    plain = ChaosAccess.open("dev", site, Engine.LOCAL, lambda _: None)
    assert plain.endpoint is not None
    clients = AwsClients("us-east-1", endpoint=plain.endpoint, keys=("local", "local", None))
    calls: set[str] = set()
    started: set[str] = set()

    def note(model: Any, params: dict[str, Any], **_: Any) -> None:
        service = str(model.service_model.endpoint_prefix)
        calls.add(f"{'cloudwatch' if service == 'monitoring' else service}:{model.name}")
        if model.name == "StartExperiment":
            started.add(params["experimentTemplateId"])

    for name in SERVICES:
        clients.client(name).meta.events.register("before-parameter-build", note)
    access = Access(base.stack, base.folder, base.engine, base.outputs, clients, base.clock, lambda _: None)
    begin_rehearsal(plain.endpoint, [], "ial/dev")
    held = ChaosAccess(access, clients, RehearsalClock(plain.endpoint), plain.endpoint)
    for name in SHIPPED:
        record = held.life_cycle().run(held.experiment(name))
        assert record.judgement.verdict is Verdict.PASSED, record.judgement
    policy = plain.clients.client("iam").get_role_policy(RoleName="ial-dev-runner-chaos", PolicyName="ial")
    document = policy["PolicyDocument"]
    parsed = json.loads(unquote(document)) if isinstance(document, str) else document
    allowed = {action for statement in parsed["Statement"] for action in statement["Action"]}
    assert calls - allowed == set()
    assert allowed - calls == IDLE
    fis = plain.clients.client("fis")
    tags = [fis.get_experiment_template(id=id_)["experimentTemplate"]["tags"] for id_ in started]
    assert len(tags) == len(SHIPPED)
    asked = tags_asked(parsed["Statement"])
    assert asked
    assert [held for held in tags if not asked.items() <= held.items()] == []


def tags_asked(statements: list[dict[str, Any]]) -> dict[str, str]:
    """The tags that a template must carry for this role to start it."""
    [statement] = [held for held in statements if any(":experiment-template/" in arn for arn in held["Resource"])]
    return {key.partition("/")[2]: value for key, value in statement["Condition"]["StringEquals"].items()}
