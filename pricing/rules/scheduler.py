"""EventBridge Scheduler: invocations follow from the schedule expression."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import free, priced
from pricing.rules.arithmetic import shown
from pricing.rules.schedules import RUNS, SCHEDULE, expression_runs, is_disabled

_MILLION = 1_000_000


@priced(SCHEDULE, usage=[RUNS])
def schedule(b: Billing) -> Iterator[LineItem]:
    """One invocation a run; what is started is billed by itself."""
    disabled = is_disabled(b.resource)
    runs = Quantity.exact(0) if disabled else expression_runs(b, b.resource, "scheduleExpression")
    formula = "0 runs: disabled" if disabled else f"{shown(runs)} runs / {_MILLION}"
    yield b.item("Schedule invocations", "scheduler.invocations", runs / _MILLION, formula)


free(
    "aws:scheduler/scheduleGroup:ScheduleGroup",
    why="a group only arranges schedules",
    source="https://aws.amazon.com/eventbridge/pricing/",
)
