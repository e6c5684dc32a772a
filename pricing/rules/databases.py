"""What RDS and Aurora instances bill alike: extended support, Database Insights, enhanced monitoring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.registry import UsageKey
from pricing.resource import UNKNOWN

INSIGHTS_USAGE = (
    UsageKey(
        name="exported_log_gb",
        unit="GB",
        meaning="log data a month that `enabledCloudwatchLogsExports` writes to CloudWatch Logs",
    ),
    UsageKey(
        name="monitoring_log_gb",
        unit="GB",
        meaning="log data a month that enhanced monitoring writes when `monitoringInterval` is set",
    ),
)
# First day of extended support, and first day of its third year, of each major version. From the release calendars in
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/ (MySQL.Concepts.VersionMgmt, postgresql-release-calendar) and
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.VersionPolicy.html. A version leaves standard
# support with no change in the program.
_EXTENDED: dict[tuple[str, str], tuple[date, date | None]] = {
    ("mysql", "5.7"): (date(2024, 3, 1), date(2026, 3, 1)),
    ("mysql", "8.0"): (date(2026, 8, 1), date(2028, 8, 1)),
    ("mysql", "8.4"): (date(2029, 8, 1), date(2031, 8, 1)),
    ("postgres", "11"): (date(2024, 4, 1), date(2026, 4, 1)),
    ("postgres", "12"): (date(2025, 3, 1), date(2027, 3, 1)),
    ("postgres", "13"): (date(2026, 3, 1), date(2028, 3, 1)),
    ("postgres", "14"): (date(2027, 3, 1), date(2029, 3, 1)),
    ("postgres", "15"): (date(2028, 3, 1), date(2030, 3, 1)),
    ("postgres", "16"): (date(2029, 3, 1), date(2031, 3, 1)),
    ("postgres", "17"): (date(2030, 3, 1), date(2032, 3, 1)),
    ("aurora-mysql", "5.7"): (date(2024, 12, 1), None),
    ("aurora-mysql", "8.0"): (date(2028, 5, 1), None),
    ("aurora-postgresql", "11"): (date(2024, 4, 1), date(2026, 4, 1)),
    ("aurora-postgresql", "12"): (date(2025, 3, 1), date(2027, 3, 1)),
    ("aurora-postgresql", "13"): (date(2026, 3, 1), date(2028, 3, 1)),
    ("aurora-postgresql", "14"): (date(2027, 3, 1), date(2029, 3, 1)),
    ("aurora-postgresql", "15"): (date(2028, 3, 1), date(2030, 3, 1)),
    ("aurora-postgresql", "16"): (date(2029, 3, 1), date(2031, 3, 1)),
    ("aurora-postgresql", "17"): (date(2030, 3, 1), date(2032, 3, 1)),
}
_OPTED_OUT = "open-source-rds-extended-support-disabled"
_SMALL = ("micro", "small", "medium", "large")


def vcpus(instance_class: str) -> int:
    """VCPUs of a class, which follow from its size: 2 up to `large`, then 4 for each `xlarge`."""
    size = instance_class.rsplit(".", 1)[-1]
    if size in _SMALL:
        return 2
    count = size.removesuffix("xlarge")
    if size.endswith("xlarge") and (count.isdigit() or not count):
        return 4 * int(count or 1)
    msg = f"property `instanceClass` is {instance_class!r}; a class like db.t3.micro is needed"
    raise Unpriceable(msg)


def refuse_inherited_version(b: Billing, *sources: str) -> None:
    """Refuses a version that is absent and decided by what the database is made from: it may be past its support.

    Raises:
        Unpriceable: it is.
    """
    made_from = next((path for path in sources if b.resource.get(path) is not None), None)
    if made_from is not None and b.resource.get("engineVersion") is None:
        msg = (
            f"property `engineVersion` is absent and decided by `{made_from}`; set it, old versions bill their support"
        )
        raise Unpriceable(msg)


def managed_secret(b: Billing) -> Iterator[LineItem]:
    """A password that RDS manages is a secret of Secrets Manager."""
    if b.flag("manageMasterUserPassword", unknown=True):
        yield b.item("Secret of the password", "secretsmanager.secret", 1, "1 secret")


def exported_logs(b: Billing) -> Iterator[LineItem]:
    """Logs that are exported are ingested by CloudWatch Logs, into groups that RDS makes."""
    if b.resource.get("enabledCloudwatchLogsExports") is UNKNOWN or b.items_of("enabledCloudwatchLogsExports"):
        yield b.usage_item("Exported logs", "logs.ingest.standard", "exported_log_gb")


def extended_support(b: Billing, engine: str, processors: int) -> Iterator[LineItem]:
    """A version past its standard support bills every vCPU-hour, unless support was opted out of."""
    version = b.text("engineVersion", "")
    major = ".".join(version.split(".")[:2]) if "mysql" in engine else version.split(".")[0]
    price = _support_price(engine, major, b.as_of)
    if price and b.text("engineLifecycleSupport", "") != _OPTED_OUT:
        yield b.item(
            f"Extended support of {engine} {major}",
            price,
            processors * b.hours,
            f"{processors} vCPU x {b.hours} hours; ends with an upgrade",
        )


def _support_price(engine: str, major: str, today: date) -> str | None:
    first, third_year = _EXTENDED.get((engine, major), (date.max, None))
    if today < first:
        return None
    return f"rds.extended_support.year_{'3' if third_year is not None and today >= third_year else '1_2'}"


def advanced_insights(b: Billing, processors: int) -> Iterator[LineItem]:
    """Database Insights: the standard mode is free, the advanced one bills every vCPU-hour."""
    if b.text("databaseInsightsMode", "standard", unknown="advanced") == "advanced":
        yield b.item(
            "Database Insights, advanced",
            "rds.database_insights",
            processors * b.hours,
            f"{processors} vCPU x {b.hours} hours",
        )
    elif b.number("performanceInsightsRetentionPeriod", default=7).maximum > 7:
        msg = "property `performanceInsightsRetentionPeriod` is above 7 days; accepted are 7, or advanced insights"
        raise Unpriceable(msg)


def enhanced_monitoring(b: Billing) -> Iterator[LineItem]:
    """Enhanced monitoring is free itself and writes logs, which bill like any other."""
    if b.number("monitoringInterval", default=0).maximum > 0:
        yield b.usage_item("Enhanced monitoring logs", "logs.ingest.standard", "monitoring_log_gb")
