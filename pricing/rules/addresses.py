"""Public IPv4 addresses, whatever uses them."""

from __future__ import annotations

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.rules.arithmetic import shown


def public_address(b: Billing, count: Quantity) -> LineItem:
    """A public IPv4 address bills by the hour whether in use or not."""
    return b.item("Public IPv4 address", "vpc.public_ipv4", count * b.hours, f"{shown(count)} x {b.hours} hours")


def public_address_hours(b: Billing, hours: Quantity | None, formula: str, missing: str) -> LineItem:
    """A public address that is there for some hours a month only; None where usage `missing` is not declared."""
    return b.item("Public IPv4 address", "vpc.public_ipv4", hours, formula, usage_key=missing)
