"""Instances that do not reach their database."""

from dataclasses import dataclass

from components.chaos.fault import Fault
from components.chaos.fault_kinds import FaultOrder, fault_kind
from components.chaos.fault_settings import FaultSettings, cut_port, duration
from components.chaos.instance_fault import cut_off
from components.settings import Settings


@dataclass(frozen=True, kw_only=True)
class DatabaseConnectionFailure(FaultSettings):
    """How long, and the database's port."""

    seconds: int = duration()
    port: int = cut_port("the port that is cut off")


@fault_kind(
    "database-connection-failure",
    DatabaseConnectionFailure,
    happens="instances cannot reach the database",
    needs=("database", "auto_scaling_group"),
    on_hosts=True,
)
def database_connection_failure(order: FaultOrder[DatabaseConnectionFailure], settings: Settings) -> Fault:
    """Cuts instances off from their database."""
    return cut_off(order, settings, order.fault.port, "egress", ("AWS/RDS/DatabaseConnections",))
