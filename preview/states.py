"""What the engine knows of each resource while a program runs; one that is given as a value is looked up here."""

from __future__ import annotations

import threading
from typing import Final

from google.protobuf import struct_pb2

# The engine's own data source, which the SDK asks for a resource that came back as a reference.
GET_RESOURCE: Final = "pulumi:pulumi:getResource"


class States:
    """Ids and outputs by URN. An id that is not known yet is empty, as in the real engine's previews."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, tuple[str, struct_pb2.Struct]] = {}

    def keep(self, urn: str, id_: str, outputs: struct_pb2.Struct) -> None:
        """Remembers what a registration or a read gave."""
        with self._lock:
            self._states[urn] = id_, outputs

    def add_outputs(self, urn: str, outputs: struct_pb2.Struct) -> None:
        """Remembers what a component says of itself at its end."""
        with self._lock:
            id_, held = self._states.get(urn, ("", struct_pb2.Struct()))
            merged = struct_pb2.Struct()
            merged.MergeFrom(held)
            merged.MergeFrom(outputs)
            self._states[urn] = id_, merged

    def answer(self, urn: str) -> struct_pb2.Struct | None:
        """What `getResource` says: `urn`, `id` and `state`; None for a URN that was never registered."""
        with self._lock:
            found = self._states.get(urn)
        if found is None:
            return None
        answer = struct_pb2.Struct()
        answer["urn"], answer["id"] = urn, found[0]
        answer.fields["state"].struct_value.CopyFrom(found[1])
        return answer
