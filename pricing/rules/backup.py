"""AWS Backup: what a vault holds, and restore tests by their schedule."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced
from pricing.resource import Resource
from pricing.rules.arithmetic import shown
from pricing.rules.backup_copies import PLAN, Kept, copies_usage, held, kept_elsewhere, kept_in
from pricing.rules.references import referred
from pricing.rules.schedules import RUNS, expression_runs

_PAGE = "https://aws.amazon.com/backup/pricing/"
_SELECTION = "aws:backup/selection:Selection"
_TESTING_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
# DynamoDB, EBS and RDS backups bill under their own service, S3 and EFS backups under AWS Backup.
_HELD = {
    "dynamodb_gb": ("DynamoDB backups", "dynamodb.backup.warm"),
    "dynamodb_cold_gb": ("Cold DynamoDB backups", "dynamodb.backup.cold"),
    "s3_gb": ("S3 backups", "backup.s3.warm"),
    "ebs_gb": ("EBS snapshots", "ebs.snapshot"),
    "rds_gb": ("RDS snapshots", "rds.backup"),
    "aurora_gb": ("Aurora snapshots", "aurora.backup"),
    "efs_gb": ("EFS backups", "backup.efs.warm"),
    "efs_cold_gb": ("Cold EFS backups", "backup.efs.cold"),
}
_SERVICES = {
    "dynamodb": "dynamodb_gb",
    "s3": "s3_gb",
    "ec2": "ebs_gb",
    "rds": "rds_gb",
    "elasticfilesystem": "efs_gb",
}
_RESTORED = {
    "dynamodb_restored_gb": ("DynamoDB restores", "dynamodb.restore"),
    "s3_restored_gb": ("S3 restores", "backup.restore.s3"),
    "efs_restored_gb": ("EFS restores", "backup.restore.efs"),
}
_TESTED = {"DynamoDB": "dynamodb.restore", "S3": "backup.restore.s3", "EFS": "backup.restore.efs"}


@priced(
    "aws:backup/vault:Vault",
    usage=[
        *(
            UsageKey(name=key, unit="GB", meaning=f"{name} in the vault, averaged over the month")
            for key, (name, _) in _HELD.items()
        ),
        *(
            UsageKey(name=key, unit="GB", meaning=f"{name} a month", default="0")
            for key, (name, _) in _RESTORED.items()
        ),
        *copies_usage(),
    ],
    by_usage=True,
)
def vault(b: Billing) -> Iterator[LineItem]:
    """A vault bills what it holds for each kind of source: what plans keep there, and more if more is declared.

    The kinds that the selections of the stack name must be declared; without any, one kind at least, zero if empty.
    """
    selected, kept = _selected_kinds(b), kept_in(b)
    yield from _held_lines(b, selected, kept)
    for key, (name, price) in _RESTORED.items():
        yield from b.optional_item(name, price, key)


@priced(PLAN, usage=[RUNS, *copies_usage()])
def plan(b: Billing) -> Iterator[LineItem]:
    """A plan is free; its copies bill with their vault, and here when that is not in the stack."""
    kept = kept_elsewhere(b)
    if kept is not None:
        yield from _held_lines(b, _selected_kinds(b), kept)


def _held_lines(b: Billing, selected: set[str], kept: Kept | None) -> Iterator[LineItem]:
    for key in [key for key in _HELD if key in selected or _is_declared(b, key)] or ["dynamodb_gb"]:
        name, price = _HELD[key]
        quantity, formula, usage_key = held(b, key, kept)
        yield b.item(name, price, quantity, formula, usage_key=usage_key)


def _is_declared(b: Billing, key: str) -> bool:
    return b.use(key) is not None or b.use(f"{key.removesuffix('_gb')}_source_gb") is not None


def _selected_kinds(b: Billing) -> set[str]:
    kinds: set[str] = set()
    for selection in b.graph.of_type(_SELECTION):
        arns = selection.get("resources")
        for arn in arns if isinstance(arns, list) else []:
            service = arn.split(":")[2] if isinstance(arn, str) and arn.count(":") >= 5 else ""
            if service in _SERVICES:
                kinds.add(_SERVICES[service])
    return kinds


@priced(
    _TESTING_PLAN,
    usage=[
        UsageKey(
            name="recovery_points", unit="recovery points", meaning="recovery points tested in each run of the plan"
        ),
        UsageKey(name="runs_per_month", unit="runs", meaning="runs a month when the schedule is unknown"),
    ],
)
def restore_testing_plan(b: Billing) -> Iterator[LineItem]:
    """Each recovery point that a run restores bills a fee, on top of the restore itself."""
    points = b.use("recovery_points")
    runs = expression_runs(b, b.resource, "scheduleExpression")
    quantity = None if points is None else points * runs
    formula = f"recovery_points {shown(points)} x {shown(runs)} runs a month"
    yield b.item("Restore tests", "backup.restore_test", quantity, formula, usage_key="recovery_points")


@priced(
    "aws:backup/restoreTestingSelection:RestoreTestingSelection",
    usage=[UsageKey(name="restored_gb", unit="GB", meaning="data restored in each run of the plan")],
)
def restore_testing_selection(b: Billing) -> Iterator[LineItem]:
    """What a test restores bills as any restore, in each run of its plan."""
    kind = b.text("protectedResourceType")
    if kind not in _TESTED:
        msg = (
            f"property `protectedResourceType` is {kind!r}: its tests run what has no derived price; "
            f"accepted are {', '.join(_TESTED)}"
        )
        raise Unpriceable(msg)
    runs = _runs_of_plan(b)
    size = b.use("restored_gb")
    quantity = None if size is None else size * runs
    formula = f"restored_gb {shown(size)} x {shown(runs)} runs a month"
    yield b.item(f"Restored data ({kind})", _TESTED[kind], quantity, formula, usage_key="restored_gb")


def _runs_of_plan(b: Billing) -> Quantity:
    plan: Resource | None = referred(b, b.resource.get("restoreTestingPlanName"), _TESTING_PLAN)
    if plan is None:
        msg = "property `restoreTestingPlanName` names no plan of the stack, so its schedule is not known"
        raise Unpriceable(msg)
    return expression_runs(b, plan, "scheduleExpression")


@priced(
    "aws:backup/framework:Framework",
    usage=[UsageKey(name="evaluations", unit="evaluations", meaning="controls x resources x evaluations a month")],
    by_usage=True,
)
def audit_framework(b: Billing) -> Iterator[LineItem]:
    """Backup Audit Manager bills each evaluation of a control on a resource."""
    yield b.usage_item("Audit evaluations", "backup.audit_evaluation", "evaluations", divisor=1_000)


free(
    "aws:backup/globalSettings:GlobalSettings",
    "aws:backup/regionSettings:RegionSettings",
    "aws:backup/reportPlan:ReportPlan",
    _SELECTION,
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    "aws:backup/vaultNotifications:VaultNotifications",
    "aws:backup/vaultPolicy:VaultPolicy",
    why="a plan or a setting; the backups that it makes are billed with the vault that holds them",
    source=_PAGE,
)
