"""Whether a restored database is like its source: all that RDS describes, minus a list of exceptions with reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

Described = Mapping[str, Any]

_OWN: Final = "each instance has its own"
_NOW: Final = "it is how the instance is at the moment, no setting"
_ZONE: Final = "RDS chooses the zone"
# Members of DescribeDBInstances' answer that are not compared; `A.B` is member B of the structures in A.
EXCEPTIONS: Final[Mapping[str, str]] = {
    "AutomaticRestartTime": _NOW,
    "AvailabilityZone": _ZONE,
    "AwsBackupRecoveryPointArn": _OWN,
    "CertificateDetails.ValidTill": "each certificate has its own day",
    "DBInstanceArn": _OWN,
    "DBInstanceIdentifier": _OWN,
    "DBInstanceStatus": _NOW,
    "DBParameterGroups.ParameterApplyStatus": _NOW,
    "DBSecurityGroups.Status": _NOW,
    "DBSubnetGroup.DBSubnetGroupArn": "the name of the group says it",
    "DBSubnetGroup.DBSubnetGroupDescription": "the name of the group says it",
    "DBSubnetGroup.SubnetGroupStatus": _NOW,
    "DBSubnetGroup.Subnets": "the name of the group says it",
    "DBSubnetGroup.SupportedNetworkTypes": "the name of the group says it",
    "DBSubnetGroup.VpcId": "the name of the group says it",
    "DbiResourceId": _OWN,
    "DomainMemberships.Status": _NOW,
    "Endpoint.Address": _OWN,
    "Endpoint.HostedZoneId": "it belongs to the address",
    "EnhancedMonitoringResourceArn": _OWN,
    "AssociatedRoles.Status": _NOW,
    "AdditionalStorageVolumes.StorageOperationPercentProgress": _NOW,
    "AdditionalStorageVolumes.StorageOperationStatus": _NOW,
    "AdditionalStorageVolumes.StorageVolumeStatus": _NOW,
    "InstanceCreateTime": _OWN,
    "IsStorageConfigUpgradeAvailable": "it is an offer of RDS, no setting",
    "LatestRestorableTime": _NOW,
    "ListenerEndpoint": _OWN,
    "MasterUserSecret.SecretArn": _OWN,
    "MasterUserSecret.SecretStatus": _NOW,
    "OptionGroupMemberships.Status": _NOW,
    "PendingModifiedValues": "what waits at the source is not in force there either",
    "PercentProgress": _NOW,
    "PrimaryEndpoint": _OWN,
    "ResumeFullAutomationModeTime": _NOW,
    "SecondaryAvailabilityZone": _ZONE,
    "StatusInfos": _NOW,
    "StorageOperationPercentProgress": _NOW,
    "StorageOperationStatus": _NOW,
    "StorageVolumeStatus": _NOW,
    "VpcSecurityGroups.Status": _NOW,
}


class How(StrEnum):
    """How a setting comes back."""

    RESTORED = "with the restore"
    PUT_BACK = "put back when the restore is over"
    LOST = "not at all: somebody has to set it again"


# What is said of a setting, for people. One that is not in here is compared all the same, under AWS's name.
WORDS: Final[Mapping[str, tuple[str, How]]] = {
    "ActivityStreamEngineNativeAuditFieldsIncluded": ("the audit fields of the activity stream", How.LOST),
    "ActivityStreamKinesisStreamName": ("the activity stream's Kinesis stream", How.LOST),
    "ActivityStreamKmsKeyId": ("the activity stream's key", How.LOST),
    "ActivityStreamMode": ("the activity stream's mode", How.LOST),
    "ActivityStreamPolicyStatus": ("the activity stream's policy", How.LOST),
    "ActivityStreamStatus": ("the activity stream", How.LOST),
    "AdditionalStorageVolumes": ("the additional storage volumes", How.RESTORED),
    "AllocatedStorage": ("the storage in GB", How.RESTORED),
    "AssociatedRoles": ("the roles for features", How.PUT_BACK),
    "AutoMinorVersionUpgrade": ("minor version upgrades", How.RESTORED),
    "AutomationMode": ("the automation mode of RDS Custom", How.LOST),
    "BackupRetentionPeriod": ("the days of automated backups", How.RESTORED),
    "BackupTarget": ("where backups are kept", How.RESTORED),
    "CACertificateIdentifier": ("the certificate authority", How.RESTORED),
    "CertificateDetails": ("the certificate", How.RESTORED),
    "CharacterSetName": ("the character set", How.RESTORED),
    "CopyTagsToSnapshot": ("tags copied to snapshots", How.RESTORED),
    "CustomIamInstanceProfile": ("the instance profile of RDS Custom", How.RESTORED),
    "CustomerOwnedIpEnabled": ("customer-owned addresses", How.RESTORED),
    "DBCapacityReservationIdentifier": ("the capacity reservation", How.LOST),
    "DBClusterIdentifier": ("the cluster", How.LOST),
    "DBInstanceAutomatedBackupsReplications": ("backups replicated to another region", How.LOST),
    "DBInstanceClass": ("the class", How.RESTORED),
    "DBName": ("the name of the first database", How.RESTORED),
    "DBParameterGroups": ("the parameter group", How.RESTORED),
    "DBSecurityGroups": ("the security groups outside a VPC", How.LOST),
    "DBSubnetGroup": ("the subnet group", How.RESTORED),
    "DBSystemId": ("the system id of Oracle", How.RESTORED),
    "DatabaseInsightsMode": ("the mode of Database Insights", How.PUT_BACK),
    "DbInstancePort": ("the port", How.RESTORED),
    "DedicatedLogVolume": ("the log volume", How.RESTORED),
    "DeletionProtection": ("deletion protection", How.PUT_BACK),
    "DomainMemberships": ("the directory", How.RESTORED),
    "EnabledCloudwatchLogsExports": ("log exports", How.RESTORED),
    "Endpoint": ("the port of the endpoint", How.RESTORED),
    "Engine": ("the engine", How.RESTORED),
    "EngineLifecycleSupport": ("extended support", How.RESTORED),
    "EngineVersion": ("the engine's version", How.RESTORED),
    "IAMDatabaseAuthenticationEnabled": ("IAM login", How.RESTORED),
    "Iops": ("provisioned IOPS", How.RESTORED),
    "KmsKeyId": ("the key", How.RESTORED),
    "LicenseModel": ("the licence", How.RESTORED),
    "MasterUserSecret": ("the password managed in Secrets Manager", How.PUT_BACK),
    "MasterUsername": ("the master user", How.RESTORED),
    "MaxAllocatedStorage": ("storage autoscaling", How.RESTORED),
    "MonitoringInterval": ("enhanced monitoring", How.PUT_BACK),
    "MonitoringRoleArn": ("the role of enhanced monitoring", How.PUT_BACK),
    "MultiAZ": ("the standby in another zone", How.PUT_BACK),
    "MultiTenant": ("the multi-tenant configuration", How.RESTORED),
    "NcharCharacterSetName": ("the national character set", How.RESTORED),
    "NetworkType": ("the network type", How.RESTORED),
    "OptionGroupMemberships": ("the option group", How.RESTORED),
    "PerformanceInsightsEnabled": ("performance insights", How.PUT_BACK),
    "PerformanceInsightsKMSKeyId": ("the key of performance insights", How.PUT_BACK),
    "PerformanceInsightsRetentionPeriod": ("the days of performance insights", How.PUT_BACK),
    "PreferredBackupWindow": ("the backup window", How.RESTORED),
    "PreferredMaintenanceWindow": ("the maintenance window", How.PUT_BACK),
    "ProcessorFeatures": ("the processor features", How.RESTORED),
    "PromotionTier": ("the promotion tier", How.LOST),
    "PubliclyAccessible": ("access from outside the VPC", How.RESTORED),
    "ReadReplicaDBClusterIdentifiers": ("Aurora read replicas", How.LOST),
    "ReadReplicaDBInstanceIdentifiers": ("read replicas", How.LOST),
    "ReadReplicaSourceDBClusterIdentifier": ("being a replica of a cluster", How.LOST),
    "ReadReplicaSourceDBInstanceIdentifier": ("being a replica", How.LOST),
    "ReplicaMode": ("the replica's mode", How.LOST),
    "StorageEncrypted": ("encryption", How.RESTORED),
    "StorageEncryptionType": ("the kind of encryption", How.RESTORED),
    "StorageThroughput": ("storage throughput", How.RESTORED),
    "StorageType": ("the storage type", How.RESTORED),
    "TagList": ("tags", How.RESTORED),
    "TdeCredentialArn": ("the key store of transparent encryption", How.LOST),
    "Timezone": ("the time zone", How.RESTORED),
    "UpgradeRolloutOrder": ("the order of upgrades", How.RESTORED),
    "VPCNetworkingEnabled": ("networking in the VPC", How.RESTORED),
    "VpcSecurityGroups": ("the security groups", How.RESTORED),
}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A setting that is not as it was. `what` is in words for people, the values as AWS has them."""

    member: str
    what: str
    how: How
    expected: str
    observed: str


