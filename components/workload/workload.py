"""The workload around which the stack is built: what exists, and what the stack may create. Each part is one file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from components.reading import Reader
from components.workload.balancer import Balancer
from components.workload.bucket import Buckets
from components.workload.database import Database
from components.workload.group import Group
from components.workload.log_group import LogGroups
from components.workload.part import Part, Source, Stay
from components.workload.service import Service
from components.workload.table import Tables
from contract import outputs
from contract.suites import CONFIGURATION

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Workload:
    """What is there. Every part may be empty: the program then leaves out what needs it."""

    balancer: Balancer = field(default_factory=Balancer)
    service: Service = field(default_factory=Service)
    group: Group = field(default_factory=Group)
    database: Database = field(default_factory=Database)
    tables: Tables = field(default_factory=Tables)
    buckets: Buckets = field(default_factory=Buckets)
    log_groups: LogGroups = field(default_factory=LogGroups)

    @classmethod
    def read(cls, reader: Reader) -> "Workload":
        """From `ial:workload`.

        Raises:
            SettingsError: one line that names key, value and what is accepted.
        """
        found: dict[str, Any] = {name: part.read(reader) for name, part in cls().parts().items()}
        whole = cls(**found)
        whole._each_restored_once(reader)
        return whole

    def _each_restored_once(self, reader: Reader) -> None:
        taken = {CONFIGURATION: "the stack's settings"}
        for part, held in self.parts().items():
            for name in held.restored():
                if name in taken:
                    accepted = (
                        f"another name: drills and restores know {taken[name]} by this one; leave one of them out"
                    )
                    raise reader.refuse(part, accepted, name)
                taken[name] = f"one of {part}"

    def parts(self) -> dict[str, Part]:
        """Every part by its name here."""
        return {held.name: getattr(self, held.name) for held in fields(self)}

    def held(self) -> Mapping[str, object]:
        """What is there, by the names of the contract."""
        return _merged(part.held() for part in self.parts().values())

    def sources(self) -> dict[str, Source]:
        """Where the metrics of all parts are, by the name under which probes ask for them."""
        return _merged(part.sources() for part in self.parts().values())

    def missing(self, needed: Iterable[str]) -> str | None:
        """The settings' key of the first that is needed, by its name in the contract; None when all is there."""
        held = self.held()
        return next((_key(name) for name in needed if not held[name]), None)

    def told(self, stay: Stay) -> outputs.Workload:
        """The workload in the stack's outputs."""
        return outputs.Workload(
            **{name: value for part in self.parts().values() for name, value in part.told(stay).items()}
        )


def _merged(found: Iterable[Mapping[str, T]]) -> dict[str, T]:
    return {name: value for part in found for name, value in part.items()}


def _key(name: str) -> str:
    first, *rest = name.split("_")
    return "workload." + first + "".join(word.capitalize() for word in rest)
