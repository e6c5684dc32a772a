"""Databases that take a moment to be restored, and cannot be deleted before; moto makes them in no time.

How far they can be brought back follows the time of a rehearsal, which is ahead of this machine's.
"""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from local.knobs import KnobBoard

if TYPE_CHECKING:
    from moto.rds.models import DBInstance, RDSBackend

    from local.rehearsal_extension import RehearsalExtension


# What a restored instance has when the request does not say otherwise. AWS's pages leave open of some settings whether
# they come back by themselves; none does here.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html and the parameters' defaults in
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceToPointInTime.html
_DEFAULTS: Final[Mapping[str, Any]] = {
    "auto_minor_version_upgrade": True,
    "backup_retention_period": 1,
    "ca_certificate_identifier": "rds-ca-rsa2048-g1",
    "copy_tags_to_snapshot": False,
    "db_parameter_group_name": None,
    "deletion_protection": False,
    "domain_memberships": [],
    "enable_iam_database_authentication": False,
    "iops": None,
    "monitoring_interval": 0,
    "monitoring_role_arn": None,
    "multi_az": False,
    "performance_insights_enabled": False,
    "performance_insights_kms_key_id": None,
    "performance_insights_retention_period": None,
    "database_insights_mode": None,
    "preferred_backup_window": "05:10-05:40",
    "preferred_maintenance_window": "sun:07:00-sun:07:30",
    "publicly_accessible": False,
    "replicas": [],
    "source_db_instance_identifier": None,
    "storage_throughput": None,
    "storage_type": "gp3",
    "tags": [],
}
# The request's words of this name say what is restored.
_NEVER_GIVEN: Final = frozenset({"source_db_instance_identifier"})
_OPTIONS: Final = re.compile(r"(\d+)(?:\.(\d+))?")
# Requests have other names for some settings than answers.
_RENAMED: Final = {"enable_performance_insights": "performance_insights_enabled"}


def take_time_to_restore(board: KnobBoard) -> None:
    """Restored databases are `creating` for as long as the knob says, and have what RDS brings back, no more."""
    from moto.rds.exceptions import DBInstanceAlreadyExists, InvalidDBInstanceStateError
    from moto.rds.models import DBInstance, RDSBackend

    restore, describe = RDSBackend.restore_db_instance_to_point_in_time, RDSBackend.describe_db_instances
    delete = RDSBackend.delete_db_instance

    def restored(backend: RDSBackend, source: str, target: str, overrides: dict[str, Any]) -> DBInstance:
        if target in backend.databases:
            raise DBInstanceAlreadyExists
        found = backend.describe_db_instances(source)[0]
        _refuse_another_time(found, overrides)
        _refuse_a_small_volume(found, overrides)
        # moto has no default option groups, which every account has.
        known = {name: held for name, held in overrides.items() if not str(held).startswith("default:")}
        made: Any = restore(backend, source, target, known)
        made.status, made.ial_ready_at = "creating", time.time() + board.now.database_restore_seconds
        _forget(made, overrides)
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

    _take_aws_names(DBInstance)
    RDSBackend.restore_db_instance_to_point_in_time = restored  # type: ignore[method-assign,assignment]
    RDSBackend.describe_db_instances = described  # type: ignore[method-assign,assignment]
    RDSBackend.delete_db_instance = deleted  # type: ignore[method-assign,assignment]


def _take_aws_names(databases: Any) -> None:
    """Some members of a change have other names in moto than at AWS."""
    update = databases.update

    def updated(database: Any, **given: Any) -> None:
        update(database, **{_RENAMED.get(name, name): value for name, value in given.items()})

    databases.update = updated


def _forget(made: Any, given: Mapping[str, Any]) -> None:
    """Takes from a restored instance what nobody gave it; moto copies all of its source."""
    from moto.ec2.models import ec2_backends

    for name, default in _DEFAULTS.items():
        held = None if name in _NEVER_GIVEN else given.get(name)
        setattr(made, name, copy.copy(default) if held is None else held)
    made.enabled_cloudwatch_logs_exports = list(given.get("enable_cloudwatch_logs_exports") or [])
    made._associated_roles = []
    if not given.get("vpc_security_group_ids"):
        ec2: Any = ec2_backends[made.account_id][made.region]
        made.vpc_security_group_ids = [ec2.get_default_security_group(ec2.default_vpc.id).id]
    made.option_group_name = given.get("option_group_name")
    if not made.option_group_name:
        version = _OPTIONS.match(made.engine_version)
        made.option_group_name = f"default:{made.engine}-{'-'.join(filter(None, version.groups() if version else ()))}"


def _refuse_another_time(source: Any, given: Mapping[str, Any]) -> None:
    from moto.rds.exceptions import InvalidParameterValue

    asked, (first, latest) = given.get("restore_time"), _window(source)
    if not isinstance(asked, datetime):
        return
    at = asked.astimezone(UTC).replace(tzinfo=None)
    if not source.backup_retention_period or not first.replace(microsecond=0) <= at <= latest:
        msg = f"The specified instance cannot be restored to {at}: its backups go from {first} to {latest}."
        raise InvalidParameterValue(msg)


def _refuse_a_small_volume(source: Any, given: Mapping[str, Any]) -> None:
    """RDS wants to hear of the speed of gp3 only where more than the least can be had.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
    """
    from moto.rds.exceptions import InvalidParameterCombination

    least = 200 if source.engine.startswith("oracle") else 400
    speed = given.get("iops") or given.get("storage_throughput")
    if speed and given.get("storage_type") == "gp3" and source.allocated_storage < least:
        msg = f"You can't specify IOPS or storage throughput for engine {source.engine} and a storage size less than "
        raise InvalidParameterCombination(f"{msg}{least}.")


def keep_automated_backups() -> None:
    """How far back an instance can be brought: to its creation, or to the first day of its retention."""
    from moto.rds.models import DBInstanceAutomatedBackup, RDSBackend

    describe = RDSBackend.describe_db_instance_automated_backups

    def described(
        backend: RDSBackend, db_instance_identifier: str | None = None, **given: Any
    ) -> list[DBInstanceAutomatedBackup]:
        found = list(describe(backend, db_instance_identifier=db_instance_identifier, **given))
        held = {one.db_instance_identifier for one in found}
        for name, database in backend.databases.items():
            if database.backup_retention_period and db_instance_identifier in (None, name):
                if name not in held:
                    found.append(DBInstanceAutomatedBackup(backend, name, []))
                _date(next(one for one in found if one.db_instance_identifier == name), database)
        return found

    RDSBackend.describe_db_instance_automated_backups = described  # type: ignore[method-assign,assignment]


def _date(backup: Any, database: Any) -> None:
    first, latest = _window(database)
    backup.restore_window = {"EarliestTime": first, "LatestTime": latest}


def _window(database: Any) -> tuple[datetime, datetime]:
    latest = database.latest_restorable_time
    return max(database.instance_create_time, latest - timedelta(days=database.backup_retention_period)), latest


def follow_the_rehearsal(extension: RehearsalExtension) -> None:
    """Automated backups go on while rehearsed time passes."""
    from moto.rds.models import DBCluster, DBInstance

    def latest(_: DBInstance | DBCluster) -> datetime:
        held = extension.current
        now = max(time.time(), held.now if held is not None else 0.0)
        return datetime.fromtimestamp(now, UTC).replace(tzinfo=None)

    DBInstance.latest_restorable_time = property(latest)  # type: ignore[assignment,method-assign]
    DBCluster.latest_restorable_time = property(latest)  # type: ignore[assignment,method-assign]
