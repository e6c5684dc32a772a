"""RDS through boto3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from runners.aws.session import Clients, calling
from runners.backup.databases import Database
from runners.errors import AwsError

_MISSING: Final = ("DBInstanceNotFound", "DBInstanceNotFoundFault")
_NOT_YET: Final = ("InvalidDBInstanceState", "InvalidDBInstanceStateFault")


@dataclass(frozen=True)
class AwsDatabases:
    """Every method is one call."""

    clients: Clients

    def database(self, name: str) -> Database | None:
        """The instance, None if there is none.

        Raises:
            AwsError: it could not be described.
        """
        try:
            found = described(self.clients, name)
        except AwsError as error:
            if error.code in _MISSING:
                return None
            raise
        return _database(found)

    def restore(self, source: Database, target: str, at: datetime, tags: Mapping[str, str]) -> None:
        """Begins to restore a time to a new private instance of the same size in one zone.

        Raises:
            AwsError: it was refused.
        """
        optional = {
            "DBSubnetGroupName": source.subnet_group,
            "DBParameterGroupName": source.parameter_group,
            "VpcSecurityGroupIds": list(source.security_groups) or None,
        }
        with calling("rds:RestoreDBInstanceToPointInTime", source.name):
            self.clients.client("rds").restore_db_instance_to_point_in_time(
                SourceDBInstanceIdentifier=source.name,
                TargetDBInstanceIdentifier=target,
                RestoreTime=at,
                DBInstanceClass=source.size,
                PubliclyAccessible=False,
                MultiAZ=False,
                DeletionProtection=False,
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
                **{key: value for key, value in optional.items() if value},
            )

    def protect(self, name: str, *, standby: bool) -> None:
        """Switches on deletion protection, and a standby in another zone if wanted.

        Raises:
            AwsError: it was refused.
        """
        with calling("rds:ModifyDBInstance", name):
            self.clients.client("rds").modify_db_instance(
                DBInstanceIdentifier=name, DeletionProtection=True, MultiAZ=standby, ApplyImmediately=True
            )

    def delete(self, name: str) -> bool:
        """Begins to delete an instance without a snapshot; False when it cannot be deleted yet.

        Raises:
            AwsError: it was refused.
        """
        try:
            with calling("rds:DeleteDBInstance", name):
                self.clients.client("rds").delete_db_instance(
                    DBInstanceIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=True
                )
        except AwsError as error:
            if error.code not in (*_MISSING, *_NOT_YET):
                raise
            return error.code in _MISSING
        return True


def described(clients: Clients, name: str) -> Mapping[str, Any]:
    """An instance as DescribeDBInstances has it.

    Raises:
        AwsError: it could not be described, or there is none.
    """
    with calling("rds:DescribeDBInstances", name):
        answer = clients.client("rds").describe_db_instances(DBInstanceIdentifier=name)
    found: Mapping[str, Any] = answer["DBInstances"][0]
    return found


def _database(found: Mapping[str, Any]) -> Database:
    endpoint, groups = found.get("Endpoint", {}), found.get("DBParameterGroups", [])
    return Database(
        name=found["DBInstanceIdentifier"],
        arn=found["DBInstanceArn"],
        status=found["DBInstanceStatus"],
        engine=found["Engine"],
        version=found.get("EngineVersion", ""),
        size=found["DBInstanceClass"],
        storage_gb=int(found.get("AllocatedStorage", 0)),
        storage_type=found.get("StorageType", "gp2"),
        encrypted=bool(found.get("StorageEncrypted")),
        multi_az=bool(found.get("MultiAZ")),
        subnet_group=found.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
        security_groups=tuple(held["VpcSecurityGroupId"] for held in found.get("VpcSecurityGroups", [])),
        parameter_group=groups[0]["DBParameterGroupName"] if groups else None,
        address=(endpoint["Address"], int(endpoint["Port"])) if endpoint.get("Address") else None,
        latest_restorable=found.get("LatestRestorableTime"),
        retention_days=int(found.get("BackupRetentionPeriod", 0)),
        deletion_protection=bool(found.get("DeletionProtection")),
        performance_insights=bool(found.get("PerformanceInsightsEnabled")),
        monitoring_seconds=int(found.get("MonitoringInterval", 0)),
        tags={tag["Key"]: tag["Value"] for tag in found.get("TagList", [])},
    )
