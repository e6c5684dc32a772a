"""Copies on a schedule, kept in a vault."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import backup

from components.backup.copy_permissions import copy_keys, copy_permissions, restore_permissions
from components.keeping import kept
from components.place import Place
from components.roles import role, service_trust
from components.settings import BackupSettings

# Nightly windows are short of people: a job may start within an hour and take three.
_START_MINUTES, _COMPLETE_MINUTES = 60, 180


@dataclass(frozen=True, kw_only=True)
class BackupPlanArgs:
    """What to copy, when, and for how long to keep it."""

    place: Place
    stage: int
    settings: BackupSettings
    tables: tuple[str, ...]
    database: str | None
    table_keys: tuple[str, ...] = ()
    database_key: str | None = None


class BackupPlan(pulumi.ComponentResource):
    """A vault, a plan, the tables (and the database, on request) it copies, and a role that may do only that.

    AWS's managed role covers every service and every resource; the role here names the tables.
    """

    vault_name: str
    plan_id: pulumi.Output[str]
    role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: BackupPlanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:backup:BackupPlan", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self._prefix, self._args, self._tags = name, args, args.place.tags(args.stage)
        self._resources = [args.place.table_arn(table) for table in args.tables]
        self._resources += [args.place.arn("rds", f"db:{args.database}")] if args.database else []
        self.vault_name = args.place.name("vault")
        keep = kept(args.place, self.vault_name, self)
        vault = backup.Vault(f"{name}-vault", name=self.vault_name, tags=self._tags, opts=keep)
        self.role_arn = self._role()
        self.plan_id = self._plan(vault)
        if args.settings.restore_testing:
            self._restore_testing()
        self.register_outputs({"vault_name": self.vault_name, "plan_id": self.plan_id})

    def _role(self) -> pulumi.Output[str]:
        args = self._args
        statements = copy_permissions(args.place, self.vault_name, args.tables, args.database)
        statements += copy_keys(args.place, args.table_keys, args.database_key)
        if args.settings.restore_testing:
            statements += restore_permissions(args.place, args.tables)
        created = role(
            f"{self._prefix}-role",
            args.place,
            role_name="backup",
            stage=args.stage,
            trust=service_trust(args.place, "backup"),
            statements=statements,
            parent=self,
            # AWS Backup deletes what has expired in the name of this role; without it copies are billed for ever:
            # https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-iam.html
            keep=True,
        )
        return created.arn

    def _plan(self, vault: backup.Vault) -> pulumi.Output[str]:
        settings, place = self._args.settings, self._args.place
        plan = backup.Plan(
            f"{self._prefix}-plan",
            name=place.name("plan"),
            rules=[
                backup.PlanRuleArgs(
                    rule_name="scheduled",
                    target_vault_name=vault.name,
                    schedule=settings.schedule,
                    start_window=_START_MINUTES,
                    completion_window=_COMPLETE_MINUTES,
                    lifecycle=backup.PlanRuleLifecycleArgs(delete_after=settings.retention_days),
                    recovery_point_tags=self._tags,
                )
            ],
            tags=self._tags,
            opts=self._child,
        )
        backup.Selection(
            f"{self._prefix}-selection",
            name=place.name("selection"),
            plan_id=plan.id,
            iam_role_arn=self.role_arn,
            resources=self._resources,
            opts=self._child,
        )
        return plan.id

    def _restore_testing(self) -> None:
        place = self._args.place
        # The names of restore tests have no dashes.
        name = place.name("restores").replace("-", "_")
        plan = backup.RestoreTestingPlan(
            f"{self._prefix}-restore-testing",
            name=name,
            schedule_expression="cron(0 7 1 * ? *)",
            recovery_point_selection=backup.RestoreTestingPlanRecoveryPointSelectionArgs(
                algorithm="LATEST_WITHIN_WINDOW",
                include_vaults=[place.arn("backup", f"backup-vault:{self.vault_name}")],
                recovery_point_types=["SNAPSHOT"],
            ),
            tags=self._tags,
            opts=self._child,
        )
        backup.RestoreTestingSelection(
            f"{self._prefix}-restore-selection",
            name=f"{name}_tables",
            restore_testing_plan_name=plan.name,
            iam_role_arn=self.role_arn,
            protected_resource_type="DynamoDB",
            protected_resource_arns=[place.table_arn(table) for table in self._args.tables][:30],
            validation_window_hours=4,
            opts=self._child,
        )
