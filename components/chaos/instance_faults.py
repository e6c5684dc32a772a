"""Faults on the instances of the workload's Auto Scaling group."""

from typing import Any

from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.fault import OPT_IN, UNDO_SECONDS, Fault, document_action, minutes
from components.place import Place
from components.roles import Statement, allow
from components.settings import Settings

_INSTANCE = "aws:ec2:instance"
TARGET = "app"
_LATENCY = "AWSFIS-Run-Network-Latency-Sources"
_BLACKHOLE = "AWSFIS-Run-Network-Blackhole-Port"
_UNDONE = "the document takes the rule away again on each instance, even if FIS is gone"


def network_latency(spec: ExperimentSpec, settings: Settings) -> Fault:
    """Slows down what the instances send to some addresses."""
    fault, place = spec.fault, settings.place
    document = _of_aws(place, _LATENCY)
    action = document_action(
        document,
        TARGET,
        fault.seconds,
        DelayMilliseconds=str(fault.delay_ms),
        JitterMilliseconds=str(fault.jitter_ms),
        FlowsPercent="100",
        Sources=str(fault.sources),
        # The default interface eth0 does not exist on most instances, and the default direction is ingress.
        Interface="DEFAULT",
        TrafficType="egress",
        InstallDependencies="True",
    )
    return commanded(spec, settings, action, document, ("AWS/ApplicationELB/TargetResponseTime",))


def alb_stress(spec: ExperimentSpec, settings: Settings) -> Fault:
    """Hides instances from their load balancer, whose health checks fail."""
    action = _blackhole(spec, settings, "ingress")
    document = _of_aws(settings.place, _BLACKHOLE)
    return commanded(spec, settings, action, document, ("AWS/ApplicationELB/UnHealthyHostCount",))


def database_connection_failure(spec: ExperimentSpec, settings: Settings) -> Fault:
    """Cuts instances off from their database."""
    action = _blackhole(spec, settings, "egress")
    document = _of_aws(settings.place, _BLACKHOLE)
    return commanded(spec, settings, action, document, ("AWS/RDS/DatabaseConnections",))


def instance_termination(spec: ExperimentSpec, settings: Settings) -> Fault:
    """Ends instances; the group replaces them."""
    place = settings.place
    terminate: dict[str, Any] = {"actionId": "aws:ec2:terminate-instances", "targets": {"Instances": TARGET}}
    statements = [
        allow(
            "Terminate",
            ["ec2:TerminateInstances"],
            [place.arn("ec2", "instance/*")],
            **_of_the_group(settings),
        ),
        allow("FindInstances", ["ec2:DescribeInstances"], ["*"]),
    ]
    return _fault(spec, settings, terminate, statements, 60, (), "none: what is gone is gone, the group replaces it")


def _of_the_group(settings: Settings) -> dict[str, object]:
    """Instances that are offered, are of the stack's own group, and are not said to be another environment's.

    EC2 Auto Scaling sets the group's tag, and nobody else may; names of groups are unique in an account's region.
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
    """
    return {
        "StringEquals": {f"aws:ResourceTag/{key}": value for key, value in _tags(settings).items()},
        "StringEqualsIfExists": {"aws:ResourceTag/environment": settings.chaos.environment_tag},
    }


def _tags(settings: Settings) -> dict[str, str]:
    return {**OPT_IN, "aws:autoscaling:groupName": str(settings.workload.auto_scaling_group)}


def _of_aws(place: Place, document: str) -> str:
    """AWS's own documents belong to no account."""
    return f"arn:{place.partition}:ssm:{place.region}::document/{document}"


def _blackhole(spec: ExperimentSpec, settings: Settings, direction: str) -> dict[str, Any]:
    return document_action(
        _of_aws(settings.place, _BLACKHOLE),
        TARGET,
        spec.fault.seconds,
        Protocol="tcp",
        Port=str(spec.fault.port),
        TrafficType=direction,
        InstallDependencies="True",
    )


def commanded(
    spec: ExperimentSpec,
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
            **_of_the_group(settings),
        ),
        allow("UseDocument", ["ssm:SendCommand"], [document_arn]),
        # What undoes the fault has no condition: a tag that is gone must not keep it alive.
        allow("WatchAndUndo", ["ssm:ListCommands", "ssm:CancelCommand"], ["*"]),
        allow("FindInstances", ["ec2:DescribeInstances", "ec2:DescribeSubnets"], ["*"]),
    ]
    return _fault(spec, settings, action, statements, spec.fault.seconds + UNDO_SECONDS, perturbed, undo)


def _fault(
    spec: ExperimentSpec,
    settings: Settings,
    action: dict[str, Any],
    statements: list[Statement],
    seconds: int,
    perturbed: tuple[str, ...],
    undo: str,
) -> Fault:
    group, tags = settings.workload.auto_scaling_group, _tags(settings)
    target = {
        "resourceType": _INSTANCE,
        "resourceTags": tags,
        "filters": [{"path": "State.Name", "values": ["running"]}],
        "selectionMode": f"COUNT({spec.targets.count})",
    }
    return Fault(
        actions={"fault": action},
        targets={TARGET: target},
        statements=statements,
        resource_type=_INSTANCE,
        tags=tags,
        group_kind="auto-scaling-group",
        group=group,
        seconds=seconds,
        action_minutes=minutes(seconds),
        perturbed_metrics=perturbed,
        undo=undo,
    )
