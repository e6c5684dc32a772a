"""Whether the load that an experiment asks for was there. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract.experiments import Load
from runners.chaos.judging.verdict import MOST_UNSEEN


def load_missing(load: Load | None, report: Mapping[str, Any] | None, fault_seconds: float) -> str | None:
    """What was missing, for people; None when nothing was, when none was asked for, and when it was simulated.

    `report` is a load's document. The load ends with the
    fault. What is answered with an error has come through, and what is not answered in time as well, as long as that
    is not all: that the workload breaks under it is for the hypothesis to say.
    """
    if load is None or report is None:
        return None
    from runners.chaos.running.open_loop import MOST_REQUESTS

    wanted = min(MOST_REQUESTS, load.requests_per_second * min(float(load.seconds), fault_seconds))
    sent, answered, failed, elsewhere = (int(report[key]) for key in ("sent", "answered", "failed", "redirected"))
    if sent < (1 - MOST_UNSEEN) * wanted:
        return f"the load was not there: {sent} requests were sent, {wanted:.0f} were wanted"
    # A journal of before has no such count.
    arrived = answered + int(report.get("unanswered", 0))
    if arrived < (1 - MOST_UNSEEN) * sent:
        redirected = f", {elsewhere} were redirected" if elsewhere else ""
        return f"the load did not arrive: {arrived} of {sent} requests got to the service{redirected}"
    if sent and failed >= sent:
        return f"the load did not arrive: none of {sent} requests was answered without an error"
    return None
