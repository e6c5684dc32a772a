"""What is decided about one setting of a resource that others own, and the rules of taking it and giving it back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

# A setting's value: plain JSON, as it goes through the engine's state.
Value = Any
Verb = Literal["set", "keep", "leave", "merge", "refuse"]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One line for people. `set` writes, `merge` adds our own entry, `keep` finds it strong enough, `leave` stays away.

    `refuse` says that `up` would stop here. `found`, `wanted` and `result` are texts, not values.
    """

    resource: str
    setting: str
    found: str
    wanted: str
    decision: Verb
    result: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What was there before ours, and what we left: more than one value while an effect has not been seen."""

    earlier: Value
    ours: tuple[Value, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What is to be there, and what must be remembered before it is written."""

    result: Value
    remembered: Remembered


def settle(now: Value, known: Remembered | None, strongest: Callable[[Value], Value]) -> Settled:
    """Keeps the stronger of what the owner has and what is wanted.

    The owner has what was there before ours, unless it is neither that nor ours any more: then somebody has decided
    anew, and that counts.
    """
    held = known is not None and (now in known.ours or now == known.earlier)
    earlier = known.earlier if known is not None and held else now
    left = (now,) if known is not None and now in known.ours else ()
    result = strongest(earlier)
    if result != now:
        left = (*left, result)
    return Settled(result=result, remembered=Remembered(earlier=earlier, ours=left))


def to_give_back(now: Value, known: Remembered | None) -> tuple[bool, Value]:
    """Whether to write, and what; a value that is neither ours nor the earlier one stays (`changed_meanwhile`)."""
    if known is None or now == known.earlier or now not in known.ours:
        return False, now
    return True, known.earlier


def changed_meanwhile(now: Value, known: Remembered | None) -> bool:
    """Whether somebody changed what we had left."""
    return known is not None and bool(known.ours) and now != known.earlier and now not in known.ours
