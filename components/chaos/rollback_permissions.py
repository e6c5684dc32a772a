"""What a rollback may do: on what the settings name, and on nothing else. One entry a kind."""

from collections.abc import Callable, Sequence
from typing import Final

from components.place import Place
from components.roles import Statement, allow
from components.rollback_settings import RollbackTarget
from contract.rollback import VersionKind, holds_path

Statements = Callable[[Place, Sequence[RollbackTarget]], list[Statement]]


def rollback_permissions(
    place: Place, targets: Sequence[RollbackTarget], topic_arn: str, records: str
) -> list[Statement]:
    """Takes back the versions of the targets, leaves holds, and pages; what runs experiments has a role of its own."""
    holds = place.arn("ssm", f"parameter{holds_path(place.environment)}")
    shared = [
        allow("Hold", ["ssm:PutParameter", "ssm:AddTagsToResource", "ssm:DeleteParameter"], [f"{holds}/*"]),
        allow("ReadHolds", ["ssm:GetParametersByPath"], [holds]),
        allow("Page", ["sns:Publish"], [topic_arn]),
        allow("ReadRecords", ["dynamodb:GetItem", "dynamodb:Query"], [place.table_arn(records)]),
    ]
    return [*shared, *reading_permissions(place, targets), *_of_kinds(_ACTS, place, targets)]


