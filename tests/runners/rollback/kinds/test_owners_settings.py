"""What the owner had there: each kind leaves it as it was, or says that it cannot go back."""

from __future__ import annotations

from typing import Any

import pytest

from runners.rollback.kind import Change, ForeignDeploymentError, Stage
from runners.rollback.version import Version
from tests.runners.rollback.kinds.answers import Answer, Answers, kind_of

TEMPLATE = {"LaunchTemplateId": "lt-1", "Version": "2"}
MEMBER = {"InstanceId": "i-1", "LifecycleState": "InService", "LaunchTemplate": TEMPLATE, "ProtectedFromScaleIn": False}
ASG_CHANGE = Change(
    good=Version(kind="auto-scaling-group", name="web", running="lt-1:1"),
    bad=Version(kind="auto-scaling-group", name="web", running="lt-1:2"),
)


def group(**held: Any) -> dict[str, Answer]:
    found = {"Instances": [MEMBER], "LaunchTemplate": TEMPLATE, "SuspendedProcesses": [], **held}
    return {
        "autoscaling:DescribeAutoScalingGroups": {"AutoScalingGroups": [found]},
        "autoscaling:DescribeInstanceRefreshes": {"InstanceRefreshes": []},
        "autoscaling:StartInstanceRefresh": {"InstanceRefreshId": "r-1"},
        "ec2:DescribeLaunchTemplateVersions": {"LaunchTemplateVersions": [{"LaunchTemplateData": {}}]},
    }


MIXED = {"LaunchTemplate": {"LaunchTemplateSpecification": TEMPLATE, "Overrides": [{"InstanceType": "m5.large"}]}}


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"LaunchTemplate": None, "MixedInstancesPolicy": MIXED}, "mixed instances policy"),
        ({"SuspendedProcesses": [{"ProcessName": "Terminate"}]}, "Terminate is suspended"),
        ({"SuspendedProcesses": [{"ProcessName": "Launch"}]}, "Launch is suspended"),
        ({"Instances": [{**MEMBER, "ProtectedFromScaleIn": True}]}, "i-1 is protected from scale-in"),
        ({"Instances": [MEMBER, {**MEMBER, "InstanceId": "i-2", "LifecycleState": "Standby"}]}, "i-2 is in standby"),
    ],
)
def test_what_a_refresh_would_undo_or_wait_for_stands_against_it(held: dict[str, Any], said: str) -> None:
    kind, _ = kind_of("auto-scaling-group", "web", group(**held))
    [found] = kind.obstacles(ASG_CHANGE)
    assert said in found


def test_nothing_stands_against_a_plain_group() -> None:
    suspended = [{"ProcessName": "ScheduledActions"}]
    good = {**MEMBER, "InstanceId": "i-0", "ProtectedFromScaleIn": True, "LaunchTemplate": {**TEMPLATE, "Version": "1"}}
    going = {**MEMBER, "InstanceId": "i-3", "ProtectedFromScaleIn": True, "LifecycleState": "Terminating"}
    kind, _ = kind_of("auto-scaling-group", "web", group(SuspendedProcesses=suspended, Instances=[MEMBER, good, going]))
    assert kind.obstacles(ASG_CHANGE) == []


def test_that_the_group_names_a_number_from_now_on_is_told() -> None:
    kind, _ = kind_of("auto-scaling-group", "web", group(LaunchTemplate={**TEMPLATE, "Version": "$Latest"}))
    assert "the group names version 1 from then on, and not $Latest" in kind.lost(ASG_CHANGE)
    kind, _ = kind_of("auto-scaling-group", "web", group())
    assert not [said for said in kind.lost(ASG_CHANGE) if "from then on" in said]


