"""The fifteen custom metrics of a service, read from its JSON log lines; `docs/logs.md` lists the fields."""

from components.service_metric import Metric
from components.settings import Settings

_COUNTED = (
    ("Requests", '{ $.event = "request" }'),
    ("Errors", '{ $.level = "ERROR" }'),
    ("Warnings", '{ $.level = "WARNING" }'),
    ("ServerErrors", "{ $.status >= 500 }"),
    ("ClientErrors", "{ ($.status >= 400) && ($.status < 500) }"),
    ("SlowRequests", "{ $.duration_ms > 1000 }"),
    ("Timeouts", '{ $.error = "timeout" }'),
    ("DatabaseErrors", '{ $.error = "database" }'),
    ("CacheMisses", '{ $.cache = "miss" }'),
    ("CircuitOpened", '{ $.circuit = "open" }'),
    ("DegradedResponses", "{ $.degraded IS TRUE }"),
)
_MEASURED = (
    ("RequestLatency", "$.duration_ms", "Milliseconds"),
    ("DatabaseLatency", "$.database_ms", "Milliseconds"),
    ("Retries", "$.retries", "Count"),
    ("RequestsInFlight", "$.in_flight", "Count"),
)


def service_metrics(settings: Settings) -> tuple[Metric, ...]:
    """The metrics that the settings list, else the fifteen defaults; none without logs."""
    if not settings.workload.log_groups.all:
        return ()
    if settings.metrics is not None:
        return settings.metrics
    counted = [Metric(name=name, pattern=pattern) for name, pattern in _COUNTED]
    measured = [
        Metric(name=name, pattern=f"{{ {path} >= 0 }}", value=path, unit=unit) for name, path, unit in _MEASURED
    ]
    return (*counted, *measured)
