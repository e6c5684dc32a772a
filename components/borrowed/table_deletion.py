"""Deletion protection of a table that others own."""

from typing import Any

import pulumi
from pulumi.dynamic import Resource

from components.borrowed.borrowed_setting import BorrowedSetting
from components.borrowed.decision import Value
from components.place import Place


class DeletionProtectionProvider(BorrowedSetting):
    """`enabled`: whether the table refuses to be deleted."""

    service, kind, named = "dynamodb", "table", "deletion protection"
    identity = ("region", "table")
    setting = ("enabled",)

    def current(self, props: dict[str, Any]) -> Value | None:
        """The table's deletion protection."""
        client = self.client(props)
        try:
            table = client.describe_table(TableName=props["table"])["Table"]
        except client.exceptions.ResourceNotFoundException:
            return None
        return bool(table.get("DeletionProtectionEnabled", False))

    def wanted(self, props: dict[str, Any]) -> Value:
        """On, or not asked for."""
        return bool(props["enabled"])

    def strongest(self, props: dict[str, Any], found: Value) -> Value:
        """On when either says so."""
        return bool(found) or bool(props["enabled"])

    def apply(self, props: dict[str, Any], value: Value) -> None:
        """Switches it."""
        self.client(props).update_table(TableName=props["table"], DeletionProtectionEnabled=bool(value))

    def told(self, value: Value) -> str:
        """On or off."""
        return "on" if value else "off"


class DeletionProtection(Resource, module="backup", name="DeletionProtection"):
    """Makes an existing table refuse to be deleted, without importing the table."""

    def __init__(
        self,
        name: str,
        *,
        place: Place,
        table: pulumi.Input[str],
        enabled: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {**place.borrowing(), "table": table, "enabled": enabled}
        super().__init__(DeletionProtectionProvider(), name, props, opts)