ALIAS = {"FunctionVersion": "8", "RevisionId": "x", "RoutingConfig": {}}
REFUSED_MEANWHILE: list[tuple[Any, str, dict[str, Answer], str, str]] = [
    (
        "lambda-alias",
        "orders:live",
        {"lambda:GetAlias": ALIAS, "lambda:UpdateAlias": "PreconditionFailedException"},
        "7",
        "8",
    ),
    (
        "auto-scaling-group",
        "web",
        {**group(), "autoscaling:StartInstanceRefresh": "InstanceRefreshInProgress"},
        "lt-1:1",
        "lt-1:2",
    ),
    (
        "app-config",
        "a/e/p",
        {
            "appconfig:ListDeployments": {
                "Items": [
                    {
                        "DeploymentNumber": 5,
                        "State": "COMPLETE",
                        "ConfigurationVersion": "2",
                        "ConfigurationProfileId": "p",
                    }
                ]
            },
            "appconfig:StartDeployment": "ConflictException",
        },
        "1",
        "2",
    ),
]


@pytest.mark.parametrize(("kind", "name", "known", "good", "bad"), REFUSED_MEANWHILE)
def test_who_was_quicker_is_not_fought_and_is_no_failure(
    kind: Any, name: str, known: dict[str, Answer], good: str, bad: str
) -> None:
    made, _ = kind_of(kind, name, known, strategy="s")
    change = Change(good=Version(kind=kind, name=name, running=good), bad=Version(kind=kind, name=name, running=bad))
    with pytest.raises(ForeignDeploymentError, match="somebody else's"):
        made.begin(change)


def deployed(number: int, version: str, state: str = "COMPLETE", profile: str = "p") -> dict[str, Any]:
    return {
        "DeploymentNumber": number,
        "State": state,
        "ConfigurationVersion": version,
        "ConfigurationProfileId": profile,
    }


def configuration(*deployments: dict[str, Any]) -> tuple[Any, Answers]:
    known: dict[str, Answer] = {"appconfig:ListDeployments": {"Items": list(deployments)}}
    return kind_of("app-config", "a/e/p", known, strategy="s")


def of_configuration(good: str, bad: str) -> Change:
    said = [Version(kind="app-config", name="a/e/p", running=running) for running in (good, bad)]
    return Change(good=said[0], bad=said[1])


def test_a_revert_that_brings_a_third_version_stands_against_it() -> None:
    kind, _ = configuration(deployed(7, "5", "BAKING"), deployed(6, "4"), deployed(5, "3"))
    [said] = kind.obstacles(of_configuration("3", "5"))
    assert said == "deployment 7, which is under way, would go back to 4"
    assert kind.obstacles(of_configuration("4", "5")) == []


@pytest.mark.parametrize(
    ("strategy", "minutes"),
    [
        ("AppConfig.AllAtOnce", None),
        ("AppConfig.Linear50PercentEvery30Seconds", None),
        ("AppConfig.Canary10Percent20Minutes", 30),
        ("AppConfig.Linear20PercentEvery6Minutes", 60),
        ("abc1234", None),
    ],
)
def test_a_strategy_that_takes_longer_than_somebody_waits_stands_against_it(strategy: str, minutes: int | None) -> None:
    known: dict[str, Answer] = {"appconfig:ListDeployments": {"Items": [deployed(7, "5"), deployed(6, "4")]}}
    kind, _ = kind_of("app-config", "a/e/p", known, strategy=strategy)
    found = kind.obstacles(of_configuration("4", "5"))
    said = [] if minutes is None else [f"strategy {strategy} takes {minutes} min, longer than a rollback waits"]
    assert found == said
    # What is under way is reverted at once.
    known["appconfig:ListDeployments"] = {"Items": [deployed(7, "5", "BAKING"), deployed(6, "4")]}
    assert kind.obstacles(of_configuration("4", "5")) == []


def test_an_environment_deploys_one_configuration_at_a_time() -> None:
    """https://docs.aws.amazon.com/appconfig/latest/userguide/deploying-feature-flags.html."""
    kind, answers = configuration(deployed(8, "1", "DEPLOYING", "another"), deployed(7, "5"))
    move = kind.move()
    assert move is not None
    assert (move.id, move.to) == ("8", None)
    assert kind.version().running == "5"
    with pytest.raises(ForeignDeploymentError, match="deployment 8 of profile another"):
        kind.begin(of_configuration("4", "5"))
    assert [operation for operation, _ in answers.asked if "List" not in operation] == []


