"""What a simulated workload reports to CloudWatch: the metrics that AWS and its own logs would give, each minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from local.simulation.instance import Health, Phase
from local.simulation.workload import Second, Workload

MINUTE: Final = 60
_BUSY_PERCENT: Final = 80.0


@dataclass(frozen=True)
class Place:
    """Under which names the workload reports."""

    load_balancer: str
    target_group: str
    cluster: str
    service: str
    group: str
    database: str
    namespace: str


@dataclass(frozen=True)
class Reading:
    """Values of one metric in one minute; several are single observations, of which percentiles are taken."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    values: tuple[float, ...]


class Telemetry:
    """Collects seconds, and gives the readings of each whole minute."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._seconds: list[Second] = []
        self._healthy: list[int] = []
        self._unhealthy: list[int] = []

    def note(self, second: Second, workload: Workload) -> None:
        """One second, and how the targets stood in it."""
        states = [instance.health for instance in workload.registered if instance.phase is not Phase.BOOTING]
        self._seconds.append(second)
        self._healthy.append(states.count(Health.HEALTHY))
        self._unhealthy.append(states.count(Health.UNHEALTHY))

    def minute(self) -> list[Reading]:
        """The readings of what was noted since the last minute."""
        seconds, self._seconds = self._seconds, []
        healthy, self._healthy = self._healthy, []
        unhealthy, self._unhealthy = self._unhealthy, []
        return [*self._balancer(seconds, healthy, unhealthy), *self._machines(seconds), *self._logs(seconds)]

    def _balancer(self, seconds: list[Second], healthy: list[int], unhealthy: list[int]) -> Iterator[Reading]:
        both = {"LoadBalancer": self._place.load_balancer, "TargetGroup": self._place.target_group}
        balancer = {"LoadBalancer": self._place.load_balancer}
        latencies = tuple(value / 1000 for second in seconds for value in second.latencies)
        for dimensions in (both, balancer):
            # Only requests for which there was a target are counted.
            sent = _sum(s.requests - s.refused for s in seconds)
            yield Reading("AWS/ApplicationELB", "RequestCount", dimensions, (sent,))
            yield Reading("AWS/ApplicationELB", "TargetResponseTime", dimensions, latencies)
            errors = _sum(s.errors for s in seconds)
            if errors:
                # The load balancer reports no zeros.
                yield Reading("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", dimensions, (errors,))
        own = _sum(s.refused + s.unanswered for s in seconds)
        if own:
            # It has no target group: what reached no target belongs to none.
            yield Reading("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", balancer, (own,))
        for name, counts in (("HealthyHostCount", healthy), ("UnHealthyHostCount", unhealthy)):
            values = tuple(float(count) for count in counts[:: MINUTE // 6])
            yield Reading("AWS/ApplicationELB", name, both, values)

    def _machines(self, seconds: list[Second]) -> Iterator[Reading]:
        place = self._place
        busy = tuple(min(100.0, second.busiest * _BUSY_PERCENT) for second in seconds[:: MINUTE // 6])
        service = {"ClusterName": place.cluster, "ServiceName": place.service}
        yield Reading("AWS/ECS", "CPUUtilization", service, busy)
        yield Reading("AWS/ECS", "MemoryUtilization", service, (40.0,))
        yield Reading("AWS/EC2", "CPUUtilization", {"AutoScalingGroupName": place.group}, busy)
        database = {"DBInstanceIdentifier": place.database}
        used = len([second for second in seconds if second.database_ms]) / max(1, len(seconds))
        held = max((second.held for second in seconds), default=0)
        yield Reading("AWS/RDS", "DatabaseConnections", database, (held + round(20 * used),))
        yield Reading("AWS/RDS", "CPUUtilization", database, (20 * used,))

    def _logs(self, seconds: list[Second]) -> Iterator[Reading]:
        """What the log filters of the stack would read from the service's lines."""
        counts = {
            # What reached no instance is in no log.
            "Requests": _sum(s.requests - s.refused - s.unanswered for s in seconds),
            "Errors": _sum(s.errors for s in seconds),
            "ServerErrors": _sum(s.errors for s in seconds),
            "Retries": _sum(s.retries for s in seconds),
            "DegradedResponses": _sum(s.degraded for s in seconds),
            "DatabaseErrors": _sum(s.database_errors for s in seconds),
            "CircuitOpened": float(sum(s.breakers_opened for s in seconds)),
        }
        for name, value in counts.items():
            yield Reading(self._place.namespace, name, {}, (value,))
        observed = {
            "RequestLatency": tuple(value for second in seconds for value in second.latencies),
            "DatabaseLatency": tuple(value for second in seconds for value in second.database_ms),
        }
        yield from (Reading(self._place.namespace, name, {}, values) for name, values in observed.items() if values)


def _sum(values: Iterable[float]) -> float:
    return float(round(sum(values)))
