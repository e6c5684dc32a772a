"""Targets that fail their health checks."""

from collections.abc import Sequence

from components.observability.alarm_spec import AlarmSpec
from components.observability.load_balancer_metrics import balanced
from components.observability.signal import Row, Scene, signal
from components.observability.threshold import MUCH, Threshold
from components.observability.widgets import Widget, graph

HOSTS = Threshold(key="unhealthyHosts", default=1, lowest=1, highest=MUCH, meaning="targets")


def _draw(scene: Scene, alarms: Sequence[AlarmSpec]) -> list[Widget]:
    if not scene.work.balancer.name or not scene.work.balancer.target_group:
        return []
    hosts = balanced(scene.work, ("HealthyHostCount", "Minimum"), ("UnHealthyHostCount", "Maximum"))
    return [graph("Hosts", scene.region, hosts, alarms)]


@signal(
    "unhealthy-hosts",
    place=3,
    thresholds=(HOSTS,),
    absent="workload.targetGroup is not set",
    row=Row.TRAFFIC,
    draw=_draw,
)
def unhealthy_hosts(scene: Scene) -> AlarmSpec | None:
    """Reported every minute while a target is registered: silence means that there is none."""
    if not scene.work.balancer.target_group:
        return None
    return AlarmSpec(
        signal="unhealthy-hosts",
        summary="Targets fail their health checks",
        metrics=tuple(balanced(scene.work, ("UnHealthyHostCount", "Maximum"))),
        threshold=scene.thresholds[HOSTS],
        missing="breaching",
        datapoints=2,
        evaluations=3,
    )
