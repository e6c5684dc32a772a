"""What a rollback of a bucket would do, in words and numbers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_UP, Decimal
from typing import Final

from pricing.price_book import PriceBook
from runners.backup.objects import LONGEST_KEY, Version
from runners.backup.rollback_plan import Act, Doubt, plan_rollback, readings
from runners.backup.tally import Tally, shown
from runners.clock import rfc3339

# For each object: asked about, its ACL, read and compared twice.
_READS: Final = 6
_SHOWN: Final = 20
_WORDS: Final = {
    Act.HIDE: "hide {n} objects that are new since then",
    Act.UNCOVER: "bring {n} deleted objects back by removing their delete markers",
    Act.COPY: "copy {n} versions of then on top",
    Act.RETRIEVE_FIRST: "leave {n} archived objects as they are: retrieve them first, then run this again",
}


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The steps in words, and for how many objects something is done."""

    words: tuple[str, ...]
    number: int


def steps_in_place(versions: Iterable[Version], at: datetime, fast: str | None) -> Planned:
    """A rollback of the bucket itself. `fast` is why nothing can be written that could be removed again."""
    counted: Counter[Act] = Counter()
    names: list[str] = []
    doubts = Tally()
    for step in plan_rollback(versions, at):
        if step.doubt is not None:
            doubts.note(step.doubt, step.key, step.act)
        if step.act is Act.LEAVE:
            continue
        counted[step.act] += 1
        if len(names) < _SHOWN:
            names.append(f"  {step.act} {shown(step.key)}")
    words = [_WORDS[act].format(n=number) for act, number in sorted(counted.items())]
    if fast is not None and counted[Act.COPY]:
        words.append(f"  but leave those {counted[Act.COPY]} versions uncopied: {fast}")
    told = (*words, *names) or ("nothing: the bucket is as it was then",)
    return Planned(words=(*told, *_doubts(doubts)), number=counted.total())


def steps_aside(versions: Iterable[Version], at: datetime, prefix: str) -> Planned:
    """A copy of the moment below a prefix."""
    number = size = archived = long = 0
    doubts = Tally()
    room = LONGEST_KEY - len(prefix.encode())
    for reading in readings(versions, at):
        if reading.doubt is not None:
            doubts.note(reading.doubt, reading.key, Act.COPY if reading.held else "no object then")
        if reading.held is None:
            continue
        number, size = number + 1, size + reading.held.size
        archived += reading.held.archived
        long += len(reading.key.encode()) > room
    words = [f"copy {number - archived - long} of {number} objects ({size} bytes) as of {rfc3339(at)} to {prefix}"]
    words += [f"leave {archived} archived objects out: retrieve them first, then run this again"] if archived else []
    words += [f"leave {long} objects out: their keys with the prefix are longer than 1,024 bytes"] if long else []
    return Planned(words=(*words, *_doubts(doubts)), number=number)


def restore_cost(number: int, prices: PriceBook, region: str) -> Decimal:
    """The requests of a restore of so many objects in USD at list price.

    Raises:
        CatalogError: a price is missing.
    """
    thousands = Decimal(number) / 1000
    write, read = prices.price("s3.requests.write", region), prices.price("s3.requests.read", region)
    return (write.cost(thousands) + read.cost(thousands * _READS)).quantize(Decimal("0.0001"), ROUND_UP)


def _doubts(doubts: Tally) -> Iterator[str]:
    for doubt in Doubt:
        if doubts.count(doubt):
            yield f"uncertain: {doubts.count(doubt)} objects: each {doubt}"
            yield from (f"  {name}" for name in doubts.named[doubt])
