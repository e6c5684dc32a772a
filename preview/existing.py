"""What is there already, as far as somebody knows: the properties that an update leaves as they are.

The real engine reads its own state. The local engine has none, unless it is given an export of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast

from google.protobuf import struct_pb2

from preview.property_path import EVERY, Step, reset, steps_of
from preview.registration import Registration
from preview.targeted import Targeted
from preview.wire import SIGNATURE, UNKNOWN_STRING, plain_properties, read_struct, travelling
from pricing.resource import Kind, Resource

# Whose a resource is, is for the program to say even where somebody else adds tags.
_NO_MATTER_OF_MONEY: Final = ("tags", "tagsAll")


@dataclass(frozen=True)
class Existing:
    """The resources of a state by URN, and their ids; `known` is false where there is no state to look at.

    `ours` are names of what somebody has looked at and found to be the stack's own: an import brings it to what the
    program says. `targeted` says what an update of some resources alone is about.
    """

    resources: Mapping[str, Resource] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    known: bool = True
    ours: frozenset[str] = frozenset()
    targeted: Targeted | None = None

    def of(self, urn: str, aliases: Iterable[str]) -> Resource | None:
        """The resource that an update would take for this one: of the same URN, else of one that it had before."""
        return next((self.resources[name] for name in (urn, *aliases) if name in self.resources), None)

    def imported(self, resource: Resource, import_id: str) -> bool:
        """Whether a resource of the state is the one that a program would import: then that has been done."""
        return import_id in (self.ids.get(resource.urn), resource.import_id)

    def is_ours(self, import_id: str) -> bool:
        """Whether what is imported was looked at. Parts of a role are imported as `ROLE:PART`."""
        return import_id in self.ours or import_id.partition(":")[0] in self.ours

    def staying(self, head: Iterable[Resource]) -> list[Resource]:
        """What is in the state, left the program, and will not be deleted: retained, protected, or no target."""
        taken: set[str] = set()
        for resource in head:
            taken.add(resource.urn)
            found = self.of(resource.urn, resource.aliases)
            if found is not None:
                taken.add(found.urn)
        return [
            entry
            for urn, entry in self.resources.items()
            if urn not in taken
            and entry.kind is Kind.CUSTOM
            and (entry.retain_on_delete or entry.protect or not self.deletes(urn))
        ]

    def deletes(self, urn: str) -> bool:
        """Whether an update deletes what left the program: only what it is about."""
        return self.targeted is None or self.targeted.targets.names(urn)

    def made(self, records: Iterable[Registration]) -> list[Registration]:
        """What of a program's resources is there after an update.

        Raises:
            TargetError: a target is not to be found, or needs what is not there.
        """
        listed = list(records)
        if self.targeted is None:
            return listed
        self.targeted.require_found([*(record.urn for record in listed), *self.resources])
        return self.targeted.made(listed)


NOT_KNOWN: Final = Existing(known=False)


def as_it_will_be(record: Registration, existing: Existing) -> Registration:
    """The registration with what an update would leave alone, as the engine does before it shows it to anybody.

    Ignored properties keep the value that the state has. Without a state they are unknown, and so is what an import
    will find. A resource that the state does not have is new, and gets what the program says.
    """
    old = existing.of(record.urn, record.aliases)
    if record.import_id:
        done = old is not None and existing.imported(old, record.import_id)
        record = replace(record, unread=not (done or existing.is_ours(record.import_id)))
    if existing.targeted is not None and not existing.targeted.takes(record):
        if old is None:
            existing.targeted.leave_out(record)
            return record
        return _with_inputs(record, _as_it_is(read_struct(record.wire), old))
    paths = [steps for path in record.ignore_changes if (steps := steps_of(path))]
    if not paths or (existing.known and old is None):
        return record
    inputs = read_struct(record.wire)
    for steps in paths:
        inputs = _held(inputs, old, steps)
    return _with_inputs(record, inputs)


def _with_inputs(record: Registration, inputs: Mapping[str, object]) -> Registration:
    wire = struct_pb2.Struct()
    for key, value in inputs.items():
        wire[key] = cast("str", value)
    properties, secrets = plain_properties(inputs)
    return replace(record, wire=wire, properties=properties, secrets=secrets)


def _held(inputs: dict[str, object], old: Resource | None, steps: list[Step]) -> dict[str, object]:
    if old is not None:
        return cast("dict[str, object]", reset(inputs, _as_it_is(inputs, old), steps))
    if steps[0] in _NO_MATTER_OF_MONEY:
        return inputs
    if steps[0] == EVERY:
        return {key: value if key.startswith("__") else UNKNOWN_STRING for key, value in inputs.items()}
    return cast("dict[str, object]", _unknown(inputs, steps))


def _as_it_is(inputs: Mapping[str, object], old: Resource) -> dict[str, object]:
    before: dict[str, object] = {key: travelling(value) for key, value in old.properties.items()}
    # The code of a dynamic resource is never what a state says it was.
    return before | {key: value for key, value in inputs.items() if key.startswith("__")}


def _unknown(value: object, steps: list[Step]) -> object:
    """The value with what lies at the path unknown, and nothing more of it than the path names."""
    if not steps:
        return UNKNOWN_STRING
    step, rest = steps[0], steps[1:]
    if isinstance(value, dict) and SIGNATURE not in value and isinstance(step, str) and step != EVERY:
        return {**value, step: _unknown(value.get(step, {}), rest)}
    if isinstance(value, list) and (step == EVERY or isinstance(step, int)):
        return [_unknown(item, rest) if step in (EVERY, place) else item for place, item in enumerate(value)]
    return UNKNOWN_STRING
