"""The RDS instance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from components.reading import Reader
from components.workload.part import KEY, Part, Source, together

NAMESPACE: Final = "AWS/RDS"


@dataclass(frozen=True, kw_only=True)
class Database(Part):
    """An instance of RDS, and the key with which others have encrypted it."""

    name: str | None = None
    kms_key: str | None = None

    @classmethod
    def read(cls, reader: Reader) -> "Database":
        """From `database` and `databaseKmsKey`."""
        found = cls(
            name=reader.maybe_text("database", r"[A-Za-z][A-Za-z0-9-]{0,62}", "an RDS instance's identifier"),
            kms_key=reader.maybe_text("databaseKmsKey", *KEY),
        )
        together(reader, found.kms_key, "databaseKmsKey", found.name, "database")
        return found

    def held(self) -> Mapping[str, object]:
        """The instance."""
        return {"database": self.name}

    def restored(self) -> Sequence[str]:
        """The instance."""
        return (self.name,) if self.name else ()

    def sources(self) -> Mapping[str, Source]:
        """What RDS sends each minute."""
        return {"database": Source(needs="database", namespace=NAMESPACE, dimensions=self.dimensions)}

    @property
    def dimensions(self) -> dict[str, str]:
        """The dimension of its metrics."""
        return {"DBInstanceIdentifier": self.name} if self.name else {}
