"""A database whose connections are taken: what is new finds none, and what is open stays open."""

from dataclasses import dataclass, replace
from typing import get_args

import pulumi

from components.chaos.fault import Fault
from components.chaos.fault_kinds import FaultOrder, fault_kind
from components.chaos.fault_settings import FaultSettings, cut_port, duration, needed, setting
from components.chaos.hold_document import NAME, content_sha256, document_content
from components.chaos.instance_fault import commanded, document_action
from components.place import Place
from components.reading import Reader, SettingsError
from components.settings import Settings
from contract.experiments import Connections, DatabaseEngine

_UNDO = "the document closes its connections when its time is over, it is cancelled, or its shell is gone"
_ENGINES: dict[str, DatabaseEngine] = {engine: engine for engine in get_args(DatabaseEngine)}
_MOST_CONNECTIONS = 500
# MySQL blocks a host after 100 logins that were never finished (max_connect_errors), beyond the end of the fault.
# Half of that lets two runs follow each other even if nobody logs in from there in between.
_MOST_MYSQL = 45
_ADDRESS = "the address of the database"


def _read_host(reader: Reader) -> str | None:
    return reader.maybe_text("host", r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}", _ADDRESS)


def _read_engine(reader: Reader) -> DatabaseEngine | None:
    return reader.choice("engine", {**_ENGINES}, None)


@dataclass(frozen=True, kw_only=True)
class ConnectionExhaustion(FaultSettings):
    """How long, the database's endpoint, how many connections are taken, and how many must be left."""

    seconds: int = duration()
    host: str = needed("host", _read_host, f"{_ADDRESS}, as its endpoint names it")
    port: int = cut_port("the port of the database")
    engine: DatabaseEngine = needed("engine", _read_engine, ", ".join(_ENGINES))  # noqa: RUF009
    connections: int = setting("connections", lambda reader: reader.whole("connections", 1, _MOST_CONNECTIONS, 50))
    reserve: int = setting("reserve", lambda reader: reader.whole("reserve", 1, 10_000, 20))


def _document(name: str, place: Place, stage: int, opts: pulumi.ResourceOptions) -> object:
    # Imported here: loading the classes of SSM takes time, and hardly any stack has this document.
    from components.chaos.connection_hold import ConnectionHold

    return ConnectionHold(f"{name}-connection-hold", place, stage, opts)


@fault_kind(
    "connection-exhaustion",
    ConnectionExhaustion,
    happens="most of the database's connections are held; what is new finds none",
    needs=("database", "auto_scaling_group"),
    on_hosts=True,
    beside=_document,
)
def connection_exhaustion(order: FaultOrder[ConnectionExhaustion], settings: Settings) -> Fault:
    """Takes `connections` of the database's, shared by the instances, without logging in.

    Raises:
        SettingsError: the instances can't share them.
    """
    fault, place = order.fault, settings.place
    each = fault.connections // order.count
    most = _MOST_MYSQL if fault.engine == "mysql" else fault.connections
    if not 1 <= each <= most:
        accepted = f"1 to {most} for each of the {order.count} instances"
        msg = f"experiment {order.experiment}: fault.connections is {fault.connections}; accepted: {accepted}"
        raise SettingsError(msg)
    document = place.arn("ssm", f"document/{place.name(NAME)}")
    action = document_action(
        document,
        fault.seconds,
        Host=fault.host,
        Port=str(fault.port),
        Engine=fault.engine,
        Connections=str(each),
    )
    made = commanded(order, settings, action, document, ("AWS/RDS/DatabaseConnections",), _UNDO)
    taken = Connections(
        database=str(settings.workload.database.name),
        host=fault.host,
        port=fault.port,
        engine=fault.engine,
        most=each * order.count,
        reserve=fault.reserve,
        document=place.name(NAME),
        document_sha256=content_sha256(document_content()),
    )
    return replace(made, connections=taken)
