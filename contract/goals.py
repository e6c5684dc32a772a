"""What a team wants to reach: the goals that analysis compares with what runs have shown."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from contract.parts import Amount, Count, Part

Percent = Annotated[str, Meta(pattern=r"^(100|[1-9]?[0-9])(\.[0-9]+)?\Z")]


class Goals(Part, frozen=True, kw_only=True):
    """What a team wants to reach. Each is compared with an interval, never with a bare number.

    Attributes:
        availability_percent: Share of requests that are answered without an error of the service.
        detection_seconds: Within how many seconds of a fault that users notice an alarm must ring.
        on_time_percent: Share of faults and drills that must be detected, or recovered, within their objective.
        chaos_success_percent: Share of experiments that must pass.
        alert_precision_percent: Share of alarms that must have rung for a reason.
        alert_recall_percent: Share of faults at which the alarms that were expected must have rung.
        monthly_usd: What the workload and all that surrounds it may cost in a month, in USD.
        workload_usd: What of that the workload itself costs, in USD a month.
        bill_is_workload: Whether the account's bill is that of the workload and what surrounds it, and of nothing else.
        score_below: Resilience score below which an alarm rings; null: the score is not published.
    """

    availability_percent: Percent = "99.9"
    detection_seconds: Count = 300
    on_time_percent: Percent = "90"
    chaos_success_percent: Percent = "95"
    alert_precision_percent: Percent = "90"
    alert_recall_percent: Percent = "90"
    monthly_usd: Amount = "160"
    workload_usd: Amount = "145"
    bill_is_workload: bool = False
    score_below: Annotated[int, Meta(ge=1, le=100)] | None = None
