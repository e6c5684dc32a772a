"""Saved Logs Insights queries: role, title, query. Running one costs 0.005 USD per GB that it scans."""

SAVED_QUERIES = (
    (
        "errors",
        "last errors with their traces",
        'fields @timestamp, error, message, trace_id\n| filter level = "ERROR" or status >= 500\n'
        "| sort @timestamp desc\n| limit 100",
    ),
    (
        "slow",
        "slow requests by route",
        "filter duration_ms > 1000\n| stats count(*) as requests, pct(duration_ms, 99) as p99 by route\n"
        "| sort p99 desc\n| limit 25",
    ),
    (
        "timeline",
        "requests, errors and p99 by minute",
        'filter event = "request"\n| stats count(*) as requests, sum(status >= 500) as errors, '
        "pct(duration_ms, 99) as p99 by bin(1m)",
    ),
    (
        "dependencies",
        "retries, open circuits and degraded answers",
        'filter retries > 0 or circuit = "open" or degraded = 1\n'
        "| stats count(*) as requests by coalesce(error, circuit), bin(5m)",
    ),
)
