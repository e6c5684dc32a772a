"""CPU that runs out."""

from collections.abc import Sequence

from components.observability.alarm_spec import AlarmSpec, metric
from components.observability.signal import Row, Scene, signal
from components.observability.threshold import Threshold
from components.observability.widgets import Widget, graph

PERCENT = Threshold(key="saturationPercent", default=80, lowest=1, highest=100, meaning="CPU")


def _draw(scene: Scene, alarms: Sequence[AlarmSpec]) -> list[Widget]:
    work, region = scene.work, scene.region
    widgets, lines = [], alarms
    if work.ecs_cluster and work.ecs_service:
        dims = {"ClusterName": work.ecs_cluster, "ServiceName": work.ecs_service}
        pair = [metric("AWS/ECS", name, "Average", **dims) for name in ("CPUUtilization", "MemoryUtilization")]
        widgets.append(graph("ECS service", region, pair, lines, width=8))
        lines = []
    if work.auto_scaling_group:
        group = {"AutoScalingGroupName": work.auto_scaling_group}
        cpu = [metric("AWS/EC2", "CPUUtilization", "Average", **group)]
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
    if work.ecs_cluster and work.ecs_service:
        service = {"ClusterName": work.ecs_cluster, "ServiceName": work.ecs_service}
        seen = metric("AWS/ECS", "CPUUtilization", "Average", **service)
    elif work.auto_scaling_group:
        seen = metric("AWS/EC2", "CPUUtilization", "Average", AutoScalingGroupName=work.auto_scaling_group)
    else:
        return None
    return AlarmSpec(
        signal="saturation",
        summary="The service runs out of CPU",
        metrics=(seen,),
        threshold=scene.thresholds[PERCENT],
        missing="breaching",
        # Instances without detailed monitoring report every five minutes, ECS services every minute.
        period=60 if work.ecs_service else 300,
        datapoints=3 if work.ecs_service else 2,
        evaluations=5 if work.ecs_service else 3,
    )
