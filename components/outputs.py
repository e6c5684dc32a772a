"""The stack's one output document, described by `schemas/outputs.schema.json`: what runners need, nothing secret."""

from typing import Any

import pulumi

from components.backup.backup import Backup
from components.chaos.chaos import Chaos
from components.observability.alarm_spec import AlarmSpec
from components.observability.observability import Observability
from components.observability.service_metrics import service_metrics
from components.omissions import Omission
from components.settings import Settings

SCHEMA_VERSION = 1


def document(
    settings: Settings,
    omitted: tuple[Omission, ...],
    observability: Observability | None,
    backup: Backup | None,
    chaos: Chaos | None = None,
) -> dict[str, Any]:
    """The document; parts whose stage has not come are null."""
    return {
        "schema_version": SCHEMA_VERSION,
        "project": pulumi.get_project(),
        "stack": pulumi.get_stack(),
        "environment": settings.environment,
        "owner": settings.owner,
        "stage": settings.stage,
        "account_id": settings.account_id,
        "region": settings.region,
        "recovery_window_days": settings.recovery_window_days,
        "workload": _workload(settings),
        "observability": observability and _observability(settings, observability),
        "backup": backup and _backup(settings, backup),
        "chaos": chaos and chaos.document,
        "omitted": [{"feature": omission.feature, "reason": omission.reason} for omission in omitted],
    }


def _workload(settings: Settings) -> dict[str, Any]:
    work, place = settings.workload, settings.place
    return {
        "ecs_cluster": work.ecs_cluster,
        "ecs_service": work.ecs_service,
        "load_balancer": work.load_balancer,
        "host_name": work.host_name,
        "target_group": work.target_group,
        "auto_scaling_group": work.auto_scaling_group,
        "database": work.database,
        "tables": [
            {
                "name": table.name,
                "arn": place.table_arn(table.name),
                "existing": table.existing,
                "point_in_time_recovery": table.pitr,
                "deletion_protection": table.deletion_protection,
                "recovery_days": table.recovery_days or settings.recovery_window_days,
            }
            for table in work.tables
        ],
        "buckets": [
            {
                "name": bucket.name,
                "arn": place.bucket_arn(bucket.name),
                "existing": bucket.existing,
                "versioning": bucket.versioning,
                "noncurrent_days": bucket.noncurrent_days or settings.noncurrent_days,
                "left_to_owner": list(bucket.left_to_owner),
            }
            for bucket in work.buckets
        ],
        "log_groups": [
            {
                "name": group.name,
                "existing": group.existing,
                "retention_days": (
                    settings.log_retention_days if group.retention_days is None else group.retention_days
                ),
            }
            for group in work.log_groups
        ],
    }


def _observability(settings: Settings, part: Observability) -> dict[str, Any]:
    work = settings.workload
    return {
        "dashboards": part.dashboards,
        "alarms": [_alarm(settings, spec) for spec in part.alarms],
        "burn_rate_alarms": part.burn_rate_alarms,
        "topic_arn": part.topic_arn,
        "metric_namespace": settings.namespace,
        "metrics": [metric.name for metric in service_metrics(settings)],
        "container_insights": (
            {"cluster": work.ecs_cluster, "mode": settings.container_insights} if work.ecs_cluster else None
        ),
        "trace_group": part.trace_group,
        "spending_budget": part.budget_name,
    }


def _alarm(settings: Settings, spec: AlarmSpec) -> dict[str, Any]:
    name = settings.place.name(spec.signal)
    return {
        "signal": spec.signal,
        "name": name,
        "arn": settings.place.arn("cloudwatch", f"alarm:{name}"),
        "threshold": spec.threshold,
        "period_seconds": spec.period,
        "datapoints_to_alarm": spec.datapoints,
        "evaluation_periods": spec.evaluations,
        "missing_data": spec.missing,
    }


def _backup(settings: Settings, part: Backup) -> dict[str, Any]:
    plan = part.plan
    return {
        "plan": plan
        and {
            "id": plan.plan_id,
            "vault": plan.vault_name,
            "role_arn": plan.role_arn,
            "schedule": settings.backup.schedule,
            "retention_days": settings.backup.retention_days,
            "include_database": settings.backup.include_database,
            "restore_testing": settings.backup.restore_testing,
        },
        "drills": part.drills
        and {
            "schedule": settings.backup.drills.schedule,
            "monthly_budget_usd": str(settings.backup.drills.monthly_budget),
            "objective_minutes": settings.backup.drills.objective_minutes,
            "overdue_days": settings.backup.drills.overdue_days,
            "read_share_percent": settings.backup.drills.read_share_percent,
            "on_demand_read_units": settings.backup.drills.on_demand_read_units,
            "read_minutes": settings.backup.drills.read_minutes,
            "sentinel": settings.backup.drills.sentinel,
            "overdue_schedule": part.drills.schedule_name,
            "alarm": part.drills.alarm_name,
        },
        "configuration_bucket": part.configuration_bucket,
        "records_table": part.records_table,
        "runner_roles": part.runner_role_arns,
    }
