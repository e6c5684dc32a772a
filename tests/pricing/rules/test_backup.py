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
    ("1 GB restored x 0.02", {"dynamodb_gb": 0, "s3_restored_gb": 1}, "0.02"),
    ("an empty vault", {"dynamodb_gb": 0}, "0"),
]


@pytest.mark.parametrize(("arithmetic", "usage", "usd"), HELD, ids=[case[0] for case in HELD])
def test_a_vault_bills_what_it_holds(arithmetic: str, usage: dict[str, Any], usd: str, make: Any, charge: Any) -> None:
    bill = charge(make(VAULT), usage=usage)

    assert bill.codes == []
    assert bill.total == Decimal(usd)


def test_restores_of_nothing_have_no_line(make: Any, charge: Any) -> None:
    assert list(charge(make(VAULT), usage={"dynamodb_gb": 1}).lines) == ["DynamoDB backups"]


@pytest.mark.parametrize(("sizes", "expected"), [((1, 30, 40), "3"), ((0, 2, 40), "1.4"), ((20, 30, 40), "3")], ids=str)
def test_of_what_is_declared_and_derived_the_more_counts(
    sizes: tuple[int, ...], expected: str, make: Any, charge: Any
) -> None:
    plan, vault = make(BACKUPS, rules=[rule("rate(1 day)", 14)]), make(VAULT, name="shop")
    declared = dict(zip(("minimum", "expected", "maximum"), sizes, strict=True))
    bill = charge(plan, vault, usage={"dynamodb_source_gb": 1, "dynamodb_gb": declared})
    cost = bill.priced.cost
    assert (cost.minimum, cost.expected, cost.maximum) == (
        Decimal(max(sizes[0], 14)) / 10,
        Decimal(expected),
        Decimal(sizes[2]) / 10,
    )


def test_a_vault_without_declared_content_is_a_problem(make: Any, charge: Any) -> None:
    assert charge(make(VAULT)).codes == ["undeclared-usage"]


def test_every_kind_that_is_selected_must_be_declared(make: Any, charge: Any) -> None:
    arns = ["arn:aws:dynamodb:us-east-1:123456789012:table/orders", "arn:aws:rds:us-east-1:123456789012:db:shop"]
    selection = make("aws:backup/selection:Selection", resources=arns)
    bill = charge(selection, make(VAULT), usage={"dynamodb_gb": 1})

    assert bill.codes == ["undeclared-usage"]
    assert "`rds_gb` is not declared" in bill.messages


@pytest.mark.parametrize(
    ("arn", "asked"),
    [
        ("arn:aws:dynamodb:us-east-1:123456789012:table/orders", "dynamodb_gb"),
        ("arn:aws:s3:::assets", "s3_gb"),
        ("arn:aws:ec2:us-east-1:123456789012:volume/vol-1", "ebs_gb"),
        ("arn:aws:rds:us-east-1:123456789012:db:shop", "rds_gb"),
        ("arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1", "efs_gb"),
        ("arn:aws:sqs:us-east-1:123456789012:orders", None),
        ("orders", None),
    ],
)
def test_what_is_selected_is_asked_for_beside_what_is_declared(
    arn: str, asked: str | None, make: Any, charge: Any
) -> None:
    selection = make("aws:backup/selection:Selection", resources=[arn])
    bill = charge(selection, make(VAULT), usage={"efs_cold_gb": 1})

    assert bill.codes == (["undeclared-usage"] if asked else [])
    assert asked is None or f"`{asked}` is not declared" in bill.messages


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


BACKUPS = "aws:backup/plan:Plan"


def rule(expression: Any, days: Any = 14, vault: Any = "shop") -> dict[str, Any]:
    return {"schedule": expression, "targetVaultName": vault, "lifecycle": {"deleteAfter": days}}


# Each copy of a DynamoDB table is a full one, at 0.10 a GB-month.
COPIES = [
    ("weekly for two weeks: 52/12 x 14 / (365/12) copies of 1 GB", [rule("cron(0 5 ? * SUN *)")], "0.1995"),
    ("hourly for a year: 8,760 copies of 1 GB", [rule("cron(0 * * * ? *)", 365)], "876"),
    ("daily for 35 days and monthly for a year", [rule("rate(1 day)", 35), rule("cron(0 5 1 * ? *)", 365)], "4.7"),
    ("one at least, though it is gone before the next", [rule("cron(0 5 1 * ? *)", 7)], "0.1"),
]


