"""The stack's state in the shape of `pulumi stack export`, so that whatever reads one can read the other."""

from __future__ import annotations

from typing import Any

from local.state import Held, StackState
from preview.wire import plain_properties
from pricing.dynamic_code import PROVIDER_INPUT


def deployment(state: StackState) -> dict[str, Any]:
    """A deployment of version 3. Its secrets are in clear, and are noted as such."""
    for held in state.resources.values():
        plain_properties(held.wire)
    return {
        "version": 3,
        "deployment": {"manifest": {}, "resources": [_entry(held) for held in state.resources.values()]},
    }


def _entry(held: Held) -> dict[str, Any]:
    entry: dict[str, Any] = {"urn": held.urn, "type": held.type, "custom": held.custom}
    if held.custom:
        # The engine's state holds the code of a dynamic resource among its inputs.
        code = {name: value for name, value in held.wire.items() if name == PROVIDER_INPUT}
        entry |= {"id": held.id, "inputs": held.inputs | code, "outputs": {**held.inputs, **held.outputs}}
    if held.retain:
        entry["retainOnDelete"] = True
    if held.parent:
        entry["parent"] = held.parent
    if held.dependencies:
        entry["dependencies"] = held.dependencies
    return entry
