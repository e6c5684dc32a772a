"""Instances that their load balancer does not see."""

from dataclasses import dataclass

from components.chaos.fault import Fault
from components.chaos.fault_kinds import FaultOrder, fault_kind
from components.chaos.fault_settings import FaultSettings, cut_port, duration
from components.chaos.instance_fault import cut_off
from components.settings import Settings


@dataclass(frozen=True, kw_only=True)
class AlbStress(FaultSettings):
    """How long, and the port at which the load balancer asks."""

    seconds: int = duration()
    port: int = cut_port("the port that is cut off")


@fault_kind(
    "alb-stress",
    AlbStress,
    happens="instances are hidden from the load balancer's health checks",
    needs=("target_group", "auto_scaling_group"),
    on_hosts=True,
)
def alb_stress(order: FaultOrder[AlbStress], settings: Settings) -> Fault:
    """Hides instances from their load balancer, whose health checks fail."""
    return cut_off(order, settings, order.fault.port, "ingress", ("AWS/ApplicationELB/UnHealthyHostCount",))
