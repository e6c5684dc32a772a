"""Lambda: requests and GB-seconds by architecture, larger /tmp, provisioned concurrency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing.billing import Billing, Unbounded, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced, through_parent
from pricing.resource import UNKNOWN
from pricing.rules.arithmetic import shown
from pricing.rules.references import referred
from pricing.rules.xray import TRACES, default_sampling

_PAGE = "https://aws.amazon.com/lambda/pricing/"
_FUNCTION = "aws:lambda/function:Function"
_MILLION = 1_000_000
_MEMORY_MB, _FREE_STORAGE_MB = 128, 512
_MEMORY = UsageKey(name="memory_mb", unit="MB", meaning="memory of the function when it is unknown")


@priced(
    _FUNCTION,
    usage=[
        UsageKey(name="requests", unit="requests", meaning="invocations a month"),
        UsageKey(name="duration_ms", unit="ms", meaning="average billed duration of an invocation"),
        UsageKey(name="storage_mb", unit="MB", meaning="ephemeral storage when it is unknown"),
        _MEMORY,
        TRACES,
    ],
    by_usage=True,
)
def function(b: Billing) -> Iterator[LineItem]:
    """Requests, and seconds times memory. SnapStart has charges of its own outside Java and is refused there."""
    if b.text("snapStart.applyOn", "None", unknown="PublishedVersions") != "None" and not _is_java(b):
        msg = "property `snapStart.applyOn` is set; SnapStart has a price only for Java runtimes (0); accepted is None"
        raise Unpriceable(msg)
    yield b.usage_item("Requests", "lambda.requests", "requests", divisor=_MILLION)
    memory = b.number("memorySize", unknown="memory_mb", default=_MEMORY_MB)
    requests, duration = b.use("requests"), b.use("duration_ms")
    seconds = None if requests is None or duration is None else requests * duration / 1000
    formula = f"{shown(requests)} requests x {shown(duration)} ms / 1000"
    missing = "requests" if requests is None else "duration_ms"
    architecture = _architecture(b)
    yield b.item(
        f"Duration ({architecture})",
        f"lambda.duration.{architecture}",
        None if seconds is None else seconds * memory / 1024,
        f"{formula} x {shown(memory)} MB / 1024",
        usage_key=missing,
    )
    if b.text("tracingConfig.mode", "PassThrough", unknown="Active") == "Active":
        yield _traces(b)
    storage = b.number("ephemeralStorage.size", unknown="storage_mb", default=_FREE_STORAGE_MB)
    beyond = storage.map(lambda value: max(Decimal(0), value - _FREE_STORAGE_MB))
    if beyond.maximum > 0:
        quantity = None if seconds is None else seconds * beyond / 1024
        text = f"{formula} x ({shown(storage)} - {_FREE_STORAGE_MB}) MB / 1024"
        yield b.item("Ephemeral storage", "lambda.ephemeral_storage", quantity, text, usage_key=missing)


@priced(
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
    usage=[
        _MEMORY,
        UsageKey(name="concurrency", unit="executions", meaning="provisioned executions when their number is unknown"),
        UsageKey(name="hours", unit="hours", meaning="hours a month for which it is on", default="730"),
    ],
)
def provisioned_concurrency(b: Billing) -> Iterator[LineItem]:
    """GB-seconds kept ready. Invocations stay on the function's lines, at the (higher) on-demand duration price."""
    target = referred(b, b.resource.get("functionName"), _FUNCTION)
    memory = b.use("memory_mb")
    architecture = "x86_64"
    if target is not None:
        known = target.get("memorySize", Decimal(_MEMORY_MB))
        memory = Quantity.exact(known) if isinstance(known, Decimal) else memory
        architecture = "arm64" if target.get("architectures") == ["arm64"] else "x86_64"
    if memory is None:
        raise Unbounded("functionName", "memory_mb")
    count = b.number("provisionedConcurrentExecutions", unknown="concurrency")
    hours = b.used("hours")
    quantity = count * memory * hours * 3600 / 1024
    formula = f"{shown(count)} x {shown(memory)} MB / 1024 x {shown(hours)} h x 3600 s"
    yield b.item("Provisioned concurrency", f"lambda.provisioned_concurrency.{architecture}", quantity, formula)


@priced("aws:lambda/eventSourceMapping:EventSourceMapping")
def event_source_mapping(b: Billing) -> Iterator[LineItem]:
    """Polling is included; provisioned pollers are not, and have no price here."""
    if b.resource.get("provisionedPollerConfig") is not None:
        msg = "property `provisionedPollerConfig` is set, which has no price in the price book; accepted is none"
        raise Unpriceable(msg)
    yield b.item(
        "Event polling", "lambda.requests", 0, "0: polling is included, invocations are the function's requests"
    )


def _traces(b: Billing) -> LineItem:
    """Active tracing records the first request of each second and 5 % of the rest, unless traces are measured."""
    measured, requests = b.use(TRACES.name), b.use("requests")
    traces = measured if measured is not None or requests is None else default_sampling(b, requests)
    formula = f"{shown(traces)} traces / {_MILLION}"
    recorded = None if traces is None else traces / _MILLION
    return b.item("Traces recorded", "xray.traces.recorded", recorded, formula, usage_key="requests")


def _architecture(b: Billing) -> str:
    if b.resource.get("architectures") is UNKNOWN:
        b.bounded.append("architectures")
        return "x86_64"
    found = b.items_of("architectures") or ["x86_64"]
    if found[0] is UNKNOWN:
        b.bounded.append("architectures")
        return "x86_64"
    if found[0] not in ("x86_64", "arm64"):
        msg = f"property `architectures` is {found!r}; accepted are x86_64, arm64"
        raise Unpriceable(msg)
    return str(found[0])


def _is_java(b: Billing) -> bool:
    return b.text("runtime", "", unknown="").startswith("java")


through_parent(
    "aws:lambda/invocation:Invocation",
    why="a call is a request of the function",
    source=_PAGE,
)
free(
    "aws:lambda/alias:Alias",
    "aws:lambda/codeSigningConfig:CodeSigningConfig",
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    "aws:lambda/functionRecursionConfig:FunctionRecursionConfig",
    "aws:lambda/functionUrl:FunctionUrl",
    "aws:lambda/layerVersion:LayerVersion",
    "aws:lambda/layerVersionPermission:LayerVersionPermission",
    "aws:lambda/permission:Permission",
    "aws:lambda/resourcePolicy:ResourcePolicy",
    "aws:lambda/runtimeManagementConfig:RuntimeManagementConfig",
    why="a setting or a pointer; invocations are billed with the function",
    source=_PAGE,
)
