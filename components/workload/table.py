"""DynamoDB tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from components.reading import Reader
from components.workload.part import KEY, Part, Source, Stay, each_once, shorten
from contract import outputs

NAMESPACE: Final = "AWS/DynamoDB"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A DynamoDB table to protect; one that doesn't exist is created."""

    name: str
    existing: bool
    hash_key: str
    pitr: bool
    deletion_protection: bool
    recovery_days: int | None
    shorten: bool
    kms_key: str | None

    @classmethod
    def read(cls, reader: Reader) -> "Table":
        """From one entry of `workload.tables`."""
        return cls(
            name=reader.text("name", r"[a-zA-Z0-9_.-]{3,255}", "3 to 255 letters, digits, `_`, `.` and `-`"),
            existing=reader.flag("existing", default=True),
            hash_key=reader.text("hashKey", r"\S{1,255}", "the name of a text attribute", "id"),
            pitr=reader.flag("pitr", default=True),
            deletion_protection=reader.flag("deletionProtection", default=True),
            recovery_days=reader.maybe_whole("recoveryDays", 1, 35),
            shorten=shorten(reader, "recoveryDays"),
            kms_key=reader.maybe_text("kmsKey", *KEY),
        )

    @property
    def dimensions(self) -> dict[str, str]:
        """The dimension of its metrics."""
        return {"TableName": self.name}

    def days(self, stay: Stay) -> int:
        """How many days back one must be able to go."""
        return self.recovery_days or stay.recovery_days

    def told(self, stay: Stay) -> outputs.Table:
        """The table in the stack's outputs."""
        return outputs.Table(
            name=self.name,
            arn=stay.place.table_arn(self.name),
            existing=self.existing,
            point_in_time_recovery=self.pitr,
            deletion_protection=self.deletion_protection,
            recovery_days=self.days(stay),
        )


@dataclass(frozen=True, kw_only=True)
class Tables(Part):
    """All of them, the most important one first."""

    all: tuple[Table, ...] = ()

    @classmethod
    def read(cls, reader: Reader) -> "Tables":
        """From `tables`."""
        found = cls(all=reader.sections("tables", Table.read))
        each_once(reader, "tables", found.all)
        return found

    def held(self) -> Mapping[str, object]:
        """There is a part to look at where there is one table."""
        return {"tables": self.all}

    def restored(self) -> Sequence[str]:
        """Each by its own name."""
        return tuple(table.name for table in self.all)

    def told(self, stay: Stay) -> Mapping[str, Any]:
        """Each with what holds for it."""
        return {"tables": tuple(table.told(stay) for table in self.all)}

    def sources(self) -> Mapping[str, Source]:
        """The metrics of the first."""
        first = self.all[0].dimensions if self.all else {}
        return {"table": Source(needs="tables", namespace=NAMESPACE, dimensions=first)}
