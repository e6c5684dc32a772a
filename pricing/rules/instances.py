"""What one EC2 instance bills, wherever its settings are written: an instance, a template, a launch configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey
from pricing.resource import Resource
from pricing.rules.arithmetic import shown

DETAILED_METRICS = 7
INSTANCE_USAGE = (
    UsageKey(
        name="surplus_vcpu_hours",
        unit="vCPU-hours",
        meaning="CPU used a month above the credits of a T instance in unlimited mode, over all instances",
        default="0",
    ),
    UsageKey(
        name="internet_out_gb",
        unit="GB",
        meaning="data sent to the internet a month, over all instances, not through a load balancer",
        default="0",
    ),
)


def settings_of(b: Billing, source: Resource) -> Billing:
    """The same bill read from the properties of `source`, under what the resource itself says."""
    merged = {**source.properties, **{key: value for key, value in b.resource.properties.items() if value is not None}}
    return replace(b, resource=replace(b.resource, properties=merged))


def refuse_unlisted(b: Billing) -> None:
    """Refuses what has no list price here: spot, other tenancy than shared, and Windows images."""
    market = b.text("instanceMarketOptions.marketType", "")
    if market:
        msg = f"property `instanceMarketOptions.marketType` is {market!r}; only on-demand instances have a list price"
        raise Unpriceable(msg)
    if b.resource.get("spotPrice") is not None:
        msg = "property `spotPrice` is set; only on-demand instances have a list price"
        raise Unpriceable(msg)
    for path in ("tenancy", "placement.tenancy", "placementTenancy"):
        tenancy = b.text(path, "default")
        if tenancy != "default":
            msg = f"property `{path}` is {tenancy!r}; accepted is default (shared hardware)"
            raise Unpriceable(msg)
    for path in ("ami", "imageId"):
        image = b.resource.get(path)
        if isinstance(image, str) and "windows" in image.lower():
            msg = f"property `{path}` is {image!r}; only Linux images have a price here"
            raise Unpriceable(msg)


def compute(b: Billing, kind: str, count: Quantity) -> Iterator[LineItem]:
    """Hours of `count` Linux instances of one type, and what they burst above their credits."""
    yield b.item(
        f"Instance ({kind}, Linux, on demand)",
        f"ec2.linux.{kind}",
        count * b.hours,
        f"{shown(count)} x {b.hours} hours",
    )
    family = kind.partition(".")[0]
    if family in ("t2", "t3", "t3a", "t4g"):
        yield from b.optional_item("CPU credits above the baseline", f"ec2.cpu_credits.{family}", "surplus_vcpu_hours")
    yield from b.optional_item("Data to the internet", "data_transfer.internet_out", "internet_out_gb")


def detailed_monitoring(b: Billing, count: Quantity) -> LineItem:
    """One-minute metrics are seven custom metrics for each instance."""
    return b.item(
        "Detailed monitoring",
        "cloudwatch.metric",
        count * DETAILED_METRICS,
        f"{DETAILED_METRICS} metrics x {shown(count)}",
    )
