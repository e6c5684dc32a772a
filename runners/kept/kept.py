"""What stays when a stack is taken down, as its state or its program tells: by option, never by a list of names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contract.names import ENVIRONMENT_TAG, MANAGED_BY_TAG, MANAGED_BY_US

if TYPE_CHECKING:
    from preview.registration import Registration

OTHER: Final = "other"
# Type, what people call it, and the input with its name. Data first, in the order in which it is deleted; the role in
# whose name AWS Backup lets copies expire is the last to go.
_HOLDERS: Final = {
    "aws:dynamodb/table:Table": ("table", "name"),
    "aws:s3/bucket:Bucket": ("bucket", "bucket"),
    "aws:cloudwatch/logGroup:LogGroup": ("log group", "name"),
    "aws:backup/vault:Vault": ("vault", "name"),
    "aws:iam/role:Role": ("role", "name"),
}
KINDS: Final = tuple(kind for kind, _ in _HOLDERS.values())
# Settings go with what they are set on: the input that names it, by the beginning of the type.
_PARTS: Final = (("aws:s3/bucket", "bucket"), ("aws:iam/rolePolicy", "role"))


@dataclass(frozen=True, kw_only=True, order=True)
class Kept:
    """One resource that is never deleted with the stack. `environment` is the tag by which it is known as the stack's.

    Of kind `other` is what no command deletes: its name says what it is.
    """

    kind: str
    name: str
    environment: str = ""

    @property
    def shown(self) -> str:
        """For people."""
        return self.name if self.kind == OTHER else f"{self.kind} {self.name}"

    def is_ours(self, tags: Mapping[str, str]) -> bool:
        """Whether what has these tags is this stack's."""
        ours = tags.get(MANAGED_BY_TAG) == MANAGED_BY_US
        return ours and bool(self.environment) and tags.get(ENVIRONMENT_TAG) == self.environment


def in_state(exported: Mapping[str, Any]) -> tuple[Kept, ...]:
    """What a stack keeps, from its state as `pulumi stack export` gives it."""
    entries = (exported.get("deployment") or {}).get("resources") or []
    return _reduced((entry["type"], entry["urn"], entry.get("inputs") or {}) for entry in entries if _stays(entry))


def in_program(registrations: Iterable[Registration]) -> tuple[Kept, ...]:
    """What a stack would keep, from what its program registers."""
    return _reduced((held.type, held.urn, held.properties) for held in registrations if held.retain_on_delete)


def _stays(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("retainOnDelete")) and bool(entry.get("custom"))


def _reduced(found: Iterable[tuple[str, str, Mapping[str, Any]]]) -> tuple[Kept, ...]:
    listed = list(found)
    holders = [held for type_, _, inputs in listed if (held := _holder(type_, inputs))]
    names = {held.name for held in holders}
    rest = [Kept(kind=OTHER, name=_told(urn)) for type_, urn, inputs in listed if not _is_known(type_, inputs, names)]
    return tuple(sorted(dict.fromkeys([*holders, *rest]), key=_rank))


def _holder(type_: str, inputs: Mapping[str, Any]) -> Kept | None:
    kind, key = _HOLDERS.get(type_, (OTHER, ""))
    name = inputs.get(key)
    # A name that AWS or the engine makes up is known to the state only.
    if not isinstance(name, str):
        return None
    tags = inputs.get("tags")
    environment = tags.get(ENVIRONMENT_TAG) if isinstance(tags, Mapping) else None
    return Kept(kind=kind, name=name, environment=str(environment or ""))


def _is_known(type_: str, inputs: Mapping[str, Any], names: set[str]) -> bool:
    if type_ in _HOLDERS:
        return _holder(type_, inputs) is not None
    named = [inputs.get(key) for start, key in _PARTS if type_.startswith(start)]
    return any(isinstance(name, str) and name in names for name in named)


def _told(urn: str) -> str:
    *_, chain, name = urn.split("::")
    return f"{name} ({chain.rsplit('$', 1)[-1]})"


def _rank(held: Kept) -> tuple[int, str]:
    return (KINDS.index(held.kind) if held.kind in KINDS else len(KINDS), held.name)


def ordered(*groups: Iterable[Kept]) -> Iterator[Kept]:
    """All of them once, in the order in which they are deleted."""
    yield from sorted({held for group in groups for held in group}, key=_rank)