@pytest.mark.parametrize(("arithmetic", "rules", "usd"), COPIES, ids=[case[0] for case in COPIES])
def test_copies_are_runs_times_days_times_size(
    arithmetic: str, rules: list[Any], usd: str, make: Any, charge: Any
) -> None:
    plan, vault = make(BACKUPS, rules=rules), make(VAULT, name="shop")
    bill = charge(plan, vault, usage={"dynamodb_source_gb": 1})

    assert bill.codes == []
    assert round(bill.total, 4) == Decimal(usd)


def test_incremental_copies_hold_what_changes(make: Any, charge: Any) -> None:
    # 100 GB + 34 x 1 GB, at 0.05; without what changes each copy counts whole: 35 x 100 GB.
    plan, vault = make(BACKUPS, rules=[rule("rate(1 day)", 35)]), make(VAULT, name="shop")

    assert charge(plan, vault, usage={"ebs_source_gb": 100, "ebs_changed_gb": 1}).total == Decimal("6.7")
    assert charge(plan, vault, usage={"ebs_source_gb": 100}).total == Decimal(175)


def test_copies_of_a_schedule_need_the_size_of_their_source(make: Any, charge: Any) -> None:
    bill = charge(make(BACKUPS, rules=[rule("rate(1 day)")]), make(VAULT, name="shop"), usage={"dynamodb_gb": 99})

    assert bill.codes == ["undeclared-usage"]
    assert "`dynamodb_source_gb` is not declared" in bill.messages


@pytest.mark.parametrize(("declared", "codes", "usd"), [(13, ["unpriceable"], "0"), (14, [], "1.4"), (20, [], "2")])
def test_a_declaration_may_add_copies_and_not_hide_them(
    declared: int, codes: list[str], usd: str, make: Any, charge: Any
) -> None:
    plan, vault = make(BACKUPS, rules=[rule("rate(1 day)", 14)]), make(VAULT, name="shop")
    bill = charge(plan, vault, usage={"dynamodb_source_gb": 1, "dynamodb_gb": declared})

    assert bill.codes == codes
    assert bill.total == Decimal(usd)
    assert not codes or "at most 13 GB, but its plans keep 14 GB" in bill.messages


def test_copies_that_never_end_have_no_price(make: Any, charge: Any) -> None:
    plan = make(BACKUPS, rules=[rule("rate(1 day)", None)])
    bill = charge(plan, make(VAULT, name="shop"), usage={"dynamodb_source_gb": 1})

    assert bill.codes == ["unpriceable"]
    assert "set `rules.0.lifecycle.deleteAfter`" in bill.messages


def test_copies_into_a_vault_of_somebody_else_bill_with_the_plan(make: Any, charge: Any) -> None:
    plan = make(BACKUPS, rules=[rule("rate(1 day)", 10, "Default")])

    assert charge(plan, usage={"dynamodb_source_gb": 1}).total == Decimal(1)
    assert charge(plan).codes == ["undeclared-usage"]
    assert charge(make(VAULT, name="shop"), plan, usage={"dynamodb_source_gb": 1}).total == Decimal(1)


def test_a_vault_is_found_by_dependency(make: Any, charge: Any) -> None:
    vault, other = make(VAULT, "shop"), make(VAULT, "other")
    plan = make(BACKUPS, rules=[rule("rate(1 day)", 10, UNKNOWN)], depends=[vault])

    assert charge(other, plan, vault, usage={"dynamodb_source_gb": 1}).total == Decimal(1)
    assert charge(vault, plan, other, usage={"dynamodb_gb": 0}).total == 0


def test_an_unknown_schedule_of_copies_needs_a_bound(make: Any, charge: Any) -> None:
    plan = make(BACKUPS, rules=[rule(UNKNOWN, 365, "Default")])

    assert charge(plan, usage={"dynamodb_source_gb": 1}).codes == ["unbounded-unknown"]
    assert charge(plan, usage={"dynamodb_source_gb": 1, "runs_per_month": 1}).total == Decimal("1.2")
