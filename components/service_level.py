"""What counts as good service: thresholds, an objective, and how much is traced."""

from dataclasses import dataclass

from components.reading import Reader

_MUCH = 1e9


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Where the five critical alarms fire."""

    errors: float = 5
    latency_seconds: float = 1
    unhealthy_hosts: float = 1
    saturation_percent: float = 80
    data_store_throttles: float = 5
    database_connections: float = 80

    @classmethod
    def read(cls, reader: Reader) -> "Thresholds":
        """From `ial:thresholds`."""
        return cls(
            errors=reader.number("errors", 1, _MUCH, cls.errors),
            latency_seconds=reader.number("latencySeconds", 0.001, 3600, cls.latency_seconds),
            unhealthy_hosts=reader.number("unhealthyHosts", 1, _MUCH, cls.unhealthy_hosts),
            saturation_percent=reader.number("saturationPercent", 1, 100, cls.saturation_percent),
            data_store_throttles=reader.number("dataStoreThrottles", 1, _MUCH, cls.data_store_throttles),
            database_connections=reader.number("databaseConnections", 1, _MUCH, cls.database_connections),
        )


@dataclass(frozen=True, kw_only=True)
class Tracing:
    """X-Ray sampling."""

    sampling_rate: float = 0.05
    reservoir: int = 0
    health_check_path: str = "/health"
    service: str | None = None

    @classmethod
    def read(cls, reader: Reader) -> "Tracing":
        """From `ial:tracing`."""
        return cls(
            sampling_rate=reader.number("samplingRate", 0, 1, cls.sampling_rate),
            reservoir=reader.whole("reservoir", 0, 100, cls.reservoir),
            health_check_path=reader.text(
                "healthCheckPath", r"/\S{0,127}", "a path that starts with `/`", cls.health_check_path
            ),
            service=reader.maybe_text("service", r"[A-Za-z0-9_.:/%&#=+@ -]{1,64}", "the name that its traces carry"),
        )


@dataclass(frozen=True, kw_only=True)
class Slo:
    """A service level objective, which turns the burn-rate alarms on.

    Below 95 % the fast tier can't fire; above 99.95 % the budget is gone before the alarm.
    """

    target: float
    window_days: int = 30
    minimum_requests: int = 100

    @classmethod
    def read(cls, reader: Reader) -> "Slo":
        """From `ial:slo`."""
        return cls(
            target=reader.number("target", 0.95, 0.9995),
            window_days=reader.one_of("windowDays", (28, 30)) or cls.window_days,
            minimum_requests=reader.whole("minimumRequests", 0, 10**9, cls.minimum_requests),
        )
