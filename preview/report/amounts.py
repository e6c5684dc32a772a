"""Amounts of a report, which are text, as people read them."""

from __future__ import annotations

from decimal import Decimal

from pricing.money import dollars, dollars_up, percent, signed_dollars


def shown(amount: str) -> str:
    """A monthly amount to the cent."""
    return dollars(Decimal(amount))


def shown_change(amount: str) -> str:
    """A difference to the cent, with its sign."""
    return signed_dollars(Decimal(amount))


def shown_hourly(amount: str) -> str:
    """An hourly amount, which is too small for cents."""
    return f"${Decimal(amount):.4f}"


def shown_share(share: str | None) -> str:
    """A fraction of one in percent; empty when there is none."""
    return "" if share is None else percent(Decimal(share))


def shown_growth(change_percent: str | None) -> str:
    """A change in percent in brackets, with a space before; empty when the base costs nothing."""
    return "" if change_percent is None else f" ({Decimal(change_percent):+.1f} %)"


def shown_judged(amount: str) -> str:
    """An amount that is held to a limit, rounded up to the cent as the policies do."""
    return dollars_up(Decimal(amount))


def shown_against(cost: str, limit: str) -> str:
    """A cost against its limit."""
    return f"{shown_judged(cost)} of {shown(limit)}"


def shown_price(amount: str) -> str:
    """An exact amount with at least two decimal places, as prices are written."""
    whole, _, decimals = amount.partition(".")
    return f"{whole}.{decimals:0<2}"
