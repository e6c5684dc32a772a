"""What faults on instances of the workload's Auto Scaling group have in common: who is hit, and by what document."""

import json
from typing import Any

from components.chaos.fault import OPT_IN, UNDO_SECONDS, Fault, minutes
from components.chaos.fault_kinds import FaultOrder
from components.chaos.fault_settings import FaultSettings
from components.place import Place
from components.roles import Statement, allow
from components.settings import Settings

TARGET = "app"
_INSTANCE = "aws:ec2:instance"
_BLACKHOLE = "AWSFIS-Run-Network-Blackhole-Port"
_UNDONE = "the document takes the rule away again on each instance, even if FIS is gone"


def of_aws(place: Place, document: str) -> str:
    """The ARN of a document of AWS's own, which belongs to no account."""
    return f"arn:{place.partition}:ssm:{place.region}::document/{document}"


def document_action(document_arn: str, seconds: int, **given: str) -> dict[str, Any]:
    """An action that runs a document on the instances, and watches a minute longer than its fault."""
    parameters = {"DurationSeconds": str(seconds), **given}
    return {
        "actionId": "aws:ssm:send-command",
        "parameters": {
            "documentArn": document_arn,
            "documentParameters": json.dumps(parameters, sort_keys=True),
            "duration": f"PT{minutes(seconds + UNDO_SECONDS)}M",
        },
        "targets": {"Instances": TARGET},
    }


def cut_off(
    order: FaultOrder[FaultSettings], settings: Settings, port: int, direction: str, perturbed: tuple[str, ...]
) -> Fault:
    """A port of the instances is cut off, for what comes (ingress) or what goes (egress)."""
    document = of_aws(settings.place, _BLACKHOLE)
    action = document_action(
        document,
        order.fault.seconds,
        Protocol="tcp",
        Port=str(port),
        TrafficType=direction,
        InstallDependencies="True",
    )
    return commanded(order, settings, action, document, perturbed)


def commanded(
    order: FaultOrder[FaultSettings],
    settings: Settings,
    action: dict[str, Any],
    document_arn: str,
    perturbed: tuple[str, ...],
    undo: str = _UNDONE,
) -> Fault:
    """A fault of one action that runs a document on the group's instances."""
    place = settings.place
    statements = [
        allow(
            "DisturbOffered",
            ["ssm:SendCommand"],
            [place.arn("ec2", "instance/*")],
            **of_the_group(settings),
        ),
        allow("UseDocument", ["ssm:SendCommand"], [document_arn]),
        # What undoes the fault has no condition: a tag that is gone must not keep it alive.
        allow("WatchAndUndo", ["ssm:ListCommands", "ssm:CancelCommand"], ["*"]),
        allow("FindInstances", ["ec2:DescribeInstances", "ec2:DescribeSubnets"], ["*"]),
    ]
    return on_instances(order, settings, action, statements, order.fault.seconds + UNDO_SECONDS, perturbed, undo)


def on_instances(
    order: FaultOrder[FaultSettings],
    settings: Settings,
    action: dict[str, Any],
    statements: list[Statement],
    seconds: int,
    perturbed: tuple[str, ...],
    undo: str,
) -> Fault:
    """A fault of one action on running instances of the group that are offered."""
    tags = _tags(settings)
    target = {
        "resourceType": _INSTANCE,
        "resourceTags": tags,
        "filters": [{"path": "State.Name", "values": ["running"]}],
        "selectionMode": f"COUNT({order.count})",
    }
    return Fault(
        actions={"fault": action},
        targets={TARGET: target},
        statements=statements,
        resource_type=_INSTANCE,
        tags=tags,
        group_kind="auto-scaling-group",
        group=settings.workload.group.name,
        seconds=seconds,
        action_minutes=minutes(seconds),
        perturbed_metrics=perturbed,
        undo=undo,
    )


def of_the_group(settings: Settings) -> dict[str, object]:
    """Instances that are offered, are of the stack's own group, and are not said to be another environment's.

    EC2 Auto Scaling sets the group's tag, and nobody else may; names of groups are unique in an account's region.
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
    """
    return {
        "StringEquals": {f"aws:ResourceTag/{key}": value for key, value in _tags(settings).items()},
        "StringEqualsIfExists": {"aws:ResourceTag/environment": settings.chaos.environment_tag},
    }


def _tags(settings: Settings) -> dict[str, str]:
    return {**OPT_IN, "aws:autoscaling:groupName": str(settings.workload.group.name)}
