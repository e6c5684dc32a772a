"""The Container Insights setting of an ECS cluster that others own."""

from typing import Any, Final

import pulumi
from pulumi.dynamic import Resource

from components.borrowed.borrowed_setting import BorrowedSetting
from components.borrowed.decision import Value
from components.place import Place

_ORDER: Final = ("disabled", "enabled", "enhanced")


class ClusterInsightsProvider(BorrowedSetting):
    """`value`, one of disabled, enabled and enhanced; `mode` is why. What the owner has on is never switched off."""

    service, kind, named = "ecs", "cluster", "Container Insights"
    identity = ("region", "cluster")
    setting = ("value", "mode")

    def current(self, props: dict[str, Any]) -> Value | None:
        """The cluster's setting."""
        answer = self.client(props).describe_clusters(clusters=[props["cluster"]], include=["SETTINGS"])
        for cluster in answer["clusters"]:
            if cluster.get("status") != "INACTIVE":
                settings = {setting["name"]: setting["value"] for setting in cluster.get("settings", [])}
                return settings.get("containerInsights", "disabled")
        return None

    def wanted(self, props: dict[str, Any]) -> Value:
        """What the mode says."""
        return str(props["value"])

    def strongest(self, props: dict[str, Any], found: Value) -> Value:
        """The one that sees more; a value that is not known here is its owner's, and stays."""
        if found not in _ORDER:
            return found
        return max(str(found), str(props["value"]), key=_ORDER.index)

    def apply(self, props: dict[str, Any], value: Value) -> None:
        """Switches the setting."""
        setting = {"name": "containerInsights", "value": value}
        self.client(props).update_cluster(cluster=props["cluster"], settings=[setting])

    def switched_elsewhere(self, props: dict[str, Any]) -> bool:
        """In a game day the runner switches it on, and gives back what it found."""
        return bool(props.get("mode") == "gameday")


class ClusterInsights(Resource, module="observability", name="ClusterInsights"):
    """Asks for the cluster's setting; in mode `gameday` for nothing, as the runner enables it around experiments."""

    def __init__(
        self,
        name: str,
        *,
        place: Place,
        cluster: pulumi.Input[str],
        mode: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {**place.borrowing(), "cluster": cluster, "mode": mode, "value": cluster_value(mode)}
        super().__init__(ClusterInsightsProvider(), name, props, opts)


def cluster_value(mode: str) -> str:
    """What a mode asks of the cluster."""
    return "enabled" if mode == "always" else "disabled"
