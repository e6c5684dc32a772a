"""Who calls whom."""

from __future__ import annotations

from collections.abc import Sequence

import htpy as h

from runners.report.charts.graph import Call, graph_chart
from runners.report.model import ServiceCall
from runners.report.page.section import Section


def services(calls: Sequence[ServiceCall] | None) -> Section:
    """The map of services, from traces."""
    if calls is None:
        return Section(title="Services", body=[h.p["Not shown: traces were not asked."]])
    if not calls:
        return Section(title="Services", body=[h.p["No trace tells of a call in this time."]])
    drawn = [
        Call(caller=call.caller, called=call.called, count=call.count, failed=call.failed, seconds=call.seconds)
        for call in calls
    ]
    worst = max(drawn, key=lambda call: call.share_failed)
    finding = (
        f"{len(drawn)} kinds of calls; most often failed those from {worst.caller} to {worst.called} "
        f"({worst.share_failed:.1%})."
        if worst.failed
        else f"{len(drawn)} kinds of calls, none of which failed."
    )
    return Section(title="Services", body=[graph_chart("services", "Who calls whom", finding, drawn)])
