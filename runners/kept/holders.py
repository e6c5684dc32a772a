"""What holds data in AWS, whatever it is: looked at, and deleted with what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from runners.kept.kept import Kept


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is there. `holds` is for people; `size` is in bytes, None where it is not known without much ado."""

    tags: Mapping[str, str]
    holds: str = ""
    size: int | None = None


def counted(number: int, what: str) -> str:
    """`1 item`, `2 items`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


class Holder(Protocol):
    """One kind. Each call raises AwsError when it fails for good."""

    def look(self, name: str) -> Look | None:
        """What is there under a name; None if nothing is."""

    def remove(self, held: Kept) -> str:
        """Lifts protections, empties and deletes; repeatable. Says why it stays, or nothing when it is gone."""


Holders = Mapping[str, Holder]
