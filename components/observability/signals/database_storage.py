"""A database whose disk fills up: a full one refuses writes, and RDS may stop it."""

from components.observability.alarm_spec import AlarmSpec, metric
from components.observability.signal import Row, Scene, signal
from components.observability.threshold import Threshold
from components.workload.database import NAMESPACE

_GIB = 2**30
# What is little depends on the database, so nobody is paged, and pays, before somebody has said it.
FREE = Threshold(
    key="databaseFreeGib",
    default=0,
    lowest=0,
    # The most that the volumes of an instance hold: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
    highest=256 * 1024,
    meaning="free storage of the database in GiB, at or below which it fires; 0 is no alarm",
)


@signal(
    "database-storage",
    place=6,
    thresholds=(FREE,),
    absent="workload.database is not set, or thresholds.databaseFreeGib is 0",
    row=Row.DATA,
)
def database_storage(scene: Scene) -> AlarmSpec | None:
    """Of the database, in bytes as RDS sends it.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
    """
    database, free = scene.work.database, scene.thresholds[FREE]
    if not database.name or not free:
        return None
    return AlarmSpec(
        signal="database-storage",
        summary=f"Database {database.name} runs out of storage",
        metrics=(metric(NAMESPACE, "FreeStorageSpace", "Minimum", **database.dimensions),),
        threshold=free * _GIB,
        comparison="LessThanOrEqualToThreshold",
        missing="breaching",
    )
