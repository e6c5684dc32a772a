from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

VAULT = "aws:backup/vault:Vault"
PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
# us-east-1 list: DynamoDB and S3 pages of AWS Backup; EBS and RDS snapshots as in infracost's ebs_snapshot and
# db_instance goldens (10 GB = 0.50; 1000 GB = 95.00). infracost's backup_vault golden is us-west-1 and dearer.
HELD = [
    ("35 daily copies of 1 GB x 0.10", {"dynamodb_gb": 35}, "3.5"),
    ("100 GB x 0.03, cold", {"dynamodb_cold_gb": 100}, "3"),
    ("100 GB x 0.05", {"s3_gb": 100}, "5"),
    ("10 GB x 0.05", {"ebs_gb": 10}, "0.5"),
    ("1000 GB x 0.095", {"rds_gb": 1000}, "95"),
    ("400 GB x 0.021, infracost rds_cluster: 8.40", {"aurora_gb": 400}, "8.4"),
    ("10 GB x 0.10 and 2 GB restored x 0.15", {"dynamodb_gb": 10, "dynamodb_restored_gb": 2}, "1.3"),
    ("an empty vault", {"dynamodb_gb": 0}, "0"),
]


@pytest.mark.parametrize(("arithmetic", "usage", "usd"), HELD, ids=[case[0] for case in HELD])
def test_a_vault_bills_what_it_holds(arithmetic: str, usage: dict[str, Any], usd: str, make: Any, charge: Any) -> None:
    bill = charge(make(VAULT), usage=usage)

    assert bill.codes == []
    assert bill.total == Decimal(usd)


def test_a_vault_without_declared_content_is_a_problem(make: Any, charge: Any) -> None:
    assert charge(make(VAULT)).codes == ["undeclared-usage"]


def test_every_kind_that_is_selected_must_be_declared(make: Any, charge: Any) -> None:
    arns = ["arn:aws:dynamodb:us-east-1:123456789012:table/orders", "arn:aws:rds:us-east-1:123456789012:db:shop"]
    selection = make("aws:backup/selection:Selection", resources=arns)
    bill = charge(selection, make(VAULT), usage={"dynamodb_gb": 1})

    assert bill.codes == ["undeclared-usage"]
    assert "`rds_gb` is not declared" in bill.messages


@pytest.mark.parametrize(
    ("expression", "usd"),
    [("cron(0 5 1 * ? *)", "3"), ("cron(0 5 ? * SUN *)", "13")],
    ids=["monthly: 2 points x 1.50", "weekly: 2 points x 1.50 x 52/12"],
)
def test_restore_tests_bill_each_recovery_point(expression: str, usd: str, make: Any, charge: Any) -> None:
    bill = charge(make(PLAN, scheduleExpression=expression), usage={"recovery_points": 2})

    assert bill.codes == []
    assert round(bill.total, 10) == Decimal(usd)


def test_an_unknown_schedule_needs_a_bound(make: Any, charge: Any) -> None:
    plan = make(PLAN, scheduleExpression=UNKNOWN)

    assert charge(plan, usage={"recovery_points": 1}).codes == ["unbounded-unknown"]
    assert charge(plan, usage={"recovery_points": 1, "runs_per_month": 4}).total == Decimal(6)


def test_restored_data_bills_in_each_run(make: Any, charge: Any) -> None:
    # 10 GB x 0.15 x 1 run
    plan = make(PLAN, "monthly", name="monthly", scheduleExpression="cron(0 5 1 * ? *)")
    selection = make(SELECTION, restoreTestingPlanName="monthly", protectedResourceType="DynamoDB")
    bill = charge(plan, selection, usage={"restored_gb": 10})

    assert round(bill.total, 10) == Decimal("1.5")


def test_a_restore_test_that_runs_instances_is_refused(make: Any, charge: Any) -> None:
    bill = charge(make(SELECTION, restoreTestingPlanName="monthly", protectedResourceType="RDS"))

    assert bill.codes == ["unpriceable"]
    assert "accepted are DynamoDB, S3, EFS" in bill.messages
