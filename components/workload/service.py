"""The ECS service, and the cluster in which it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from components.reading import Reader
from components.workload.part import NAME, Part, Source, together
from contract.rollback import VersionKind

NAMESPACE: Final = "AWS/ECS"


@dataclass(frozen=True, kw_only=True)
class Service(Part):
    """A service of a cluster; there may be a cluster alone, which the stack may create."""

    cluster: str | None = None
    create_cluster: bool = False
    name: str | None = None

    @classmethod
    def read(cls, reader: Reader) -> "Service":
        """From `ecsCluster`, `createCluster` and `ecsService`."""
        found = cls(
            cluster=reader.maybe_text("ecsCluster", *NAME),
            create_cluster=reader.flag("createCluster", default=False),
            name=reader.maybe_text("ecsService", *NAME),
        )
        together(reader, found.name, "ecsService", found.cluster, "ecsCluster")
        together(reader, found.create_cluster, "createCluster", found.cluster, "ecsCluster")
        return found

    def held(self) -> Mapping[str, object]:
        """The cluster is needed without a service too."""
        return {"ecs_cluster": self.cluster, "ecs_service": self.name}

    def sources(self) -> Mapping[str, Source]:
        """What ECS sends each minute."""
        return {"service": Source(needs="ecs_service", namespace=NAMESPACE, dimensions=self.dimensions)}

    def version(self) -> tuple[VersionKind, str] | None:
        """Its task definition."""
        return ("ecs-service", self.path) if self.name else None

    @property
    def path(self) -> str:
        """Its name in its account, CLUSTER/SERVICE."""
        return f"{self.cluster}/{self.name}"

    @property
    def dimensions(self) -> dict[str, str]:
        """The dimensions of its metrics."""
        return {"ClusterName": self.cluster, "ServiceName": self.name} if self.cluster and self.name else {}