BLUE, GREEN = (
    "arn:aws:elasticloadbalancing:r:1:targetgroup/blue/1",
    "arn:aws:elasticloadbalancing:r:1:targetgroup/green/2",
)
RULE = "arn:aws:elasticloadbalancing:r:1:listener-rule/app/x/1/2/3"


def weights(*actions: dict[str, Any]) -> tuple[Any, Answers]:
    return kind_of(
        "listener-weights",
        RULE,
        {
            "elbv2:DescribeRules": {"Rules": [{"Actions": list(actions)}]},
            "elbv2:ModifyRule": {},
            "elbv2:DescribeTargetHealth": {"TargetHealthDescriptions": [{"TargetHealth": {"State": "healthy"}}]},
        },
    )


def forward(**groups: int) -> dict[str, Any]:
    named = {"blue": BLUE, "green": GREEN}
    pairs = [{"TargetGroupArn": named[name], "Weight": weight} for name, weight in groups.items()]
    return {"Type": "forward", "Order": 2, "ForwardConfig": {"TargetGroups": pairs}}


def test_a_target_group_that_came_later_stays_in_the_rule_and_gets_nothing() -> None:
    good = weights(forward(blue=100))[0].version()
    kind, answers = weights(forward(blue=50, green=50))
    change = Change(good=good, bad=kind.version())
    assert kind.obstacles(change) == []
    kind.begin(change)
    [given] = answers.given("elbv2:ModifyRule")["Actions"]
    assert given["ForwardConfig"]["TargetGroups"] == [
        {"TargetGroupArn": BLUE, "Weight": 100},
        {"TargetGroupArn": GREEN, "Weight": 0},
    ]
    after = weights(given)[0]
    assert after.progress(change, {"how": "x"}).stage is Stage.DONE
    assert after.version().same_as(good) is True


def test_a_log_in_before_it_keeps_its_secret() -> None:
    """AWS never shows it: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/
    API_AuthenticateOidcActionConfig.html."""
    login = {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {"ClientId": "c", "Issuer": "i"}}
    kind, answers = weights(login, forward(blue=0, green=100))
    good = weights(login, forward(blue=100, green=0))[0].version()
    kind.begin(Change(good=good, bad=kind.version()))
    given = answers.given("elbv2:ModifyRule")["Actions"][0]
    assert given["AuthenticateOidcConfig"] == {"ClientId": "c", "Issuer": "i", "UseExistingClientSecret": True}


def test_no_traffic_at_all_is_no_version() -> None:
    assert weights(forward(blue=0, green=0))[0].version().running is None


SERVICE, OLD, NEW = "shop/web", "arn:aws:ecs:r:1:task-definition/web:1", "arn:aws:ecs:r:1:task-definition/web:2"


def service(definition: str, digest: str, deployments: list[dict[str, Any]], **more: Any) -> dict[str, Answer]:
    image = {"containerName": "web", "image": "web:live", "imageDigest": digest}
    revision = {"serviceRevisionArn": "rev", "taskDefinition": definition, "containerImages": [image]}
    held = {"status": "ACTIVE", "taskDefinition": definition, "currentServiceRevisions": [{"arn": "rev"}], **more}
    return {
        "ecs:DescribeServices": {"services": [held]},
        "ecs:DescribeServiceRevisions": {"serviceRevisions": [revision]},
        "ecs:ListServiceDeployments": lambda given: {"serviceDeployments": [] if "status" in given else deployments},
        "ecs:DescribeTaskDefinition": {
            "taskDefinition": {"status": "ACTIVE", "containerDefinitions": [{"name": "web", "image": "web:live"}]}
        },
        "ecs:UpdateService": {},
    }


def ran(definition: str, digest: str) -> Version:
    return Version(kind="ecs-service", name=SERVICE, running=definition, images={"web": digest})


