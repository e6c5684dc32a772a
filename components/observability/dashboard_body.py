"""The dashboard of a stack as JSON: service, data stores, backups, chaos, in this order."""

import json

from components.observability.alarm_spec import AlarmSpec, MetricRef, metric
from components.observability.critical_signals import scene
from components.observability.load_balancer_metrics import balanced
from components.observability.notifications import RULE
from components.observability.run_markers import RunMarkers, fault_row, run_row
from components.observability.service_metrics import service_metrics
from components.observability.signal import Row, all_signals
from components.observability.widgets import Widget, alarm_states, graph, heading, place_rows
from components.settings import Settings
from components.workload.database import NAMESPACE as DATABASE
from components.workload.table import NAMESPACE as TABLES
from contract.names import DATA_LOSS_METRIC, DETECTION_METRIC, RECOVERY_METRIC, RESTORE_METRIC, SCORE_METRIC

# CloudWatch's free dashboards hold at most fifty metrics; one more makes the dashboard cost 3.00 USD.
MOST_METRICS = 50
_METRICS_A_TABLE = 4
_METRICS_ON_ONE_GRAPH = 8


def stack_body(settings: Settings, alarms: tuple[AlarmSpec, ...], markers: RunMarkers | None = None) -> str:
    """The main dashboard; `markers` is what runs leave.

    Tables that would exceed the fifty metrics are named in the heading, not drawn.
    """
    marks = markers or RunMarkers()
    service = _service_rows(settings, alarms, marks)
    after = [*_backup_rows(settings), *_chaos_rows(settings, marks)]
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


def _service_rows(settings: Settings, alarms: tuple[AlarmSpec, ...], markers: RunMarkers) -> list[list[Widget]]:
    return [
        [heading(f"# Service\nRunbooks: {settings.runbooks}")],
        fault_row(settings, markers),
        _traffic(settings, alarms),
        _drawn(settings, alarms, Row.CAPACITY),
        _custom(settings),
    ]


def _traffic(settings: Settings, alarms: tuple[AlarmSpec, ...]) -> list[Widget]:
    work, region = settings.workload, settings.region
    asked = [graph("Requests", region, balanced(work, ("RequestCount", "Sum")))] if work.balancer.name else []
    return [*asked, *_drawn(settings, alarms, Row.TRAFFIC)]


def _drawn(settings: Settings, alarms: tuple[AlarmSpec, ...], row: Row) -> list[Widget]:
    seen = scene(settings)
    return [
        widget
        for signal in all_signals()
        if signal.row is row and signal.draw is not None
        for widget in signal.draw(seen, [alarm for alarm in alarms if alarm.signal == signal.name])
    ]


def _custom(settings: Settings) -> list[Widget]:
    metrics = service_metrics(settings)[:15]
    refs = [
        metric(settings.namespace, measured.name, "Average" if measured.is_measured else "Sum") for measured in metrics
    ]
    size = _METRICS_ON_ONE_GRAPH
    parts = [refs[start : start + size] for start in range(0, len(refs), size)]
    return [graph(f"From the logs ({number})", settings.region, part, width=12) for number, part in enumerate(parts, 1)]


def _data_rows(settings: Settings, alarms: tuple[AlarmSpec, ...], left: int) -> list[list[Widget]]:
    work, region = settings.workload, settings.region
    widgets: list[Widget] = []
    if work.database.name:
        widgets += _database(settings, alarms)
        left -= sum(widget.metrics for widget in widgets)
    fitting = max(0, left // _METRICS_A_TABLE)
    for table in work.tables.all[:fitting]:
        names = ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents")
        refs = [metric(TABLES, name, "Sum", **table.dimensions) for name in names]
        widgets.append(graph(f"Table {table.name}", region, refs, _watching(alarms, refs)))
    others = ", ".join(table.name for table in work.tables.all[fitting:])
    note = f"\nNot drawn, to stay at {MOST_METRICS} metrics: {others}" if others else ""
    return [[heading(f"# Data stores{note}")], widgets] if widgets or others else []


def _database(settings: Settings, alarms: tuple[AlarmSpec, ...]) -> list[Widget]:
    dims = settings.workload.database.dimensions
    load = [metric(DATABASE, name, "Average", **dims) for name in ("CPUUtilization", "DatabaseConnections")]
    storage = [metric(DATABASE, "FreeStorageSpace", "Minimum", **dims)]
    return [
        graph("Database load", settings.region, load, _watching(alarms, load)),
        graph("Database free storage", settings.region, storage, _watching(alarms, storage)),
    ]


def _backup_rows(settings: Settings) -> list[list[Widget]]:
    if settings.stage < 2:
        return [[heading("# Backups\nFrom stage 2")]]
    vault = {"BackupVaultName": settings.place.name("vault")}
    names = ("NumberOfBackupJobsCompleted", "NumberOfBackupJobsFailed")
    jobs = [metric("AWS/Backup", name, "Sum", **vault) for name in names]
    drills = [metric(settings.namespace, name, "Maximum") for name in (RESTORE_METRIC, DATA_LOSS_METRIC)]
    return [
        [heading("# Backups")],
        [
            graph("Backup jobs", settings.region, jobs, width=12),
            graph("Restore drills", settings.region, drills, width=12),
        ],
    ]


def _chaos_rows(settings: Settings, markers: RunMarkers) -> list[list[Widget]]:
    if settings.stage < 3:
        return [[heading("# Chaos\nFrom stage 3")]]
    score = [metric(settings.namespace, SCORE_METRIC, "Average")]
    times = [metric(settings.namespace, name, "Maximum") for name in (DETECTION_METRIC, RECOVERY_METRIC)]
    # EventBridge tells nobody that a target refused: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    lost = [metric("AWS/Events", "FailedInvocations", "Sum", RuleName=settings.place.name(RULE))]
    return [
        [heading("# Chaos")],
        [
            graph("Resilience score", settings.region, score, width=8),
            graph("Detection and recovery", settings.region, times, width=8),
            graph("Experiment events that reached nobody", settings.region, lost, width=8),
        ],
        run_row(settings, markers),
    ]


def _watching(alarms: tuple[AlarmSpec, ...], drawn: list[MetricRef]) -> list[AlarmSpec]:
    """The alarms of data stores on a metric of this graph, whatever the statistic: their lines belong there."""
    names = {signal.name for signal in all_signals() if signal.row is Row.DATA}
    shown = [(held.namespace, held.name, held.dimensions) for held in drawn]
    return [
        alarm
        for alarm in alarms
        if alarm.signal in names and any((of.namespace, of.name, of.dimensions) in shown for of in alarm.metrics)
    ]
