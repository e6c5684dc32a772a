"""Which metrics probes look at, and where these come from: each part of the workload says where its own are."""

from dataclasses import dataclass
from typing import Final

from components.reading import Reader
from components.settings import Settings
from components.workload.workload import Workload
from contract.probes import Series

# The sources of any workload: those of an empty one.
_SOURCES: Final = Workload().sources()
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
        return _SOURCES[self.source].needs

    def document(self, settings: Settings) -> Series:
        """The metric as CloudWatch knows it."""
        source = settings.workload.sources()[self.source]
        return Series(
            namespace=source.namespace or settings.namespace, name=self.metric, dimensions=dict(source.dimensions)
        )
