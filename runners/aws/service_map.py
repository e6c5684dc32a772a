"""Who calls whom, from X-Ray's graph of services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from runners.aws.session import Clients, calling
from runners.report.model import ServiceCall

# X-Ray gives six hours at a time: https://docs.aws.amazon.com/xray/latest/api/API_GetServiceGraph.html
_AT_ONCE: Final = timedelta(hours=6)


def service_calls(clients: Clients, until: datetime) -> list[ServiceCall]:
    """The calls of the last six hours, as far as they were traced: X-Ray samples, so that counts are shares of all.

    Raises:
        AwsError: X-Ray could not be asked.
    """
    with calling("xray:GetServiceGraph", "the stack's traces"):
        pages = (
            clients.client("xray")
            .get_paginator("get_service_graph")
            .paginate(StartTime=until - _AT_ONCE, EndTime=until)
        )
        services = [service for page in pages for service in page["Services"]]
    return _calls(services)


def _calls(services: Sequence[Mapping[str, Any]]) -> list[ServiceCall]:
    names = {service["ReferenceId"]: _name(service) for service in services}
    found: dict[tuple[str, str], tuple[int, int, float]] = {}
    for service in services:
        for edge in service.get("Edges", ()):
            # An edge to what is on no page is a call that cannot be named, and is not left out.
            pair = names[service["ReferenceId"]], names.get(edge["ReferenceId"], f"service {edge['ReferenceId']}")
            counted, failed, seconds = found.get(pair, (0, 0, 0.0))
            more, worse, longer = _counted(edge.get("SummaryStatistics", {}))
            found[pair] = counted + more, failed + worse, seconds + longer
    return [
        ServiceCall(caller=caller, called=called, count=count, failed=bad, seconds=total / count if count else None)
        for (caller, called), (count, bad, total) in found.items()
    ]


def _counted(statistics: Mapping[str, Any]) -> tuple[int, int, float]:
    """Calls, those that failed on either side, and the seconds of all."""
    failed = sum(statistics.get(kind, {}).get("TotalCount", 0) for kind in ("ErrorStatistics", "FaultStatistics"))
    return statistics.get("TotalCount", 0), failed, statistics.get("TotalResponseTime", 0.0)


def _name(service: Mapping[str, Any]) -> str:
    """Clients have the name of what they call; see xray/latest/devguide/xray-concepts.html in AWS's documents."""
    if service.get("Type") == "client":
        return f"clients of {service.get('Name', 'an unknown service')}"
    return str(service.get("Name", f"service {service['ReferenceId']}"))
