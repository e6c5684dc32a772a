"""The dashboard of a stack as JSON: service, data stores, backups, chaos, in this order."""

import json

from components.observability.alarm_spec import AlarmSpec, MetricRef
from components.observability.critical_signals import load_balancer_dimensions, user_errors
from components.observability.notifications import RULE
from components.observability.service_metrics import service_metrics
from components.observability.widgets import Widget, alarm_states, graph, heading, place_rows
from components.settings import Settings
from contract.names import DATA_LOSS_METRIC, DETECTION_METRIC, RECOVERY_METRIC, RESTORE_METRIC

# CloudWatch's free dashboards hold at most fifty metrics; one more makes the dashboard cost 3.00 USD.
MOST_METRICS = 50
_METRICS_A_TABLE = 4
_METRICS_ON_ONE_GRAPH = 8


def stack_body(settings: Settings, alarms: tuple[AlarmSpec, ...]) -> str:
    """The main dashboard. Tables that would exceed the fifty metrics are named in the heading, not drawn."""
    service = _service_rows(settings, alarms)
    after = [*_backup_rows(settings), *_chaos_rows(settings)]
    left = MOST_METRICS - sum(widget.metrics for row in [*service, *after] for widget in row)
    return _json([_states(settings, alarms), *service, *_data_rows(settings, alarms, left), *after])


def team_body(settings: Settings, team: str, alarms: tuple[AlarmSpec, ...]) -> str:
    """The dashboard of one team: the states of the alarms, and the service's traffic."""
    title = heading(f"# {team}: {settings.environment}")
    return _json([[title], _states(settings, alarms), _traffic(settings, alarms)])


def _json(rows: list[list[Widget]]) -> str:
    body = {"start": "-PT3H", "periodOverride": "inherit", "widgets": place_rows(row for row in rows if row)}
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


def _states(settings: Settings, alarms: tuple[AlarmSpec, ...]) -> list[Widget]:
    place = settings.place
    arns = [place.arn("cloudwatch", f"alarm:{place.name(alarm.signal)}") for alarm in alarms]
    return [alarm_states("Critical alarms", arns)] if arns else []


def _service_rows(settings: Settings, alarms: tuple[AlarmSpec, ...]) -> list[list[Widget]]:
    return [
        [heading(f"# Service\nRunbooks: {settings.runbooks}")],
        _traffic(settings, alarms),
        _capacity(settings, alarms),
        _custom(settings),
    ]


def _traffic(settings: Settings, alarms: tuple[AlarmSpec, ...]) -> list[Widget]:
    work, region = settings.workload, settings.region
    if not work.load_balancer:
        return []
    dims = load_balancer_dimensions(work)

    def lines(*named: tuple[str, str]) -> list[MetricRef]:
        return [_metric("AWS/ApplicationELB", name, stat, **dims) for name, stat in named]

    answers = [*user_errors(work), *lines(("HTTPCode_Target_4XX_Count", "Sum"))]
    latency = lines(*(("TargetResponseTime", stat) for stat in ("p50", "p90", "p99")))
    widgets = [
        graph("Requests", region, lines(("RequestCount", "Sum"))),
        graph("Errors", region, answers, _of(alarms, "errors")),
        graph("Latency", region, latency, _of(alarms, "latency")),
    ]
    if work.target_group:
        hosts = lines(("HealthyHostCount", "Minimum"), ("UnHealthyHostCount", "Maximum"))
        widgets.append(graph("Hosts", region, hosts, _of(alarms, "unhealthy-hosts")))
    return widgets


def _capacity(settings: Settings, alarms: tuple[AlarmSpec, ...]) -> list[Widget]:
    work, region = settings.workload, settings.region
    widgets = []
    saturation = _of(alarms, "saturation")
    if work.ecs_cluster and work.ecs_service:
        dims = {"ClusterName": work.ecs_cluster, "ServiceName": work.ecs_service}
        pair = [_metric("AWS/ECS", name, "Average", **dims) for name in ("CPUUtilization", "MemoryUtilization")]
        widgets.append(graph("ECS service", region, pair, saturation, width=8))
        saturation = []
    if work.auto_scaling_group:
        group = {"AutoScalingGroupName": work.auto_scaling_group}
        cpu = [_metric("AWS/EC2", "CPUUtilization", "Average", **group)]
        sizes = [
            _metric("AWS/AutoScaling", name, "Average", **group)
            for name in ("GroupInServiceInstances", "GroupDesiredCapacity")
        ]
        widgets += [
            graph("Instances", region, sizes, width=8),
            graph("Instance CPU", region, cpu, saturation, width=8),
        ]
    return widgets