def test_the_same_task_definition_with_other_images_does_not_come_back() -> None:
    kind, _ = kind_of("ecs-service", SERVICE, service(OLD, "sha256:b", []))
    [said] = kind.obstacles(Change(good=ran(OLD, "sha256:a"), bad=ran(OLD, "sha256:b")))
    assert "the same task definition ran with other images" in said


def test_an_older_task_definition_with_other_images_has_not_arrived() -> None:
    kind, _ = kind_of("ecs-service", SERVICE, service(OLD, "sha256:c", []))
    change = Change(good=ran(OLD, "sha256:a"), bad=ran(NEW, "sha256:b"))
    found = kind.progress(change, {"deployment": None, "before": None, "how": "x"})
    assert found.stage is Stage.UNSETTLED
    assert "sha256:c" in found.said
    with pytest.raises(ForeignDeploymentError, match="sha256:c"):
        kind.begin(change)


def test_a_service_whose_earlier_deployments_are_forgotten_is_waited_for() -> None:
    kind, answers = kind_of("ecs-service", SERVICE, service(NEW, "sha256:b", []))
    change = Change(good=ran(OLD, "sha256:a"), bad=ran(NEW, "sha256:b"))
    begun = kind.begin(change)
    assert answers.given("ecs:UpdateService")["taskDefinition"] == OLD
    assert kind.progress(change, begun).stage is Stage.WAITING


PAUSE = {"lifecycleHooks": [{"targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}]}
LAMBDA = {"lifecycleHooks": [{"hookTargetArn": "arn:aws:lambda:r:1:function:f", "lifecycleStages": ["PRE_SCALE_UP"]}]}


@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        (PAUSE, "pause at POST_TEST_TRAFFIC_SHIFT until somebody continues them"),
        ({"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 30}, "bake for 30 min"),
        (
            {"linearConfiguration": {"stepPercent": 20.0, "stepBakeTimeInMinutes": 6}, "bakeTimeInMinutes": 0},
            "bake for 30 min",
        ),
        ({"canaryConfiguration": {"canaryPercent": 5.0, "canaryBakeTimeInMinutes": 60}}, "bake for 60 min"),
        ({"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 15}, None),
        ({"canaryConfiguration": {"canaryPercent": 5.0, "canaryBakeTimeInMinutes": 5}, "bakeTimeInMinutes": 5}, None),
        (LAMBDA, None),
        ({}, None),
    ],
)
def test_a_deployment_that_would_not_end_while_somebody_waits(configuration: dict[str, Any], said: str | None) -> None:
    kind, _ = kind_of("ecs-service", SERVICE, service(NEW, "sha256:b", [], deploymentConfiguration=configuration))
    found = kind.obstacles(Change(good=ran(OLD, "sha256:a"), bad=ran(NEW, "sha256:b")))
    assert (said is None, said is None or said in found[0]) == (found == [], True)


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("Success", Stage.DONE),
        ("CompletedWithSuccess", Stage.DONE),
        ("ChangeCalendarOverrideRejected", Stage.FAILED),
        ("CompletedWithFailure", Stage.FAILED),
        ("PendingApproval", Stage.WAITING),
        ("a status of tomorrow", Stage.WAITING),
    ],
)
def test_each_end_of_an_automation_is_known(status: str, stage: Stage) -> None:
    known: dict[str, Answer] = {
        "ssm:GetAutomationExecution": {"AutomationExecution": {"AutomationExecutionStatus": status}},
        "ssm:GetParameter": {"Parameter": {"Value": "1"}},
    }
    kind, _ = kind_of("automation", "back", known, parameter="/version")
    good, bad = (Version(kind="automation", name="back", running=running) for running in "12")
    assert kind.progress(Change(good=good, bad=bad), {"execution": "e-1", "how": "x"}).stage is stage


@pytest.mark.parametrize("status", ["DRAINING", "INACTIVE"])
def test_a_service_that_is_being_deleted_runs_no_version(status: str) -> None:
    kind, _ = kind_of("ecs-service", SERVICE, service(OLD, "sha256:a", [], status=status))
    assert kind.version().unread == f"the service is {status}"
