"""The resource graph of a `pulumi stack export`: what is deployed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contract.reading.source_file import at
from preview.existing import Existing
from preview.resource_state import ReadState, a_list, an_object, graph_of, read_state, shown
from pricing.errors import ResourceFileError
from pricing.resource import Graph

VERSIONS: Final = (3, 4)


@dataclass(frozen=True)
class Deployed:
    """What a state export says is deployed, and what it leaves open."""

    graph: Graph
    notes: tuple[str, ...]
    existing: Existing


def read_state_export(data: object, file: str) -> Deployed:
    """Reads a state export. A copy that awaits deletion is not counted, but noted: it is billed until it is gone.

    Raises:
        ResourceFileError: the export is malformed or of a version that is not known.
    """
    export = an_object(data, file, "export")
    version = export.get("version")
    if not isinstance(version, int | Decimal) or version not in VERSIONS:
        accepted = ", ".join(map(str, VERSIONS))
        msg = f"{at(file, 'version')}: {shown(version)}; accepted are {accepted}: run `pulumi stack export` again"
        raise ResourceFileError(msg)
    deployment = an_object(export.get("deployment"), file, "deployment")
    states: dict[str, ReadState] = {}
    notes: list[str] = []
    for index, item in enumerate(a_list(deployment.get("resources") or [], file, "deployment.resources")):
        place = f"deployment.resources[{index}]"
        _take(an_object(item, file, place), file, place, states, notes)
    for index, item in enumerate(a_list(deployment.get("pending_operations") or [], file, "pending_operations")):
        place = f"deployment.pending_operations[{index}]"
        _take_pending(an_object(item, file, place), file, place, states, notes)
    graph = graph_of(states.values())
    ids = {urn: state.id for urn, state in states.items()}
    return Deployed(graph, tuple(notes), Existing({resource.urn: resource for resource in graph}, ids))


def _take(record: Mapping[str, object], file: str, place: str, states: dict[str, ReadState], notes: list[str]) -> None:
    state = read_state(record, file, place)
    if record.get("delete") is True:
        notes.append(f"{state.resource.urn}: an old copy awaits deletion and is billed until `pulumi up` removes it")
        return
    if state.resource.urn in states:
        msg = f"{at(file, f'{place}.urn')}: {state.resource.urn!r} is listed twice; run `pulumi stack export` again"
        raise ResourceFileError(msg)
    if record.get("pendingReplacement") is True:
        notes.append(f"{state.resource.urn}: deleted for replacement and not created again yet; it is counted")
    states[state.resource.urn] = state


def _take_pending(
    record: Mapping[str, object], file: str, place: str, states: dict[str, ReadState], notes: list[str]
) -> None:
    """A creation that was cut off may exist in AWS, so it is counted."""
    if record.get("type") != "creating":
        return
    state = read_state(record.get("resource"), file, f"{place}.resource")
    if state.resource.urn not in states:
        states[state.resource.urn] = state
        notes.append(f"{state.resource.urn}: its creation was interrupted, so it may exist; it is counted")
