"""Where the metrics of probes come from: each part of the workload has a namespace and dimensions of its own."""

from dataclasses import dataclass

from components.observability.load_balancer_metrics import load_balancer_dimensions
from components.reading import Reader
from components.settings import Settings
from contract.probes import Series

# The part of the workload that each belongs to.
_SOURCES = {
    "loadBalancer": "load_balancer",
    "loadBalancerOnly": "load_balancer",
    "service": "ecs_service",
    "group": "auto_scaling_group",
    "database": "database",
    "table": "tables",
    "logs": "log_groups",
}
# What a load balancer counts for itself, and what it counts for each target group only. With other dimensions there is
# no such metric, and nothing would ever be seen: `missing: zero` would make good news of that.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
_WITHOUT_TARGET_GROUP = (
    *("HTTPCode_ELB_", "HTTP_Fixed_Response_Count", "HTTP_Redirect_", "ActiveConnectionCount", "NewConnectionCount"),
    *("RejectedConnectionCount", "ClientTLSNegotiationErrorCount", "ConsumedLCUs", "ProcessedBytes"),
)
_WITH_TARGET_GROUP = ("HealthyHostCount", "UnHealthyHostCount", "RequestCountPerTarget")


@dataclass(frozen=True, kw_only=True)
class SeriesSpec:
    """One metric, and the part of the workload that it belongs to."""

    source: str
    metric: str

    @classmethod
    def read(cls, reader: Reader) -> "SeriesSpec":
        """From `source` and `metric`."""
        found = cls(
            source=reader.choice("source", {source: source for source in _SOURCES}, ""),
            metric=reader.text("metric", r"\w{1,255}", "a metric's name"),
        )
        if not found.source:
            raise reader.refuse("source", ", ".join(_SOURCES))
        if found.source == "loadBalancer" and found.metric.startswith(_WITHOUT_TARGET_GROUP):
            accepted = f"loadBalancerOnly for {found.metric}, which load balancers count without a target group"
            raise reader.refuse("source", accepted)
        if found.source == "loadBalancerOnly" and found.metric in _WITH_TARGET_GROUP:
            raise reader.refuse("source", f"loadBalancer for {found.metric}, which is counted for a target group")
        return found

    @property
    def needs(self) -> str:
        """The part of the workload without which there is no such metric."""
        return _SOURCES[self.source]

    def document(self, settings: Settings) -> Series:
        """The metric as CloudWatch knows it."""
        work = settings.workload
        places: dict[str, tuple[str, dict[str, str | None]]] = {
            "loadBalancer": ("AWS/ApplicationELB", {**load_balancer_dimensions(work)}),
            "loadBalancerOnly": ("AWS/ApplicationELB", {"LoadBalancer": work.load_balancer}),
            "service": ("AWS/ECS", {"ClusterName": work.ecs_cluster, "ServiceName": work.ecs_service}),
            "group": ("AWS/EC2", {"AutoScalingGroupName": work.auto_scaling_group}),
            "database": ("AWS/RDS", {"DBInstanceIdentifier": work.database}),
            "table": ("AWS/DynamoDB", {"TableName": work.tables[0].name if work.tables else None}),
            "logs": (settings.namespace, {}),
        }
        namespace, dimensions = places[self.source]
        return Series(namespace=namespace, name=self.metric, dimensions=_set(dimensions))


def _set(dimensions: dict[str, str | None]) -> dict[str, str]:
    """The dimensions, each of which has a value: an experiment whose part is not there is left out (`lacks`)."""
    return {name: str(value) for name, value in dimensions.items()}
