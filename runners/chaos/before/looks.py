"""Looks at things one after the other: what could not be read hides nothing else, and why is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from runners.errors import AwsError

T = TypeVar("T")


class AbsentError(LookupError):
    """AWS was asked, and says that there is no such thing; the message names it."""


@dataclass
class Looks:
    """`unread` says for each thing that could not be read why not: what AWS said, and what to do."""

    unread: dict[str, str] = field(default_factory=dict)

    def at(self, what: str, look: Callable[[], T]) -> T | None:
        """What the look finds, None if it fails."""
        try:
            return look()
        except (AwsError, AbsentError) as error:
            self.unread[what] = str(error)
        except (LookupError, ValueError, ArithmeticError) as error:
            self.unread[what] = f"the answer was not understood: {type(error).__name__}: {error}"
        return None
