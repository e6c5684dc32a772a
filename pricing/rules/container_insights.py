"""Container Insights for ECS: the metric count follows from services, tasks and launch type, and is billed per metric.

Counts are rows of AWS's metric tables, a task having one container. Standard: 11 per cluster, 13 per service, 8 per
task definition family. Enhanced: 23 per cluster, 45 per service, 40 per running task; Fargate adds the three
ephemeral-storage metrics to each set of dimensions: 26, 51 and 46.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from contract import borrowed_types
from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity, total
from pricing.registry import UsageKey, priced
from pricing.resource import UNKNOWN, Resource
from pricing.rules.arithmetic import shown
from pricing.rules.references import refers_to
from pricing.rules.scaling import scaled
from pricing.rules.schedules import hours_share

_STANDARD: Final = (11, 13, 8)  # cluster, service, family
_ENHANCED: Final = {"EC2": (23, 45, 40), "FARGATE": (26, 51, 46)}  # cluster, service, task
_SERVICE: Final = "aws:ecs/service:Service"
_ENHANCED_PRICE: Final = "cloudwatch.metric.container_insights"
_NAME: Final = "Container Insights metrics"
_FAMILIES = UsageKey(name="task_families", unit="families", meaning="task definition families, if not one per service")
_LOGS = UsageKey(
    name="performance_log_gb", unit="GB", meaning="performance log events a month (standard mode)", default="1"
)
_UNSURE: Final = "unknown"
_GAME_DAY = "hours a month around experiments with Container Insights on"


@priced(
    "aws:ecs/cluster:Cluster",
    usage=[
        UsageKey(name="services", unit="services", meaning="ECS services in the cluster, when the stack has none"),
        UsageKey(name="tasks", unit="tasks", meaning="running tasks of all services, when the stack does not tell"),
        UsageKey(name="gameday_hours", unit="hours", meaning=_GAME_DAY, default="0"),
        _FAMILIES,
        _LOGS,
    ],
)
def ecs_cluster(b: Billing) -> Iterator[LineItem]:
    """A cluster is free; `containerInsights` in its settings is not."""
    mode = _setting(b)
    services = [s for s in b.graph.of_type(_SERVICE) if refers_to(s, b.resource, "cluster")]
    count = Quantity.exact(len(services)) if services else b.use("services")
    if mode == "enabled":
        yield from _standard_lines(b, count)
        return
    hours = b.used("gameday_hours") if mode == "disabled" else None
    if hours is not None and hours.maximum == 0:
        yield b.item(f"{_NAME} (off)", _ENHANCED_PRICE, 0, "0 metrics: containerInsights is not enabled")
        return
    tasks = (_running_tasks(b, services) if services else None) or b.use("tasks")
    launch = "FARGATE" if any(_is_fargate(service) for service in services) else "EC2"
    enhanced = [_enhanced_line(b, launch, count, tasks, hours)]
    yield from enhanced if mode != _UNSURE else _dearer(enhanced, list(_standard_lines(b, count)))


@priced(
    borrowed_types.CLUSTER_INSIGHTS,
    usage=[
        UsageKey(name="services", unit="services", meaning="ECS services in the cluster", default="1"),
        UsageKey(name="tasks", unit="tasks", meaning="running tasks of all services", default="2"),
        UsageKey(name="gameday_hours", unit="hours", meaning=_GAME_DAY),
        _FAMILIES,
        _LOGS,
    ],
)
def cluster_insights(b: Billing) -> Iterator[LineItem]:
    """Container Insights of an existing cluster: off, on in the hours of experiments (enhanced), or always on."""
    mode = b.text("mode", unknown="always")
    if mode not in ("off", "gameday", "always"):
        msg = f"property `mode` is {mode!r}; accepted are off, gameday, always"
        raise Unpriceable(msg)
    services, tasks = _count(b, "services"), _count(b, "tasks")
    launch = b.text("launchType", "EC2", unknown="FARGATE")
    if mode == "off":
        yield b.item(f"{_NAME} (off)", _ENHANCED_PRICE, 0, "0 metrics: mode is off")
    elif mode == "always":
        value = b.text("value", "", unknown=_UNSURE)
        enhanced, standard = [_enhanced_line(b, launch, services, tasks, None)], list(_standard_lines(b, services))
        yield from _dearer(enhanced, standard) if value == _UNSURE else standard if value == "enabled" else enhanced
    else:
        hours = b.use("gameday_hours")
        if hours is None:
            formula = "gameday_hours (not declared)"
            yield b.item(f"{_NAME} (game days)", _ENHANCED_PRICE, None, formula, usage_key="gameday_hours")
        else:
            yield _enhanced_line(b, launch, services, tasks, hours)


def _count(b: Billing, path: str) -> Quantity | None:
    """A number of the program, or declared usage when the program does not hold it."""
    return b.use(path) if b.resource.get(path) is None else b.number(path, unknown=path)


def _setting(b: Billing) -> str:
    """The value of the `containerInsights` setting; an unknown one counts as the dearer of the two that are on."""
    if b.resource.get("settings") is UNKNOWN:
        b.bounded.append("settings")
        return _UNSURE
    for setting in b.items_of("settings"):
        name = setting.get("name") if isinstance(setting, dict) else UNKNOWN
        value = setting.get("value") if isinstance(setting, dict) else UNKNOWN
        if name not in ("containerInsights", UNKNOWN):
            continue
        if value is UNKNOWN:
            b.bounded.append("settings")
            return _UNSURE
        if value in ("enhanced", "enabled", "disabled"):
            return str(value)
        msg = f"property `settings` has containerInsights {value!r}; accepted are enhanced, enabled, disabled"
        raise Unpriceable(msg)
    return "disabled"


def _running_tasks(b: Billing, services: list[Resource]) -> Quantity | None:
    """The tasks of all services, as a range where they are scaled; a service that says nothing has one."""
    counts = [service.get("desiredCount", Decimal(1)) for service in services]
    known = [Quantity.exact(count) for count in counts if isinstance(count, Decimal)]
    if len(known) < len(counts):
        return None
    return total(
        scaled(replace(b, resource=service), count, "service", "ecs:service:DesiredCount")
        for service, count in zip(services, known, strict=True)
    )


def _is_fargate(service: Resource) -> bool:
    strategies = service.get("capacityProviderStrategies")
    listed = strategies if isinstance(strategies, list) else []
    providers = [item.get("capacityProvider") for item in listed if isinstance(item, dict)]
    return service.get("launchType") == "FARGATE" or any(str(name).startswith("FARGATE") for name in providers)


def _dearer(one: list[LineItem], other: list[LineItem]) -> list[LineItem]:
    """Of two ways to bill, the dearer; what is not declared is the dearest."""
    return max(one, other, key=_most)


def _most(lines: list[LineItem]) -> Decimal:
    return sum((Decimal("Infinity") if item.cost is None else item.cost.maximum for item in lines), Decimal(0))


def _enhanced_line(
    b: Billing, launch: str, services: Quantity | None, tasks: Quantity | None, hours: Quantity | None
) -> LineItem:
    """Enhanced metrics for the whole month, or for hours of it."""
    cluster, service, task = _ENHANCED["FARGATE" if launch == "FARGATE" else "EC2"]
    formula = f"{cluster} + {service} x {shown(services)} service(s) + {task} x {shown(tasks)} task(s)"
    name = f"{_NAME} (enhanced)" if hours is None else f"{_NAME} (game days)"
    if services is None or tasks is None:
        missing = "services" if services is None else "tasks"
        return b.item(name, _ENHANCED_PRICE, None, formula, usage_key=missing)
    metrics = Quantity.exact(cluster) + services * service + tasks * task
    formula = f"{formula} = {shown(metrics)} metrics"
    if hours is None:
        return b.item(name, _ENHANCED_PRICE, metrics, formula)
    formula = f"({formula}) x {shown(hours)} of {shown(b.hours)} hours"
    return b.item(name, _ENHANCED_PRICE, metrics * hours_share(hours, b.hours), formula, by_usage=True)


def _standard_lines(b: Billing, services: Quantity | None) -> Iterator[LineItem]:
    """Standard metrics are custom metrics, and their log events are ingested as logs."""
    cluster, service, family = _STANDARD
    families = b.use("task_families") or services
    formula = f"{cluster} + {service} x {shown(services)} service(s) + {family} x {shown(families)} task family(ies)"
    name = f"{_NAME} (standard)"
    if services is None:
        yield b.item(name, "cloudwatch.metric", None, formula, usage_key="services")
    else:
        assert families is not None
        metrics = Quantity.exact(cluster) + services * service + families * family
        yield b.item(name, "cloudwatch.metric", metrics, f"{formula} = {shown(metrics)} metrics")
    yield b.usage_item("Container Insights performance logs", "logs.ingest.standard", "performance_log_gb")
