"""ECS services: free on EC2, billed by vCPU and memory on Fargate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pricing.billing import Billing, Unbounded, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced, through_parent
from pricing.resource import UNKNOWN, Plain, Resource
from pricing.rules.addresses import public_address
from pricing.rules.arithmetic import shown
from pricing.rules.references import referred
from pricing.rules.scaling import scaled

_DEFAULTS = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
_TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
_PAGE = "https://aws.amazon.com/fargate/pricing/"
_CPU_SHARES = Decimal(1024)
_FREE_STORAGE = Decimal(20)
_ARCHITECTURES = {"X86_64": "x86_64", "ARM64": "arm64"}


@priced(
    "aws:ecs/service:Service",
    "aws:ecs/taskSet:TaskSet",
    usage=[
        UsageKey(name="tasks", unit="tasks", meaning="running tasks when `desiredCount` is unknown"),
        UsageKey(name="task_vcpu", unit="vCPU", meaning="vCPU of a task whose definition is not in the stack"),
        UsageKey(name="task_memory_gb", unit="GB", meaning="memory of a task whose definition is not in the stack"),
    ],
)
def service(b: Billing) -> Iterator[LineItem]:
    """Tasks on Fargate bill vCPU, memory and storage above 20 GB by the hour; on EC2 the instances bill."""
    if not _on_fargate(b):
        return
    tasks = scaled(b, b.number("desiredCount", unknown="tasks", default=0), "service", "ecs:service:DesiredCount")
    hours = tasks * b.hours
    definition = referred(b, b.resource.get("taskDefinition"), _TASK_DEFINITION)
    yield from _compute(b, definition, hours, f"{shown(tasks)} tasks x {b.hours} hours")
    if b.flag("networkConfiguration.assignPublicIp", unknown=True):
        yield public_address(b, tasks)


def _on_fargate(b: Billing) -> bool:
    providers = _providers(b)
    if "FARGATE_SPOT" in providers:
        msg = "the capacity provider is 'FARGATE_SPOT', which has no list price; accepted are FARGATE and EC2 providers"
        raise Unpriceable(msg)
    if providers:
        return "FARGATE" in providers
    launch = b.text("launchType", "EC2", unknown="FARGATE")
    if launch not in ("EC2", "FARGATE"):
        msg = f"property `launchType` is {launch!r}; accepted are EC2, FARGATE"
        raise Unpriceable(msg)
    return launch == "FARGATE"


def _providers(b: Billing) -> list[str]:
    """The capacity providers of the service, or the default ones of the clusters when it does not choose."""
    own = b.items_of("capacityProviderStrategies")
    if own or b.resource.get("launchType") is not None:
        return [b.text(f"capacityProviderStrategies.{i}.capacityProvider") for i, _ in enumerate(own)]
    found: list[str] = []
    for defaults in b.graph.of_type(_DEFAULTS):
        for strategy in replace(b, resource=defaults).items_of("defaultCapacityProviderStrategies"):
            name = strategy.get("capacityProvider") if isinstance(strategy, dict) else UNKNOWN
            found.append(name if isinstance(name, str) else "FARGATE")
    return found


def _compute(b: Billing, definition: Resource | None, hours: Quantity, formula: str) -> Iterator[LineItem]:
    architecture = _architecture(definition)
    cpu = _of_task(b, definition, "cpu", "task_vcpu")
    memory = _of_task(b, definition, "memory", "task_memory_gb")
    for name, key, amount, unit, usage_key in (
        ("Fargate vCPU", f"fargate.vcpu.{architecture}", cpu, "vCPU", "task_vcpu"),
        ("Fargate memory", f"fargate.memory.{architecture}", memory, "GB", "task_memory_gb"),
    ):
        declared = definition is None
        quantity = None if amount is None else amount * hours
        size = f"{usage_key} (not declared)" if amount is None else f"{shown(amount)} {unit}"
        yield b.item(name, key, quantity, f"{size} x {formula}", usage_key=usage_key if declared else None)
    storage = definition.get("ephemeralStorage.sizeInGib") if definition else None
    if storage is UNKNOWN:
        raise Unbounded("ephemeralStorage.sizeInGib", None)
    extra = _number(storage) - _FREE_STORAGE if storage is not None else Decimal(0)
    if extra > 0:
        yield b.item(
            "Fargate storage above 20 GB", "fargate.ephemeral_storage", hours * extra, f"{extra:f} GB x {formula}"
        )


def _architecture(definition: Resource | None) -> str:
    value = definition.get("runtimePlatform.cpuArchitecture") if definition else None
    system = definition.get("runtimePlatform.operatingSystemFamily") if definition else None
    if isinstance(system, str) and system != "LINUX":
        msg = f"property `runtimePlatform.operatingSystemFamily` is {system!r}; accepted is LINUX"
        raise Unpriceable(msg)
    if value is None or value is UNKNOWN:
        return "x86_64"
    if value not in _ARCHITECTURES:
        msg = f"property `runtimePlatform.cpuArchitecture` is {value!r}; accepted are {', '.join(_ARCHITECTURES)}"
        raise Unpriceable(msg)
    return _ARCHITECTURES[str(value)]


def _of_task(b: Billing, definition: Resource | None, path: str, key: str) -> Quantity | None:
    """VCPU or GB of one task. Definitions say 1024ths (`1024`), or units (`1 vCPU`, `2 GB`)."""
    value = definition.get(path) if definition else None
    if definition is None or value is UNKNOWN:
        return b.use(key)
    if value is None:
        msg = f"property `{path}` of {definition.name} is absent; a Fargate task needs it"
        raise Unpriceable(msg)
    return Quantity.exact(_number(value) if _has_unit(value) else _number(value) / _CPU_SHARES)


def _has_unit(value: Plain) -> bool:
    return isinstance(value, str) and value.strip().lower().endswith(("vcpu", "gb"))


def _number(value: Plain) -> Decimal:
    text = str(value).lower().replace("vcpu", "").replace("gb", "").strip()
    if text.replace(".", "", 1).isdigit():
        return Decimal(text)
    msg = f"task size {value!r} is not a number of 1024ths, of vCPU or of GB"
    raise Unpriceable(msg)


through_parent(
    _TASK_DEFINITION,
    why="a description; the tasks made from it are billed with their service",
    source="https://aws.amazon.com/ecs/pricing/",
)
free(
    "aws:ecs/accountSettingDefault:AccountSettingDefault",
    "aws:ecs/capacityProvider:CapacityProvider",
    _DEFAULTS,
    "aws:ecs/tag:Tag",
    why="a setting; ECS itself is free of charge, instances and Fargate tasks bill",
    source="https://aws.amazon.com/ecs/pricing/",
)
