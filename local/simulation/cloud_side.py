"""What the simulation reads from moto and changes in it: instances, the group, the target group, templates, roles."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from local.balancer_ids import STABLE_IDS
from local.endpoint import ACCOUNT, REGION
from local.seed import DATABASE, NAME, SERVICE
from local.simulation.telemetry import Place

if TYPE_CHECKING:
    from moto.autoscaling.models import AutoScalingBackend
    from moto.cloudwatch.models import CloudWatchBackend
    from moto.ec2.models import EC2Backend
    from moto.elbv2.models import ELBv2Backend
    from moto.fis.models import ExperimentTemplate, FISBackend
    from moto.logs.models import LogsBackend

_RUNNING: Final = "running"
# Without these a group does not notice what is gone, or puts nothing in its place.
_REPLACING: Final = frozenset({"HealthCheck", "Launch", "ReplaceUnhealthy"})
_ENDING: Final = _REPLACING | {"Terminate"}
_ATTACHING: Final = "AddToLoadBalancer"


def place(namespace: str) -> Place:
    """The names under which the example workload reports."""
    return Place(
        load_balancer=f"app/{NAME}/{STABLE_IDS[NAME]}",
        target_group=f"targetgroup/{SERVICE}/{STABLE_IDS[SERVICE]}",
        cluster=NAME,
        service="web",
        group=SERVICE,
        database=DATABASE,
        namespace=namespace,
    )


def _as_it_says(service: Any) -> str | None:
    return None if service.task_definition is None else str(service.task_definition)


class CloudSide:
    """The example workload's account in moto. `serving` is the task definition by which a service serves users."""

    def __init__(self, serving: Callable[[Any], str | None] = _as_it_says) -> None:
        self.serving = serving

    @property
    def cloudwatch(self) -> CloudWatchBackend:
        """Metrics and alarms."""
        from moto.cloudwatch.models import cloudwatch_backends

        return cloudwatch_backends[ACCOUNT][REGION]

    def group_instances(self) -> list[str]:
        """The running members of the workload's Auto Scaling group, in a stable order."""
        return sorted(id_ for id_ in self._members() if self._state(id_) == _RUNNING)

    def terminate(self, instance: str) -> None:
        """The instance is gone; moto would replace it at once, here its group has to notice first."""
        self._ec2.get_instance(instance).terminate()

    def replaces_unhealthy(self) -> bool:
        """Whether the group takes what its load balancer calls unhealthy for broken, and is not told to leave it."""
        group = self._autoscaling.autoscaling_groups.get(SERVICE)
        if group is None or group.health_check_type != "ELB":
            return False
        return not _ENDING & {held["ProcessName"] for held in group.suspended_processes}

    def launch_for(self, gone: str) -> str | None:
        """A new member of the group in the place of one that is gone; None while the group is told not to.

        Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
        """
        group = self._autoscaling.autoscaling_groups[SERVICE]
        suspended = {held["ProcessName"] for held in group.suspended_processes}
        if _REPLACING & suspended:
            return None
        group.instance_states = [held for held in group.instance_states if held.instance.id != gone]
        before = set(self._members())
        group.replace_autoscaling_group_instances(1, group.get_propagated_tags())
        [new] = set(self._members()) - before
        for target_group in self._balancers.target_groups.values():
            if target_group.name == SERVICE:
                target_group.deregister_terminated_instances([gone])
        if _ATTACHING not in suspended:
            self._autoscaling.update_attached_target_groups(SERVICE)
        return new

    def place_of(self, id_: str) -> tuple[str, str]:
        """An instance's subnet, and the id of its zone."""
        subnet = self._ec2.get_subnet(str(self._ec2.get_instance(id_).subnet_id))
        return subnet.id, subnet.availability_zone_id

    def deployed(self) -> tuple[str, ...]:
        """What the versions that serve users say of the workload's design: its service's, and its instances'."""
        return (*self._said_by_the_service(), *self._said_by_the_group())

    def _said_by_the_service(self) -> Iterator[str]:
        from moto.ecs.models import ecs_backends

        from local.simulation.deployed_design import VARIABLE

        backend = ecs_backends[ACCOUNT][REGION]
        service = backend.services.get(f"{NAME}:web")
        serving = None if service is None else self.serving(service)
        if serving is None:
            return
        definition: Any = backend.describe_task_definition(serving)
        for container in definition.container_definitions:
            yield from (held["value"] for held in container["environment"] if held["name"] == VARIABLE)

    def _said_by_the_group(self) -> Iterator[str]:
        """Of members of several versions the newest is the one that shows."""
        from local.instance_refreshes import version_of
        from local.simulation.deployed_design import TAG

        group = self._autoscaling.autoscaling_groups.get(SERVICE)
        versions = [version for held in group.instance_states if (version := version_of(held))] if group else []
        if group is not None and group.ec2_launch_template is not None and versions:
            tags = group.ec2_launch_template.get_version(max(versions)).instance_tags
            yield from (value for name, value in tags.items() if name == TAG)

    def template(self, id_: str) -> ExperimentTemplate | None:
        """A template of FIS."""
        return self._fis.experiment_templates.get(id_)

    def log_group_of(self, template: ExperimentTemplate) -> str:
        """The log group that a template names; empty without one."""
        named = (template.log_configuration or {}).get("cloudWatchLogsConfiguration") or {}
        return str(named.get("logGroupArn", "")).partition(":log-group:")[2].removesuffix(":*")

    def write_log(self, group: str, stream: str, at: float, line: str) -> None:
        """A line of an experiment; where the group is gone, FIS has nowhere to write."""
        logs = self._logs
        if group not in logs.groups:
            return
        if stream not in logs.groups[group].streams:
            logs.create_log_stream(group, stream)
        # To the stream itself: a rehearsal's time may be hours ahead, where PutLogEvents takes nothing.
        logs.groups[group].streams[stream].put_log_events([{"timestamp": int(at * 1000), "message": line}])

    def resolve(self, target: Mapping[str, Any], seed: int, fewer: int) -> tuple[str, ...]:
        """The ARNs that a target selects now; `fewer` takes some away, as if they had gone in between."""
        found = list(target.get("resourceArns") or self._matching(target))
        mode = str(target.get("selectionMode", "ALL"))
        if mode.startswith("COUNT("):
            count = int(mode[6:-1])
        elif mode.startswith("PERCENT("):
            count = len(found) * int(mode[8:-1]) // 100
        else:
            count = len(found)
        random.Random(seed).shuffle(found)
        return tuple(sorted(found[: max(0, count - fewer)]))

    def _matching(self, target: Mapping[str, Any]) -> Iterator[str]:
        kind = target.get("resourceType")
        wanted = dict(target.get("resourceTags") or {})
        if kind == "aws:ec2:instance":
            for instance in sorted(self._instances(), key=lambda held: str(held.id)):
                tags = {tag["key"]: tag["value"] for tag in instance.get_tags()}
                if instance.state == _RUNNING and wanted.items() <= tags.items():
                    yield f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{instance.id}"
        elif kind == "aws:ecs:task":
            for number in range(len(self.group_instances())):
                yield f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/{NAME}/{number:032x}"
        elif kind == "aws:rds:db":
            yield f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{DATABASE}"

    def _instances(self) -> Iterator[Any]:
        return itertools.chain.from_iterable(held.instances for held in self._ec2.reservations.values())

    def _members(self) -> list[str]:
        group = self._autoscaling.autoscaling_groups.get(SERVICE)
        return [held.instance.id for held in group.instance_states] if group else []

    def _state(self, id_: str) -> str:
        return next((str(held.state) for held in self._instances() if held.id == id_), "")

    @property
    def _ec2(self) -> EC2Backend:
        from moto.ec2.models import ec2_backends

        return ec2_backends[ACCOUNT][REGION]

    @property
    def _balancers(self) -> ELBv2Backend:
        from moto.elbv2.models import elbv2_backends

        return elbv2_backends[ACCOUNT][REGION]

    @property
    def _autoscaling(self) -> AutoScalingBackend:
        from moto.autoscaling.models import autoscaling_backends

        return autoscaling_backends[ACCOUNT][REGION]

    @property
    def _logs(self) -> LogsBackend:
        from moto.logs.models import logs_backends

        return logs_backends[ACCOUNT][REGION]

    @property
    def _fis(self) -> FISBackend:
        from moto.fis.models import fis_backends

        return fis_backends[ACCOUNT][REGION]
