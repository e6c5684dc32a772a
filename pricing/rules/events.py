"""EventBridge: events that AWS services and schedules put on the default bus are free, all others are billed."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced
from pricing.resource import UNKNOWN
from pricing.rules.arithmetic import shown
from pricing.rules.references import referred
from pricing.rules.schedules import RUNS, expression_runs
from pricing.rules.started_tasks import STARTED_USAGE, refuse_uncounted, started_tasks

_RULE = "aws:cloudwatch/eventRule:EventRule"
_PAGE = "https://aws.amazon.com/eventbridge/pricing/"
_MILLION = 1_000_000
_BUS, _API_DESTINATION = "aws:cloudwatch/eventBus:EventBus", "aws:cloudwatch/eventApiDestination:EventApiDestination"


@priced(
    _BUS,
    usage=[
        UsageKey(name="custom_events", unit="events", meaning="events a month put on the bus, in chunks of 64 KB"),
        UsageKey(name="partner_events", unit="events", meaning="events a month from SaaS partners", default="0"),
    ],
    by_usage=True,
)
def event_bus(b: Billing) -> Iterator[LineItem]:
    """Events put on a bus of one's own."""
    yield b.usage_item("Custom events", "events.custom", "custom_events", divisor=_MILLION)
    yield b.usage_item("Partner events", "events.custom", "partner_events", divisor=_MILLION)


@priced(
    _RULE,
    usage=[
        UsageKey(
            name="custom_events",
            unit="events",
            meaning="events a month that own code puts on the default bus",
            default="0",
        )
    ],
    by_usage=True,
)
def event_rule(b: Billing) -> Iterator[LineItem]:
    """A rule is free; on the default bus it carries the custom events, since that bus is no resource."""
    if b.resource.get("eventBusName") not in (None, "default"):
        yield b.item("Events matched", "events.custom", 0, "0 events: those on a bus are billed with the bus")
        return
    name = "Custom events (AWS events and schedules are free)"
    yield b.usage_item(name, "events.custom", "custom_events", divisor=_MILLION)


@priced(
    "aws:cloudwatch/eventTarget:EventTarget",
    usage=[
        UsageKey(name="invocations", unit="invocations", meaning="events a month sent to another bus or an API"),
        RUNS,
        *STARTED_USAGE,
    ],
    by_usage=True,
)
def event_target(b: Billing) -> Iterator[LineItem]:
    """Targets inside the account are free; others are billed by event, and tasks that are started by the hour."""
    refuse_uncounted(b, "arn")
    if b.resource.get("ecsTarget") is not None:
        runs, origin = _runs_of_rule(b)
        yield from started_tasks(b, "ecsTarget", "arn", runs, origin)
    arn = b.resource.get("arn")
    kinds = {r.type for r in b.graph.of_type(_BUS, _API_DESTINATION) if r.urn in b.resource.dependencies}
    known = arn if isinstance(arn, str) else ""
    if ":api-destination/" in known or (arn is UNKNOWN and _API_DESTINATION in kinds):
        yield b.usage_item("API destination calls", "events.api_destination", "invocations", divisor=_MILLION)
    elif ":event-bus/" in known:
        yield b.usage_item("Events sent to another bus", "events.cross_account", "invocations", divisor=_MILLION)
    else:
        yield b.item("Target invocations", "events.custom", 0, "0 billed: delivery inside the account is free")


def _runs_of_rule(b: Billing) -> tuple[Quantity | None, str]:
    """How often the rule of a target fires: by its schedule, else as declared."""
    rule = referred(b, b.resource.get("rule"), _RULE)
    if rule is None or rule.get("scheduleExpression") is None:
        declared = b.use(RUNS.name)
        return declared, f"{shown(declared)} runs declared"
    runs = expression_runs(b, rule, "scheduleExpression")
    return runs, f"{shown(runs)} runs"


@priced(
    "aws:cloudwatch/eventArchive:EventArchive",
    usage=[
        UsageKey(name="archived_gb", unit="GB", meaning="events archived a month"),
        UsageKey(name="stored_gb", unit="GB", meaning="archive kept, averaged over the month"),
    ],
    by_usage=True,
)
def event_archive(b: Billing) -> Iterator[LineItem]:
    """Data archived and data kept; replayed events are custom events of the bus."""
    yield b.usage_item("Archive processing", "events.archive.processing", "archived_gb")
    yield b.usage_item("Archive storage", "events.archive.storage", "stored_gb")


@priced(
    "aws:pipes/pipe:Pipe",
    usage=[UsageKey(name="requests", unit="requests", meaning="requests a month after filtering, in chunks of 64 KB")],
    by_usage=True,
)
def pipe(b: Billing) -> Iterator[LineItem]:
    """Requests that pass the filter; enrichment and target are billed by themselves."""
    yield b.usage_item("Pipe requests", "events.pipes", "requests", divisor=_MILLION)


@priced(
    "aws:schemas/discoverer:Discoverer",
    usage=[UsageKey(name="events", unit="events", meaning="events a month inspected, in chunks of 8 KB")],
    by_usage=True,
)
def schema_discoverer(b: Billing) -> Iterator[LineItem]:
    """Schema discovery looks at every event on its bus."""
    yield b.usage_item("Events inspected for schemas", "events.schema_discovery", "events", divisor=_MILLION)


free(
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    "aws:cloudwatch/eventPermission:EventPermission",
    why="a permission; events are billed where they are put",
    source=_PAGE,
)
free(
    "aws:cloudwatch/eventConnection:EventConnection",
    _API_DESTINATION,
    why="billed by call with the targets that use it; the connection's secret is included",
    source=_PAGE,
)
free(
    "aws:schemas/registry:Registry",
    "aws:schemas/registryPolicy:RegistryPolicy",
    "aws:schemas/schema:Schema",
    why="the schema registry is free of charge, only discovery is billed",
    source=_PAGE,
)
