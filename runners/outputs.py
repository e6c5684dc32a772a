"""The stack's output document as runners see it; `schemas/outputs.schema.json` describes it for everyone."""

from __future__ import annotations

from typing import Any, Final, Literal, Self

from pydantic import Field, ValidationError

from runners.chaos_outputs import Chaos
from runners.errors import OutputsError
from runners.output_part import Part

SCHEMA_VERSION: Final = 1
EXPORT: Final = "ial"


class Table(Part):
    """A DynamoDB table of the workload."""

    name: str
    arn: str
    existing: bool
    point_in_time_recovery: bool
    deletion_protection: bool
    recovery_days: int


class Bucket(Part):
    """An S3 bucket of the workload; `left_to_owner` names the settings that the stack doesn't touch."""

    name: str
    arn: str
    existing: bool
    versioning: bool
    noncurrent_days: int
    left_to_owner: tuple[str, ...] = Field(strict=False)


class LogGroup(Part):
    """A log group of the workload."""

    name: str
    existing: bool
    retention_days: int


class Workload(Part):
    """What the stack surrounds; parts that the workload lacks are None or empty."""

    ecs_cluster: str | None
    ecs_service: str | None
    load_balancer: str | None
    target_group: str | None
    auto_scaling_group: str | None
    database: str | None
    tables: tuple[Table, ...] = Field(strict=False)
    buckets: tuple[Bucket, ...] = Field(strict=False)
    log_groups: tuple[LogGroup, ...] = Field(strict=False)


class Alarm(Part):
    """A critical alarm, usable as a stop condition."""

    signal: str
    name: str
    arn: str
    threshold: float
    period_seconds: int
    datapoints_to_alarm: int
    evaluation_periods: int
    missing_data: Literal["breaching", "notBreaching", "ignore", "missing"]


class ContainerInsights(Part):
    """The cluster whose Container Insights runners switch on around experiments, and the mode."""

    cluster: str
    mode: Literal["off", "gameday", "always"]


class Observability(Part):
    """What stage 1 created."""

    dashboards: tuple[str, ...] = Field(strict=False)
    alarms: tuple[Alarm, ...] = Field(strict=False)
    burn_rate_alarms: tuple[str, ...] = Field(strict=False)
    topic_arn: str
    metric_namespace: str
    metrics: tuple[str, ...] = Field(strict=False)
    container_insights: ContainerInsights | None
    trace_group: str
    spending_budget: str


class BackupPlan(Part):
    """The AWS Backup plan and where its recovery points are."""

    id: str
    vault: str
    role_arn: str
    schedule: str
    retention_days: int
    include_database: bool
    restore_testing: bool


class Drills(Part):
    """How restore drills are run, and what watches over them; amounts in USD."""

    schedule: str
    monthly_budget_usd: str = Field(pattern=r"^\d+(\.\d+)?$")
    objective_minutes: int = Field(ge=1)
    overdue_days: int = Field(ge=1)
    overdue_schedule: str
    alarm: str


class RunnerRoles(Part):
    """The roles that runners take on."""

    reader: str
    drill: str


class Backup(Part):
    """What stage 2 created."""

    plan: BackupPlan | None
    drills: Drills | None
    configuration_bucket: str
    records_table: str
    runner_roles: RunnerRoles


class Omission(Part):
    """A feature that the stack leaves out, and why."""

    feature: str
    reason: str


class Outputs(Part):
    """The whole document."""

    schema_version: Literal[1]
    project: str
    stack: str
    environment: str
    owner: str
    stage: int = Field(ge=0, le=8)
    account_id: str = Field(pattern=r"^[0-9]{12}$")
    region: str
    recovery_window_days: int
    workload: Workload
    observability: Observability | None
    backup: Backup | None
    chaos: Chaos | None
    omitted: tuple[Omission, ...] = Field(strict=False)

    @classmethod
    def parse(cls, data: object, source: str) -> Self:
        """Reads the document from where `source` says.

        Raises:
            OutputsError: it is not the document of version 1; the message names the first key that is wrong.
        """
        version = data.get("schema_version") if isinstance(data, dict) else None
        if version != SCHEMA_VERSION:
            msg = f"{source}: schema_version is {version!r}, this ial reads {SCHEMA_VERSION}; apply the stack again"
            raise OutputsError(msg)
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            key = ".".join(str(step) for step in first["loc"])
            msg = f"{source}: {key}: {first['msg']}; apply the stack again with this version of ial"
            raise OutputsError(msg) from error


def plain(data: Any) -> Any:
    """The document with whole numbers as such: engines carry every number as a float."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return int(data) if isinstance(data, float) and data.is_integer() else data
