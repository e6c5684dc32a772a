"""Instances whose calls are slow."""

from dataclasses import dataclass

from components.chaos.fault import Fault
from components.chaos.fault_kinds import FaultOrder, fault_kind
from components.chaos.fault_settings import needed
from components.chaos.instance_fault import commanded, document_action, of_aws
from components.chaos.latency_settings import LatencySettings, read_sources
from components.settings import Settings

_DOCUMENT = "AWSFIS-Run-Network-Latency-Sources"


@dataclass(frozen=True, kw_only=True)
class NetworkLatency(LatencySettings):
    """On an instance, all calls would be those of Systems Manager too: what is slow must be said."""

    sources: str = needed("sources", read_sources, "what calls are slowed down: addresses, ranges or names")


@fault_kind(
    "network-latency",
    NetworkLatency,
    happens="calls from instances to `sources` are slowed down",
    needs=("auto_scaling_group",),
    on_hosts=True,
)
def network_latency(order: FaultOrder[NetworkLatency], settings: Settings) -> Fault:
    """Slows down what the instances send to some addresses."""
    fault, document = order.fault, of_aws(settings.place, _DOCUMENT)
    action = document_action(
        document,
        fault.seconds,
        DelayMilliseconds=str(fault.delay_ms),
        JitterMilliseconds=str(fault.jitter_ms),
        FlowsPercent="100",
        Sources=fault.sources,
        # The default interface eth0 does not exist on most instances, and the default direction is ingress.
        Interface="DEFAULT",
        TrafficType="egress",
        InstallDependencies="True",
    )
    return commanded(order, settings, action, document, ("AWS/ApplicationELB/TargetResponseTime",))
