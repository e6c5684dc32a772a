"""Probes through boto3 and HTTP: one value for each type.

metric          the statistic of the newest whole period
alarm           1 when OK, 0 when not
target-health   how many targets are healthy
group           how many members of the Auto Scaling group are in service
service         running tasks as a share of the wanted ones, 0 while a deployment is under way
database        1 when available, 0 when not
http            1 when the answer is below 500, 0 when it isn't, or when none comes
instances       how many of the instances that were hit do not run any more
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urljoin

from runners.aws.session import Clients, calling
from runners.aws.targets import AwsTargets
from runners.chaos_outputs import Metric, Probe
from runners.clock import Clock
from runners.errors import AwsError

# A metric is whole about this long after the end of its period.
LAG: Final = timedelta(seconds=60)
_TIMEOUT_SECONDS: Final = 5.0


@dataclass(frozen=True)
class AwsProbes:
    """One account and region. `base` is the address of the load balancer, for paths."""

    clients: Clients
    clock: Clock
    base: Callable[[], str]
    lag: timedelta = LAG
    _targets: AwsTargets = field(init=False)
    # A period's value is asked for until it is there, and not again: six looks fall into one minute.
    _known: dict[tuple[str, datetime], float] = field(init=False, default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_targets", AwsTargets(self.clients))

    def look(self, probe: Probe, hit: Sequence[str]) -> tuple[datetime, float | None]:
        """What is there now; None when it could not be seen."""
        now = self.clock.now()
        if probe.metric is not None:
            return self._newest(probe, _floor(now - self.lag, probe.metric.period_seconds))
        looks = {
            "alarm": self._alarm,
            "target-health": self._target_health,
            "group": self._group,
            "service": self._service,
            "database": self._database,
            "http": self._http,
        }
        try:
            value = (
                float(self._targets.gone(tuple(hit))) if probe.type == "instances" else looks[probe.type](probe.target)
            )
        except (AwsError, LookupError):
            return now, None
        return now, value

    def _newest(self, probe: Probe, end: datetime) -> tuple[datetime, float | None]:
        known = self._known.get((probe.name, end))
        if known is not None:
            return end, known
        try:
            _, value = self.series(probe, end, end)[-1]
        except AwsError:
            return end, None
        if value is not None:
            self._known[probe.name, end] = value
        return end, value

    def series(self, probe: Probe, first: datetime, last: datetime) -> list[tuple[datetime, float | None]]:
        """A metric's whole periods that end in that time."""
        metric = probe.metric
        if metric is None:
            return []
        period = timedelta(seconds=metric.period_seconds)
        begin, end = _floor(first, metric.period_seconds), _floor(last, metric.period_seconds)
        if begin < first:
            begin += period
        found = self._values(metric, begin - period, end)
        missing = 0.0 if metric.missing == "zero" else None
        ends = [begin + period * number for number in range(int((end - begin) / period) + 1)]
        return [(moment, found.get(moment - period, missing)) for moment in ends]

    def _values(self, metric: Metric, begin: datetime, end: datetime) -> dict[datetime, float]:
        dimensions = [{"Name": name, "Value": value} for name, value in sorted(metric.dimensions.items())]
        seen = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
        query = {"Id": "m", "MetricStat": {"Metric": seen, "Period": metric.period_seconds, "Stat": metric.stat}}
        asked: dict[str, Any] = {"MetricDataQueries": [query], "StartTime": begin, "EndTime": end}
        values: dict[datetime, float] = {}
        while True:
            with calling("cloudwatch:GetMetricData", f"{metric.namespace}/{metric.name}"):
                page = self.clients.client("cloudwatch").get_metric_data(**asked)
            [result] = page["MetricDataResults"]
            values |= {
                moment.astimezone(begin.tzinfo): value
                for moment, value in zip(result["Timestamps"], result["Values"], strict=True)
            }
            if not page.get("NextToken"):
                return values
            asked["NextToken"] = page["NextToken"]

    def _alarm(self, name: str) -> float:
        with calling("cloudwatch:DescribeAlarms", name):
            found = self.clients.client("cloudwatch").describe_alarms(
                AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"]
            )
        listed: list[dict[str, Any]] = found.get("MetricAlarms", []) + found.get("CompositeAlarms", [])
        return float(listed[0]["StateValue"] == "OK")

    def _target_health(self, target_group: str) -> float:
        client = self.clients.client("elbv2")
        with calling("elasticloadbalancing:DescribeTargetGroups", target_group):
            groups = client.describe_target_groups(Names=[target_group.split("/")[1]])["TargetGroups"]
        with calling("elasticloadbalancing:DescribeTargetHealth", target_group):
            found = client.describe_target_health(TargetGroupArn=groups[0]["TargetGroupArn"])
        return float(sum(entry["TargetHealth"]["State"] == "healthy" for entry in found["TargetHealthDescriptions"]))

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
        with calling("rds:DescribeDBInstances", name):
            found = self.clients.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        return float(found["DBInstanceStatus"] == "available")

    def _http(self, target: str) -> float:
        import urllib3

        pool = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS)
        try:
            return float(pool.request("GET", urljoin(self.base(), target), preload_content=True).status < 500)
        except urllib3.exceptions.HTTPError:
            return 0.0


def _floor(moment: datetime, seconds: int) -> datetime:
    """The beginning of the period that the moment is in."""
    return moment - timedelta(seconds=moment.timestamp() % seconds)
