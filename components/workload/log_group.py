"""Log groups of CloudWatch Logs, from which the stack's own metrics are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from components.reading import Reader
from components.workload.part import Part, Source, Stay, each_once, shorten

RETENTION_DAYS: Final = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


@dataclass(frozen=True, kw_only=True)
class LogGroup:
    """A log group to keep for a limited time; one that doesn't exist is created."""

    name: str
    existing: bool
    retention_days: int | None
    shorten: bool

    @classmethod
    def read(cls, reader: Reader) -> "LogGroup":
        """From one entry of `workload.logGroups`."""
        return cls(
            name=reader.text("name", r"[A-Za-z0-9_./#-]{1,512}", "a log group name of 1 to 512 characters"),
            existing=reader.flag("existing", default=True),
            retention_days=reader.one_of("retentionDays", RETENTION_DAYS),
            shorten=shorten(reader, "retentionDays"),
        )


@dataclass(frozen=True, kw_only=True)
class LogGroups(Part):
    """All of them; metrics are read from the first."""

    all: tuple[LogGroup, ...] = ()

    @classmethod
    def read(cls, reader: Reader) -> "LogGroups":
        """From `logGroups`."""
        found = cls(all=reader.sections("logGroups", LogGroup.read))
        each_once(reader, "logGroups", found.all)
        return found

    def held(self) -> Mapping[str, object]:
        """There is a part to look at where there is one log group."""
        return {"log_groups": self.all}

    def told(self, stay: Stay) -> Mapping[str, Any]:  # noqa: ARG002 - as every part
        """Nothing: runners read no logs."""
        return {}

    def sources(self) -> Mapping[str, Source]:
        """The stack's own metrics, which have no dimensions."""
        return {"logs": Source(needs="log_groups", namespace=None, dimensions={})}
