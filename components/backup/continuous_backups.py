"""Point-in-time recovery of a table that others own."""

import pulumi
from pulumi.dynamic import Resource

from components.backup.continuous_backups_provider import ContinuousBackupsProvider


class ContinuousBackups(Resource, module="backup", name="ContinuousBackups"):
    """Switches point-in-time recovery of an existing table, without importing the table."""

    def __init__(
        self,
        name: str,
        *,
        table: pulumi.Input[str],
        enabled: bool,
        recovery_days: int,
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {"table": table, "enabled": enabled, "recoveryPeriodInDays": recovery_days, "region": region}
        super().__init__(ContinuousBackupsProvider(), name, props, opts)
