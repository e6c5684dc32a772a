from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.resource import UNKNOWN, Resource

CLUSTER, SERVICE = "aws:ecs/cluster:Cluster", "aws:ecs/service:Service"
INSIGHTS = "pulumi-python:dynamic/observability:ClusterInsights"
ENHANCED, STANDARD = "Container Insights metrics (enhanced)", "Container Insights metrics (standard)"
PERFORMANCE = "Container Insights performance logs"
Lines = Callable[..., dict[str, Decimal | None]]


def settings(value: object) -> dict[str, object]:
    return {"settings": [{"name": "containerInsights", "value": value}]}


@pytest.mark.parametrize(
    ("properties", "usage", "expected", "source"),
    [
        ({}, None, {"Container Insights metrics (off)": "0"}, "a cluster itself is free"),
        (settings("disabled"), None, {"Container Insights metrics (off)": "0"}, "a cluster itself is free"),
        (
            settings("enabled"), {"services": 1, "performance_log_gb": 2},
            {STANDARD: "9.6", PERFORMANCE: "1"}, "11 + 13 + 8 = 32 custom metrics x 0.30; 2 GB x 0.50",
        ),
        (
            settings("enabled"), {"services": 1, "task_families": 3, "performance_log_gb": 0},
            {STANDARD: "14.4", PERFORMANCE: "0"}, "11 + 13 + 3 x 8 = 48 custom metrics",
        ),
        (settings("enhanced"), {"services": 1, "tasks": 2}, {ENHANCED: "10.36"}, "23 + 45 + 2 x 40 = 148 x 0.07"),
        (settings(UNKNOWN), {"services": 1, "tasks": 2}, {ENHANCED: "10.36"}, "unknown is the dearest"),
        ({"settings": UNKNOWN}, {"services": 1, "tasks": 2}, {ENHANCED: "10.36"}, "unknown is the dearest"),
        (settings("enhanced"), {"services": 1}, {ENHANCED: None}, "tasks are not declared"),
        (settings("enabled"), None, {STANDARD: None, PERFORMANCE: "0.5"}, "services are not declared"),
        (
            settings("disabled"), {"services": 1, "tasks": 2, "gameday_hours": 4},
            {"Container Insights metrics (game days)": "0.056767"}, "148 x 0.07 x 4 / 730",
        ),
    ],
)  # fmt: skip
def test_a_cluster_bills_container_insights_by_metric(
    lines: Lines, properties: dict[str, object], usage: dict[str, object], expected: dict[str, str | None], source: str
) -> None:
    wanted = {name: None if usd is None else Decimal(usd) for name, usd in expected.items()}
    assert lines(CLUSTER, properties, usage) == wanted, source


def test_an_unheard_of_setting_is_refused(refusal: Callable[..., str]) -> None:
    assert "accepted are enhanced, enabled, disabled" in refusal(CLUSTER, settings("on"))


@pytest.mark.parametrize(
    ("launch", "usd"),
    [("EC2", "16.31"), ("FARGATE", "18.62")],  # 23 + 2x45 + 3x40 = 233; 26 + 2x51 + 3x46 = 266; x 0.07
)
def test_services_of_the_stack_are_counted(
    declare: Callable[..., Resource], price: Callable[..., Estimate], launch: str, usd: str
) -> None:
    cluster = declare(CLUSTER, settings("enhanced"), name="shop")
    services = [
        declare(SERVICE, {"desiredCount": n, "launchType": launch, "cluster": UNKNOWN}, f"s{n}", (cluster.urn,))
        for n in (1, 2)
    ]
    elsewhere = declare(SERVICE, {"desiredCount": 9, "cluster": "other"}, name="other")
    (item,) = price(cluster, *services, elsewhere).resources[0].items
    assert item.cost is not None
    assert item.cost.expected == Decimal(usd)


