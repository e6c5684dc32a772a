from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.resource import UNKNOWN

POLICY = "aws:resiliencehub/resiliencyPolicy:ResiliencyPolicy"
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize("token", ["aws:resiliencehub/app:App", "aws-native:resiliencehub:App"])
def test_an_application_is_fifteen_dollars(lines: Lines, token: str) -> None:
    assert lines(token) == {"Resilience Hub application": Decimal(15)}


@pytest.mark.parametrize(("discovery", "usd"), [(None, 15), ("DISABLED", 15), ("ENABLED", 25), (UNKNOWN, 25)])
def test_a_service_is_fifteen_and_its_dependencies_ten(lines: Lines, discovery: object, usd: int) -> None:
    found = lines("aws:resiliencehub/v2Service:V2Service", {"dependencyDiscovery": discovery})
    assert sum(cost for cost in found.values() if cost is not None) == usd


def test_a_policy_bills_the_applications_assessed_under_it(lines: Lines) -> None:
    assert lines(POLICY) == {"Resilience Hub applications": None}
    assert lines(POLICY, {}, {"applications": 2}) == {"Resilience Hub applications": Decimal(30)}
