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
TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
_CLUSTER = "aws:ecs/cluster:Cluster"
_INSIGHTS = "containerInsights"
SERVICE = "aws:ecs/service:Service"
_PAGE = "https://aws.amazon.com/fargate/pricing/"
_CPU_SHARES = Decimal(1024)
_FREE_STORAGE = Decimal(20)
_ARCHITECTURES = {"X86_64": "x86_64", "ARM64": "arm64"}


TASK_SIZE = (
    UsageKey(name="task_vcpu", unit="vCPU", meaning="vCPU of a task whose definition is not in the stack"),
    UsageKey(name="task_memory_gb", unit="GB", meaning="memory of a task whose definition is not in the stack"),
)
_TASKS = UsageKey(name="tasks", unit="tasks", meaning="running tasks when their number is unknown")


@priced(SERVICE, usage=[_TASKS, *TASK_SIZE])
def service(b: Billing) -> Iterator[LineItem]:
    """Tasks on Fargate bill vCPU, memory and storage above 20 GB by the hour; on EC2 the instances bill."""
    if on_fargate(b):
        yield from _running(b, running_tasks(b))


@priced("aws:ecs/taskSet:TaskSet", usage=[_TASKS, *TASK_SIZE])
def task_set(b: Billing) -> Iterator[LineItem]:
    """A task set runs a share of its service's tasks: all of them, where nothing says less."""
    if not on_fargate(b):
        return
    owner = referred(b, b.resource.get("service"), SERVICE)
    share = (
        b.number("scale.value", default=100) if b.resource.get("scale.value") is not UNKNOWN else Quantity.exact(100)
    )
    tasks = b.use("tasks") if owner is None else running_tasks(replace(b, resource=owner)) * share / 100
    if tasks is None:
        raise Unbounded("service", "tasks")
    yield from _running(b, tasks)


def running_tasks(b: Billing) -> Quantity:
    """The tasks of a service, as a range where it is scaled."""
    return scaled(b, b.number("desiredCount", unknown="tasks", default=0), "service", "ecs:service:DesiredCount")


def _running(b: Billing, tasks: Quantity) -> Iterator[LineItem]:
    definition = referred(b, b.resource.get("taskDefinition"), TASK_DEFINITION)
    yield from fargate_lines(b, definition, tasks * b.hours, f"{shown(tasks)} tasks x {b.hours} hours")
    if b.flag("networkConfiguration.assignPublicIp", unknown=True):
        yield public_address(b, tasks)


def on_fargate(b: Billing, at: str = "", cluster: str = "cluster") -> bool:
    """Whether the tasks described at the prefix `at` run on Fargate; `cluster` is the path that names their cluster.

    Raises:
        Unpriceable: they run where there is no list price.
    """
    providers = _providers(b, at, cluster)
    if "FARGATE_SPOT" in providers:
        msg = "the capacity provider is 'FARGATE_SPOT', which has no list price; accepted are FARGATE and EC2 providers"
        raise Unpriceable(msg)
    if providers:
        return "FARGATE" in providers
    if b.resource.get(f"{at}launchType") is None and referred(b, b.resource.get(cluster, "default"), _CLUSTER) is None:
        msg = f"property `{at}launchType` is absent, and the cluster's capacity providers are decided elsewhere; set it"
        raise Unpriceable(msg)
    launch = b.text(f"{at}launchType", "EC2", unknown="FARGATE")
    if launch not in ("EC2", "FARGATE"):
        msg = f"property `{at}launchType` is {launch!r}; accepted are EC2, FARGATE"
        raise Unpriceable(msg)
    return launch == "FARGATE"


def _providers(b: Billing, at: str, cluster: str) -> list[str]:
    """The capacity providers that are chosen, or the default ones of the cluster where nothing is."""
    own = b.items_of(f"{at}capacityProviderStrategies")
    if own or b.resource.get(f"{at}launchType") is not None:
        return [b.text(f"{at}capacityProviderStrategies.{i}.capacityProvider") for i, _ in enumerate(own)]
    found: list[str] = []
    for defaults in [d for d in b.graph.of_type(_DEFAULTS) if _may_be_of(b, d, cluster)]:
        for strategy in replace(b, resource=defaults).items_of("defaultCapacityProviderStrategies"):
            name = strategy.get("capacityProvider") if isinstance(strategy, dict) else UNKNOWN
            found.append(name if isinstance(name, str) else "FARGATE")
    return found


def _may_be_of(b: Billing, defaults: Resource, path: str) -> bool:
    """Whether defaults are those of the cluster that `path` names. Where that cannot be told, they count."""
    named, theirs = b.resource.get(path, "default"), defaults.get("clusterName")
    wanted = referred(b, named, _CLUSTER)
    other = referred(replace(b, resource=defaults), theirs, _CLUSTER)
    if wanted is not None and other is not None:
        return wanted.urn == other.urn
    known = isinstance(named, str) and isinstance(theirs, str)
    return not known or named == theirs or str(named).rsplit("/", 1)[-1] == theirs


def fargate_lines(
    b: Billing, definition: Resource | None, hours: Quantity | None, formula: str, *, missing: str | None = None
) -> Iterator[LineItem]:
    """The lines of so many task-hours; `missing` is the usage without which the hours are not known."""
    architecture = _architecture(definition)
    cpu = _of_task(b, definition, "cpu", "task_vcpu")
    memory = _of_task(b, definition, "memory", "task_memory_gb")
    for name, key, amount, unit, usage_key in (
        ("Fargate vCPU", f"fargate.vcpu.{architecture}", cpu, "vCPU", "task_vcpu"),
        ("Fargate memory", f"fargate.memory.{architecture}", memory, "GB", "task_memory_gb"),
    ):
        rests_on = usage_key if amount is None or (definition is None and missing is None) else missing
        quantity = None if amount is None or hours is None else amount * hours
        size = f"{usage_key} (not declared)" if amount is None else f"{shown(amount)} {unit}"
        yield b.item(name, key, quantity, f"{size} x {formula}", usage_key=rests_on)
    storage = definition.get("ephemeralStorage.sizeInGib") if definition else None
    if storage is UNKNOWN:
        raise Unbounded("ephemeralStorage.sizeInGib", None)
    extra = _number(storage) - _FREE_STORAGE if storage is not None else Decimal(0)
    if extra > 0:
        held = None if hours is None else hours * extra
        name, key = "Fargate storage above 20 GB", "fargate.ephemeral_storage"
        yield b.item(name, key, held, f"{extra:f} GB x {formula}", usage_key=missing)


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
    TASK_DEFINITION,
    why="a description; the tasks made from it are billed with their service",
    source="https://aws.amazon.com/ecs/pricing/",
)


@priced("aws:ecs/accountSettingDefault:AccountSettingDefault")
def account_setting(b: Billing) -> Iterator[LineItem]:
    """Defaults of an account are free, but for Container Insights of every cluster that says nothing."""
    if b.text("name", unknown=_INSIGHTS) == _INSIGHTS and b.text("value", unknown="enabled") != "disabled":
        msg = f"property `value` switches {_INSIGHTS} on for all clusters of the account, which nobody counts here"
        raise Unpriceable(msg)
    yield from ()


free(
    "aws:ecs/capacityProvider:CapacityProvider",
    _DEFAULTS,
    "aws:ecs/tag:Tag",
    why="a setting; ECS itself is free of charge, instances and Fargate tasks bill",
    source="https://aws.amazon.com/ecs/pricing/",
)
