"""What keeps a table's data when somebody or something deletes it."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb

from components.borrowed.table_deletion import DeletionProtection
from components.borrowed.table_recovery import ContinuousBackups
from components.keeping import kept
from components.place import Place
from components.workload.table import Table


@dataclass(frozen=True, kw_only=True)
class TableProtectionArgs:
    """The table, and how many days back one must be able to go."""

    place: Place
    stage: int
    table: Table
    recovery_days: int


class TableProtection(pulumi.ComponentResource):
    """Point-in-time recovery and deletion protection of a table: switched on an existing one, built into a new one."""

    def __init__(self, name: str, args: TableProtectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:backup:TableProtection", name, None, opts)
        if args.table.existing:
            self._switch(name, args)
        else:
            self._create(name, args)
        self.register_outputs({"table": args.table.name})

    def _switch(self, name: str, args: TableProtectionArgs) -> None:
        table, place = args.table, args.place
        child = pulumi.ResourceOptions(parent=self)
        recovery = ContinuousBackups(
            f"{name}-recovery",
            table=table.name,
            enabled=table.pitr,
            recovery_days=args.recovery_days,
            shorten=table.shorten,
            place=place,
            opts=child,
        )
        DeletionProtection(
            f"{name}-deletion",
            table=table.name,
            enabled=table.deletion_protection,
            place=place,
            # DynamoDB refuses two changes of one table at the same time.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[recovery]),
        )

    def _create(self, name: str, args: TableProtectionArgs) -> None:
        table = args.table
        dynamodb.Table(
            f"{name}-table",
            name=table.name,
            billing_mode="PAY_PER_REQUEST",
            hash_key=table.hash_key,
            attributes=[dynamodb.TableAttributeArgs(name=table.hash_key, type="S")],
            point_in_time_recovery=dynamodb.TablePointInTimeRecoveryArgs(
                enabled=table.pitr, recovery_period_in_days=args.recovery_days if table.pitr else None
            ),
            deletion_protection_enabled=table.deletion_protection,
            tags=args.place.tags(args.stage),
            opts=kept(args.place, table.name, self),
        )
