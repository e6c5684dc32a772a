"""A stack's output document: what the program promises, and all that runners know of it. It holds nothing secret.

`schemas/outputs.schema.json` is made from these structs by `make schemas`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from msgspec import Meta

from contract.experiments import Chaos
from contract.goals import Goals
from contract.parts import Amount, Arn, Count, Part

# The stack output that holds the document.
EXPORT: Final = "ial"
SCHEMA_VERSION: Final = 2
# What version 1 had beside this: no runner read it. `*` is each entry of a list.
_GONE: Final = (
    *("workload.log_groups", "observability.burn_rate_alarms", "observability.trace_group"),
    *(f"observability.alarms.*.{key}" for key in ("threshold", "period_seconds", "datapoints_to_alarm")),
    *("observability.alarms.*.evaluation_periods", "observability.alarms.*.missing_data"),
    *("backup.plan.restore_testing", "chaos.usd_per_action_minute", "chaos.log_group"),
)

BucketSetting = Literal["versioning", "lifecycle", "encryption", "publicAccessBlock", "policy"]
Days = Annotated[int, Meta(ge=1, le=35)]


class Table(Part, frozen=True, kw_only=True):
    """A DynamoDB table of the workload.

    Attributes:
        name: Name.
        arn: ARN.
        existing: Whether others own it; false: the stack created it.
        point_in_time_recovery: Whether point-in-time recovery is on.
        deletion_protection: Whether the table refuses to be deleted.
        recovery_days: How many days back the table can be restored.
    """

    name: str
    arn: Arn
    existing: bool
    point_in_time_recovery: bool
    deletion_protection: bool
    recovery_days: Days


class Bucket(Part, frozen=True, kw_only=True):
    """An S3 bucket of the workload.

    Attributes:
        name: Name.
        arn: ARN.
        existing: Whether others own it; false: the stack created it.
        versioning: Whether overwritten objects are kept.
        noncurrent_days: Days after which an overwritten version may expire.
        left_to_owner: Settings that the stack doesn't touch.
    """

    name: str
    arn: Arn
    existing: bool
    versioning: bool
    noncurrent_days: Count
    left_to_owner: tuple[BucketSetting, ...]


class Workload(Part, frozen=True, kw_only=True):
    """What the stack surrounds; parts that the workload lacks are null or empty.

    Attributes:
        ecs_cluster: ECS cluster.
        ecs_service: ECS service of that cluster.
        load_balancer: Load balancer as CloudWatch's dimension has it: app/NAME/ID.
        host_name: Name under which users know the service behind the load balancer.
        target_group: Target group as CloudWatch's dimension has it: targetgroup/NAME/ID.
        auto_scaling_group: Auto Scaling group.
        database: RDS instance.
        tables: DynamoDB tables, the most important one first.
        buckets: S3 buckets.
    """

    ecs_cluster: str | None
    ecs_service: str | None
    load_balancer: str | None
    host_name: str | None = None
    target_group: str | None
    auto_scaling_group: str | None
    database: str | None
    tables: tuple[Table, ...]
    buckets: tuple[Bucket, ...]


class Alarm(Part, frozen=True, kw_only=True):
    """A critical alarm, usable as a stop condition. What it says is read from CloudWatch, where it may have changed.

    Attributes:
        signal: What it watches: a signal by its name, such as errors, or instance-ID.
        name: Name.
        arn: ARN, fit for a stop condition.
    """

    signal: str
    name: str
    arn: Arn


class ContainerInsights(Part, frozen=True, kw_only=True):
    """The cluster's Container Insights.

    Attributes:
        cluster: ECS cluster.
        mode: In gameday the runner switches it on around experiments.
    """

    cluster: str
    mode: Literal["off", "gameday", "always"]


class Observability(Part, frozen=True, kw_only=True):
    """What stage 1 created.

    Attributes:
        dashboards: Names of dashboards, the overview first.
        alarms: Critical alarms: each can stop a chaos experiment.
        topic_arn: Topic of all notifications.
        metric_namespace: Namespace of the custom metrics.
        metrics: Names of the custom metrics.
        container_insights: Null without an ECS cluster.
        spending_budget: AWS Budget over the whole account; null without `ial:spendingLimit`.
    """

    dashboards: Annotated[tuple[str, ...], Meta(min_length=1)]
    alarms: tuple[Alarm, ...]
    topic_arn: Arn
    metric_namespace: str
    metrics: tuple[str, ...]
    container_insights: ContainerInsights | None
    spending_budget: str | None


class BackupPlan(Part, frozen=True, kw_only=True):
    """The AWS Backup plan and where its recovery points are.

    Attributes:
        id: AWS Backup plan.
        vault: Vault that holds the copies.
        role_arn: Role that AWS Backup uses.
        schedule: When copies are made, as AWS writes it.
        retention_days: Days that a copy is kept.
        include_database: Whether the plan copies the database too.
    """

    id: str
    vault: str
    role_arn: Arn
    schedule: str
    retention_days: Count
    include_database: bool


class Drills(Part, frozen=True, kw_only=True):
    """How restore drills are run, and what watches over them.

    Attributes:
        schedule: When the pipeline drills, as AWS writes it.
        monthly_budget_usd: What drills may cost in a calendar month, in USD at list price.
        objective_minutes: Within how many minutes data must be back and proven.
        overdue_days: Days without a passed test after which the alarm rings.
        read_share_percent: Share of a provisioned table's read units that a drill takes.
        on_demand_read_units: Read units a second that a drill takes of an on-demand table.
        read_minutes: How long one scan of a table may take.
        sentinel: Whether a drill writes items and objects of its own, whose names begin with `ial-drill-`.
        overdue_schedule: Schedule that rings it unless it is moved.
        alarm: Alarm on a failed or overdue drill.
    """

    schedule: str
    monthly_budget_usd: Amount
    objective_minutes: Count
    overdue_days: Count
    read_share_percent: Count
    on_demand_read_units: Count
    read_minutes: Count
    sentinel: bool
    overdue_schedule: str
    alarm: str


class RunnerRoles(Part, frozen=True, kw_only=True):
    """The roles that runners take on.

    Attributes:
        reader: Analysis, score, report: reads only.
        drill: Backups, restore drills, rollback of objects.
    """

    reader: Arn
    drill: Arn


class Backup(Part, frozen=True, kw_only=True):
    """What stage 2 created.

    Attributes:
        plan: Null when there is nothing to copy.
        drills: Null when drills are switched off.
        configuration_bucket: Bucket for configuration copies, records and reports.
        records_table: Table of run records, keyed by `run` and `step`; items expire at `expires_at`.
        runner_roles: Roles to assume.
    """

    plan: BackupPlan | None
    drills: Drills | None
    configuration_bucket: str
    records_table: str
    runner_roles: RunnerRoles


class Omission(Part, frozen=True, kw_only=True):
    """A feature that the stack leaves out.

    Attributes:
        feature: Feature.
        reason: Why.
    """

    feature: str
    reason: str


class Outputs(Part, frozen=True, kw_only=True):
    """What a runner needs to know about a stack: the stack output `ial`. It holds nothing secret.

    Attributes:
        schema_version: Version of this document; it grows when a field changes its meaning or goes.
        project: Pulumi project.
        stack: Pulumi stack.
        environment: Environment, part of every physical name (ial-ENVIRONMENT-ROLE).
        owner: Who answers for the stack.
        stage: How far the roll-out is.
        account_id: AWS account.
        region: AWS region.
        recovery_window_days: How many days back data must be recoverable.
        workload: What the stack surrounds.
        observability: Stage 1; null before it.
        backup: Stage 2; null before it.
        chaos: What stages 3 to 5 created; null before.
        goals: What the team wants to reach.
        omitted: What the stack leaves out.
    """

    schema_version: Literal[2] = SCHEMA_VERSION
    project: str
    stack: str
    environment: str
    owner: str
    stage: Annotated[int, Meta(ge=0, le=8)]
    account_id: Annotated[str, Meta(pattern=r"^[0-9]{12}\Z")]
    region: str
    recovery_window_days: Days
    workload: Workload
    observability: Observability | None
    backup: Backup | None
    chaos: Chaos | None
    goals: Goals = Goals()
    omitted: tuple[Omission, ...]


def upgraded(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document of an earlier version as this one writes it; that of this version, or of none, as it is."""
    if document.get("schema_version") != 1:
        return dict(document)
    kept: Any = document
    for path in _GONE:
        kept = _without(kept, path)
    return {**kept, "schema_version": SCHEMA_VERSION}


def _without(node: Any, path: str) -> Any:
    """A copy without what the path leads to; nodes of another form stay as they are, for the reader to refuse."""
    key, _, rest = path.partition(".")
    if key == "*":
        return [_without(entry, rest) for entry in node] if isinstance(node, list) else node
    if not isinstance(node, dict) or key not in node:
        return node
    if rest:
        return {**node, key: _without(node[key], rest)}
    return {name: value for name, value in node.items() if name != key}
