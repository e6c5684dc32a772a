from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.resource import UNKNOWN, Resource

CANARY = "aws:synthetics/canary:Canary"
RUNS, REQUESTS, DURATION = "Canary runs", "Lambda requests of the canary", "Lambda duration of the canary"
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize(
    ("expression", "usd", "source"),
    [
        ("rate(5 minutes)", "10.512", "8,760 runs x 0.0012"),
        ("rate(1 minute)", "52.56", "43,800 runs x 0.0012"),
        ("rate(1 hour)", "0.876", "730 runs x 0.0012"),
        ("cron(0 9 ? * MON *)", "0.0052", "52/12 runs x 0.0012"),
        ("rate(0 minute)", "0.0012", "0 means once"),
    ],
)
def test_runs_follow_from_the_schedule(lines: Lines, expression: str, usd: str, source: str) -> None:
    assert lines(CANARY, {"schedule": {"expression": expression}})[RUNS] == Decimal(usd), source


def test_each_run_is_a_lambda_invocation(lines: Lines) -> None:
    hourly = {"schedule": {"expression": "rate(1 hour)"}, "runConfig": {"memoryInMb": 1024}}
    assert lines(CANARY, hourly, {"run_seconds": 20}) == {
        RUNS: Decimal("0.876"),
        REQUESTS: Decimal("0.000146"),  # 730 x 0.20 / 1 M
        DURATION: Decimal("0.243334"),  # 730 x 20 s x 1 GB x 0.0000166667
    }
    assert lines(CANARY, hourly)[DURATION] is None


def test_a_canary_that_is_not_started_costs_nothing(lines: Lines) -> None:
    stopped = {"schedule": {"expression": "rate(1 hour)"}, "startCanary": False}
    assert lines(CANARY, stopped, {"run_seconds": 20})[RUNS] == 0
    assert lines(CANARY, {**stopped, "startCanary": UNKNOWN}, {"run_seconds": 20})[RUNS] == Decimal("0.876")


def test_retries_widen_the_maximum(declare: Callable[..., Resource], price: Callable[..., Estimate]) -> None:
    canary = declare(CANARY, {"schedule": {"expression": "rate(1 hour)", "retryConfig": {"maxRetries": 2}}})
    quantity = next(iter(price(canary).items())).quantity
    assert quantity is not None
    assert [quantity.expected, quantity.maximum] == [730, 2190]


def test_an_unknown_schedule_is_bounded_by_usage(lines: Lines, refusal: Callable[..., str]) -> None:
    unknown = {"schedule": {"expression": UNKNOWN}}
    assert "declare usage `runs_per_month`" in refusal(CANARY, unknown)
    assert lines(CANARY, unknown, {"runs_per_month": 1000, "run_seconds": 1})[RUNS] == Decimal("1.2")
    assert "accepted are rate" in refusal(CANARY, {"schedule": {"expression": "hourly"}})


def test_active_tracing_records_each_run(lines: Lines) -> None:
    traced = {"schedule": {"expression": "rate(5 minutes)"}, "runConfig": {"activeTracing": True}}

    assert lines(CANARY, traced, {"run_seconds": 1})["Traces recorded"] == Decimal("0.0438")
    assert "Traces recorded" not in lines(CANARY, {"schedule": traced["schedule"]}, {"run_seconds": 1})
