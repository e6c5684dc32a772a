"""A database whose connections are taken: what is new finds none, and what is open stays open."""

from dataclasses import replace

from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.fault import Fault, document_action
from components.chaos.hold_document import NAME, content_sha256, document_content
from components.chaos.instance_faults import TARGET, commanded
from components.reading import SettingsError
from components.settings import Settings
from contract.experiments import Connections, DatabaseEngine

_UNDO = "the document closes its connections when its time is over, it is cancelled, or its shell is gone"
# MySQL blocks a host after 100 logins that were never finished (max_connect_errors), beyond the end of the fault.
# Half of that lets two runs follow each other even if nobody logs in from there in between.
_MOST_MYSQL = 45


def connection_exhaustion(spec: ExperimentSpec, settings: Settings) -> Fault:
    """Takes `connections` of the database's, shared by the instances, without logging in.

    Raises:
        SettingsError: the instances can't share them.
    """
    fault, place, (host, port, engine) = spec.fault, settings.place, _endpoint(spec)
    each = fault.connections // spec.targets.count
    most = _MOST_MYSQL if fault.engine == "mysql" else fault.connections
    if not 1 <= each <= most:
        accepted = f"1 to {most} for each of the {spec.targets.count} instances"
        msg = f"experiment {spec.name}: fault.connections is {fault.connections}; accepted: {accepted}"
        raise SettingsError(msg)
    document = place.arn("ssm", f"document/{place.name(NAME)}")
    action = document_action(
        document,
        TARGET,
        fault.seconds,
        Host=host,
        Port=str(port),
        Engine=engine,
        Connections=str(each),
    )
    made = commanded(spec, settings, action, document, ("AWS/RDS/DatabaseConnections",), _UNDO)
    taken = Connections(
        database=str(settings.workload.database),
        host=host,
        port=port,
        engine=engine,
        most=each * spec.targets.count,
        reserve=fault.reserve,
        document=place.name(NAME),
        document_sha256=content_sha256(document_content()),
    )
    return replace(made, connections=taken)


def _endpoint(spec: ExperimentSpec) -> tuple[str, int, DatabaseEngine]:
    fault = spec.fault
    if fault.host is None or fault.port is None or fault.engine is None:
        msg = f"experiment {spec.name}: fault lacks host, port or engine; accepted: all three"
        raise SettingsError(msg)
    return fault.host, fault.port, fault.engine
