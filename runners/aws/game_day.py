"""Container Insights, switched on around a run and put back after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from runners.aws.session import Clients, calling
from runners.errors import AwsError

_SETTING: Final = "containerInsights"
ON: Final = "enhanced"


@dataclass(frozen=True)
class ClusterInsights:
    """The setting of one ECS cluster. Both methods raise AwsError when the cluster could not be asked."""

    clients: Clients
    cluster: str

    def value(self) -> str:
        """disabled, enabled or enhanced."""
        with calling("ecs:DescribeClusters", self.cluster):
            found = self.clients.client("ecs").describe_clusters(clusters=[self.cluster], include=["SETTINGS"])
        if not found["clusters"]:
            msg = f"ecs:DescribeClusters on {self.cluster}: there is no such cluster"
            raise AwsError(msg, operation="ecs:DescribeClusters", code="ClusterNotFoundException")
        settings: dict[str, str] = {held["name"]: held["value"] for held in found["clusters"][0].get("settings", [])}
        return settings.get(_SETTING, "disabled")

    def switch(self, value: str) -> None:
        """Sets it; nothing is asked of AWS when it is so already."""
        if self.value() != value:
            with calling("ecs:UpdateCluster", self.cluster):
                self.clients.client("ecs").update_cluster(
                    cluster=self.cluster, settings=[{"name": _SETTING, "value": value}]
                )
