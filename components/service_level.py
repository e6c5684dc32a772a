"""What counts as good service: an objective, and how much is traced."""

from dataclasses import dataclass

from components.reading import Reader


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
