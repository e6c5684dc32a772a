"""Instances that end."""

from typing import Any

from components.chaos.fault import Fault
from components.chaos.fault_kinds import FaultOrder, fault_kind
from components.chaos.fault_settings import FaultSettings
from components.chaos.instance_fault import TARGET, of_the_group, on_instances
from components.roles import allow
from components.settings import Settings


@fault_kind(
    "instance-termination",
    FaultSettings,
    happens="instances end; the group replaces them",
    needs=("auto_scaling_group",),
)
def instance_termination(order: FaultOrder[FaultSettings], settings: Settings) -> Fault:
    """Ends instances; the group replaces them."""
    place = settings.place
    terminate: dict[str, Any] = {"actionId": "aws:ec2:terminate-instances", "targets": {"Instances": TARGET}}
    statements = [
        allow(
            "Terminate",
            ["ec2:TerminateInstances"],
            [place.arn("ec2", "instance/*")],
            **of_the_group(settings),
        ),
        allow("FindInstances", ["ec2:DescribeInstances"], ["*"]),
    ]
    undo = "none: what is gone is gone, the group replaces it"
    return on_instances(order, settings, terminate, statements, 60, (), undo)
