"""A metric in an alarm on an expression."""

from pulumi_aws import cloudwatch

from components.observability.alarm_spec import MetricRef


def metric_query(key: str, metric: MetricRef, period: int) -> cloudwatch.MetricAlarmMetricQueryArgs:
    """The metric under the key by which the expression names it, over a period in seconds."""
    return cloudwatch.MetricAlarmMetricQueryArgs(
        id=key,
        return_data=False,
        metric=cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=metric.dimensions,
            period=period,
            stat=metric.stat,
        ),
    )
