"""AWS's answers as its API reference has them, for what the local cloud cannot be brought to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contract.rollback import VersionKind
from runners.errors import AwsError
from runners.rollback.kind import Kind, all_kinds
from tests.runners.rollback.conftest import watched

Answer = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]] | str


@dataclass
class Answers:
    """By operation: an answer, what makes one of the question, or AWS's error code. `asked` is what was asked."""

    known: dict[str, Answer]
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def ask(self, operation: str, about: str, **given: Any) -> Mapping[str, Any]:
        self.asked.append((operation, given))
        found = self.known[operation]
        if isinstance(found, str):
            raise AwsError(f"{operation}: {found}", operation=operation, code=found)
        return found(given) if callable(found) else found

    def all(self, operation: str, about: str, key: str, **given: Any) -> Sequence[Mapping[str, Any]]:
        return list(self.ask(operation, about, **given)[key])

    def given(self, operation: str) -> Mapping[str, Any]:
        """What the only call of this operation gave."""
        [found] = [given for name, given in self.asked if name == operation]
        return found


def kind_of(kind: VersionKind, name: str, known: dict[str, Answer], **more: Any) -> tuple[Kind, Answers]:
    """The kind, on these answers."""
    answers = Answers(known)
    return all_kinds()[kind](watched(kind, name, **more), answers), answers
