"""Container Insights, which costs more than everything else here when it is left on."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import ecs

from components.borrowed.cluster_insights import ClusterInsights, cluster_value
from components.place import Place
from components.settings import Insights


@dataclass(frozen=True, kw_only=True)
class ContainerInsightsArgs:
    """The cluster, whether to create it, and the mode."""

    place: Place
    stage: int
    cluster: str
    create: bool
    mode: Insights


class ContainerInsights(pulumi.ComponentResource):
    """Off, on during game days only (the runner switches it), or always on."""

    def __init__(self, name: str, args: ContainerInsightsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:observability:ContainerInsights", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        if args.create:
            ecs.Cluster(
                f"{name}-cluster",
                name=args.cluster,
                settings=[ecs.ClusterSettingArgs(name="containerInsights", value=cluster_value(args.mode))],
                tags=args.place.tags(args.stage),
                opts=child,
            )
        elif args.mode != "off":
            ClusterInsights(f"{name}-setting", cluster=args.cluster, mode=args.mode, place=args.place, opts=child)
        self.register_outputs({"cluster": args.cluster, "mode": args.mode})
