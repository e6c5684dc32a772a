"""How old the sources of the prices are that an estimate rests on: warned of early, refused when too old."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pricing.line_item import LineItem
from pricing.price_book import FAIL_AFTER_DAYS, WARN_AFTER_DAYS, Price

_MOST_NAMED = 3


def used_prices(items: Iterable[LineItem]) -> list[Price]:
    """The prices that decide an amount, each once. What none is used of, or what a team declared, has no age."""
    used = {
        (item.price.key, item.price.region): item.price
        for item in items
        if not item.declared and (item.quantity is None or item.quantity.maximum > 0)
    }
    return [used[place] for place in sorted(used)]


def too_old(prices: Iterable[Price], today: date) -> Iterator[str]:
    """One sentence for each price that can no longer be judged by, or not yet."""
    for price in prices:
        age = price.age_days(today)
        if age < 0:
            yield f"price {price.key} is dated {price.source_date}, after {today}; check the clock"
        elif age > FAIL_AFTER_DAYS:
            yield (
                f"the source of price {price.key} ({price.region}) is of {price.source_date}, {age} days ago; "
                f"the limit is {FAIL_AFTER_DAYS}: run `ial cost refresh-prices`"
            )


def growing_old(prices: Iterable[Price], today: date) -> Iterator[str]:
    """One sentence for all prices whose sources are old, with the day on which the first can no longer be used."""
    old = sorted(
        (price for price in prices if WARN_AFTER_DAYS < price.age_days(today) <= FAIL_AFTER_DAYS),
        key=lambda price: (price.source_date, price.key),
    )
    if not old:
        return
    named = ", ".join(price.key for price in old[:_MOST_NAMED]) + (
        f" and {len(old) - _MOST_NAMED} more" if len(old) > _MOST_NAMED else ""
    )
    yield (
        f"sources of prices are older than {WARN_AFTER_DAYS} days, the oldest of {old[0].source_date}: {named}; "
        f"run `ial cost refresh-prices` before {old[0].last_day}, the last day on which all can be used"
    )
