"""The resource graph of a `pulumi preview --json --show-sames` digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from contract.reading.source_file import at
from preview.resource_state import ReadState, a_list, an_object, graph_of, read_state, shown, text_of
from preview.staying import told
from pricing.errors import ResourceFileError
from pricing.resource import PROVIDER_PREFIX, Graph, urn_name, urn_type

# What is in the stack once the update is done; a replacement is in it as much as a creation.
STAYING: Final = frozenset(
    {"same", "create", "update", "replace", "create-replacement", "import", "import-replacement", "refresh"}
)
REPLACING: Final = frozenset({"replace", "create-replacement", "import-replacement"})
_IMPORTING: Final = frozenset({"import", "import-replacement"})
# What the program only reads: it is told, and somebody else's.
READING: Final = frozenset({"read", "read-replacement"})
LEAVING: Final = frozenset(
    {"delete", "delete-replaced", "remove-pending-replace", "read-discard", "discard", "discard-replaced"}
)
_COMMAND: Final = "`pulumi preview --json --show-sames`"


@dataclass(frozen=True)
class Digest:
    """The stack as it will be, and the URNs of resources that are replaced on the way."""

    graph: Graph
    replaced: frozenset[str]
    notes: tuple[str, ...] = ()


def read_preview(data: object, file: str) -> Digest:
    """Reads a preview digest.

    Raises:
        ResourceFileError: the digest is malformed, its preview failed, or it does not show the whole stack.
    """
    digest = an_object(data, file, "digest")
    _refuse_failed(digest, file)
    states: dict[str, ReadState] = {}
    counts: Counter[str] = Counter()
    replaced: set[str] = set()
    staying: dict[str, ReadState] = {}
    for index, item in enumerate(a_list(digest.get("steps") or [], file, "steps")):
        place = f"steps[{index}]"
        step = an_object(item, file, place)
        operation = text_of(step, "op", file, place)
        counts[operation] += not _is_default_provider(step.get("urn"))
        if operation == "delete" and (left := _retained(step, file, place)) is not None:
            staying[left.resource.urn] = left
        if operation in LEAVING or _is_gone(operation, step):
            continue
        if operation not in STAYING | READING:
            accepted = ", ".join(sorted(STAYING | READING | LEAVING))
            msg = f"{at(file, f'{place}.op')}: {operation!r}; accepted are {accepted}"
            raise ResourceFileError(msg)
        state = _new_state(step, file, place, imported=operation in _IMPORTING)
        if operation in READING:
            state = replace(state, resource=replace(state.resource, external=True))
        states[state.resource.urn] = state
        if operation in REPLACING:
            replaced.add(state.resource.urn)
    _refuse_partial(digest, counts, file)
    kept = {urn: state for urn, state in staying.items() if urn not in states}
    notes = tuple(told(state.resource) for state in kept.values())
    return Digest(graph_of([*states.values(), *kept.values()]), frozenset(replaced), notes)


def _retained(step: Mapping[str, object], file: str, place: str) -> ReadState | None:
    """What the update lets go without deleting it; other deletions say nothing that counts."""
    old = step.get("oldState")
    if not isinstance(old, Mapping) or old.get("retainOnDelete") is not True:
        return None
    state = read_state(old, file, f"{place}.oldState")
    return state if state.resource.is_cloud else None


def _is_default_provider(urn: object) -> bool:
    """The engine's summary doesn't count these, so a shown one must not stand in for a resource that is not shown."""
    return isinstance(urn, str) and urn_type(urn).startswith(PROVIDER_PREFIX) and urn_name(urn).startswith("default")


def _is_gone(operation: str, step: Mapping[str, object]) -> bool:
    """A refresh that found nothing in the cloud has no new state; what the program then does is another step."""
    return operation == "refresh" and step.get("newState") is None


def _new_state(step: Mapping[str, object], file: str, place: str, *, imported: bool) -> ReadState:
    state = read_state(step.get("newState"), file, f"{place}.newState", imported=imported)
    urn = text_of(step, "urn", file, place)
    if state.resource.urn != urn:
        head = at(file, f"{place}.urn")
        msg = f"{head}: {urn!r} differs from newState.urn {state.resource.urn!r}; run {_COMMAND} again"
        raise ResourceFileError(msg)
    return state


def _refuse_failed(digest: Mapping[str, object], file: str) -> None:
    if digest.get("maybeCorrupt") not in (None, False):
        head = at(file, "maybeCorrupt")
        msg = f"{head}: the engine says that its state may be corrupt; repair it and run {_COMMAND} again"
        raise ResourceFileError(msg)
    for item in a_list(digest.get("diagnostics") or [], file, "diagnostics"):
        entry = an_object(item, file, "diagnostics[]")
        if entry.get("severity") in ("error", "fatal"):
            lines = str(entry.get("message", "")).strip().splitlines() or ["no message"]
            msg = f"{at(file, 'diagnostics')}: the preview failed: {lines[0][:200]}"
            raise ResourceFileError(msg)


def _refuse_partial(digest: Mapping[str, object], counts: Mapping[str, int], file: str) -> None:
    """A digest that leaves resources out would price them at nothing."""
    if "changeSummary" not in digest or not counts:
        missing = "steps" if "changeSummary" in digest else "changeSummary"
        msg = f"{at(file, missing)}: missing or empty, so the preview did not finish; run {_COMMAND} again"
        raise ResourceFileError(msg)
    for operation, number in an_object(digest["changeSummary"], file, "changeSummary").items():
        if not isinstance(number, int | Decimal) or isinstance(number, bool):
            msg = f"{at(file, f'changeSummary.{operation}')}: {shown(number)}; a number is needed"
            raise ResourceFileError(msg)
        if operation in STAYING and number > counts.get(operation, 0):
            head = at(file, f"changeSummary.{operation}")
            msg = (
                f"{head}: {number} resources, but steps show {counts.get(operation, 0)}; "
                f"the whole stack is needed: run {_COMMAND}"
            )
            raise ResourceFileError(msg)
