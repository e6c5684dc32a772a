"""Stage 2: getting back what was lost."""

from dataclasses import dataclass, replace

import pulumi

from components.backup.backup_plan import BackupPlan, BackupPlanArgs
from components.backup.bucket_protection import BucketProtection, BucketProtectionArgs
from components.backup.bucket_settings import BucketRules
from components.backup.configuration_bucket import ConfigurationBucket, ConfigurationBucketArgs
from components.backup.drill_automation import DrillAutomation, DrillAutomationArgs
from components.backup.run_records import RunRecords, RunRecordsArgs
from components.backup.runner_permissions import Reach
from components.backup.runner_roles import RunnerRoles, RunnerRolesArgs
from components.backup.table_protection import TableProtection, TableProtectionArgs
from components.fleet.fleet_records import FleetRecords, FleetRecordsArgs
from components.settings import Settings
from components.workload.bucket import Bucket
from contract.names import RESULTS_PREFIX

STAGE = 2


@dataclass(frozen=True, kw_only=True)
class BackupArgs:
    """The stack's settings, and where alarms are told."""

    settings: Settings
    topic_arn: pulumi.Input[str]


class Backup(pulumi.ComponentResource):
    """Protects tables and buckets, copies on a schedule, and holds what the runners need to prove a restore."""

    plan: BackupPlan | None
    configuration_bucket: str
    records_table: str
    drills: DrillAutomation | None
    runner_role_arns: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: BackupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:backup:Backup", name, None, opts)
        self._prefix, self._settings, self._place = name, args.settings, args.settings.place
        self._child = pulumi.ResourceOptions(parent=self)
        self._protect_data()
        self.plan = self._copy()
        self._record()
        self.drills = self._watch_drills(args.topic_arn)
        self.runner_role_arns = self._roles()
        self.register_outputs({"configuration_bucket": self.configuration_bucket, "records_table": self.records_table})

    def _protect_data(self) -> None:
        settings, place = self._settings, self._place
        for table in settings.workload.tables.all:
            days = table.days(settings.stay)
            TableProtection(
                f"{self._prefix}-table-{table.name}",
                TableProtectionArgs(place=place, stage=STAGE, table=table, recovery_days=days),
                self._child,
            )
        for bucket in settings.workload.buckets.all:
            BucketProtection(
                f"{self._prefix}-bucket-{bucket.name}",
                BucketProtectionArgs(place=place, stage=STAGE, bucket=bucket, rules=self._rules(bucket)),
                self._child,
            )

    def _rules(self, bucket: Bucket | None = None) -> BucketRules:
        settings = self._settings
        uploads = bucket.multipart_days if bucket else None
        return BucketRules(
            versioning=bucket.versioning if bucket else True,
            noncurrent_days=bucket.days(settings.stay) if bucket else settings.noncurrent_days,
            newer_versions=settings.backup.newer_versions,
            multipart_days=uploads or settings.backup.multipart_days,
        )

    def _copy(self) -> BackupPlan | None:
        settings = self._settings
        tables = tuple(table.name for table in settings.workload.tables.all)
        database = settings.workload.database.name if settings.backup.include_database else None
        if not (tables or database):
            return None
        return BackupPlan(
            f"{self._prefix}-plan",
            BackupPlanArgs(
                place=self._place,
                stage=STAGE,
                settings=settings.backup,
                tables=tables,
                database=database,
                table_keys=tuple(table.kms_key for table in settings.workload.tables.all if table.kms_key),
                database_key=settings.workload.database.kms_key if database else None,
            ),
            self._child,
        )

    def _record(self) -> None:
        fleet = self._settings.fleet_records
        expiring = {RESULTS_PREFIX: fleet.result_days} if fleet.enabled else {}
        bucket = ConfigurationBucket(
            f"{self._prefix}-configuration",
            ConfigurationBucketArgs(place=self._place, stage=STAGE, rules=replace(self._rules(), expiring=expiring)),
            self._child,
        )
        records = RunRecords(
            f"{self._prefix}-records",
            RunRecordsArgs(place=self._place, stage=STAGE, recovery_days=self._settings.recovery_window_days),
            self._child,
        )
        self.configuration_bucket, self.records_table = bucket.bucket_name, records.table_name
        if fleet.enabled:
            FleetRecords(
                f"{self._prefix}-fleet",
                FleetRecordsArgs(place=self._place, stage=STAGE, settings=fleet, bucket=bucket.bucket_name),
                self._child,
            )

    def _watch_drills(self, topic_arn: pulumi.Input[str]) -> DrillAutomation | None:
        settings = self._settings
        if not settings.backup.drills.enabled:
            return None
        return DrillAutomation(
            f"{self._prefix}-drills",
            DrillAutomationArgs(
                place=self._place,
                stage=STAGE,
                settings=settings.backup.drills,
                namespace=settings.namespace,
                topic_arn=topic_arn,
            ),
            self._child,
        )

    def _roles(self) -> dict[str, pulumi.Output[str]]:
        work = self._settings.workload
        reach = Reach(
            place=self._place,
            namespace=self._settings.namespace,
            tables=[table.name for table in work.tables.all],
            buckets=[bucket.name for bucket in work.buckets.all],
            records_table=self.records_table,
            configuration_bucket=self.configuration_bucket,
            vault=self.plan.vault_name if self.plan else None,
            backup_role=self._place.name("backup") if self.plan else None,
            database=work.database.name,
            fleet=self._settings.fleet_records if self._settings.fleet_records.enabled else None,
            overdue_schedule=self.drills.schedule_name if self.drills else None,
            budget=self._settings.spending_limit is not None,
            table_keys=[table.kms_key for table in work.tables.all if table.kms_key],
            bucket_keys=[key for bucket in work.buckets.all for key in bucket.kms_keys],
            database_keys=[work.database.kms_key] if work.database.kms_key else [],
        )
        trusted = self._settings.trusted
        return RunnerRoles(
            f"{self._prefix}-runners", RunnerRolesArgs(reach=reach, stage=STAGE, trusted=trusted), self._child
        ).arns
