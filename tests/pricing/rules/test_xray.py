from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.billing import Billing
from pricing.estimate import Estimate
from pricing.price_book import PriceBook
from pricing.quantity import Quantity
from pricing.registry import unit_of
from pricing.resource import UNKNOWN, Graph, Resource
from pricing.rules.xray import default_sampling
from pricing.usage import Usage

RULE, GROUP = "aws:xray/samplingRule:SamplingRule", "aws:xray/group:Group"
TRACES = "Traces recorded"
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize(
    ("reservoir", "rate", "usage", "usd", "source"),
    [
        (0, 0, None, "0", "a rule that excludes health checks records nothing"),
        (0, 0.05, {"requests": 1_000_000}, "0.25", "50,000 traces x 5.00 per million"),
        (1, 0.05, {"requests": 350_400}, "1.752", "default rule, low traffic: every request is recorded"),
        (1, 0.05, {"requests": 10_000_000}, "14.983", "2,628,000 + 5 % of 7,372,000 = 2,996,600 traces"),
        (1, 0, {"requests": 10_000_000}, "13.14", "one a second and no more: 2,628,000 traces"),
        (0, 1, {"requests": 2_000_000}, "10", "all requests"),
        (1, 0.05, {"traces": 110_000, "requests": 10_000_000}, "0.55", "measured traces count"),
        (1, 0.05, None, None, "requests are not declared"),
    ],
)
def test_traces_follow_from_the_sampling_rule(
    lines: Lines, reservoir: int, rate: float, usage: dict[str, object] | None, usd: str | None, source: str
) -> None:
    rule = {"reservoirSize": reservoir, "fixedRate": rate}
    assert lines(RULE, rule, usage) == {TRACES: None if usd is None else Decimal(usd)}, source


def test_a_hundred_thousand_traces_are_free(declare: Callable[..., Resource], price: Callable[..., Estimate]) -> None:
    rule = declare(RULE, {"reservoirSize": 0, "fixedRate": 0.1})
    result = price(rule, usage={"requests": 1_100_000})
    assert result.total.expected == Decimal("0.55")
    assert result.total_after_free_tier is not None
    assert result.total_after_free_tier.expected == Decimal("0.05")  # 10,000 past the free 100,000


@pytest.mark.parametrize(
    ("requests", "traces"),
    [(0, "0"), (1_000_000, "1000000"), (2_628_000, "2628000"), (10_000_000, "2996600")],  # as of the default rule above
)
def test_the_default_rule_records_the_first_of_each_second_and_a_share_of_the_rest(
    declare: Callable[..., Resource], requests: int, traces: str
) -> None:
    resource = declare(RULE)
    billing = Billing(
        resource=resource,
        graph=Graph([resource]),
        usage=Usage(),
        book=PriceBook({}, ""),
        default_region="us-east-1",
        unit_of=unit_of,
    )
    assert default_sampling(billing, Quantity.exact(requests)) == Quantity.exact(Decimal(traces))


def test_an_unknown_rate_is_refused(refusal: Callable[..., str]) -> None:
    assert refusal(RULE, {"reservoirSize": 1, "fixedRate": UNKNOWN}).startswith("unbounded-unknown")


def test_a_group_bills_retrieval_and_insights(lines: Lines) -> None:
    assert lines(GROUP) == {"Traces retrieved": Decimal(0)}
    both = {"insightsConfiguration": {"insightsEnabled": True}}
    assert lines(GROUP, both, {"traces_scanned": 2_000_000, "insights_traces": 500_000}) == {
        "Traces retrieved": Decimal(1),
        "Traces processed by Insights": Decimal("0.5"),
    }
    assert lines(GROUP, both)["Traces processed by Insights"] is None


@given(
    seconds=st.lists(st.integers(0, 50), min_size=1, max_size=30),
    reservoir=st.integers(0, 20),
    rate=st.decimals(0, 1, places=2),
)
def test_no_spread_of_requests_records_more_than_an_even_one(seconds: list[int], reservoir: int, rate: Decimal) -> None:
    def recorded(count: Decimal, held: Decimal) -> Decimal:
        return min(count, held) + rate * max(Decimal(0), count - held)

    spread = sum(recorded(Decimal(count), Decimal(reservoir)) for count in seconds)
    assert spread <= recorded(Decimal(sum(seconds)), Decimal(reservoir * len(seconds)))
