"""Probes through boto3 and HTTP: one value for each type.

metric          the statistic of each of the newest whole periods
alarm           1 when OK, 0 when not
target-health   how many targets are healthy
group           how many members of the Auto Scaling group are in service
service         running tasks as a share of the wanted ones, 0 while a deployment is under way
database        1 when available, 0 when not
http            1 when the answer is below 500, 0 when it isn't, or when none comes; a redirect is not followed, and
                tells nothing
instances       how many of the instances that were hit do not run any more
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urljoin

from contract.probes import Probe
from runners.aws.alarms import AwsAlarms
from runners.aws.balancer import healthy_targets, target_group_arn
from runners.aws.databases import described
from runners.aws.metrics import AwsMetrics
from runners.aws.session import Clients, calling
from runners.aws.targets import AwsTargets
from runners.chaos.evidence.probing import Seen
from runners.chaos.running.named_requests import named_pool
from runners.errors import AwsError
from runners.runs.clock import Clock

# A metric is whole about this long after the end of its period.
LAG: Final = timedelta(seconds=60)
# What is not there this long after the end of its period will not come.
SETTLED: Final = timedelta(minutes=3)
_TIMEOUT_SECONDS: Final = 5.0


@dataclass(frozen=True)
class AwsProbes:
    """One account and region. `base` is the load balancer's address, for paths, `host_name` the service's name."""

    clients: Clients
    clock: Clock
    base: Callable[[], str]
    lag: timedelta = LAG
    host_name: str | None = None
    _targets: AwsTargets = field(init=False)
    _metrics: AwsMetrics = field(init=False)
    # Full names of target groups: they don't change while they are asked for.
    _target_groups: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_targets", AwsTargets(self.clients))
        object.__setattr__(self, "_metrics", AwsMetrics(self.clients))

    def look(self, probes: Sequence[Probe], hit: Sequence[str]) -> list[list[Seen]]:
        """What each sees now, of metrics what is known of the newest periods; None when it could not be seen."""
        now = self.clock.now()
        metrics = [probe.metric for probe in probes if probe.metric is not None]
        newest = iter(self._metrics.newest(metrics, now - self.lag, now - SETTLED))
        return [next(newest) if probe.metric is not None else [(now, self._value(probe, hit))] for probe in probes]

    def series(self, probes: Sequence[Probe], first: datetime, last: datetime) -> list[list[Seen]]:
        """Of each metric the whole periods that end in that time."""
        return self._metrics.series([probe.metric for probe in probes if probe.metric is not None], first, last)

    def _value(self, probe: Probe, hit: Sequence[str]) -> float | None:
        looks: dict[str, Callable[[str], float | None]] = {
            "alarm": self._alarm,
            "target-health": self._target_health,
            "group": self._group,
            "service": self._service,
            "database": self._database,
            "http": self._http,
        }
        try:
            if probe.type == "instances":
                return float(self._targets.gone(tuple(hit)))
            return looks[probe.type](probe.target)
        except (AwsError, LookupError):
            return None

    def _alarm(self, name: str) -> float:
        return float(AwsAlarms(self.clients, self.clock).states([name])[name] == "OK")

    def _target_health(self, target_group: str) -> float:
        if target_group not in self._target_groups:
            self._target_groups[target_group] = target_group_arn(self.clients, target_group)
        return float(len(healthy_targets(self.clients, self._target_groups[target_group])))

    def _group(self, name: str) -> float:
        with calling("autoscaling:DescribeAutoScalingGroups", name):
            answer = self.clients.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        members = answer["AutoScalingGroups"][0]["Instances"]
        return float(sum(held["LifecycleState"] == "InService" for held in members))

    def _service(self, name: str) -> float:
        cluster, _, service = name.partition("/")
        with calling("ecs:DescribeServices", name):
            found = self.clients.client("ecs").describe_services(cluster=cluster, services=[service])["services"][0]
        if len(found["deployments"]) > 1 or not found["desiredCount"]:
            return 0.0
        return float(found["runningCount"] / found["desiredCount"])

    def _database(self, name: str) -> float:
        return float(described(self.clients, name)["DBInstanceStatus"] == "available")

    def _http(self, target: str) -> float | None:
        import urllib3

        own = "://" not in target
        pool = named_pool(self.host_name if own else None, seconds=_TIMEOUT_SECONDS)
        address = urljoin(self.base(), target) if own else target
        try:
            status = pool.request("GET", address, redirect=False).status
        except urllib3.exceptions.HTTPError:
            return 0.0
        # Whoever redirects has not served the request: the load balancer does that without any target.
        return None if 300 <= status < 400 else float(status < 500)
