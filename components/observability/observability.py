"""Stage 1: seeing what the workload does."""

from dataclasses import dataclass, field

import pulumi

from components.observability.alarm_spec import AlarmSpec
from components.observability.burn_rate_alarms import BurnRateAlarms, BurnRateAlarmsArgs
from components.observability.container_insights import ContainerInsights, ContainerInsightsArgs
from components.observability.critical_alarms import CriticalAlarms, CriticalAlarmsArgs
from components.observability.critical_signals import critical_signals, instance_signals
from components.observability.custom_metrics import CustomMetrics, CustomMetricsArgs
from components.observability.dashboard import Dashboard, DashboardArgs
from components.observability.dashboard_body import stack_body, team_body
from components.observability.load_balancer_metrics import requests, user_errors
from components.observability.log_groups import LogGroups, LogGroupsArgs
from components.observability.notifications import Notifications, NotificationsArgs
from components.observability.run_markers import RunMarkers
from components.observability.service_metrics import service_metrics
from components.observability.signals.latency import SECONDS
from components.observability.spending_budget import SpendingBudget, SpendingBudgetArgs
from components.observability.tracing import Tracing, TracingArgs
from components.settings import Settings

STAGE = 1


@dataclass(frozen=True, kw_only=True)
class ObservabilityArgs:
    """The stack's settings, and what its runs will leave to be shown."""

    settings: Settings
    markers: RunMarkers = field(default_factory=RunMarkers)


class Observability(pulumi.ComponentResource):
    """Dashboard, critical alarms, tracing, metrics, logs, notifications and a spending budget around a workload."""

    alarms: tuple[AlarmSpec, ...]
    burn_rate_alarms: list[str]
    dashboards: list[str]
    topic_arn: pulumi.Output[str]
    trace_group: str
    budget_name: str | None

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:observability:Observability", name, None, opts)
        self._prefix, self._settings, self._markers = name, args.settings, args.markers
        self._child = pulumi.ResourceOptions(parent=self)
        self._place = args.settings.place
        self.alarms = (*critical_signals(args.settings), *instance_signals(args.settings))
        self._notify()
        self._watch()
        self._read_logs()
        self._trace()
        self._show()
        self.register_outputs({"topic_arn": self.topic_arn, "dashboards": self.dashboards})

    def _notify(self) -> None:
        settings = self._settings
        notifications = Notifications(
            f"{self._prefix}-notifications",
            NotificationsArgs(place=self._place, stage=STAGE, emails=settings.notify_emails),
            self._child,
        )
        self.topic_arn = notifications.topic_arn
        self.budget_name = None
        if settings.spending_limit is None:
            return
        budget = SpendingBudget(
            f"{self._prefix}-spending",
            SpendingBudgetArgs(
                place=self._place,
                stage=STAGE,
                limit=settings.spending_limit,
                topic_arn=self.topic_arn,
                topic_policy=notifications.policy,
            ),
            self._child,
        )
        self.budget_name = budget.budget_name

    def _watch(self) -> None:
        settings = self._settings
        CriticalAlarms(
            f"{self._prefix}-alarms",
            CriticalAlarmsArgs(
                place=self._place,
                stage=STAGE,
                signals=self.alarms,
                topic_arn=self.topic_arn,
                runbooks=settings.runbooks,
            ),
            self._child,
        )
        self.burn_rate_alarms = []
        if settings.slo and settings.workload.balancer.name:
            burning = BurnRateAlarms(
                f"{self._prefix}-burn-rate",
                BurnRateAlarmsArgs(
                    place=self._place,
                    stage=STAGE,
                    slo=settings.slo,
                    requests=requests(settings.workload),
                    errors=user_errors(settings.workload),
                    topic_arn=self.topic_arn,
                    runbooks=settings.runbooks,
                ),
                self._child,
            )
            self.burn_rate_alarms = burning.alarm_names

    def _read_logs(self) -> None:
        settings = self._settings
        groups = settings.workload.log_groups.all
        if not groups:
            return
        logs = LogGroups(
            f"{self._prefix}-logs",
            LogGroupsArgs(
                place=self._place, stage=STAGE, log_groups=groups, retention_days=settings.log_retention_days
            ),
            self._child,
        )
        CustomMetrics(
            f"{self._prefix}-metrics",
            CustomMetricsArgs(
                place=self._place,
                namespace=settings.namespace,
                metrics=service_metrics(settings),
                log_group=groups[0].name,
                # CloudWatch Logs refuses two changes of one log group at once, also of its retention and a filter.
                depends_on=logs.members,
            ),
            self._child,
        )

    def _trace(self) -> None:
        settings = self._settings
        tracing = Tracing(
            f"{self._prefix}-tracing",
            TracingArgs(
                place=self._place,
                stage=STAGE,
                tracing=settings.tracing,
                service=settings.traced_service,
                latency_seconds=settings.thresholds[SECONDS],
            ),
            self._child,
        )
        self.trace_group = tracing.group_name
        work = settings.workload
        if work.service.cluster:
            ContainerInsights(
                f"{self._prefix}-insights",
                ContainerInsightsArgs(
                    place=self._place,
                    stage=STAGE,
                    cluster=work.service.cluster,
                    create=work.service.create_cluster,
                    mode=settings.container_insights,
                ),
                self._child,
            )

    def _show(self) -> None:
        settings = self._settings
        bodies = {"overview": stack_body(settings, self.alarms, self._markers)}
        bodies |= {team: team_body(settings, team, self.alarms) for team in settings.team_dashboards}
        self.dashboards = [
            Dashboard(
                f"{self._prefix}-dashboard" + ("" if role == "overview" else f"-{role}"),
                DashboardArgs(place=self._place, role=role, body=body),
                self._child,
            ).dashboard_name
            for role, body in bodies.items()
        ]
