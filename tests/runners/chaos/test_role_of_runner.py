"""The runner's role against the calls that the shipped experiments really make: each is allowed, and few are idle."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote

import pytest

from preview.engines import Engine
from runners.aws.alarms import AwsAlarms
from runners.aws.session import AwsClients
from runners.chaos.judging.verdict import Verdict
from runners.chaos.running.rehearsal import RehearsalClock, begin_rehearsal
from runners.wiring.backup import Access
from runners.wiring.chaos import ChaosAccess
from tests.iam_evaluator import Call, is_allowed
from tests.runners.chaos.conftest import SHIPPED, Deployed

pytestmark = pytest.mark.cloud
SERVICES: Final = ("dynamodb", "rds", "cloudwatch", "fis", "ec2", "autoscaling", "elbv2", "ecs", "ssm", "s3")
PLACE: Final = "us-east-1:123456789012"
# How IAM names what these calls ask about, and the parameter that says which; others ask about no resource.
RESOURCES: Final = {
    "fis:GetExperiment": ("fis", "experiment/{}", "id"),
    "fis:StopExperiment": ("fis", "experiment/{}", "id"),
    "fis:ListExperimentResolvedTargets": ("fis", "experiment/{}", "experimentId"),
    "fis:GetExperimentTemplate": ("fis", "experiment-template/{}", "id"),
    "fis:GetSafetyLever": ("fis", "safety-lever/{}", "id"),
    "cloudwatch:DescribeAlarms": ("cloudwatch", "alarm:{}", ""),
    "cloudwatch:DescribeAlarmHistory": ("cloudwatch", "alarm:{}", "AlarmName"),
    "rds:DescribeDBInstances": ("rds", "db:{}", "DBInstanceIdentifier"),
    "rds:DescribeDBParameters": ("rds", "pg:{}", "DBParameterGroupName"),
    "ecs:DescribeClusters": ("ecs", "cluster/{}", "clusters"),
    "ecs:UpdateCluster": ("ecs", "cluster/{}", "cluster"),
    **{f"dynamodb:{call}Item": ("dynamodb", "table/{}", "TableName") for call in ("Get", "Put", "Update")},
    "dynamodb:Query": ("dynamodb", "table/{}", "TableName"),
}
# Allowed and not called in this test: what each of them is for.
IDLE: Final = {
    # A run that is stopped; a lease that is renewed in place is an update of the table.
    "fis:StopExperiment",
    # AWS asks for it of whoever starts an experiment with tags.
    "fis:TagResource",
    # And of who starts the first one of an account.
    "iam:CreateServiceLinkedRole",
    # Stop alarms on one metric; those that are shipped are on metric math.
    "cloudwatch:GetMetricStatistics",
    # `ial score --publish --as-runner`: all runs at once.
    "dynamodb:Scan",
    # Experiments on tasks; reports.
    *("ecs:ListTasks", "ecs:DescribeTasks"),
    # Whether a limit explains what a rollback would be for.
    "application-autoscaling:DescribeScalableTargets",
    # A service that is being deployed while it is looked at.
    "ecs:DescribeServiceDeployments",
    # Experiments on zones, which are off by default.
    *(
        "ec2:DescribeSubnets",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeTags",
    ),
    # And on a database's connections.
    *("rds:DescribeDBParameters", "ec2:DescribeInstanceTypes", "ssm:GetDocument"),
}


def test_every_call_is_allowed(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    site = deployed.folder
    base = Access.open("dev", site, Engine.LOCAL, lambda _: None)
    plain = ChaosAccess.open("dev", site, Engine.LOCAL, lambda _: None)
    assert plain.endpoint is not None
    clients = AwsClients("us-east-1", endpoint=plain.endpoint, keys=("local", "local", None))
    calls: set[str] = set()
    made: list[Call] = []
    started: set[str] = set()

    def note(model: Any, params: dict[str, Any], **_: Any) -> None:
        service = str(model.service_model.endpoint_prefix)
        action = f"{'cloudwatch' if service == 'monitoring' else service}:{model.name}"
        action = action.replace("ListObjectsV2", "ListBucket")
        calls.add(action)
        made.extend(asked_of(action, params))
        if model.name == "StartExperiment":
            started.add(params["experimentTemplateId"])

    for name in SERVICES:
        clients.client(name).meta.events.register("before-parameter-build", note)
    # Those that have to answer soon are watched as well: leases are held through them.
    monkeypatch.setattr(clients, "prompt", lambda: clients)
    access = replace(base, clients=clients, say=lambda _: None)
    begin_rehearsal(plain.endpoint, [], "ial/dev")
    held = ChaosAccess(access, clients, RehearsalClock(plain.endpoint), plain.endpoint)
    for name in SHIPPED:
        record = held.life_cycle().run(held.experiment(name))
        assert record.judgement.verdict is Verdict.PASSED, record.judgement
    # A run asks for the history of alarms that moved in it, and in these none has to.
    alarms, clock = held.experiment(SHIPPED[0]).stop_alarms, RehearsalClock(plain.endpoint)
    AwsAlarms(clients, clock).changes(alarms, datetime(2020, 1, 1, tzinfo=UTC), clock.now())
    policy = plain.clients.client("iam").get_role_policy(RoleName="ial-dev-runner-chaos", PolicyName="ial")
    document = policy["PolicyDocument"]
    parsed: Any = json.loads(unquote(document)) if isinstance(document, str) else document
    allowed = {action for statement in parsed["Statement"] for action in statement["Action"]}
    assert calls - allowed == set()
    assert [call for call in made if not is_allowed(parsed["Statement"], call)] == []
    assert allowed - calls == IDLE
    fis = plain.clients.client("fis")
    tags = [fis.get_experiment_template(id=id_)["experimentTemplate"]["tags"] for id_ in started]
    assert len(tags) == len(SHIPPED)
    asked = tags_asked(parsed["Statement"])
    assert asked
    assert [held for held in tags if not asked.items() <= held.items()] == []


def asked_of(action: str, params: dict[str, Any]) -> list[Call]:
    """What IAM is asked about one call."""
    if action == "fis:StartExperiment":
        own = {"aws:ResourceTag/environment": "dev", "aws:ResourceTag/managed-by": "ial"}
        template = f"arn:aws:fis:{PLACE}:experiment-template/{params['experimentTemplateId']}"
        return [Call(action, template, own), Call(action, f"arn:aws:fis:{PLACE}:experiment/*")]
    if action == "cloudwatch:PutMetricData":
        return [Call(action, "*", {"cloudwatch:namespace": params["Namespace"]})]
    if action == "s3:ListBucket":
        return [Call(action, f"arn:aws:s3:::{params['Bucket']}", {"s3:prefix": params["Prefix"]})]
    if action in ("ecs:DescribeServices", "ecs:ListServiceDeployments"):
        names = params.get("services") or [params["service"]]
        return [Call(action, f"arn:aws:ecs:{PLACE}:service/{params['cluster']}/{name}") for name in names]
    if action == "ecs:DescribeServiceRevisions":
        return [Call(action, arn) for arn in params["serviceRevisionArns"]]
    if action.startswith("s3:"):
        return [Call(action, f"arn:aws:s3:::{params['Bucket']}/{params['Key']}")]
    if action not in RESOURCES:
        return [Call(action)]
    service, form, key = RESOURCES[action]
    named = params.get(key, "any")
    return [
        Call(action, f"arn:aws:{service}:{PLACE}:{form.format(name)}")
        for name in (named if isinstance(named, list) else [named])
    ]


def tags_asked(statements: list[dict[str, Any]]) -> dict[str, str]:
    """The tags that a template must carry for this role to start it."""
    [statement] = [held for held in statements if "StartOwn" in held["Sid"]]
    return {key.partition("/")[2]: value for key, value in statement["Condition"]["StringEquals"].items()}
