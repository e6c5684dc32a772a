"""RDS through boto3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from runners.aws.database_settings import LEFT_OUT_OF_DRILLS, put_back_arguments, restore_arguments
from runners.aws.session import Clients, calling
from runners.backup.databases.databases import Database
from runners.errors import AwsError

_MISSING: Final = ("DBInstanceNotFound", "DBInstanceNotFoundFault")
# How RDS refuses a setting that this engine, class or storage does not have.
_REFUSED_SETTINGS: Final = ("InvalidParameterCombination", "InvalidParameterValue", "UnsupportedOperation")
# Without these a restored database is in another network, or another machine.
_NEEDED: Final = (
    "DBInstanceClass",
    "DBParameterGroupName",
    "DBSubnetGroupName",
    "PubliclyAccessible",
    "Tags",
    "VpcSecurityGroupIds",
)
_NOT_YET: Final = ("InvalidDBInstanceState", "InvalidDBInstanceStateFault")


@dataclass(frozen=True)
class AwsDatabases:
    """The calls of drills and restores."""

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

    def earliest(self, name: str) -> datetime | None:
        """The first moment to which its automated backups go back; None if they do not say.

        Raises:
            AwsError: they could not be described.
        """
        with calling("rds:DescribeDBInstanceAutomatedBackups", name):
            answer = self.clients.client("rds").describe_db_instance_automated_backups(DBInstanceIdentifier=name)
        windows = [
            held.get("RestoreWindow", {})
            for held in answer["DBInstanceAutomatedBackups"]
            # Those of an instance of the same name that was deleted are kept under it too.
            if held.get("Status") == "active"
        ]
        return min((held["EarliestTime"] for held in windows if held.get("EarliestTime")), default=None)

    def restore(self, source: Database, target: str, at: datetime) -> str:
        """Begins to restore a time to a new instance in one zone, with the settings of the source.

        Returns what RDS said when it refused one of them: then those come that it needs to find its network, because
        a rescue must not wait for a setting.

        Raises:
            AwsError: it was refused.
        """
        given = restore_arguments(source.described)
        return self._restore(source, target, at, given)

    def restore_beside(self, source: Database, target: str, at: datetime, tags: Mapping[str, str]) -> str:
        """As `restore`, private and with these tags: without what would cost, stay behind, or reach others.

        Raises:
            AwsError: it was refused.
        """
        given = restore_arguments(source.described)
        own = {key: value for key, value in given.items() if key not in LEFT_OUT_OF_DRILLS}
        own["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        return self._restore(source, target, at, own | {"PubliclyAccessible": False})

    def _restore(self, source: Database, target: str, at: datetime, given: Mapping[str, Any]) -> str:
        try:
            self._restored(source, target, at, given)
        except AwsError as error:
            if error.code not in _REFUSED_SETTINGS:
                raise
            needed = {key: value for key, value in given.items() if key in _NEEDED}
            self._restored(source, target, at, needed)
            return str(error)
        return ""

    def _restored(self, source: Database, target: str, at: datetime, given: Mapping[str, Any]) -> None:
        with calling("rds:RestoreDBInstanceToPointInTime", source.name):
            self.clients.client("rds").restore_db_instance_to_point_in_time(
                SourceDBInstanceIdentifier=source.name,
                TargetDBInstanceIdentifier=target,
                RestoreTime=at,
                MultiAZ=False,
                DeletionProtection=False,
                **given,
            )

    def put_back(self, source: Database, target: str) -> str:
        """Switches on deletion protection and what a restore does not take; returns what RDS said when it refused.

        Raises:
            AwsError: even deletion protection was refused.
        """
        given = put_back_arguments(source.described)
        refused = []
        try:
            self._modify(target, given)
        except AwsError as error:
            if error.code not in _REFUSED_SETTINGS:
                raise
            refused.append(str(error))
            self._modify(target, {"DeletionProtection": True})
        for role in source.described.get("AssociatedRoles", []):
            try:
                self._give_role(target, role)
            except AwsError as error:
                if error.code != "DBInstanceRoleAlreadyExists":
                    refused.append(str(error))
        return "; ".join(refused)

    def _modify(self, name: str, given: Mapping[str, Any]) -> None:
        with calling("rds:ModifyDBInstance", name):
            self.clients.client("rds").modify_db_instance(DBInstanceIdentifier=name, ApplyImmediately=True, **given)

    def _give_role(self, name: str, role: Mapping[str, str]) -> None:
        with calling("rds:AddRoleToDBInstance", name):
            self.clients.client("rds").add_role_to_db_instance(
                DBInstanceIdentifier=name, RoleArn=role["RoleArn"], FeatureName=role["FeatureName"]
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
    endpoint = found.get("Endpoint", {})
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
        address=(endpoint["Address"], int(endpoint["Port"])) if endpoint.get("Address") else None,
        latest_restorable=found.get("LatestRestorableTime"),
        retention_days=int(found.get("BackupRetentionPeriod", 0)),
        deletion_protection=bool(found.get("DeletionProtection")),
        tags={tag["Key"]: tag["Value"] for tag in found.get("TagList", [])},
        described=found,
    )
