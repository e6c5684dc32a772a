"""A stack's outputs for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from contract.outputs import Outputs, Workload
    from runners.cli.terminal import Terminal


def show_outputs(outputs: Outputs, terminal: Terminal) -> None:
    """What runners will use, one thing a line."""
    terminal.line(
        f"stack {outputs.stack} of {outputs.owner}, stage {outputs.stage}, "
        f"account {outputs.account_id}, {outputs.region}",
        "bold",
    )
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in _rows(outputs):
        table.add_row(name, Text(value))
    terminal.console.print(table)


def _rows(outputs: Outputs) -> Iterator[tuple[str, str]]:
    yield from _surrounded(outputs.workload)
    seen = outputs.observability
    if seen is not None:
        yield "dashboards", ", ".join(seen.dashboards)
        for alarm in seen.alarms:
            yield f"alarm {alarm.signal}", alarm.arn
        yield "topic", seen.topic_arn
        yield "metrics", f"{len(seen.metrics)} in {seen.metric_namespace}"
        if seen.container_insights is not None:
            yield "container insights", f"{seen.container_insights.mode} on {seen.container_insights.cluster}"
        yield "spending budget", seen.spending_budget or "none (ial:spendingLimit is not set)"
    kept = outputs.backup
    if kept is not None:
        if kept.plan is not None:
            yield "backup plan", f"{kept.plan.id} into {kept.plan.vault}, kept {kept.plan.retention_days} days"
        if kept.drills is not None:
            yield "restore drills", f"up to {kept.drills.monthly_budget_usd} USD a month, alarm {kept.drills.alarm}"
        yield "configuration bucket", kept.configuration_bucket
        yield "run records", kept.records_table
        yield "runner roles", f"{kept.runner_roles.reader}, {kept.runner_roles.drill}"
    for table in outputs.workload.tables:
        yield f"table {table.name}", f"point-in-time recovery {'on' if table.point_in_time_recovery else 'off'}"
    for omission in outputs.omitted:
        yield "left out", f"{omission.feature}: {omission.reason}"


def _surrounded(work: Workload) -> Iterator[tuple[str, str]]:
    """The parts of the workload that have no settings in the document."""
    parts = {
        "cluster": work.ecs_cluster,
        "service": work.ecs_service,
        "load balancer": work.load_balancer,
        "host name": work.host_name,
        "target group": work.target_group,
        "Auto Scaling group": work.auto_scaling_group,
        "database": work.database,
    }
    yield from ((what, name) for what, name in parts.items() if name)
