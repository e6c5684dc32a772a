"""The load balancer before the service: users' requests, and the targets that answer them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from components.reading import Reader
from components.workload.part import Part, Source, together

NAMESPACE: Final = "AWS/ApplicationELB"
_LOAD_BALANCER: Final = (
    r"(arn:.+:loadbalancer/)?app/[^/]+/[0-9a-f]+",
    "an ALB's ARN or its suffix app/NAME/ID",
)
_TARGET_GROUP: Final = (
    r"(arn:.+:)?targetgroup/[^/]+/[0-9a-f]+",
    "a target group's ARN or its suffix targetgroup/NAME/ID",
)
_HOST_NAME: Final = (
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
    "the name under which users know the service, such as shop.example.com",
)


@dataclass(frozen=True, kw_only=True)
class Balancer(Part):
    """An Application Load Balancer and a target group of it, each by the suffix of its ARN."""

    name: str | None = None
    host_name: str | None = None
    target_group: str | None = None

    @classmethod
    def read(cls, reader: Reader) -> "Balancer":
        """From `loadBalancer`, `hostName` and `targetGroup`."""
        found = cls(
            name=_suffix(reader.maybe_text("loadBalancer", *_LOAD_BALANCER)),
            host_name=reader.maybe_text("hostName", *_HOST_NAME),
            target_group=_suffix(reader.maybe_text("targetGroup", *_TARGET_GROUP)),
        )
        together(reader, found.target_group, "targetGroup", found.name, "loadBalancer")
        together(reader, found.host_name, "hostName", found.name, "loadBalancer")
        return found

    def held(self) -> Mapping[str, object]:
        """Each by its own name: what looks at targets needs a target group."""
        return {"load_balancer": self.name, "host_name": self.host_name, "target_group": self.target_group}

    def sources(self) -> Mapping[str, Source]:
        """With its target group, and what it counts for itself."""
        return {
            "loadBalancer": Source(needs="load_balancer", namespace=NAMESPACE, dimensions=self.dimensions),
            "loadBalancerOnly": Source(needs="load_balancer", namespace=NAMESPACE, dimensions=self.own_dimensions),
        }

    @property
    def own_dimensions(self) -> dict[str, str]:
        """The dimension of what it counts for itself."""
        return {"LoadBalancer": self.name} if self.name else {}

    @property
    def dimensions(self) -> dict[str, str]:
        """The dimensions of its metrics, with the target group where there is one."""
        return self.own_dimensions | ({"TargetGroup": self.target_group} if self.target_group else {})


def _suffix(value: str | None) -> str | None:
    """What CloudWatch's dimensions hold: an alarm with the whole ARN would see no data."""
    return value and value.rsplit(":", 1)[-1].removeprefix("loadbalancer/")
