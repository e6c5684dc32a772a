"""Targets and their groups through boto3: instances, Auto Scaling groups, ECS services, databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract.experiments import BlastRadius
from runners.aws.connection_limits import AwsConnectionLimits
from runners.aws.databases import described
from runners.aws.session import Clients, calling
from runners.aws.tasks import AwsTasks
from runners.aws.zones import AwsZones
from runners.chaos.before.looks import AbsentError, Looks
from runners.chaos.before.situation import TargetSituation

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import FilterTypeDef
    from mypy_boto3_ssm.type_defs import InstanceInformationStringFilterTypeDef

_INSTANCE: Final = "aws:ec2:instance"
_TASK: Final = "aws:ecs:task"
_DATABASE: Final = "aws:rds:db"
_RUNNING: Final = "running"
_IN_SERVICE: Final = "InService"
# A group without one of these does not replace what is hit, or sends it nothing.
# Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
_HEALING: Final = frozenset({"AddToLoadBalancer", "HealthCheck", "Launch", "ReplaceUnhealthy", "Terminate"})
_GROUP_TAG: Final = "aws:autoscaling:groupName"

Tags = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class _Group:
    """How many there are to be, how many are well, whether it changes right now, whether another can take over."""

    size: int | None = None
    healthy: int | None = None
    scaling: bool | None = None
    can_fail_over: bool | None = None
    suspended: tuple[str, ...] = ()
    members: frozenset[str] | None = None


@dataclass(frozen=True)
class AwsTargets:
    """One account and region."""

    clients: Clients

    def situation(self, reach: BlastRadius, *, through_agent: bool) -> TargetSituation:
        """The candidates and their group."""
        looks = Looks()
        candidates = looks.at("candidates", lambda: self._candidates(reach))
        group = looks.at("group", lambda: self._group(reach)) or _Group()
        warm = _warm(candidates or {}, reach.group, group.members)
        if candidates is not None:
            candidates = {name: tags for name, tags in candidates.items() if name not in warm}
        offline = looks.at("agent", lambda: self._offline(candidates or {})) if through_agent else ()
        return TargetSituation(
            candidates=candidates,
            group_size=group.size,
            healthy=group.healthy,
            scaling=group.scaling,
            offline=offline,
            suspended=group.suspended,
            warm=warm,
            can_fail_over=group.can_fail_over,
            zone=None if reach.zone is None else AwsZones(self.clients).situation(reach.zone),
            database=None
            if reach.connections is None
            else AwsConnectionLimits(self.clients).situation(reach.connections),
            unread=looks.unread,
        )

    def gone(self, arns: tuple[str, ...]) -> int:
        """How many of these instances do not run any more.

        Raises:
            AwsError: they could not be looked at.
        """
        wanted = {arn.rsplit("/", 1)[-1] for arn in arns if ":instance/" in arn}
        if not wanted:
            return 0
        running = self._instances([{"Name": "instance-state-name", "Values": [_RUNNING]}])
        return len(wanted - running.keys())

    def _candidates(self, reach: BlastRadius) -> Tags:
        """What FIS would choose from: the same tags, running ones only; of a service, all its tasks with their tags."""
        if reach.zone is not None:
            return AwsZones(self.clients).candidates(reach.zone)
        if reach.resource_type == _INSTANCE:
            tags: list[FilterTypeDef] = [{"Name": f"tag:{key}", "Values": [value]} for key, value in reach.tags.items()]
            return self._instances([*tags, {"Name": "instance-state-name", "Values": [_RUNNING]}])
        if reach.resource_type == _TASK:
            return AwsTasks(self.clients).candidates(reach.group or "")
        if reach.resource_type == _DATABASE and reach.group:
            found = described(self.clients, reach.group)
            return {found["DBInstanceArn"]: {tag["Key"]: tag["Value"] for tag in found.get("TagList", [])}}
        # What is left is named by its ARN in the template: what is hit is what is written there.
        return {f"{reach.resource_type} {number}": reach.tags for number in range(1, reach.wanted + 1)}

    def _instances(self, filters: Sequence[FilterTypeDef]) -> dict[str, dict[str, str]]:
        with calling("ec2:DescribeInstances", "instances"):
            pages = list(self.clients.client("ec2").get_paginator("describe_instances").paginate(Filters=filters))
        return {
            held["InstanceId"]: {tag["Key"]: tag["Value"] for tag in held.get("Tags", [])}
            for page in pages
            for reservation in page["Reservations"]
            for held in reservation["Instances"]
        }

    def _offline(self, candidates: Tags) -> tuple[str, ...]:
        """Instances that Systems Manager does not reach: nothing would happen to them."""
        asked: list[InstanceInformationStringFilterTypeDef] = [{"Key": "InstanceIds", "Values": sorted(candidates)}]
        if not candidates:
            return ()
        with calling("ssm:DescribeInstanceInformation", "instances"):
            pages = self.clients.client("ssm").get_paginator("describe_instance_information").paginate(Filters=asked)
            online = {
                held["InstanceId"]
                for page in pages
                for held in page["InstanceInformationList"]
                if held.get("PingStatus") == "Online"
            }
        return tuple(sorted(candidates.keys() - online))

    def _group(self, reach: BlastRadius) -> _Group:
        read = {
            "auto-scaling-group": self._scaling_group,
            "ecs-service": self._service,
            "database": self._standby,
        }
        return _Group() if reach.group is None or reach.group_kind is None else read[reach.group_kind](reach.group)

    def _scaling_group(self, name: str) -> _Group:
        with calling("autoscaling:DescribeAutoScalingGroups", name):
            answer = self.clients.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        if not answer["AutoScalingGroups"]:
            msg = f"there is no Auto Scaling group {name}"
            raise AbsentError(msg)
        found = answer["AutoScalingGroups"][0]
        members = found["Instances"]
        healthy = [
            held for held in members if held["LifecycleState"] == _IN_SERVICE and held["HealthStatus"] == "Healthy"
        ]
        moving = any(held["LifecycleState"] != _IN_SERVICE for held in members)
        size = int(found["DesiredCapacity"])
        suspended = {held["ProcessName"] for held in found.get("SuspendedProcesses", [])} & _HEALING
        return _Group(
            size=size,
            healthy=len(healthy),
            scaling=moving or len(members) != size,
            suspended=tuple(sorted(suspended)),
            members=frozenset(held["InstanceId"] for held in members if not _is_warm(held["LifecycleState"])),
        )

    def _service(self, name: str) -> _Group:
        cluster, _, service = name.partition("/")
        with calling("ecs:DescribeServices", name):
            answer = self.clients.client("ecs").describe_services(cluster=cluster, services=[service])
        if not answer["services"]:
            msg = f"there is no ECS service {name}"
            raise AbsentError(msg)
        found = answer["services"][0]
        rolling = len(found["deployments"]) > 1 or found["runningCount"] != found["desiredCount"]
        return _Group(size=found["desiredCount"], healthy=found["runningCount"], scaling=rolling)

    def _standby(self, name: str) -> _Group:
        found = described(self.clients, name)
        available = found["DBInstanceStatus"] == "available"
        pending = any(found.get("PendingModifiedValues") or {})
        return _Group(size=1, healthy=int(available), scaling=pending or not available, can_fail_over=found["MultiAZ"])


def _is_warm(state: str) -> bool:
    return state.startswith("Warmed")


def _warm(candidates: Tags, group: str | None, members: frozenset[str] | None) -> tuple[str, ...]:
    """Instances of the group's warm pool: they carry its tags, serve nobody, and are none of its members.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html
    """
    if members is None:
        return ()
    of_group = {name for name, tags in candidates.items() if tags.get(_GROUP_TAG) == group}
    return tuple(sorted(of_group - members))
