"""How restore drills are run: what they may cost, what they are judged by, when their absence is an alarm."""

from dataclasses import dataclass
from decimal import Decimal

from components.planned_times import check_overdue, schedule_text
from components.reading import Reader


@dataclass(frozen=True, kw_only=True)
class DrillSettings:
    """From `ial:backup.drills`."""

    enabled: bool
    schedule: str
    monthly_budget: Decimal
    objective_minutes: int
    overdue_days: int
    read_share_percent: int
    on_demand_read_units: int
    read_minutes: int
    sentinel: bool

    @classmethod
    def read(cls, reader: Reader) -> "DrillSettings":
        """Reads the section; the defaults are a drill a month and recovery within a quarter of an hour."""
        found = cls(
            enabled=reader.flag("enabled", default=True),
            schedule=schedule_text(reader, "schedule", "cron(0 6 1 * ? *)"),
            monthly_budget=Decimal(reader.amount("monthlyBudget") or "0.50"),
            objective_minutes=reader.whole("objectiveMinutes", 1, 24 * 60, 15),
            overdue_days=reader.whole("overdueDays", 1, 365, 35),
            read_share_percent=reader.whole("readSharePercent", 1, 100, 20),
            on_demand_read_units=reader.whole("onDemandReadUnits", 1, 40_000, 600),
            read_minutes=reader.whole("readMinutes", 1, 7 * 24 * 60, 240),
            sentinel=reader.flag("sentinel", default=True),
        )
        if found.enabled:
            check_overdue(reader, found.schedule, found.overdue_days)
        return found