def _custom(settings: Settings) -> list[Widget]:
    metrics = service_metrics(settings)[:15]
    refs = [_metric(settings.namespace, metric.name, "Average" if metric.is_measured else "Sum") for metric in metrics]
    size = _METRICS_ON_ONE_GRAPH
    parts = [refs[start : start + size] for start in range(0, len(refs), size)]
    return [graph(f"From the logs ({number})", settings.region, part, width=12) for number, part in enumerate(parts, 1)]


def _data_rows(settings: Settings, alarms: tuple[AlarmSpec, ...], left: int) -> list[list[Widget]]:
    work, region = settings.workload, settings.region
    widgets: list[Widget] = []
    if work.database:
        widgets += _database(settings, _of(alarms, "data-store") if not work.tables else [])
        left -= sum(widget.metrics for widget in widgets)
    fitting = max(0, left // _METRICS_A_TABLE)
    for number, table in enumerate(work.tables[:fitting]):
        names = ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents")
        refs = [_metric("AWS/DynamoDB", name, "Sum", TableName=table.name) for name in names]
        widgets.append(graph(f"Table {table.name}", region, refs, _of(alarms, "data-store") if number == 0 else []))
    others = ", ".join(table.name for table in work.tables[fitting:])
    note = f"\nNot drawn, to stay at {MOST_METRICS} metrics: {others}" if others else ""
    return [[heading(f"# Data stores{note}")], widgets] if widgets or others else []


def _database(settings: Settings, alarms: list[AlarmSpec]) -> list[Widget]:
    dims = {"DBInstanceIdentifier": settings.workload.database or ""}
    load = [_metric("AWS/RDS", name, "Average", **dims) for name in ("CPUUtilization", "DatabaseConnections")]
    storage = [_metric("AWS/RDS", "FreeStorageSpace", "Minimum", **dims)]
    return [
        graph("Database load", settings.region, load, alarms),
        graph("Database free storage", settings.region, storage),
    ]


def _backup_rows(settings: Settings) -> list[list[Widget]]:
    if settings.stage < 2:
        return [[heading("# Backups\nFrom stage 2")]]
    vault = {"BackupVaultName": settings.place.name("vault")}
    names = ("NumberOfBackupJobsCompleted", "NumberOfBackupJobsFailed")
    jobs = [_metric("AWS/Backup", name, "Sum", **vault) for name in names]
    drills = [_metric(settings.namespace, name, "Maximum") for name in (RESTORE_METRIC, DATA_LOSS_METRIC)]
    return [
        [heading("# Backups")],
        [
            graph("Backup jobs", settings.region, jobs, width=12),
            graph("Restore drills", settings.region, drills, width=12),
        ],
    ]


def _chaos_rows(settings: Settings) -> list[list[Widget]]:
    if settings.stage < 3:
        return [[heading("# Chaos\nFrom stage 3")]]
    score = [_metric(settings.namespace, "ResilienceScore", "Average")]
    times = [_metric(settings.namespace, name, "Maximum") for name in (DETECTION_METRIC, RECOVERY_METRIC)]
    # EventBridge tells nobody that a target refused: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    lost = [_metric("AWS/Events", "FailedInvocations", "Sum", RuleName=settings.place.name(RULE))]
    return [
        [heading("# Chaos")],
        [
            graph("Resilience score", settings.region, score, width=8),
            graph("Detection and recovery", settings.region, times, width=8),
            graph("Experiment events that reached nobody", settings.region, lost, width=8),
        ],
    ]


def _of(alarms: tuple[AlarmSpec, ...], signal: str) -> list[AlarmSpec]:
    return [alarm for alarm in alarms if alarm.signal == signal]


def _metric(namespace: str, name: str, stat: str, **dimensions: str) -> MetricRef:
    return MetricRef(namespace=namespace, name=name, stat=stat, dimensions=dimensions)
