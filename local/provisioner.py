"""Creates, changes and deletes what a program registers, in the local cloud."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format, struct_pb2

from contract.borrowed_types import DYNAMIC
from contract.writing.errors import WritingError
from local.catalogue import KINDS
from local.endpoint import ACCOUNT, REGION, Endpoint
from local.errors import LocalCloudError
from local.resources.kind import Kind, Made
from local.state import Held, StackState
from preview.errors import ProvisionError
from preview.registration import Provisioned, Registration
from preview.wire import plain_properties, read_struct
from pricing.resource import UNKNOWN, Plain

if TYPE_CHECKING:
    from local.dynamic_provider import DynamicProvider

Step = Callable[[str, str], None]


@dataclass
class Changes:
    """What a run did, by logical name."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)
    recorded_only: list[str] = field(default_factory=list)


class LocalProvisioner:
    """The monitor's provisioner over boto3: state is written before each effect and after it."""

    def __init__(self, state: StackState, endpoint: Endpoint, dynamic: DynamicProvider, step: Step) -> None:
        self.changes = Changes()
        self.visited: set[str] = set()
        self._state = state
        self._endpoint = endpoint
        self._dynamic = dynamic
        self._step = step

    def create(self, request: Registration) -> Provisioned:
        """Brings one resource to what was registered."""
        self.visited.add(request.urn)
        inputs = {name: settled(value) for name, value in request.properties.items() if name != "__provider"}
        held = self._state.resources.get(request.urn)
        if held is not None and not held.pending and held.inputs == inputs:
            self.changes.same.append(request.name)
            if held.retain != request.retain_on_delete:
                held.retain = request.retain_on_delete
                self._note()
        else:
            held = self._bring(request, inputs, held)
        if not held.emulated:
            self.changes.recorded_only.append(f"{request.name} ({request.type})")
        return Provisioned(held.id, {**request.properties, **held.outputs})

    def read(self, request: Registration, resource_id: str) -> Provisioned:
        """Reads nothing: what a program looks up comes from its own inputs."""
        return Provisioned(resource_id, request.properties)

    def invoke(self, token: str, args: Mapping[str, Plain]) -> Mapping[str, Plain]:  # noqa: ARG002
        """Answers who and where, which is all that a program can ask here."""
        return {"accountId": ACCOUNT, "region": REGION, "name": REGION, "partition": "aws", "id": REGION}

    def remove_unvisited(self) -> None:
        """Deletes, last created first, what the program no longer registers."""
        for urn in reversed([urn for urn in self._state.resources if urn not in self.visited]):
            self.remove(self._state.resources[urn])

    def remove(self, held: Held) -> None:
        """Deletes one resource, or only forgets one that is kept; one that is gone already is as good as deleted."""
        self._step("keep" if held.retain else "delete", held.name)
        held.pending = True
        self._state.save()
        if held.custom and held.emulated and not held.retain:
            self._clear(held)
        del self._state.resources[held.urn]
        self._state.save()
        if held.custom:
            (self.changes.kept if held.retain else self.changes.deleted).append(held.name)

    def _bring(self, request: Registration, inputs: dict[str, Any], before: Held | None) -> Held:
        kind = KINDS.get(request.type)
        same = before is not None and self._keeps_identity(request, kind, before, inputs)
        in_place = before is not None and same and not before.pending
        again = before is None or before.pending
        if before is not None and not same:
            self._make_way(before)
        if before is None or not same:
            self._look_for_another(request, kind, inputs)
        held = Held(
            urn=request.urn, type=request.type, name=request.name, inputs=inputs, parent=request.parent,
            dependencies=list(request.dependencies), pending=True, wire=json_format.MessageToDict(request.wire),
            emulated=kind is not None or request.type.startswith(DYNAMIC), retain=request.retain_on_delete,
        )  # fmt: skip
        if before is not None and same:
            held.id = before.id
            held.outputs = before.outputs
        self._state.resources[request.urn] = held
        self._note()
        self._step("update" if in_place else "create", request.name)
        made = self._effect(request, kind, held, before if in_place else None)
        held.id, held.outputs, held.pending = made.id, dict(made.outputs), False
        self._note()
        if again and request.import_id:
            self.changes.adopted.append(request.name)
            return held
        done = self.changes.created if again else self.changes.updated if in_place else self.changes.replaced
        done.append(request.name)
        return held

    def _look_for_another(self, request: Registration, kind: Kind | None, inputs: dict[str, Any]) -> None:
        """What this stack does not hold is taken over only where the program says so, and is never made twice."""
        if kind is None or kind.there is None:
            return
        name = request.import_id or str(inputs[kind.identity[0]])
        there = kind.there(self._endpoint, name)
        if there and not request.import_id:
            msg = f"{request.name} ({request.type}): {name} exists already, and stack state does not hold it"
            raise ProvisionError(f"{msg}; `ial up` takes back what `ial down` left, as does ial:adopt")
        if request.import_id and not there:
            msg = f"{request.name} ({request.type}): there is no {name} to take back; take it out of ial:adopt"
            raise ProvisionError(msg)

    def _make_way(self, before: Held) -> None:
        """Deletes what is about to be replaced; the state says so first, as a crash may come in between."""
        self._step("replace", before.name)
        if before.retain:
            return
        before.pending = True
        self._note()
        try:
            self._clear(before)
        except LocalCloudError as error:
            raise ProvisionError(str(error)) from error

    def _note(self) -> None:
        """Writes the state while the program runs, which is told by a ProvisionError what went wrong."""
        try:
            self._state.save()
        except WritingError as error:
            raise ProvisionError(str(error)) from error

    def _clear(self, held: Held) -> None:
        """Deletes a resource, also one whose creation was cut off before its id was known."""
        if held.pending and not held.id and held.type in KINDS:
            # Creation is repeatable, so it finds what is there; what it refuses was never created.
            with contextlib.suppress(*_boto_errors()):
                held.id = KINDS[held.type].create(self._endpoint, held.inputs).id
        self._delete(held)

    def _keeps_identity(self, request: Registration, kind: Kind | None, before: Held, inputs: dict[str, Any]) -> bool:
        if request.type.startswith(DYNAMIC):
            names = [
                name
                for name in ("table", "cluster", "logGroup", "bucket", "account", "environment", "region")
                if name in inputs
            ]
            return all(before.inputs.get(name) == inputs[name] for name in names)
        if kind is None:
            return True
        return kind.update is not None and all(before.inputs.get(name) == inputs.get(name) for name in kind.identity)

    def _effect(self, request: Registration, kind: Kind | None, held: Held, before: Held | None) -> Made:
        try:
            if request.type.startswith(DYNAMIC):
                return self._dynamic_effect(request, before)
            if kind is None:
                return Made(held.id or f"{request.name}-recorded", {"arn": _recorded_arn(request)})
            if before is not None and kind.update is not None:
                return kind.update(self._endpoint, before.id, held.inputs)
            return kind.create(self._endpoint, held.inputs)
        except LocalCloudError as error:
            raise ProvisionError(str(error)) from error
        except _boto_errors() as error:
            msg = f"{request.name} ({request.type}): the local cloud refused it: {_one_line(error)}"
            raise ProvisionError(msg) from error

    def _dynamic_effect(self, request: Registration, before: Held | None) -> Made:
        if before is not None:
            old = json_format.ParseDict(before.wire | before.outputs, struct_pb2.Struct())
            outputs = self._dynamic.update(request.urn, before.id, old, request.wire)
            return Made(before.id, _outputs_of(outputs))
        id_, outputs = self._dynamic.create(request.urn, request.wire)
        return Made(id_, _outputs_of(outputs))

    def _delete(self, held: Held) -> None:
        try:
            if held.type.startswith(DYNAMIC):
                # One whose creation was cut off, too: the provider itself remembers what it had found.
                outputs = json_format.ParseDict(held.wire | held.outputs, struct_pb2.Struct())
                self._dynamic.delete(held.urn, held.id or held.name, outputs)
            elif held.type in KINDS and held.id:
                KINDS[held.type].delete(self._endpoint, held.id, held.inputs)
        except _boto_errors() as error:
            if not _is_gone(error):
                msg = f"{held.name} ({held.type}): the local cloud could not delete it: {_one_line(error)}"
                raise LocalCloudError(msg) from error


def _boto_errors() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError

    return (BotoCoreError, ClientError)


def _is_gone(error: Exception) -> bool:
    response = getattr(error, "response", {})
    code = str(response.get("Error", {}).get("Code", ""))
    return any(word in code for word in ("NotFound", "NoSuch", "ResourceNotFound", "DoesNotExist"))


def _outputs_of(struct: struct_pb2.Struct) -> dict[str, Any]:
    values, _ = plain_properties(read_struct(struct))
    return {name: settled(value) for name, value in values.items() if name != "__provider"}


def settled(value: Plain) -> Any:
    """A value as plain JSON: boto3 wants int and float, not Decimal, and nothing may be unknown any more."""
    if value is UNKNOWN:
        msg = "a value is still unknown while resources are being created"
        raise ProvisionError(msg)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [settled(item) for item in value]
    if isinstance(value, dict):
        return {name: settled(item) for name, item in value.items()}
    return value


def _recorded_arn(request: Registration) -> str:
    service = request.type.split(":")[1].split("/")[0] if ":" in request.type else "unknown"
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:recorded/{request.name}"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
