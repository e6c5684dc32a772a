"""The stack's one output document, as the contract has it: what runners need, nothing secret."""

from typing import Any

import pulumi

from components.backup.backup import Backup
from components.backup.backup_plan import BackupPlan
from components.backup.drill_automation import DrillAutomation
from components.chaos.chaos import Chaos
from components.late import late, plain
from components.observability.alarm_spec import AlarmSpec
from components.observability.observability import Observability
from components.observability.service_metrics import service_metrics
from components.omissions import Omission
from components.place import Place
from components.settings import BackupSettings, Settings
from contract import outputs


def document(
    settings: Settings,
    omitted: tuple[Omission, ...],
    observability: Observability | None,
    backup: Backup | None,
    chaos: Chaos | None = None,
) -> dict[str, Any]:
    """The document; parts whose stage has not come are null."""
    promised = outputs.Outputs(
        project=pulumi.get_project(),
        stack=pulumi.get_stack(),
        environment=settings.environment,
        owner=settings.owner,
        stage=settings.stage,
        account_id=settings.account_id,
        region=settings.region,
        recovery_window_days=settings.recovery_window_days,
        workload=settings.workload.told(settings.stay),
        observability=None if observability is None else _observability(settings, observability),
        backup=None if backup is None else _backup(settings, backup),
        chaos=None if chaos is None else chaos.document,
        goals=settings.goals,
        omitted=tuple(outputs.Omission(feature=omission.feature, reason=omission.reason) for omission in omitted),
    )
    written: dict[str, Any] = plain(promised)
    return written


def _observability(settings: Settings, part: Observability) -> outputs.Observability:
    cluster = settings.workload.service.cluster
    insights = outputs.ContainerInsights(cluster=cluster, mode=settings.container_insights) if cluster else None
    return outputs.Observability(
        dashboards=tuple(part.dashboards),
        alarms=tuple(_alarm(settings.place, spec) for spec in part.alarms),
        topic_arn=late(part.topic_arn),
        metric_namespace=settings.namespace,
        metrics=tuple(metric.name for metric in service_metrics(settings)),
        container_insights=insights,
        spending_budget=part.budget_name,
    )


def _alarm(place: Place, spec: AlarmSpec) -> outputs.Alarm:
    name = place.name(spec.signal)
    return outputs.Alarm(signal=spec.signal, name=name, arn=place.arn("cloudwatch", f"alarm:{name}"))


def _backup(settings: Settings, part: Backup) -> outputs.Backup:
    roles = {kind: late(arn) for kind, arn in part.runner_role_arns.items()}
    return outputs.Backup(
        plan=None if part.plan is None else _plan(settings.backup, part.plan),
        drills=None if part.drills is None else _drills(settings.backup, part.drills),
        configuration_bucket=part.configuration_bucket,
        records_table=part.records_table,
        runner_roles=outputs.RunnerRoles(**roles),
    )


def _plan(settings: BackupSettings, plan: BackupPlan) -> outputs.BackupPlan:
    return outputs.BackupPlan(
        id=late(plan.plan_id),
        vault=plan.vault_name,
        role_arn=late(plan.role_arn),
        schedule=settings.schedule,
        retention_days=settings.retention_days,
        include_database=settings.include_database,
    )


def _drills(settings: BackupSettings, part: DrillAutomation) -> outputs.Drills:
    drills = settings.drills
    return outputs.Drills(
        schedule=drills.schedule,
        monthly_budget_usd=str(drills.monthly_budget),
        objective_minutes=drills.objective_minutes,
        overdue_days=drills.overdue_days,
        read_share_percent=drills.read_share_percent,
        on_demand_read_units=drills.on_demand_read_units,
        read_minutes=drills.read_minutes,
        sentinel=drills.sentinel,
        overdue_schedule=part.schedule_name,
        alarm=part.alarm_name,
    )
