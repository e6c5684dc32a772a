"""A table that throttles, or a database that runs out of connections."""

from components.observability.alarm_spec import SUM_OF_TWO, AlarmSpec, metric
from components.observability.signal import Row, Scene, signal
from components.observability.threshold import MUCH, Threshold
from components.workload.database import NAMESPACE as DATABASE
from components.workload.table import NAMESPACE as TABLES

THROTTLES = Threshold(
    key="dataStoreThrottles", default=5, lowest=1, highest=MUCH, meaning="throttled requests a minute"
)
CONNECTIONS = Threshold(
    key="databaseConnections", default=80, lowest=1, highest=MUCH, meaning="connections, for a database without tables"
)


@signal(
    "data-store",
    place=5,
    thresholds=(THROTTLES, CONNECTIONS),
    absent="neither workload.tables nor workload.database is set",
    row=Row.DATA,
)
def data_store(scene: Scene) -> AlarmSpec | None:
    """Of the first table; without one, of the database."""
    work = scene.work
    if work.tables.all:
        table = work.tables.all[0]
        names = ("ReadThrottleEvents", "WriteThrottleEvents")
        # DynamoDB alarms may ignore missing data whatever they are told: FILL makes the zeros explicit.
        return AlarmSpec(
            signal="data-store",
            summary=f"Table {table.name} throttles requests",
            metrics=tuple(metric(TABLES, name, "Sum", **table.dimensions) for name in names),
            expression=SUM_OF_TWO,
            threshold=scene.thresholds[THROTTLES],
            missing="notBreaching",
        )
    if work.database.name:
        return AlarmSpec(
            signal="data-store",
            summary=f"Database {work.database.name} runs out of connections",
            metrics=(metric(DATABASE, "DatabaseConnections", "Maximum", **work.database.dimensions),),
            threshold=scene.thresholds[CONNECTIONS],
            missing="breaching",
        )
    return None
