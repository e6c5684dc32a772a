"""What the rest asks of any part of the workload, and what the settings of several parts have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

from components.place import Place
from components.reading import Reader
from contract.rollback import VersionKind

LONGEST_DAYS: Final = 36500
NAME: Final = (r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}", "a name of letters, digits, `.`, `_` and `-`")
KEY: Final = (
    r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
    "the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID; rights know no aliases)",
)


@dataclass(frozen=True, kw_only=True)
class Stay:
    """Where the stack is, and how long things stay that do not say it themselves."""

    place: Place
    recovery_days: int
    noncurrent_days: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where CloudWatch has a part's metrics, and the name of what they need; without a namespace, in the stack's own.

    There are no dimensions while the part is not there.
    """

    needs: str
    namespace: str | None
    dimensions: Mapping[str, str]


class Part:
    """One part of a workload. It is always there, and empty when the workload has no such part."""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """From its keys in `ial:workload`.

        Raises:
            SettingsError: one line that names key, value and what is accepted.
        """
        raise NotImplementedError

    def held(self) -> Mapping[str, object]:
        """What others may need of it, by the names that the contract has; empty values are not there."""
        raise NotImplementedError

    def told(self, stay: Stay) -> Mapping[str, Any]:  # noqa: ARG002 - most need no more than they hold
        """Its fields in the stack's outputs."""
        return self.held()

    def sources(self) -> Mapping[str, Source]:
        """Its metrics, by the name under which probes ask for them."""
        return {}

    def restored(self) -> Sequence[str]:
        """The names under which it is drilled and restored."""
        return ()

    def version(self) -> tuple[VersionKind, str] | None:
        """What of it has a version that runs look at, by kind and name."""
        return None


class Named(Protocol):
    """An entry of a list."""

    @property
    def name(self) -> str:
        """Its name."""


def together(reader: Reader, value: object, key: str, needed: object, needed_key: str) -> None:
    """Refuses a key that means nothing without another."""
    if value and not needed:
        raise reader.refuse(key, f"it together with {needed_key}, or neither")


def each_once(reader: Reader, key: str, items: Sequence[Named]) -> None:
    """Refuses a list that has a name twice."""
    if len({item.name for item in items}) < len(items):
        raise reader.refuse(key, "each name once")


def shorten(reader: Reader, days: str) -> bool:
    """Whether the owner wants less than what is there: said for this resource, with the number of days beside it."""
    wanted = reader.flag("shorten", default=False)
    if wanted and not (reader.has(days) and reader.flag("existing", default=True)):
        raise reader.refuse("shorten", f"it with {days} of the same existing resource, or not at all")
    return wanted
