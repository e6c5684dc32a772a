"""ECS clusters that the stack creates itself."""

from __future__ import annotations

from local.endpoint import Endpoint
from local.resources.kind import Kind, Made, Properties, upsert


def _create(endpoint: Endpoint, properties: Properties) -> Made:
    tags = [{"key": key, "value": value} for key, value in sorted((properties.get("tags") or {}).items())]
    settings = [dict(setting) for setting in properties.get("settings") or []]
    made = endpoint.client("ecs").create_cluster(clusterName=properties["name"], settings=settings, tags=tags)
    arn = made["cluster"]["clusterArn"]
    return Made(arn, {"arn": arn})


def _delete(endpoint: Endpoint, arn: str, _: Properties) -> None:
    endpoint.client("ecs").delete_cluster(cluster=arn)


KINDS: dict[str, Kind] = {"aws:ecs/cluster:Cluster": upsert(_create, _delete, "name")}
