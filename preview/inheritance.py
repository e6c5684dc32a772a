"""What a resource gets from its parent: providers, protection, and the names that the parent had before."""

from __future__ import annotations

from collections.abc import Iterable

from preview.protocol import resource_pb2
from preview.registration import Registration, resource_urn
from pricing.resource import STACK_TYPE, urn_name, urn_type


def inherit(request: resource_pb2.RegisterResourceRequest, parent: Registration) -> None:
    """Fills in the request what the engine takes from the parent where the resource itself says nothing."""
    if not request.HasField("protect") and parent.protect:
        request.protect = True
    if not request.HasField("retainOnDelete") and parent.retain_on_delete:
        request.retainOnDelete = True
    if request.custom:
        request.provider = request.provider or parent.providers.get(request.type.partition(":")[0], "")
        return
    for package, reference in parent.providers.items():
        if package not in request.providers:
            request.providers[package] = reference


def with_parent_aliases(urn: str, own: Iterable[str], parent: Registration | None) -> tuple[str, ...]:
    """The resource's own aliases and, for each name that its parent had before, those that follow from it.

    A child that is named after its parent was named after the parent's earlier name too, as the engine assumes.
    """
    aliases = list(own)
    if parent is None or parent.type == STACK_TYPE:
        return tuple(aliases)
    earlier = [urn, *aliases]
    aliases += [_under(former, known, parent.name) for former in parent.aliases for known in earlier]
    return tuple(dict.fromkeys(alias for alias in aliases if alias != urn))


def _under(parent: str, child: str, parent_name: str) -> str:
    stack, project = parent.removeprefix("urn:pulumi:").split("::")[:2]
    name = urn_name(child)
    if name.startswith(parent_name):
        name = urn_name(parent) + name.removeprefix(parent_name)
    return resource_urn(stack, project, parent, urn_type(child), name)
