from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.resource import UNKNOWN

CHECK = "aws:route53/healthCheck:HealthCheck"
INFRACOST = "infracost route53_health_check_test.golden"
OUTSIDE = {"outside_aws": 1}
ALL = {"type": "HTTPS_STR_MATCH", "requestInterval": 10, "measureLatency": True}
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize(
    ("properties", "usage", "usd", "source"),
    [
        ({"type": "HTTP"}, None, "0.5", INFRACOST + " simple"),
        ({"type": "HTTP"}, OUTSIDE, "0.75", INFRACOST + " simple_withUsage"),
        ({"type": "HTTPS", "requestInterval": 30}, None, "1.5", INFRACOST + " https"),
        ({"type": "HTTPS", "requestInterval": 30}, OUTSIDE, "2.75", INFRACOST + " https_withUsage"),
        ({"type": "HTTPS_STR_MATCH"}, None, "2.5", INFRACOST + " ssl_string_match"),
        (ALL, None, "4.5", INFRACOST + " ssl_latency_interval_string_match"),
        (ALL, OUTSIDE, "8.75", INFRACOST + " ssl_latency_interval_string_match_withUsage"),
        ({"type": "TCP", "fqdn": "x.elb.amazonaws.com"}, OUTSIDE, "0.5", "an endpoint of AWS by its name"),
        ({"type": "CALCULATED", "measureLatency": True}, OUTSIDE, "0.5", "no endpoint, no features"),
        ({"type": UNKNOWN}, None, "2.5", "an unknown type is the dearest"),
        ({"type": "HTTP", "requestInterval": UNKNOWN}, {"request_interval": 10}, "1.5", "bounded by usage"),
    ],
)
def test_health_checks_cost_what_aws_lists(
    lines: Lines, properties: dict[str, object], usage: dict[str, object] | None, usd: str, source: str
) -> None:
    assert sum(cost for cost in lines(CHECK, properties, usage).values() if cost is not None) == Decimal(usd), source


def test_an_unknown_interval_needs_a_bound(refusal: Callable[..., str]) -> None:
    assert "declare usage `request_interval`" in refusal(CHECK, {"type": "TCP", "requestInterval": UNKNOWN})


def test_a_zone_bills_the_month_and_its_queries(lines: Lines) -> None:
    # AWS Route 53 pricing: 0.50 a zone, 0.40 per million queries
    assert lines("aws:route53/zone:Zone", {}, {"queries": 2_000_000}) == {
        "Hosted zone": Decimal("0.5"),
        "DNS queries": Decimal("0.8"),
    }