def reading_permissions(place: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    """Sees which versions run: runs of experiments look at that too, and keep it with their verdict."""
    return _of_kinds(_LOOKS, place, targets)


def _of_kinds(table: dict[VersionKind, Statements], place: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    return [
        statement
        for kind, statements in table.items()
        if (own := [target for target in targets if target.kind == kind])
        for statement in statements(place, own)
    ]


def _look_at_services(place: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    """Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment-permissions.html."""
    services = [place.arn("ecs", f"service/{target.name}") for target in targets]
    deployments = [place.arn("ecs", f"service-deployment/{target.name}/*") for target in targets]
    revisions = [place.arn("ecs", f"service-revision/{target.name}/*") for target in targets]
    looks = ["ecs:ListServiceDeployments", "ecs:DescribeServiceDeployments", "ecs:DescribeServiceRevisions"]
    return [
        allow("ReadServiceVersions", ["ecs:DescribeServices"], services),
        allow("ReadServiceDeployments", looks, [*services, *deployments, *revisions]),
    ]


def _act_on_services(place: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    services = [place.arn("ecs", f"service/{target.name}") for target in targets]
    deployments = [place.arn("ecs", f"service-deployment/{target.name}/*") for target in targets]
    return [
        allow("UpdateServices", ["ecs:UpdateService"], services),
        allow("StopServiceDeployments", ["ecs:StopServiceDeployment"], deployments),
        # Whether all is still there that the older version needs; no value of a secret is read.
        allow("ReadTaskDefinitions", ["ecs:DescribeTaskDefinition", "ssm:DescribeParameters"], ["*"]),
        allow("ReadImages", ["ecr:DescribeImages"], [place.arn("ecr", "repository/*")]),
        allow("ReadSecrets", ["secretsmanager:DescribeSecret"], [place.arn("secretsmanager", "secret:*")]),
    ]


def _look_at_groups(_: Place, __: Sequence[RollbackTarget]) -> list[Statement]:
    actions = ["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeInstanceRefreshes"]
    return [allow("ReadGroupVersions", actions, ["*"])]


def _act_on_groups(place: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    """Whoever names a launch template must be able to launch from it, and to pass on the role that is in it.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
    """
    groups = [place.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{target.name}") for target in targets]
    roles = sorted({target.instance_role for target in targets if target.instance_role is not None})
    passing = [allow("PassInstanceRoles", ["iam:PassRole"], roles, StringEquals={"iam:PassedToService": _EC2})]
    templates = place.arn("ec2", "launch-template/*")
    launched = [
        *(place.arn("ec2", f"{part}/*") for part in _LAUNCHED),
        *(f"arn:{place.partition}:ec2:{place.region}::{part}/*" for part in ("image", "snapshot")),
    ]
    return [
        allow("RefreshGroups", ["autoscaling:StartInstanceRefresh", "autoscaling:RollbackInstanceRefresh"], groups),
        allow("LaunchFromTemplates", ["ec2:RunInstances"], launched, ArnLike={"ec2:LaunchTemplate": templates}),
        allow("ReadTemplates", ["ec2:DescribeLaunchTemplateVersions", "ec2:DescribeImages"], ["*"]),
        *(passing if roles else []),
    ]


def _look_at_weights(_: Place, __: Sequence[RollbackTarget]) -> list[Statement]:
    actions = ["elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules"]
    return [allow("ReadWeights", actions, ["*"])]


def _act_on_weights(_: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    rules = [target.name for target in targets if ":listener-rule/" in target.name]
    listeners = [target.name for target in targets if ":listener/" in target.name]
    health = ["elasticloadbalancing:DescribeTargetHealth"]
    return [
        *([allow("ShiftRules", ["elasticloadbalancing:ModifyRule"], rules)] if rules else []),
        *([allow("ShiftListeners", ["elasticloadbalancing:ModifyListener"], listeners)] if listeners else []),
        allow("ReadTargetHealth", health, ["*"]),
    ]


def _look_at_aliases(place: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    return [allow("ReadAliases", ["lambda:GetAlias"], _functions(place, targets))]


def _act_on_aliases(place: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    versions = [f"{function}:*" for function in _functions(place, targets)]
    return [
        allow("ShiftAliases", ["lambda:UpdateAlias"], _functions(place, targets)),
        allow("ReadFunctionVersions", ["lambda:GetFunctionConfiguration"], versions),
    ]


def _functions(place: Place, targets: Sequence[RollbackTarget]) -> list[str]:
    return sorted({place.arn("lambda", f"function:{target.name.partition(':')[0]}") for target in targets})


def _look_at_configurations(place: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    asked = [*_applications(place, targets), *_environments(place, targets)]
    return [allow("ReadConfigurations", ["appconfig:ListDeployments"], asked)]


def _act_on_configurations(place: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    parts = [target.name.split("/") for target in targets]
    profiles = [
        place.arn("appconfig", f"application/{application}/configurationprofile/{profile}")
        for application, _, profile in parts
    ]
    strategies = sorted({place.arn("appconfig", f"deploymentstrategy/{target.strategy}") for target in targets})
    applications, environments = _applications(place, targets), _environments(place, targets)
    deployments = [f"{environment}/deployment/*" for environment in environments]
    starts = sorted({*applications, *environments, *profiles, *strategies})
    return [
        allow("DeployConfigurations", ["appconfig:StartDeployment"], starts),
        allow("StopConfigurations", ["appconfig:StopDeployment"], [*applications, *environments, *deployments]),
    ]


def _applications(place: Place, targets: Sequence[RollbackTarget]) -> list[str]:
    return sorted({place.arn("appconfig", f"application/{target.name.partition('/')[0]}") for target in targets})


def _environments(place: Place, targets: Sequence[RollbackTarget]) -> list[str]:
    parts = (target.name.split("/") for target in targets)
    return sorted(
        {place.arn("appconfig", f"application/{application}/environment/{name}") for application, name, _ in parts}
    )


def _look_at_parameters(place: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    names = [place.arn("ssm", f"parameter/{(target.parameter or '').lstrip('/')}") for target in targets]
    return [allow("ReadVersions", ["ssm:GetParameter"], names)]


def _act_by_automations(place: Place, targets: Sequence[RollbackTarget]) -> list[Statement]:
    documents = [place.arn("ssm", f"automation-definition/{target.name}:*") for target in targets]
    return [
        allow("StartAutomations", ["ssm:StartAutomationExecution"], documents),
        allow("ReadAutomations", ["ssm:GetAutomationExecution"], [place.arn("ssm", "automation-execution/*")]),
    ]


_EC2: Final = "ec2.amazonaws.com"
# What AWS asks about when an instance is launched; images and snapshots may be anybody's.
_LAUNCHED: Final = (
    *("instance", "network-interface", "security-group", "subnet", "volume", "key-pair", "launch-template"),
    "placement-group",
)
_LOOKS: Final[dict[VersionKind, Statements]] = {
    "ecs-service": _look_at_services,
    "auto-scaling-group": _look_at_groups,
    "listener-weights": _look_at_weights,
    "lambda-alias": _look_at_aliases,
    "app-config": _look_at_configurations,
    "automation": _look_at_parameters,
}
_ACTS: Final[dict[VersionKind, Statements]] = {
    "ecs-service": _act_on_services,
    "auto-scaling-group": _act_on_groups,
    "listener-weights": _act_on_weights,
    "lambda-alias": _act_on_aliases,
    "app-config": _act_on_configurations,
    "automation": _act_by_automations,
}
