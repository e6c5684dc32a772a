"""Reads and writes the Container Insights setting of an ECS cluster."""

from typing import Any

from components.borrowed_setting import BorrowedSetting


class ClusterInsightsProvider(BorrowedSetting):
    """`value`, one of disabled, enabled and enhanced; `mode` is why."""

    identity = ("region", "cluster")
    setting = ("value", "mode")

    def current(self, props: dict[str, Any]) -> dict[str, Any] | None:
        """The cluster's setting."""
        answer = _client(props).describe_clusters(clusters=[props["cluster"]], include=["SETTINGS"])
        for cluster in answer["clusters"]:
            if cluster.get("status") != "INACTIVE":
                settings = {setting["name"]: setting["value"] for setting in cluster.get("settings", [])}
                return {"value": settings.get("containerInsights", "disabled")}
        return None

    def apply(self, props: dict[str, Any], wanted: dict[str, Any]) -> None:
        """Switches the setting."""
        setting = {"name": "containerInsights", "value": wanted["value"]}
        _client(props).update_cluster(cluster=props["cluster"], settings=[setting])

    def switched_elsewhere(self, props: dict[str, Any]) -> bool:
        """In a game day the runner switches it on."""
        return bool(props.get("mode") == "gameday")


def _client(props: dict[str, Any]) -> Any:
    import boto3

    return boto3.client("ecs", region_name=props["region"])