def settings(described: Described) -> dict[str, Any]:
    """All that is compared. What is off, empty or zero is not in it: RDS leaves such things out at will."""
    found = {name: _plain(value, name) for name, value in described.items() if name not in EXCEPTIONS}
    return {name: value for name, value in found.items() if value}


def differences(source: Described, restored: Described) -> Iterator[Difference]:
    """What of the source's settings the restored database has otherwise."""
    wanted, found = settings(source), settings(restored)
    for member in sorted(wanted.keys() | found.keys()):
        if wanted.get(member) != found.get(member):
            what, how = WORDS.get(member, (member, How.RESTORED))
            yield Difference(
                member=member,
                what=what,
                how=how,
                expected=_shown(wanted.get(member)),
                observed=_shown(found.get(member)),
            )


def lost(source: Described) -> list[str]:
    """What the source has that nobody can put back, in words, with its value: told before a restore."""
    return [
        f"{WORDS[member][0]} ({_shown(value)})"
        for member, value in sorted(settings(source).items())
        if member in WORDS and WORDS[member][1] is How.LOST
    ]


def _plain(value: Any, path: str) -> Any:
    """A value without what is excepted within it, and without an order that means nothing."""
    if isinstance(value, Mapping):
        held = {name: _plain(inner, f"{path}.{name}") for name, inner in value.items()}
        return {name: inner for name, inner in sorted(held.items()) if f"{path}.{name}" not in EXCEPTIONS and inner}
    if isinstance(value, list):
        plain = [_plain(inner, path) for inner in value]
        # AWS keeps the tags that begin so for itself: nobody else can set them.
        kept = [inner for inner in plain if not (path == "TagList" and str(inner["Key"]).startswith("aws:"))]
        return sorted(kept, key=str)
    return value


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return "; ".join(_shown(inner) for inner in value)
    return {None: "none", True: "on"}.get(value, str(value)) if isinstance(value, bool | None) else str(value)
