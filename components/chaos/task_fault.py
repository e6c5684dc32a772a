"""What network faults in tasks of the workload's ECS service have in common: who is hit, and who may."""

from collections.abc import Mapping
from typing import Any

from components.chaos.fault import OPT_IN, Fault, minutes
from components.chaos.fault_kinds import FaultOrder
from components.chaos.fault_settings import FaultSettings
from components.place import Place
from components.roles import Statement, allow
from components.settings import Settings

# What a task needs for a network fault, as the documentation says it.
AGENT = (
    "needs `pidMode: task`, fault injection and an SSM agent in the task, registered with the tags "
    "`FAULT_INJECTION_SIDECAR=true` and `ECS_TASK_ARN` as FIS's own script does"
)
# FIS's own script registers the agent beside a task with these tags, and FIS finds it by the second.
# https://docs.aws.amazon.com/fis/latest/userguide/ecs-task-actions.html
_SIDECAR = "aws:ResourceTag/FAULT_INJECTION_SIDECAR"
_TASK = "aws:ResourceTag/ECS_TASK_ARN"


def on_tasks(
    order: FaultOrder[FaultSettings],
    settings: Settings,
    action_id: str,
    given: Mapping[str, str],
    *,
    perturbed: tuple[str, ...],
    undo: str,
) -> Fault:
    """A fault of one action in tasks that are offered. Needs pidMode task, enableFaultInjection and an SSM agent."""
    work, lasting = settings.workload, minutes(order.fault.seconds)
    action: dict[str, Any] = {
        "actionId": action_id,
        "parameters": {"duration": f"PT{lasting}M", **given, "useEcsFaultInjectionEndpoints": "true"},
        "targets": {"Tasks": "tasks"},
    }
    target = {
        "resourceType": "aws:ecs:task",
        "resourceTags": dict(OPT_IN),
        "parameters": {"cluster": str(work.service.cluster), "service": str(work.service.name)},
        "selectionMode": f"COUNT({order.count})",
    }
    return Fault(
        actions={"fault": action},
        targets={"tasks": target},
        statements=_statements(settings.place, str(work.service.cluster)),
        resource_type="aws:ecs:task",
        tags=OPT_IN,
        group_kind="ecs-service",
        group=work.service.path,
        seconds=order.fault.seconds,
        action_minutes=lasting,
        perturbed_metrics=perturbed,
        undo=undo,
    )


def _statements(place: Place, cluster: str) -> list[Statement]:
    documents = f"arn:{place.partition}:ssm:{place.region}::document/AWSFIS-Run-*"
    tasks, hosts = place.arn("ecs", f"task/{cluster}/*"), place.arn("ecs", f"container-instance/{cluster}/*")
    return [
        # Of this cluster only: other environments' tasks have agents as well.
        allow(
            "DisturbTasks",
            ["ssm:SendCommand"],
            [place.arn("ssm", "managed-instance/*")],
            StringEquals={_SIDECAR: "true"},
            StringLike={_TASK: tasks},
        ),
        # FIS does not say which of AWS's own fault documents it takes.
        allow("UseDocuments", ["ssm:SendCommand"], [documents]),
        allow("ReadTasks", ["ecs:DescribeTasks"], [tasks]),
        allow("ReadHosts", ["ecs:DescribeContainerInstances"], [hosts]),
        allow("WatchAndUndo", ["ssm:ListCommands", "ssm:CancelCommand"], ["*"]),
        allow("FindTasks", ["ec2:DescribeInstances", "ec2:DescribeSubnets", "tag:GetResources"], ["*"]),
    ]
