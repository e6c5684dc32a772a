from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from pricing.resource import UNKNOWN

SECRET = "aws:secretsmanager/secret:Secret"
INFRACOST = "infracost secretsmanager_secret_test.golden"


def test_secrets_cost_what_aws_lists(lines: Callable[..., dict[str, Decimal]]) -> None:
    assert lines(SECRET) == {"Secret": Decimal("0.4"), "Secret requests": Decimal(0)}, INFRACOST
    assert lines(SECRET, {}, {"requests": 100_000})["Secret requests"] == Decimal("0.5"), INFRACOST
    two = [{"region": "us-west-2"}, {"region": "eu-west-1"}]
    assert lines(SECRET, {"replicas": two})["Secret"] == Decimal("1.2"), "a replica is a secret"


def test_unknown_replicas_are_refused(refusal: Callable[..., str]) -> None:
    assert refusal(SECRET, {"replicas": UNKNOWN}).startswith("unbounded-unknown")
