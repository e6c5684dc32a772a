"""EventBridge Scheduler: invocations follow from the schedule expression."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import free, priced
from pricing.rules.arithmetic import shown
from pricing.rules.schedules import RUNS, SCHEDULE, expression_runs, is_disabled
from pricing.rules.started_tasks import STARTED_USAGE, refuse_uncounted, started_tasks

_MILLION = 1_000_000


@priced(SCHEDULE, usage=[RUNS, *STARTED_USAGE])
def schedule(b: Billing) -> Iterator[LineItem]:
    """One invocation a run; tasks that are started bill here, other targets by themselves."""
    refuse_uncounted(b, "target.arn")
    disabled = is_disabled(b.resource)
    runs = Quantity.exact(0) if disabled else expression_runs(b, b.resource, "scheduleExpression")
    formula = "0 runs: disabled" if disabled else f"{shown(runs)} runs / {_MILLION}"
    yield b.item("Schedule invocations", "scheduler.invocations", runs / _MILLION, formula)
    if runs.maximum > 0:
        yield from started_tasks(b, "target.ecsParameters", "target.arn", runs, f"{shown(runs)} runs")


free(
    "aws:scheduler/scheduleGroup:ScheduleGroup",
    why="a group only arranges schedules",
    source="https://aws.amazon.com/eventbridge/pricing/",
)
