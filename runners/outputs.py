"""The stack's output document as runners see it; `schemas/outputs.schema.json` describes it for everyone."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, Self

from msgspec import Meta, ValidationError, convert

from runners.chaos_outputs import Chaos
from runners.errors import OutputsError
from runners.output_part import Amount, Count, Part

SCHEMA_VERSION: Final = 1
EXPORT: Final = "ial"
_FIELD: Final = re.compile("Object (missing required|contains unknown) field `(.*)`")


class Table(Part, frozen=True, kw_only=True):
    """A DynamoDB table of the workload."""

    name: str
    arn: str
    existing: bool
    point_in_time_recovery: bool
    deletion_protection: bool
    recovery_days: int


class Bucket(Part, frozen=True, kw_only=True):
    """An S3 bucket of the workload; `left_to_owner` names the settings that the stack doesn't touch."""

    name: str
    arn: str
    existing: bool
    versioning: bool
    noncurrent_days: int
    left_to_owner: tuple[str, ...]


class LogGroup(Part, frozen=True, kw_only=True):
    """A log group of the workload."""

    name: str
    existing: bool
    retention_days: int


class Workload(Part, frozen=True, kw_only=True):
    """What the stack surrounds; parts that the workload lacks are None or empty."""

    ecs_cluster: str | None
    ecs_service: str | None
    load_balancer: str | None
    host_name: str | None = None
    target_group: str | None
    auto_scaling_group: str | None
    database: str | None
    tables: tuple[Table, ...]
    buckets: tuple[Bucket, ...]
    log_groups: tuple[LogGroup, ...]


class Alarm(Part, frozen=True, kw_only=True):
    """A critical alarm, usable as a stop condition."""

    signal: str
    name: str
    arn: str
    threshold: float
    period_seconds: int
    datapoints_to_alarm: int
    evaluation_periods: int
    missing_data: Literal["breaching", "notBreaching", "ignore", "missing"]


class ContainerInsights(Part, frozen=True, kw_only=True):
    """The cluster whose Container Insights runners switch on around experiments, and the mode."""

    cluster: str
    mode: Literal["off", "gameday", "always"]


class Observability(Part, frozen=True, kw_only=True):
    """What stage 1 created."""

    dashboards: tuple[str, ...]
    alarms: tuple[Alarm, ...]
    burn_rate_alarms: tuple[str, ...]
    topic_arn: str
    metric_namespace: str
    metrics: tuple[str, ...]
    container_insights: ContainerInsights | None
    trace_group: str
    spending_budget: str | None


class BackupPlan(Part, frozen=True, kw_only=True):
    """The AWS Backup plan and where its recovery points are."""

    id: str
    vault: str
    role_arn: str
    schedule: str
    retention_days: int
    include_database: bool
    restore_testing: bool


class Drills(Part, frozen=True, kw_only=True):
    """How restore drills are run, and what watches over them; amounts in USD.

    Of a provisioned table a drill takes `read_share_percent` of its read units, of one on demand so many a second.
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
    """The roles that runners take on."""

    reader: str
    drill: str


class Backup(Part, frozen=True, kw_only=True):
    """What stage 2 created."""

    plan: BackupPlan | None
    drills: Drills | None
    configuration_bucket: str
    records_table: str
    runner_roles: RunnerRoles


class Omission(Part, frozen=True, kw_only=True):
    """A feature that the stack leaves out, and why."""

    feature: str
    reason: str


class Outputs(Part, frozen=True, kw_only=True):
    """The whole document."""

    schema_version: Literal[1]
    project: str
    stack: str
    environment: str
    owner: str
    stage: Annotated[int, Meta(ge=0, le=8)]
    account_id: Annotated[str, Meta(pattern=r"^[0-9]{12}\Z")]
    region: str
    recovery_window_days: int
    workload: Workload
    observability: Observability | None
    backup: Backup | None
    chaos: Chaos | None
    omitted: tuple[Omission, ...]

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
            return convert(data, cls)
        except ValidationError as error:
            msg = f"{source}: {_wrong(str(error))}; apply the stack again with this version of ial"
            raise OutputsError(msg) from error


def plain(data: Any) -> Any:
    """The document with whole numbers as such: engines carry every number as a float."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return int(data) if isinstance(data, float) and data.is_integer() else data


def _wrong(said: str) -> str:
    """What msgspec says, with the key first.

    >>> _wrong("Object missing required field `name` - at `$.workload.tables[0]`")
    'workload.tables[0].name: the key is missing'
    """
    what, _, where = said.partition(" - at `$")
    key, field = where.removesuffix("`").removeprefix("."), _FIELD.fullmatch(what)
    if field is None:
        return f"{key}: {what}" if key else what
    found = "the key is missing" if field[1] == "missing required" else "the key is not known"
    return f"{key}.{field[2]}: {found}".removeprefix(".")
