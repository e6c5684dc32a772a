"""Refuses to create what would overwrite something of the same name.

Where one call creates or replaces, nobody would notice that a dashboard or a metric filter was somebody else's. So
before any of them is created, one resource asks for all of their names. What it let through is the stack's own: it is
noted in the account before the first of them is created, because a dashboard has no tags that could say so.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from pulumi.dynamic import ConfigureRequest, CreateResult, DiffResult, ReadResult, ResourceProvider, UpdateResult

from components.borrowed.access import Access
from components.borrowed.decision import Decision
from components.borrowed.memory import Memory
from components.borrowed.name_listing import LISTED
from contract.names import resource_prefix

_MARK_BYTES: Final = 5
_MARKS_IN_ONE: Final = 500
Names = Mapping[str, Sequence[str]]


class NameGuardProvider(ResourceProvider):
    """`names` holds a list for each kind of thing. At an update, only names that are new are asked for."""

    serialize_as_secret_always = False
    place: ClassVar[tuple[str, ...]] = ("account", "environment", "region")
    access: Access | None = None

    def configure(self, req: ConfigureRequest) -> None:
        """Takes the stack's access to AWS."""
        self.access = Access.of(req.config.get)

    def inspect(self, props: dict[str, Any]) -> list[Decision]:
        """One refusal for each name that is taken, else one line that says how many are free."""
        wanted, taken = list(_flat(props["names"])), self._taken(props, {})
        prefix = resource_prefix(props["environment"])
        if not taken:
            found = "free, or this stack's own"
            return [_line(f"{len(wanted)} names", prefix, found, "set", "are the stack's", "nobody else has them")]
        return [_line(f"{word} {name}", name, "exists", "refuse", "stays as it is", _WHY) for word, name in taken]

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Refuses, or notes the names as the stack's own."""
        return CreateResult(f"ial-{props['environment']}", self._claim(props, {}))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """The same for names that are new."""
        return UpdateResult(self._claim(_news, _olds.get("names") or {}))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Names do not drift: each resource is read for itself."""
        return ReadResult(id_, {key: props[key] for key in (*self.place, "names") if key in props})

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Another place means another guard."""
        moved = [key for key in self.place if _olds.get(key) != _news.get(key)]
        changed = bool(moved) or set(_flat(_olds.get("names") or {})) != set(_flat(_news["names"]))
        return DiffResult(changes=changed, replaces=moved, delete_before_replace=True)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Forgets the names; what had them is gone by now."""
        self._check_account(_props)
        number = 0
        while self._memory(_props, number).load() is not None:
            self._memory(_props, number).forget()
            number += 1

    def _claim(self, props: dict[str, Any], before: Names) -> dict[str, Any]:
        taken = self._taken(props, before)
        if taken:
            listed = ", ".join(f"{word} {name}" for word, name in taken)
            msg = f"{listed}: {_WHY}"
            raise PermissionError(msg)
        # Names that were given up stay noted until the next change: what had them is deleted after this.
        marks = sorted({*map(_mark, _flat(before)), *map(_mark, _flat(props["names"]))})
        parts = [marks[start : start + _MARKS_IN_ONE] for start in range(0, len(marks), _MARKS_IN_ONE)]
        for number, part in enumerate(parts):
            text = base64.b64encode(b"".join(part)).decode()
            memory = self._memory(props, number)
            known = memory.load()
            if known is None or known.get("marks") != text:
                memory.save({"marks": text}, known=known is not None)
        return {key: props[key] for key in (*self.place, "names")}

    def _taken(self, props: dict[str, Any], before: Names) -> list[tuple[str, str]]:
        self._check_account(props)
        ours = {*self._noted(props), *map(_mark, _flat(before))}
        new = [(word, name) for word, name in _flat(props["names"]) if _mark((word, name)) not in ours]
        prefix = resource_prefix(props["environment"])
        taken = []
        for word in dict.fromkeys(word for word, _ in new):
            names = [name for other, name in new if other == word]
            there = set(LISTED[word](lambda service: self._client(props, service), names, prefix))
            taken += [(word, name) for name in names if name in there]
        return taken

    def _noted(self, props: dict[str, Any]) -> Iterator[bytes]:
        number = 0
        while (known := self._memory(props, number).load()) is not None:
            held = base64.b64decode(known["marks"])
            yield from (held[start : start + _MARK_BYTES] for start in range(0, len(held), _MARK_BYTES))
            number += 1

    def _memory(self, props: dict[str, Any], number: int) -> Memory:
        return Memory(self._client(props, "ssm"), str(props["environment"]), "names", f"part {number}")

    def _client(self, props: dict[str, Any], service: str) -> Any:
        return (self.access or Access({})).client(service, str(props["region"]))

    def _check_account(self, props: dict[str, Any]) -> None:
        (self.access or Access({})).check_account(str(props["account"]), str(props["region"]))


_WHY: Final = (
    "it exists and this stack did not create it; rename or remove it, or give the stack another ial:environment"
)


def _flat(names: Names) -> Iterable[tuple[str, str]]:
    return [(word, name) for word, held in sorted(names.items()) for name in held]


def _mark(name: tuple[str, str]) -> bytes:
    return hashlib.sha256("\n".join(name).encode()).digest()[:_MARK_BYTES]


def _line(resource: str, wanted: str, found: str, verb: Any, result: str, why: str) -> Decision:
    return Decision(
        resource=resource, setting="name", found=found, wanted=wanted, decision=verb, result=result, why=why
    )
