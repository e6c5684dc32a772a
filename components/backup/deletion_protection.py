"""Deletion protection of a table that others own."""

import pulumi
from pulumi.dynamic import Resource

from components.backup.deletion_protection_provider import DeletionProtectionProvider


class DeletionProtection(Resource, module="backup", name="DeletionProtection"):
    """Makes an existing table refuse to be deleted, without importing the table."""

    def __init__(
        self,
        name: str,
        *,
        table: pulumi.Input[str],
        enabled: bool,
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {"table": table, "enabled": enabled, "region": region}
        super().__init__(DeletionProtectionProvider(), name, props, opts)
