"""Custom metrics as filters over logs that are written anyway."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from components.place import Place
from components.service_metric import Metric


@dataclass(frozen=True, kw_only=True)
class CustomMetricsArgs:
    """The metrics, their namespace, and the log group they are read from unless they name one."""

    place: Place
    namespace: str
    metrics: tuple[Metric, ...]
    log_group: str
    depends_on: list[pulumi.Resource]


class CustomMetrics(pulumi.ComponentResource):
    """One log metric filter a metric, without dimensions: each combination of them would be billed as a metric."""

    def __init__(self, name: str, args: CustomMetricsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:observability:CustomMetrics", name, None, opts)
        child = pulumi.ResourceOptions(parent=self, depends_on=args.depends_on)
        for metric in args.metrics:
            cloudwatch.LogMetricFilter(
                f"{name}-{metric.name}",
                name=args.place.name(metric.name),
                log_group_name=metric.log_group or args.log_group,
                pattern=metric.pattern,
                metric_transformation=cloudwatch.LogMetricFilterMetricTransformationArgs(
                    namespace=args.namespace,
                    name=metric.name,
                    value=metric.value,
                    unit=metric.unit,
                    # A zero would falsify the average of a measured value; a count without it looks like missing data.
                    default_value=None if metric.is_measured else "0",
                ),
                opts=child,
            )
        self.register_outputs({"namespace": args.namespace})
