"""What of a database's settings is given to its restored copy: what RDS takes with the restore, and what after it.

Nobody compares with this: what came of it is looked at in `runners/backup/databases/database_comparison.py`, which has
no list of settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Described = Mapping[str, Any]

# Parameters of RestoreDBInstanceToPointInTime that are never sent, or not from the source, and why.
NOT_SENT: Final[Mapping[str, str]] = {
    "AllocatedStorage": "RDS takes the source's, and refuses it for SQL Server",
    "AvailabilityZone": "the source's zone may be the one that is lost",
    "DBCapacityReservationIdentifier": "a reservation holds one instance, and the source is in it",
    "DBName": "RDS takes the source's; for Oracle alone it would name another one",
    "DeletionProtection": "switched on when the restore is over, so that one that fails can be removed",
    "Engine": "RDS takes the source's",
    "ManageMasterUserPassword": "put back afterwards: RDS takes it with a restore for Oracle only",
    "MasterUserSecretKmsKeyId": "goes with the managed password",
    "MultiAZ": "the standby is made when the data is back, which is sooner without it",
    "SourceDBInstanceAutomatedBackupsArn": "the source is named by its identifier",
    "SourceDbiResourceId": "the source is named by its identifier",
    "TagSpecifications": "the tags are sent as such",
    "TdeCredentialArn": "needs a password that nobody can read back",
    "TdeCredentialPassword": "nobody can read it back",
    "UseDefaultProcessorFeatures": "the source's own are sent",
    "UseLatestRestorableTime": "the time is given",
}
# What a drill leaves out beside that: it would cost, stay behind, or reach others.
LEFT_OUT_OF_DRILLS: Final[Mapping[str, str]] = {
    "BackupRetentionPeriod": "nobody needs backups of a copy that lives for an hour",
    "EnableCloudwatchLogsExports": "its log groups would stay behind",
    "Domain": "the copy would join the directory",
    "DomainAuthSecretArn": "the copy would join the directory",
    "DomainDnsIps": "the copy would join the directory",
    "DomainFqdn": "the copy would join the directory",
    "DomainIAMRoleName": "the copy would join the directory",
    "DomainOu": "the copy would join the directory",
    "PreferredBackupWindow": "nobody needs backups of a copy that lives for an hour",
    "PubliclyAccessible": "nobody but the probe has to reach it",
    "Tags": "a drill's copy has tags of its own, by which it is found",
}
_SAME: Final = (
    "AutoMinorVersionUpgrade",
    "BackupRetentionPeriod",
    "BackupTarget",
    "CACertificateIdentifier",
    "CopyTagsToSnapshot",
    "CustomIamInstanceProfile",
    "DBInstanceClass",
    "DedicatedLogVolume",
    "EngineLifecycleSupport",
    "LicenseModel",
    "MaxAllocatedStorage",
    "NetworkType",
    "PreferredBackupWindow",
    "ProcessorFeatures",
    "PubliclyAccessible",
    "StorageType",
)
_OTHER_NAMES: Final = {
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
    "EnableCustomerOwnedIp": "CustomerOwnedIpEnabled",
}
_DOMAIN: Final = {
    "Domain": "Domain",
    "DomainIAMRoleName": "IAMRoleName",
    "DomainFqdn": "FQDN",
    "DomainOu": "OU",
    "DomainAuthSecretArn": "AuthSecretArn",
    "DomainDnsIps": "DnsIps",
}
_VOLUME: Final = ("VolumeName", "AllocatedStorage", "IOPS", "MaxAllocatedStorage", "StorageThroughput", "StorageType")
# What a gp3 volume has without paying; RDS refuses to be told so of a small one.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
_GP3_IOPS, _GP3_THROUGHPUT = 3000, 125


def restore_arguments(source: Described) -> dict[str, Any]:
    """What RestoreDBInstanceToPointInTime takes of a database as DescribeDBInstances has it; what is not set is not in.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceToPointInTime.html
    """
    groups, options = source.get("DBParameterGroups") or [{}], source.get("OptionGroupMemberships") or [{}]
    domain = (source.get("DomainMemberships") or [{}])[0]
    given = {name: source.get(name) for name in _SAME}
    given |= {name: source.get(other) for name, other in _OTHER_NAMES.items()}
    given |= {name: domain.get(other) for name, other in _DOMAIN.items()}
    given |= {
        "DBSubnetGroupName": source.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
        "DBParameterGroupName": groups[0].get("DBParameterGroupName"),
        "OptionGroupName": options[0].get("OptionGroupName"),
        "VpcSecurityGroupIds": [held["VpcSecurityGroupId"] for held in source.get("VpcSecurityGroups", [])],
        "Port": source.get("Endpoint", {}).get("Port"),
        "AdditionalStorageVolumes": [
            {name: volume[name] for name in _VOLUME if name in volume}
            for volume in source.get("AdditionalStorageVolumes", [])
        ],
        "Tags": own_tags(source),
        **_speed(source),
    }
    return {name: value for name, value in given.items() if value not in (None, [], "")}


def own_tags(source: Described) -> list[dict[str, str]]:
    """The tags that somebody else than AWS may set: AWS keeps `aws:` for itself."""
    return [dict(tag) for tag in source.get("TagList", []) if not tag["Key"].startswith("aws:")]


def put_back_arguments(source: Described) -> dict[str, Any]:
    """What ModifyDBInstance takes of the rest; deletion protection is always switched on.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
    """
    given = {
        "DeletionProtection": True,
        "MultiAZ": bool(source.get("MultiAZ")),
        "PreferredMaintenanceWindow": source.get("PreferredMaintenanceWindow"),
    }
    if source.get("MonitoringInterval"):
        given |= {name: source.get(name) for name in ("MonitoringInterval", "MonitoringRoleArn")}
    if source.get("PerformanceInsightsEnabled"):
        given |= {
            "EnablePerformanceInsights": True,
            **{
                name: source.get(name)
                for name in (
                    "DatabaseInsightsMode",
                    "PerformanceInsightsKMSKeyId",
                    "PerformanceInsightsRetentionPeriod",
                )
            },
        }
    secret = source.get("MasterUserSecret")
    if secret:
        given |= {"ManageMasterUserPassword": True, "MasterUserSecretKmsKeyId": secret.get("KmsKeyId")}
    return {name: value for name, value in given.items() if value is not None}


def _speed(source: Described) -> dict[str, Any]:
    iops, throughput = source.get("Iops") or 0, source.get("StorageThroughput") or 0
    if source.get("StorageType") == "gp3" and iops <= _GP3_IOPS and throughput <= _GP3_THROUGHPUT:
        return {}
    return {"Iops": iops or None, "StorageThroughput": throughput or None}
