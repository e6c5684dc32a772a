"""What a load balancer counts: users' requests, and the errors that they get."""

from components.observability.alarm_spec import MetricRef, metric
from components.workload.balancer import NAMESPACE
from components.workload.workload import Workload


def balanced(work: Workload, *named: tuple[str, str]) -> list[MetricRef]:
    """Metrics of the load balancer, each by its name and statistic."""
    return [metric(NAMESPACE, name, stat, **work.balancer.dimensions) for name, stat in named]


def user_errors(work: Workload) -> tuple[MetricRef, ...]:
    """The errors that users get: those that targets answer with, and those of the load balancer itself.

    Where a target is gone, hidden or cut off, the load balancer answers 502, 503 or 504 in its place. That count has no
    target group: with that dimension there is no such metric, and it is of all target groups together.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    """
    if not work.balancer.name:
        return ()
    return (
        *balanced(work, ("HTTPCode_Target_5XX_Count", "Sum")),
        metric(NAMESPACE, "HTTPCode_ELB_5XX_Count", "Sum", **work.balancer.own_dimensions),
    )


def requests(work: Workload) -> MetricRef:
    """What users asked, as far as there was a target for it."""
    return balanced(work, ("RequestCount", "Sum"))[0]
