"""The Container Insights setting of an ECS cluster that others own."""

import pulumi
from pulumi.dynamic import Resource

from components.observability.cluster_insights_provider import ClusterInsightsProvider
from components.settings import Insights


class ClusterInsights(Resource, module="observability", name="ClusterInsights"):
    """Holds the cluster's setting; in mode `gameday` it is disabled, and the runner enables it around experiments."""

    def __init__(
        self,
        name: str,
        *,
        cluster: pulumi.Input[str],
        mode: Insights,
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {"cluster": cluster, "mode": mode, "value": cluster_value(mode), "region": region}
        super().__init__(ClusterInsightsProvider(), name, props, opts)


def cluster_value(mode: Insights) -> str:
    """What the cluster is told."""
    return "enabled" if mode == "always" else "disabled"
