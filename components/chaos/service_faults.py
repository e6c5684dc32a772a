"""Faults beyond instances, which a stack asks for by itself: tasks of ECS, and the database's failover."""

from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.fault import OPT_IN, Fault, minutes
from components.place import Place
from components.roles import Statement, allow
from components.settings import Settings

# FIS's own script registers the agent beside a task with these tags, and FIS finds it by the second.
# https://docs.aws.amazon.com/fis/latest/userguide/ecs-task-actions.html
_SIDECAR = "aws:ResourceTag/FAULT_INJECTION_SIDECAR"
_TASK = "aws:ResourceTag/ECS_TASK_ARN"


def ecs_task_latency(spec: ExperimentSpec, settings: Settings) -> Fault:
    """Slows down what tasks send. Needs pidMode task, enableFaultInjection and an SSM agent beside the task."""
    work = settings.workload
    action = {
        "actionId": "aws:ecs:task-network-latency",
        "parameters": {
            "duration": f"PT{minutes(spec.fault.seconds)}M",
            "delayMilliseconds": str(spec.fault.delay_ms),
            "jitterMilliseconds": str(spec.fault.jitter_ms),
            "sources": spec.fault.sources or "ALL",
            "useEcsFaultInjectionEndpoints": "true",
        },
        "targets": {"Tasks": "tasks"},
    }
    target = {
        "resourceType": "aws:ecs:task",
        "resourceTags": dict(OPT_IN),
        "parameters": {"cluster": str(work.ecs_cluster), "service": str(work.ecs_service)},
        "selectionMode": f"COUNT({spec.targets.count})",
    }
    return Fault(
        actions={"fault": action},
        targets={"tasks": target},
        statements=_task_statements(settings.place, str(work.ecs_cluster)),
        resource_type="aws:ecs:task",
        tags=OPT_IN,
        group_kind="ecs-service",
        group=f"{work.ecs_cluster}/{work.ecs_service}",
        seconds=spec.fault.seconds,
        action_minutes=minutes(spec.fault.seconds),
        perturbed_metrics=("AWS/ApplicationELB/TargetResponseTime",),
        undo="the agent beside the task takes the delay away",
    )


def _task_statements(place: Place, cluster: str) -> list[Statement]:
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


def database_failover(spec: ExperimentSpec, settings: Settings) -> Fault:
    """Makes a Multi-AZ database change to its standby; without one this is an outage, and needs allowOutage."""
    work, place = settings.workload, settings.place
    arn = place.arn("rds", f"db:{work.database}")
    action = {
        "actionId": "aws:rds:reboot-db-instances",
        "parameters": {"forceFailover": "false" if spec.allow_outage else "true"},
        "targets": {"DBInstances": "database"},
    }
    target = {"resourceType": "aws:rds:db", "resourceArns": [arn], "selectionMode": "ALL"}
    statements = [
        allow(
            "FailOver",
            ["rds:RebootDBInstance"],
            [arn],
            StringEquals={f"aws:ResourceTag/{key}": value for key, value in OPT_IN.items()},
            StringEqualsIfExists={"aws:ResourceTag/environment": settings.chaos.environment_tag},
        ),
        allow("ReadDatabases", ["rds:DescribeDBInstances"], [place.arn("rds", "db:*")]),
        allow("FindDatabases", ["tag:GetResources"], ["*"]),
    ]
    return Fault(
        actions={"fault": action},
        targets={"database": target},
        statements=statements,
        resource_type="aws:rds:db",
        tags=OPT_IN,
        group_kind="database",
        group=work.database,
        seconds=60,
        action_minutes=1,
        perturbed_metrics=("AWS/RDS/DatabaseConnections",),
        undo="none: RDS completes the failover",
    )
