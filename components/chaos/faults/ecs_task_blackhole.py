"""Tasks of which a port is cut off."""

from dataclasses import dataclass
from typing import Literal, get_args

from components.chaos.fault import Fault
from components.chaos.fault_kinds import FaultOrder, fault_kind
from components.chaos.fault_settings import FaultSettings, cut_port, duration, needed
from components.chaos.task_fault import AGENT, on_tasks
from components.reading import Reader
from components.settings import Settings

_Direction = Literal["ingress", "egress"]
_DIRECTIONS: dict[str, _Direction] = {direction: direction for direction in get_args(_Direction)}
# Over these the agent beside the task is told to stop: Systems Manager, and the endpoint of ECS that undoes the fault.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fault-injection-endpoints.html
_LIFELINES = (80, 443)
_PERTURBED = {
    "ingress": ("AWS/ApplicationELB/UnHealthyHostCount",),
    # What is sent to a port that drops it waits for an answer.
    "egress": ("AWS/ApplicationELB/TargetResponseTime",),
}


def _read_direction(reader: Reader) -> _Direction | None:
    return reader.choice("trafficType", {**_DIRECTIONS}, None)


@dataclass(frozen=True, kw_only=True)
class EcsTaskBlackhole(FaultSettings):
    """How long, which TCP port, and whether what comes or what goes is dropped."""

    seconds: int = duration()
    port: int = cut_port("the port that is cut off")
    direction: _Direction = needed("trafficType", _read_direction, "ingress, egress")  # noqa: RUF009

    def check(self, reader: Reader) -> None:
        """Refuses a fault that cuts off what stops it."""
        if self.direction == "egress" and self.port in _LIFELINES:
            accepted = f"any port but {' and '.join(map(str, _LIFELINES))} with egress: the agent is stopped over them"
            raise reader.refuse("port", accepted)


@fault_kind(
    "ecs-task-blackhole",
    EcsTaskBlackhole,
    happens=f"a TCP port of tasks is cut off for what comes (`ingress`) or what goes (`egress`); {AGENT}",
    needs=("ecs_service",),
)
def ecs_task_blackhole(order: FaultOrder[EcsTaskBlackhole], settings: Settings) -> Fault:
    """Drops what comes to a port of the tasks, or what goes to it.

    Source: https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html#ecs-actions-reference
    """
    fault = order.fault
    return on_tasks(
        order,
        settings,
        "aws:ecs:task-network-blackhole-port",
        {"port": str(fault.port), "protocol": "tcp", "trafficType": fault.direction},
        perturbed=_PERTURBED[fault.direction],
        undo="the agent beside the task opens the port again",
    )
