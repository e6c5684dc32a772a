"""What the dashboard shows of runs: when a fault began and ended, on the time axis of the graphs, and who watches them.

A vertical line of a graph stands in the dashboard's body, and a run that wrote it would change what the program owns. A
metric of our own is paid for. The log that FIS writes anyway has each moment: a query of it is drawn on the same axis,
for what it scans (0.005 USD per GB, of kilobytes).
"""

from dataclasses import dataclass

from components.observability.widgets import Widget, alarm_states, log_graph, log_table
from components.settings import Settings

# FIS's records: https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html
_MARKS = (
    'filter log_type in ["action-start", "action-end", "action-error"]\n'
    '| stats sum(log_type = "action-start") as began, sum(log_type = "action-end") as ended, '
    'sum(log_type = "action-error") as failed by bin(1m)'
)
_RUNS = (
    "fields @timestamp, log_type, id, details.experiment_template_id as template, "
    "details.experiment_state.status as became, details.experiment_state.reason as why\n"
    '| filter log_type in ["experiment-start", "experiment-end"]\n| sort @timestamp desc\n| limit 20'
)
_FAULTS = (
    "fields @timestamp, log_type, id, details.action_name as action, details.action_id as kind, "
    "details.action_state.status as became, details.action_state.reason as why\n"
    '| filter log_type in ["action-start", "action-end", "action-error"]\n| sort @timestamp desc\n| limit 100'
)
# Role, title, query: saved beside those of the workload's logs.
RUN_QUERIES = (
    ("runs", "experiments that began and ended", _RUNS),
    ("faults", "actions of experiments, and why they failed", _FAULTS),
)


@dataclass(frozen=True, kw_only=True)
class RunMarkers:
    """Where FIS logs, if anything can be run, and the roles of the alarms on runs and on the pipeline."""

    log_group: str | None = None
    alarms: tuple[str, ...] = ()


def fault_row(settings: Settings, markers: RunMarkers) -> list[Widget]:
    """Faults over time, above what they do to the service."""
    if markers.log_group is None:
        return []
    return [log_graph("Faults that began and ended", settings.region, markers.log_group, _MARKS)]


def run_row(settings: Settings, markers: RunMarkers) -> list[Widget]:
    """The alarms of the pipeline, and the newest runs."""
    place = settings.place
    arns = [place.arn("cloudwatch", f"alarm:{place.name(role)}") for role in markers.alarms]
    states = [alarm_states("Pipeline, score and experiments", arns)] if arns else []
    if markers.log_group is None:
        return states
    return [*states, log_table("Newest experiments", settings.region, markers.log_group, _RUNS)]
