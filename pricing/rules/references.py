"""Finding the other resource of the stack that a property points at: its id is unknown at preview, its URN is not."""

from __future__ import annotations

from pricing.billing import Billing
from pricing.resource import UNKNOWN, Plain, Resource

_NAMES = ("name", "family", "bucket", "clusterIdentifier", "namePrefix")


def referred(b: Billing, reference: Plain, *types: str) -> Resource | None:
    """The resource of these types that `reference` names, or that it must be because `b.resource` depends on it alone.

    None when it is not in the stack, or when several could be meant.
    """
    candidates = b.graph.of_type(*types)
    if isinstance(reference, str):
        named = [c for c in candidates if is_named(c, reference)]
        if len(named) == 1:
            return named[0]
    depended = [c for c in candidates if c.urn in b.resource.dependencies]
    if len(depended) == 1:
        return depended[0]
    if reference is UNKNOWN and not depended and len(candidates) == 1:
        return candidates[0]
    return None


def refers_to(source: Resource, target: Resource, path: str) -> bool:
    """Whether a property of `source` points at `target`: by dependency, or by name or ARN when they are known."""
    value = source.get(path)
    return target.urn in source.dependencies or (isinstance(value, str) and is_named(target, value))


def is_named(resource: Resource, reference: str) -> bool:
    """Compares with names, ids and ARNs: `reference` may be `family:3`, `table/name` or a whole ARN."""
    tails = {reference, reference.rsplit("/", 1)[-1], reference.rsplit(":", 1)[-1]}
    tails |= {tail.split(":", 1)[0] for tail in tails}
    names = {resource.name} | {name for path in _NAMES if isinstance(name := resource.get(path), str)}
    return bool(tails & names)
