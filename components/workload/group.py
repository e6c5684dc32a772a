"""The Auto Scaling group of instances."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from components.reading import Reader
from components.workload.part import Part, Source
from contract.rollback import VersionKind

NAMESPACE: Final = "AWS/EC2"


@dataclass(frozen=True, kw_only=True)
class Group(Part):
    """An Auto Scaling group."""

    name: str | None = None

    @classmethod
    def read(cls, reader: Reader) -> "Group":
        """From `autoScalingGroup`."""
        return cls(name=reader.maybe_text("autoScalingGroup", r"[^:/]{1,255}", "an Auto Scaling group's name"))

    def held(self) -> Mapping[str, object]:
        """The group."""
        return {"auto_scaling_group": self.name}

    def sources(self) -> Mapping[str, Source]:
        """What its instances send, together."""
        return {"group": Source(needs="auto_scaling_group", namespace=NAMESPACE, dimensions=self.dimensions)}

    def version(self) -> tuple[VersionKind, str] | None:
        """Its launch template's."""
        return ("auto-scaling-group", self.name) if self.name else None

    @property
    def dimensions(self) -> dict[str, str]:
        """The dimension of its metrics, and of those of its instances together."""
        return {"AutoScalingGroupName": self.name} if self.name else {}