@pytest.mark.parametrize(
    ("properties", "usage", "name", "usd", "source"),
    [
        ({"mode": "off", "services": 1, "tasks": 2}, None, "(off)", "0", "nothing is switched on"),
        ({"mode": "always", "services": 1, "tasks": 2}, None, "(enhanced)", "10.36", "148 x 0.07"),
        ({"mode": "always", "services": 1, "tasks": 2, "launchType": "FARGATE"}, None, "(enhanced)", "11.83", "169"),
        ({"mode": UNKNOWN, "services": 1, "tasks": 2}, None, "(enhanced)", "10.36", "an unknown mode is the dearest"),
        (
            {"mode": "gameday", "services": 1, "tasks": 2}, {"gameday_hours": 4},
            "(game days)", "0.056767", "148 x 0.07 x 4 / 730",
        ),
    ],
)  # fmt: skip
def test_modes_of_cluster_insights(
    lines: Lines, properties: dict[str, object], usage: dict[str, object] | None, name: str, usd: str, source: str
) -> None:
    assert lines(INSIGHTS, properties, usage) == {f"Container Insights metrics {name}": Decimal(usd)}, source


def test_game_day_hours_must_be_declared_and_the_formula_shows_them(
    declare: Callable[..., Resource], price: Callable[..., Estimate], refusal: Callable[..., str]
) -> None:
    game_day = {"mode": "gameday", "services": 1, "tasks": 2}
    assert "`gameday_hours`" in refusal(INSIGHTS, game_day)
    (item,) = price(declare(INSIGHTS, game_day), usage={"gameday_hours": 4}).items()
    assert item.formula == "(23 + 45 x 1 service(s) + 40 x 2 task(s) = 148 metrics) x 4 of 730 hours"


def test_unknown_services_are_bounded_by_usage_and_modes_are_closed(lines: Lines, refusal: Callable[..., str]) -> None:
    unknown = {"mode": "always", "services": UNKNOWN, "tasks": 2}
    assert refusal(INSIGHTS, unknown).startswith("unbounded-unknown")
    assert lines(INSIGHTS, unknown, {"services": 2}) == {"Container Insights metrics (enhanced)": Decimal("13.51")}
    assert "accepted are off, gameday, always" in refusal(INSIGHTS, {"mode": "sometimes"})


def test_always_on_is_priced_as_the_kind_that_the_cluster_is_told(lines: Lines) -> None:
    told = {"mode": "always", "value": "enabled", "cluster": "shop"}
    # 32 x 0.30, and 1 GB of log events unless declared
    assert lines(INSIGHTS, told) == {STANDARD: Decimal("9.6"), PERFORMANCE: Decimal("0.5")}
    assert lines(INSIGHTS, told, {"services": 2, "performance_log_gb": 0})[STANDARD] == Decimal("15.9")  # 53 x 0.30
    assert lines(INSIGHTS, {**told, "value": "enhanced"}) == {ENHANCED: Decimal("10.36")}


def test_fargate_is_seen_in_capacity_providers(
    declare: Callable[..., Resource], price: Callable[..., Estimate]
) -> None:
    cluster = declare(CLUSTER, settings("enhanced"), name="shop")
    strategy = [{"capacityProvider": "FARGATE", "weight": 1}]
    service = declare(
        SERVICE, {"desiredCount": UNKNOWN, "capacityProviderStrategies": strategy, "cluster": "shop"}, name="web"
    )
    (item,) = price(cluster, service, usage={"tasks": 2}).resources[0].items
    assert item.cost is not None
    assert item.cost.expected == Decimal("11.83")  # 26 + 51 + 2 x 46 = 169 x 0.07


@pytest.mark.parametrize(("told", "missing"), [("services", "tasks"), ("tasks", "services")])
def test_the_usage_that_is_missing_is_named(refusal: Callable[..., str], told: str, missing: str) -> None:
    assert f"`{missing}` is not declared" in refusal(CLUSTER, settings("enhanced"), {told: 1})
