"""What an experiment's file says in `fault`: each kind reads its own keys, and refuses those of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Self

from components.reading import Reader, SettingsError

Read = Callable[[Reader], Any]


@dataclass(frozen=True, kw_only=True)
class FaultSettings:
    """The kind, and how long it lasts where a kind can be told."""

    kind: str
    seconds: int = 240

    @classmethod
    def keys(cls) -> dict[str, Read]:
        """The keys beside `kind` as the file has them, each with how it is read."""
        return {held.metadata["key"]: held.metadata["read"] for held in fields(cls) if held.metadata}

    @classmethod
    def read(cls, reader: Reader, kind: str, others: Sequence[type["FaultSettings"]]) -> Self:
        """Reads the section of a kind; the keys of `others` are refused by their name.

        Raises:
            SettingsError: one line that names key, value and what is accepted.
        """
        own = cls.keys()
        for key, read in [pair for other in others for pair in other.keys().items()]:
            if key not in own and reader.has(key):
                raise _unused(reader, kind, key, own, read)
        given = {held.name: held.metadata["read"](reader) for held in fields(cls) if held.metadata}
        found = cls(kind=kind, **given)
        found.check(reader)
        return found

    def check(self, reader: Reader) -> None:
        """Refuses what can't be meant; a kind says what that is."""


def setting(key: str, read: Read) -> Any:
    """A field that is read from a key of `fault`."""
    return field(metadata={"key": key, "read": read})


def needed(key: str, read: Read, accepted: str) -> Any:
    """A field that must be given; `accepted` says what is asked for."""

    def read_needed(reader: Reader) -> Any:
        found = read(reader)
        if not found:
            raise reader.refuse(key, accepted)
        return found

    return setting(key, read_needed)


def duration() -> Any:
    """How long the fault lasts."""
    return setting("seconds", lambda reader: reader.whole("seconds", 60, 3540, 240))


def cut_port(accepted: str) -> Any:
    """A port that must be given."""
    return needed("port", lambda reader: reader.maybe_whole("port", 1, 65535), accepted)


def _unused(reader: Reader, kind: str, key: str, own: dict[str, Read], read: Read) -> SettingsError:
    read(reader)
    taken = f"only {', '.join(('kind', *own))}" if own else "nothing but kind"
    return reader.refuse(key, f"{taken}, for {kind} takes no {key}")
