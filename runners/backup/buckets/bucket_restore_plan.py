"""What a rollback of a bucket would do, in words and numbers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from runners.backup.buckets.bucket_cost import Copied
from runners.backup.buckets.objects import LONGEST_KEY, Version
from runners.backup.buckets.rollback_plan import Act, Doubt, plan_rollback, readings
from runners.backup.buckets.tally import Tally, shown
from runners.runs.clock import rfc3339

_SHOWN: Final = 20
_WORDS: Final = {
    Act.HIDE: "hide {n} objects that are new since then",
    Act.COPY: "copy {n} versions of then on top of what overwrote or deleted them",
    Act.RETRIEVE_FIRST: "leave {n} archived objects as they are: retrieve them first, then run this again",
}


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The steps in words, and what is copied."""

    words: tuple[str, ...]
    copied: Copied


def steps_in_place(versions: Iterable[Version], at: datetime, fast: str | None) -> Planned:
    """A rollback of the bucket itself. `fast` is why nothing can be written that could be removed again."""
    counted: Counter[Act] = Counter()
    names: list[str] = []
    doubts, copied = Tally(), Copied()
    for step in plan_rollback(versions, at):
        if step.doubt is not None:
            doubts.note(step.doubt, step.key, step.act)
        if step.act is Act.LEAVE:
            continue
        counted[step.act] += 1
        if step.act is Act.COPY and step.version is not None and fast is None:
            copied.add(step.version)
        if len(names) < _SHOWN:
            names.append(f"  {step.act} {shown(step.key)}")
    words = [_WORDS[act].format(n=number) for act, number in sorted(counted.items())]
    if fast is not None and counted[Act.COPY]:
        words.append(f"  but leave those {counted[Act.COPY]} versions uncopied: {fast}")
    told = (*words, *names) or ("nothing: the bucket is as it was then",)
    return Planned(words=(*told, *_doubts(doubts)), copied=copied)


def steps_aside(versions: Iterable[Version], at: datetime, prefix: str) -> Planned:
    """A copy of the moment below a prefix."""
    number = size = archived = long = 0
    doubts, copied = Tally(), Copied()
    room = LONGEST_KEY - len(prefix.encode())
    for reading in readings(versions, at):
        if reading.doubt is not None:
            doubts.note(reading.doubt, reading.key, Act.COPY if reading.held else "no object then")
        if reading.held is None:
            continue
        number, size = number + 1, size + reading.held.size
        if reading.held.archived:
            archived += 1
        elif len(reading.key.encode()) > room:
            long += 1
        else:
            copied.add(reading.held)
    words = [f"copy {copied.number} of {number} objects ({size} bytes) as of {rfc3339(at)} to {prefix}"]
    words += [f"leave {archived} archived objects out: retrieve them first, then run this again"] if archived else []
    words += [f"leave {long} objects out: their keys with the prefix are longer than 1,024 bytes"] if long else []
    return Planned(words=(*words, *_doubts(doubts)), copied=copied)


def _doubts(doubts: Tally) -> Iterator[str]:
    for doubt in Doubt:
        if doubts.count(doubt):
            yield f"uncertain: {doubts.count(doubt)} objects: each {doubt}"
            yield from (f"  {name}" for name in doubts.named[doubt])
