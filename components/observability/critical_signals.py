"""The five signals that page somebody, chosen from what the workload has."""

from collections.abc import Iterator

from components.observability.alarm_spec import AlarmSpec, MetricRef
from components.settings import Settings
from components.workload import Workload

# Of two metrics, each with its own silence: that one of them has no point must not hide the other.
_SUM = "FILL(m1, 0) + FILL(m2, 0)"


def critical_signals(settings: Settings) -> tuple[AlarmSpec, ...]:
    """Errors, latency, unhealthy hosts, saturation and data store, as far as the workload allows."""
    return tuple(
        spec for build in (_errors, _latency, _unhealthy_hosts, _saturation, _data_store) for spec in build(settings)
    )


def instance_signals(settings: Settings) -> tuple[AlarmSpec, ...]:
    """One alarm for each instance that the settings name."""
    return tuple(
        AlarmSpec(
            signal=f"instance-{instance}",
            summary=f"Instance {instance} fails its status checks",
            metrics=(_metric("AWS/EC2", "StatusCheckFailed", "Maximum", InstanceId=instance),),
            threshold=1,
            missing="breaching",
            datapoints=2,
            evaluations=3,
        )
        for instance in settings.alarm_instances
    )


def load_balancer_dimensions(work: Workload) -> dict[str, str]:
    """The dimensions of the load balancer's metrics, with the target group where there is one."""
    names = {"LoadBalancer": work.load_balancer, "TargetGroup": work.target_group}
    return {name: value for name, value in names.items() if value}


def user_errors(work: Workload) -> tuple[MetricRef, ...]:
    """The errors that users get: those that targets answer with, and those of the load balancer itself.

    Where a target is gone, hidden or cut off, the load balancer answers 502, 503 or 504 in its place. That count has no
    target group: with that dimension there is no such metric, and it is of all target groups together.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    """
    if not work.load_balancer:
        return ()
    return (
        _metric("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", **load_balancer_dimensions(work)),
        _metric("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Sum", LoadBalancer=work.load_balancer),
    )


def requests(work: Workload) -> MetricRef:
    """What users asked, as far as there was a target for it."""
    return _metric("AWS/ApplicationELB", "RequestCount", "Sum", **load_balancer_dimensions(work))


def _errors(settings: Settings) -> Iterator[AlarmSpec]:
    work = settings.workload
    if not work.load_balancer and not work.log_groups:
        return
    metrics = user_errors(work) or (_metric(settings.namespace, "ServerErrors", "Sum"),)
    # The load balancer sends no point when there was no error: silence is good news.
    yield AlarmSpec(
        signal="errors",
        summary="Users get errors",
        metrics=metrics,
        expression=_SUM if len(metrics) > 1 else None,
        threshold=settings.thresholds.errors,
        missing="notBreaching",
    )


def _latency(settings: Settings) -> Iterator[AlarmSpec]:
    work = settings.workload
    seconds = settings.thresholds.latency_seconds
    if work.load_balancer:
        metric = _metric("AWS/ApplicationELB", "TargetResponseTime", "p99", **load_balancer_dimensions(work))
        threshold = seconds
    elif work.log_groups:
        metric, threshold = _metric(settings.namespace, "RequestLatency", "p99"), seconds * 1000
    else:
        return
    yield AlarmSpec(
        signal="latency",
        summary="The service answers slowly",
        metrics=(metric,),
        threshold=threshold,
        missing="notBreaching",
    )


def _unhealthy_hosts(settings: Settings) -> Iterator[AlarmSpec]:
    work = settings.workload
    if not work.target_group:
        return
    # Reported every minute while a target is registered: silence means that there is none.
    yield AlarmSpec(
        signal="unhealthy-hosts",
        summary="Targets fail their health checks",
        metrics=(_metric("AWS/ApplicationELB", "UnHealthyHostCount", "Maximum", **load_balancer_dimensions(work)),),
        threshold=settings.thresholds.unhealthy_hosts,
        missing="breaching",
        datapoints=2,
        evaluations=3,
    )


def _saturation(settings: Settings) -> Iterator[AlarmSpec]:
    work = settings.workload
    if work.ecs_cluster and work.ecs_service:
        metric = _metric(
            "AWS/ECS", "CPUUtilization", "Average", ClusterName=work.ecs_cluster, ServiceName=work.ecs_service
        )
    elif work.auto_scaling_group:
        metric = _metric("AWS/EC2", "CPUUtilization", "Average", AutoScalingGroupName=work.auto_scaling_group)
    else:
        return
    yield AlarmSpec(
        signal="saturation",
        summary="The service runs out of CPU",
        metrics=(metric,),
        threshold=settings.thresholds.saturation_percent,
        missing="breaching",
        # Instances without detailed monitoring report every five minutes, ECS services every minute.
        period=60 if work.ecs_service else 300,
        datapoints=3 if work.ecs_service else 2,
        evaluations=5 if work.ecs_service else 3,
    )


def _data_store(settings: Settings) -> Iterator[AlarmSpec]:
    work = settings.workload
    if work.tables:
        table = work.tables[0].name
        names = ("ReadThrottleEvents", "WriteThrottleEvents")
        # DynamoDB alarms may ignore missing data whatever they are told: FILL makes the zeros explicit.
        yield AlarmSpec(
            signal="data-store",
            summary=f"Table {table} throttles requests",
            metrics=tuple(_metric("AWS/DynamoDB", name, "Sum", TableName=table) for name in names),
            expression=_SUM,
            threshold=settings.thresholds.data_store_throttles,
            missing="notBreaching",
        )
    elif work.database:
        yield AlarmSpec(
            signal="data-store",
            summary=f"Database {work.database} runs out of connections",
            metrics=(_metric("AWS/RDS", "DatabaseConnections", "Maximum", DBInstanceIdentifier=work.database),),
            threshold=settings.thresholds.database_connections,
            missing="breaching",
        )


def _metric(namespace: str, name: str, stat: str, **dimensions: str) -> MetricRef:
    return MetricRef(namespace=namespace, name=name, stat=stat, dimensions=dimensions)
