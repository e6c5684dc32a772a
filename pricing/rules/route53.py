"""Route 53: health checks with their optional features, hosted zones, queries."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced, through_parent
from pricing.rules.arithmetic import shown

_PAGE = "https://aws.amazon.com/route53/pricing/"
_FAST_INTERVAL = 30  # seconds; anything below is an optional feature
_WITHOUT_ENDPOINT = frozenset({"CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"})
_AWS_DOMAINS = (".amazonaws.com", ".cloudfront.net", ".awsglobalaccelerator.com")


@priced(
    "aws:route53/healthCheck:HealthCheck",
    usage=[
        UsageKey(name="outside_aws", unit="0 or 1", meaning="1 when the checked endpoint is not in AWS", default="0"),
        UsageKey(name="request_interval", unit="seconds", meaning="interval of the check when it is unknown"),
    ],
)
def health_check(b: Billing) -> Iterator[LineItem]:
    """A check-month, and each of HTTPS, string matching, fast interval and latency measurement."""
    kind = b.text("type", unknown="HTTPS_STR_MATCH").upper()
    outside = _outside(b, kind)
    features = [] if kind in _WITHOUT_ENDPOINT else _features(b, kind)
    inside = Quantity(1 - outside.maximum, 1 - outside.expected, 1 - outside.minimum)
    for place, where, count in (("aws", "an AWS endpoint", inside), ("other", "an endpoint outside AWS", outside)):
        if count.maximum == 0:
            continue
        yield b.item(f"Health check of {where}", f"route53.health_check.{place}", count, f"{shown(count)} check")
        if features:
            formula = f"{shown(count)} check x {len(features)}: {', '.join(features)}"
            key = f"route53.health_check.feature.{place}"
            yield b.item("Optional features of the check", key, count * len(features), formula)


def _outside(b: Billing, kind: str) -> Quantity:
    name = b.resource.get("fqdn")
    if kind in _WITHOUT_ENDPOINT or (isinstance(name, str) and name.endswith(_AWS_DOMAINS)):
        return Quantity.exact(0)
    return b.used("outside_aws").map(lambda value: min(value, Decimal(1)))


def _features(b: Billing, kind: str) -> list[str]:
    interval = b.number("requestInterval", unknown="request_interval", default=_FAST_INTERVAL).minimum
    wanted = {
        "HTTPS": kind.startswith("HTTPS"),
        "string matching": kind.endswith("STR_MATCH"),
        "fast interval": interval < _FAST_INTERVAL,
        "latency measurement": b.flag("measureLatency", unknown=True),
    }
    return [name for name, is_on in wanted.items() if is_on]


@priced(
    "aws:route53/zone:Zone",
    usage=[
        UsageKey(name="queries", unit="queries", meaning="DNS queries a month, those to AWS aliases aside", default="0")
    ],
)
def zone(b: Billing) -> Iterator[LineItem]:
    """A zone-month and its queries; queries of private zones are billed too."""
    yield b.item("Hosted zone", "route53.zone", 1, "1 zone")
    yield b.usage_item("DNS queries", "route53.queries", "queries", divisor=1_000_000)


through_parent(
    "aws:route53/record:Record",
    "aws:route53/recordsExclusive:RecordsExclusive",
    why="queries are billed with the hosted zone; records up to 10,000 are included",
    source=_PAGE,
)
free(
    "aws:route53/delegationSet:DelegationSet",
    "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization",
    "aws:route53/zoneAssociation:ZoneAssociation",
    why="a setting of a hosted zone",
    source=_PAGE,
)
