"""Databases that take a moment to be restored, and cannot be deleted before; moto makes them in no time.

How far they can be brought back follows the time of a rehearsal, which is ahead of this machine's.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local.knobs import KnobBoard

if TYPE_CHECKING:
    from moto.rds.models import DBInstance, RDSBackend

    from local.rehearsal_extension import RehearsalExtension


def take_time_to_restore(board: KnobBoard) -> None:
    """Restored databases are `creating` for as long as the knob says."""
    from moto.rds.exceptions import InvalidDBInstanceStateError
    from moto.rds.models import RDSBackend

    restore, describe = RDSBackend.restore_db_instance_to_point_in_time, RDSBackend.describe_db_instances
    delete = RDSBackend.delete_db_instance

    def restored(backend: RDSBackend, *given: Any, **named: Any) -> DBInstance:
        made: Any = restore(backend, *given, **named)
        made.status, made.ial_ready_at = "creating", time.time() + board.now.database_restore_seconds
        # What AWS does not bring back.
        made.deletion_protection = bool(named.get("overrides", {}).get("deletion_protection"))
        return made  # type: ignore[no-any-return]

    def described(backend: RDSBackend, *given: Any, **named: Any) -> list[DBInstance]:
        found: Any = describe(backend, *given, **named)
        for database in found:
            if database.status == "creating" and getattr(database, "ial_ready_at", 0.0) <= time.time():
                database.status = "available"
        return found  # type: ignore[no-any-return]

    def deleted(backend: RDSBackend, db_instance_identifier: str, *given: Any, **named: Any) -> DBInstance:
        for database in backend.describe_db_instances(db_instance_identifier):
            if database.status == "creating":
                raise InvalidDBInstanceStateError(db_instance_identifier, "creating")
        return delete(backend, db_instance_identifier, *given, **named)

    RDSBackend.restore_db_instance_to_point_in_time = restored  # type: ignore[method-assign,assignment]
    RDSBackend.describe_db_instances = described  # type: ignore[method-assign,assignment]
    RDSBackend.delete_db_instance = deleted  # type: ignore[method-assign,assignment]


def follow_the_rehearsal(extension: RehearsalExtension) -> None:
    """Automated backups go on while rehearsed time passes."""
    from moto.rds.models import DBCluster, DBInstance

    def latest(_: DBInstance | DBCluster) -> datetime:
        held = extension.current
        now = max(time.time(), held.now if held is not None else 0.0)
        return datetime.fromtimestamp(now, UTC).replace(tzinfo=None)

    DBInstance.latest_restorable_time = property(latest)  # type: ignore[assignment,method-assign]
    DBCluster.latest_restorable_time = property(latest)  # type: ignore[assignment,method-assign]
