"""Point-in-time recovery of a table that others own."""

from typing import Any

import pulumi
from pulumi.dynamic import Resource

from components.borrowed.borrowed_setting import BorrowedSetting
from components.borrowed.decision import Value
from components.place import Place

_DEFAULT_DAYS = 35


class ContinuousBackupsProvider(BorrowedSetting):
    """`enabled`, and how many days back one can go. Off and on again forgets everything before.

    A shorter window saves nothing (DynamoDB guide, PointInTimeRecovery_Howitworks), so the longer one stays.
    """

    service, kind, named = "dynamodb", "table", "point-in-time recovery"
    identity = ("region", "table")
    setting = ("enabled", "recoveryPeriodInDays", "shorten")

    def current(self, props: dict[str, Any]) -> Value | None:
        """The table's point-in-time recovery."""
        client = self.client(props)
        try:
            answer = client.describe_continuous_backups(TableName=props["table"])
        except (client.exceptions.TableNotFoundException, client.exceptions.ResourceNotFoundException):
            return None
        found = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        if found.get("PointInTimeRecoveryStatus") != "ENABLED":
            return {"enabled": False, "days": None}
        return {"enabled": True, "days": found.get("RecoveryPeriodInDays", _DEFAULT_DAYS)}

    def wanted(self, props: dict[str, Any]) -> Value:
        """Switched on with its window, or not asked for."""
        enabled = bool(props["enabled"])
        return {"enabled": enabled, "days": int(props["recoveryPeriodInDays"]) if enabled else None}

    def strongest(self, props: dict[str, Any], found: Value) -> Value:
        """On, with the longer window; it is never switched off."""
        wanted = self.wanted(props)
        if not wanted["enabled"]:
            return found
        if found["enabled"] and not props.get("shorten"):
            return {"enabled": True, "days": max(int(found["days"]), wanted["days"])}
        return wanted

    def apply(self, props: dict[str, Any], value: Value) -> None:
        """Switches it on with its window, or off."""
        specification: dict[str, Any] = {"PointInTimeRecoveryEnabled": bool(value["enabled"])}
        if value["enabled"]:
            specification["RecoveryPeriodInDays"] = int(value["days"])
        self.client(props).update_continuous_backups(
            TableName=props["table"], PointInTimeRecoverySpecification=specification
        )

    def told(self, value: Value) -> str:
        """On with its days, or off."""
        return f"on, {int(value['days'])} days" if value["enabled"] else "off"


class ContinuousBackups(Resource, module="backup", name="ContinuousBackups"):
    """Switches point-in-time recovery of an existing table on, without importing the table."""

    def __init__(
        self,
        name: str,
        *,
        place: Place,
        table: pulumi.Input[str],
        enabled: bool,
        recovery_days: int,
        shorten: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        wish = {"enabled": enabled, "recoveryPeriodInDays": recovery_days, "shorten": shorten}
        super().__init__(ContinuousBackupsProvider(), name, {**place.borrowing(), "table": table, **wish}, opts)
