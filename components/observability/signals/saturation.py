"""CPU that runs out."""

from collections.abc import Sequence

from components.observability.alarm_spec import AlarmSpec, metric
from components.observability.signal import Row, Scene, signal
from components.observability.threshold import Threshold
from components.observability.widgets import Widget, graph
from components.workload.group import NAMESPACE as INSTANCES
from components.workload.service import NAMESPACE as SERVICE

PERCENT = Threshold(key="saturationPercent", default=80, lowest=1, highest=100, meaning="CPU")


def _draw(scene: Scene, alarms: Sequence[AlarmSpec]) -> list[Widget]:
    work, region = scene.work, scene.region
    widgets, lines = [], alarms
    if work.service.name:
        pair = [
            metric(SERVICE, name, "Average", **work.service.dimensions)
            for name in ("CPUUtilization", "MemoryUtilization")
        ]
        widgets.append(graph("ECS service", region, pair, lines, width=8))
        lines = []
    if work.group.name:
        group = work.group.dimensions
        cpu = [metric(INSTANCES, "CPUUtilization", "Average", **group)]
        sizes = [
            metric("AWS/AutoScaling", name, "Average", **group)
            for name in ("GroupInServiceInstances", "GroupDesiredCapacity")
        ]
        widgets += [graph("Instances", region, sizes, width=8), graph("Instance CPU", region, cpu, lines, width=8)]
    return widgets


@signal(
    "saturation",
    place=4,
    thresholds=(PERCENT,),
    absent="neither workload.ecsService nor workload.autoScalingGroup is set",
    row=Row.CAPACITY,
    draw=_draw,
)
def saturation(scene: Scene) -> AlarmSpec | None:
    """Of the service; without one, of the group's instances."""
    work = scene.work
    if work.service.name:
        seen = metric(SERVICE, "CPUUtilization", "Average", **work.service.dimensions)
    elif work.group.name:
        seen = metric(INSTANCES, "CPUUtilization", "Average", **work.group.dimensions)
    else:
        return None
    return AlarmSpec(
        signal="saturation",
        summary="The service runs out of CPU",
        metrics=(seen,),
        threshold=scene.thresholds[PERCENT],
        missing="breaching",
        # Instances without detailed monitoring report every five minutes, ECS services every minute.
        period=60 if work.service.name else 300,
        datapoints=3 if work.service.name else 2,
        evaluations=5 if work.service.name else 3,
    )
