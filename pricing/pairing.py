"""Which resource of a base is which of the head: by name, else by a name that it had before."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def stack_free(urn: str) -> str:
    """The part of a URN that is the same in another stack of the program, or in another project."""
    return "::".join(urn.split("::")[2:]) or urn


def earlier_keys(base: Collection[str], head: Mapping[str, Collection[str]]) -> dict[str, str]:
    """The key in the base of each resource of the head that is in it; `head` maps keys to the URNs of aliases.

    As in the engine, a resource's own name comes before its aliases, and nothing of the base is taken twice.
    """
    pairs = {key: key for key in head if key in base}
    taken = set(pairs)
    for key, aliases in head.items():
        if key in pairs:
            continue
        former = next((name for name in map(stack_free, aliases) if name in base and name not in taken), None)
        if former is not None:
            pairs[key] = former
            taken.add(former)
    return pairs
