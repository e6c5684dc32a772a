from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from preview.findings import PolicyFinding
from preview.gate import Status
from preview.report.document import Limits, Occasion, preview_report
from preview.report.model import PreviewReport, WaiverDocument
from pricing.delta import compare, priced_resources
from pricing.delta_report import delta_document
from pricing.estimate import Estimate, Problem, ResourceCost
from pricing.line_item import LineItem
from pricing.price_book import Price, Tier
from pricing.quantity import Quantity
from pricing.registry import Classification
from pricing.report import estimate_document
from pricing.resource import Resource, component_chain, urn_name, urn_type

TODAY = date(2026, 11, 25)
PREFIX = "urn:pulumi:dev::ial::ial:observability:Observability$"
ALARM = f"{PREFIX}ial:observability:CriticalAlarms$aws:cloudwatch/metricAlarm:MetricAlarm::alarms-errors"
LOGS = f"{PREFIX}ial:observability:LogGroups$aws:cloudwatch/logGroup:LogGroup::app-logs"
ROLE = "urn:pulumi:dev::ial::ial:backup:Backup$aws:iam/role:Role::runner"
TABLE = "urn:pulumi:dev::ial::ial:backup:Backup$aws:dynamodb/table:Table::records"


def price(key: str, unit: str, *tiers: tuple[str | None, str], free: str = "0") -> Price:
    return Price(
        key=key, service="AmazonCloudWatch", usage_type=key, region="us-east-1", unit=unit,
        tiers=tuple(Tier(None if bound is None else Decimal(bound), Decimal(amount)) for bound, amount in tiers),
        free_quantity=Decimal(free), source="AWS Price List, us-east-1", source_date=date(2026, 11, 20),
        confidence="high",
    )  # fmt: skip


ALARM_PRICE = price("cloudwatch.alarm.standard", "alarm metric-month", (None, "0.10"), free="10")
INGEST_PRICE = price("logs.ingest", "GB", (None, "0.50"))
STORE_PRICE = price("s3.storage", "GB-month", ("50", "0.023"), (None, "0.022"))


def cost(urn: str, *items: LineItem, kind: Classification = Classification.PRICED, reason: str = "") -> ResourceCost:
    resource = Resource(urn=urn, type=urn_type(urn), name=urn_name(urn), components=component_chain(urn))
    return ResourceCost(resource=resource, classification=kind, items=items, reason=reason)


def alarms(count: int, name: str = "Alarm metrics") -> LineItem:
    return LineItem(name=name, price=ALARM_PRICE, quantity=Quantity.exact(count), formula=f"{count} metrics x 1 alarm")


def an_estimate(*entries: ResourceCost, problems: tuple[Problem, ...] = (), warnings: tuple[str, ...] = ()) -> Estimate:
    return Estimate(
        resources=entries, problems=problems, warnings=warnings, region="us-east-1", as_of=TODAY,
        book_digest="0123456789abcdef",
    )  # fmt: skip


LOG_ITEM = LineItem(
    name="Ingestion", price=INGEST_PRICE, quantity=Quantity(Decimal(1), Decimal(2), Decimal(4)),
    formula="gb 1..2..4", by_usage=True, usage_key="gb",
)  # fmt: skip
STORE_ITEM = LineItem(name="Storage", price=STORE_PRICE, quantity=Quantity.exact(60), formula="60 GB", by_usage=True)
BASE = an_estimate(cost(ALARM, alarms(5)), cost(TABLE, STORE_ITEM))
HEAD = an_estimate(
    cost(TABLE, STORE_ITEM),
    cost(ALARM, alarms(7)),
    cost(LOGS, LOG_ITEM),
    cost(ROLE, kind=Classification.FREE, reason="IAM is free of charge"),
)
LIMITS = Limits(
    monthly=Decimal("4.50"), caps={"observability": Decimal(2), "backup": Decimal("1.86")}, max_amount=Decimal(1)
)
WAIVED = replace(LIMITS, caps={**LIMITS.caps, "observability": Decimal("2.80")})
OCCASION = Occasion(
    engine="local", program=".", stack="dev", run_id="run-1", as_of="2026-11-25", environment="dev",
    commit="c0ffee" * 6 + "c0ff", environment_file="policies/environments/dev.yaml", stage=2,
    policies=("monthly-budget", "capability-budget", "data-pitr", "tags-owner"),
    descriptions={
        "monthly-budget": "The stack costs no more a month than its environment and its stage allow.",
        "capability-budget": "Each capability costs no more a month than its cap.",
        "data-pitr": "Tables can be restored to any second of the recovery window.",
        "not-judged": "A policy that is switched off.",
    },
)  # fmt: skip
FINDINGS = (
    PolicyFinding("tags-owner", "advisory", "app-logs has no tag `owner`", LOGS),
    PolicyFinding("capability-budget", "mandatory", "observability would cost $2.70 of its cap of $2.00 a month", None),
    PolicyFinding("data-pitr", "mandatory", "records has no point-in-time recovery", TABLE),
)
WAIVER = WaiverDocument(
    id="W-1", policy="capability-budget", scope="observability", maxAmount="0.8", reason="migration", owner="ana",
    expires="2026-12-31",
)  # fmt: skip


@dataclass(frozen=True)
class Reports:
    within: PreviewReport
    refused: PreviewReport
    unjudged: PreviewReport


def make_reports() -> Reports:
    head = estimate_document(HEAD, environment="dev")
    delta = delta_document(compare(priced_resources(BASE), priced_resources(HEAD), source="main", replaced={TABLE}))
    return Reports(
        within=preview_report(Status.WITHIN, OCCASION, estimate=head, limits=WAIVED, delta=delta, waivers=[WAIVER]),
        refused=preview_report(
            Status.REFUSED, OCCASION, findings=FINDINGS, estimate=head, limits=LIMITS, delta=delta,
            notes=["no RDS instance is configured, so its alarm is left out"],
            changes={"create": 8, "update": 1, "replace": 0, "delete": 2, "same": 3},
        ),
        unjudged=preview_report(
            Status.COULD_NOT_JUDGE, OCCASION, errors=["the policy pack did not start: no port on its first line"]
        ),
    )  # fmt: skip


@pytest.fixture(scope="session")
def reports() -> Reports:
    return make_reports()
