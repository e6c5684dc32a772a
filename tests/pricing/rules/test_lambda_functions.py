from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.resource import UNKNOWN, Resource

FUNCTION = "aws:lambda/function:Function"
CONCURRENCY = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
INFRACOST = "infracost lambda_function_test.golden"
X86, ARM = "Duration (x86_64)", "Duration (arm64)"
USAGE = {"requests": 100_000, "duration_ms": 350}
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize(
    ("properties", "usage", "line", "usd", "source"),
    [
        ({}, USAGE, X86, "0.072917", INFRACOST + ": 100,000 x 0.35 s x 128 MB = 4,375 GB-s, 0.07"),
        ({"memorySize": 512}, USAGE, X86, "0.291667", INFRACOST + ": 17,500 GB-s, 0.29"),
        ({"memorySize": 512, "architectures": ["arm64"]}, USAGE, ARM, "0.233334", INFRACOST + ": 0.23"),
        (
            {"memorySize": 1024}, {"requests": 15_000_000_000, "duration_ms": 2000}, X86, "435001.2",
            INFRACOST + ": 6 B x 0.0000166667 + 9 B x 0.000015 + 15 B x 0.0000133334",
        ),
        (
            {"memorySize": 1024, "architectures": ["arm64"]}, {"requests": 18_750_000_000, "duration_ms": 2000},
            ARM, "435002.25", INFRACOST + ": 100,000.50 + 135,001.125 + 200,000.625",
        ),
        ({"architectures": UNKNOWN}, USAGE, X86, "0.072917", "an unknown architecture is the dearest"),
        ({"architectures": [UNKNOWN]}, USAGE, X86, "0.072917", "an unknown architecture is the dearest"),
        ({"memorySize": UNKNOWN}, {**USAGE, "memory_mb": 512}, X86, "0.291667", "bounded by usage"),
    ],
)  # fmt: skip
def test_duration_is_memory_times_time(
    lines: Lines, properties: dict[str, object], usage: dict[str, object], line: str, usd: str, source: str
) -> None:
    assert lines(FUNCTION, properties, usage)[line] == Decimal(usd), source


def test_requests_are_twenty_cents_a_million(lines: Lines) -> None:
    assert lines(FUNCTION, {}, USAGE)["Requests"] == Decimal("0.02")  # infracost lambda_function_test.golden


def test_requests_and_duration_must_be_declared(lines: Lines) -> None:
    assert lines(FUNCTION) == {"Requests": None, X86: None}
    assert lines(FUNCTION, {"ephemeralStorage": {"size": 1024}})["Ephemeral storage"] is None


def test_storage_past_512_mb_is_billed(lines: Lines) -> None:
    usage = {"requests": 1_000_000, "duration_ms": 10_000}
    # 10,000,000 s x 1.5 GB x 0.0000000309
    assert lines(FUNCTION, {"ephemeralStorage": {"size": 2048}}, usage)["Ephemeral storage"] == Decimal("0.4635")
    assert "Ephemeral storage" not in lines(FUNCTION, {"ephemeralStorage": {"size": 512}}, usage)


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"architectures": ["riscv"]}, "accepted are x86_64, arm64"),
        (
            {"snapStart": {"applyOn": "PublishedVersions"}, "runtime": "python3.12"},
            "SnapStart has a price only for Java",
        ),
        ({"memorySize": UNKNOWN}, "declare usage `memory_mb`"),
        ({"memorySize": "much"}, "a number of zero or more"),
    ],
)
def test_what_has_no_price_is_refused(refusal: Callable[..., str], properties: dict[str, object], reason: str) -> None:
    assert reason in refusal(FUNCTION, properties, USAGE)


def test_snapstart_of_java_is_included(lines: Lines) -> None:
    java = {"snapStart": {"applyOn": "PublishedVersions"}, "runtime": "java21"}
    assert X86 in lines(FUNCTION, java, USAGE)


@pytest.mark.parametrize(
    ("architecture", "usd"),
    # 2 x 512 MB x 730 h x 3,600 s = 2,628,000 GB-s x 0.0000041667 or 0.0000033334
    [("x86_64", "10.950088"), ("arm64", "8.760175")],
)
def test_provisioned_concurrency_bills_the_month(
    declare: Callable[..., Resource], price: Callable[..., Estimate], architecture: str, usd: str
) -> None:
    function = declare(FUNCTION, {"memorySize": 512, "architectures": [architecture]}, "worker")
    ready = declare(
        CONCURRENCY, {"functionName": UNKNOWN, "provisionedConcurrentExecutions": 2}, "ready", (function.urn,)
    )
    (item,) = price(ready, function).resources[0].items
    assert item.cost is not None
    assert round(item.cost.expected, 6) == Decimal(usd)


def test_provisioned_concurrency_of_a_function_elsewhere_needs_its_memory(
    lines: Lines, refusal: Callable[..., str]
) -> None:
    ready = {"functionName": "elsewhere", "provisionedConcurrentExecutions": 1}
    assert "declare usage `memory_mb`" in refusal(CONCURRENCY, ready)
    # infracost lambda_provisioned_concurrency_config_test.golden: 0.0000041667 per GB-second; 1 GB for 10 hours
    assert lines(CONCURRENCY, ready, {"memory_mb": 1024, "hours": 10}) == {
        "Provisioned concurrency": Decimal("0.150001")
    }


def test_polling_is_included_unless_pollers_are_provisioned(lines: Lines, refusal: Callable[..., str]) -> None:
    token = "aws:lambda/eventSourceMapping:EventSourceMapping"
    assert lines(token, {"eventSourceArn": UNKNOWN}) == {"Event polling": Decimal(0)}
    assert "has no price" in refusal(token, {"provisionedPollerConfig": {"minimumPollers": 1}})


@pytest.mark.parametrize(
    ("mode", "usage", "usd"),
    [
        ("PassThrough", {}, None),
        ("Active", {}, "0.5"),  # 100,000 requests, fewer than one a second, are all recorded: x 5 / 1M
        ("Active", {"traces": 20_000}, "0.1"),
        (UNKNOWN, {}, "0.5"),
    ],
)
def test_active_tracing_bills_its_traces(mode: object, usage: dict[str, int], usd: str | None, lines: Lines) -> None:
    found = lines(FUNCTION, {"tracingConfig": {"mode": mode}}, {**USAGE, **usage}).get("Traces recorded")

    assert found == (None if usd is None else Decimal(usd))
