"""How long users wait."""

from collections.abc import Sequence

from components.observability.alarm_spec import AlarmSpec, metric
from components.observability.load_balancer_metrics import balanced
from components.observability.signal import Row, Scene, signal
from components.observability.threshold import Threshold
from components.observability.widgets import Widget, graph

SECONDS = Threshold(key="latencySeconds", default=1, lowest=0.001, highest=3600, meaning="p99 of the response time")


def _draw(scene: Scene, alarms: Sequence[AlarmSpec]) -> list[Widget]:
    if not scene.work.balancer.name:
        return []
    times = balanced(scene.work, *(("TargetResponseTime", stat) for stat in ("p50", "p90", "p99")))
    return [graph("Latency", scene.region, times, alarms)]


@signal(
    "latency",
    place=2,
    thresholds=(SECONDS,),
    absent="workload.loadBalancer and workload.logGroups are not set",
    row=Row.TRAFFIC,
    draw=_draw,
)
def latency(scene: Scene) -> AlarmSpec | None:
    """Of the targets; without a load balancer, what the logs tell, in milliseconds."""
    threshold = scene.thresholds[SECONDS]
    if scene.work.balancer.name:
        [seen] = balanced(scene.work, ("TargetResponseTime", "p99"))
    elif scene.work.log_groups.all:
        seen, threshold = metric(scene.namespace, "RequestLatency", "p99"), threshold * 1000
    else:
        return None
    return AlarmSpec(
        signal="latency",
        summary="The service answers slowly",
        metrics=(seen,),
        threshold=threshold,
        missing="notBreaching",
    )
