"""Tasks whose calls are slow."""

from components.chaos.fault import Fault
from components.chaos.fault_kinds import FaultOrder, fault_kind
from components.chaos.latency_settings import LatencySettings
from components.chaos.task_fault import AGENT, on_tasks
from components.settings import Settings


@fault_kind(
    "ecs-task-latency",
    LatencySettings,
    happens=f"calls from tasks are slowed down; {AGENT}",
    needs=("ecs_service",),
)
def ecs_task_latency(order: FaultOrder[LatencySettings], settings: Settings) -> Fault:
    """Slows down what tasks send."""
    fault = order.fault
    return on_tasks(
        order,
        settings,
        "aws:ecs:task-network-latency",
        {
            "delayMilliseconds": str(fault.delay_ms),
            "jitterMilliseconds": str(fault.jitter_ms),
            "sources": fault.sources or "ALL",
        },
        perturbed=("AWS/ApplicationELB/TargetResponseTime",),
        undo="the agent beside the task takes the delay away",
    )
