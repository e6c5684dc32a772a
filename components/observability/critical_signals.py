"""The signals that page somebody, chosen from what the workload has."""

from components.observability.alarm_spec import AlarmSpec, metric
from components.observability.signal import Scene, all_signals
from components.settings import Settings


def scene(settings: Settings) -> Scene:
    """What signals are chosen from."""
    return Scene(
        work=settings.workload,
        namespace=settings.namespace,
        region=settings.region,
        thresholds=settings.thresholds,
    )


def critical_signals(settings: Settings) -> tuple[AlarmSpec, ...]:
    """The alarms of all signals, as far as the workload allows."""
    seen = scene(settings)
    return tuple(spec for held in all_signals() if (spec := held.watch(seen)) is not None)


def instance_signals(settings: Settings) -> tuple[AlarmSpec, ...]:
    """One alarm for each instance that the settings name."""
    return tuple(
        AlarmSpec(
            signal=f"instance-{instance}",
            summary=f"Instance {instance} fails its status checks",
            metrics=(metric("AWS/EC2", "StatusCheckFailed", "Maximum", InstanceId=instance),),
            threshold=1,
            missing="breaching",
            datapoints=2,
            evaluations=3,
        )
        for instance in settings.alarm_instances
    )
