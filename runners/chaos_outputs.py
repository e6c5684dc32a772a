"""The chaos part of a stack's output document: every experiment as runners need it, and the terms on which it runs."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from runners.output_part import Amount, Count, Part

ProbeType = Literal["metric", "alarm", "target-health", "group", "service", "http", "database", "instances", "replaced"]


class Series(Part, frozen=True, kw_only=True):
    """A metric as CloudWatch knows it."""

    namespace: str
    name: str
    dimensions: dict[str, str]


class Metric(Series, frozen=True, kw_only=True):
    """What a probe sees of CloudWatch: the metric and those in `plus`, added up.

    `missing` says what a period without data means, of each of them: a zero, or nothing known.
    """

    plus: tuple[Series, ...] = ()
    stat: str
    period_seconds: Annotated[int, Meta(ge=60)]
    missing: Literal["zero", "none"]


class Probe(Part, frozen=True, kw_only=True):
    """One look at the workload and the values that are fine.

    `target` names what is looked at: an alarm, a target group's suffix, an Auto Scaling group, CLUSTER/SERVICE, an
    address or a path of the load balancer, a database; it is empty for metrics and for the instances that were hit, of
    which `instances` counts those that are gone and `replaced` those for which the group has launched another.
    """

    name: str
    type: ProbeType
    target: str
    metric: Metric | None
    at_least: float | None
    at_most: float | None


class Expectation(Probe, frozen=True, kw_only=True):
    """What is asked of a probe once the fault is over: one value during it, all values until the end, or the last."""

    when: Literal["during", "throughout", "after"]


class Hypothesis(Part, frozen=True, kw_only=True):
    """What is expected: to hold throughout (sustained), or to hold again within the objective (recovery)."""

    kind: Literal["sustained", "recovery"]
    probes: Annotated[tuple[Probe, ...], Meta(min_length=1)]
    expectations: tuple[Expectation, ...]
    rto_seconds: Count
    stability_seconds: Count


class Zone(Part, frozen=True, kw_only=True):
    """A zone that is impaired, by its id: the ARNs of its subnets, and the suffixes of what sends traffic to it."""

    id: str
    subnets: Annotated[tuple[str, ...], Meta(min_length=1)]
    load_balancer: str
    target_group: str


class Connections(Part, frozen=True, kw_only=True):
    """Connections to a database that are taken: at most `most`, so that `reserve` of its limit are left.

    `document` is what takes them, by its name in SSM, and `document_sha256` what it must say.
    """

    database: str
    host: str
    port: int
    engine: Literal["postgresql", "mysql"]
    most: Count
    reserve: Count
    document: str
    document_sha256: str


class BlastRadius(Part, frozen=True, kw_only=True):
    """What may be hit, and what must be left of the group around it, or outside the zone."""

    resource_type: str
    wanted: Count
    tags: dict[str, str]
    group_kind: Literal["auto-scaling-group", "ecs-service", "database"] | None
    group: str | None
    most: int
    most_percent: int
    min_healthy: int
    zone: Zone | None = None
    connections: Connections | None = None


class Load(Part, frozen=True, kw_only=True):
    """Requests that the runner sends to the stack's own load balancer while the fault is there."""

    requests_per_second: Annotated[int, Meta(ge=1, le=500)]
    seconds: Annotated[int, Meta(ge=1, le=900)]
    path: str


class Experiment(Part, frozen=True, kw_only=True):
    """One FIS template and everything that a run of it is judged by; alarms by name, amounts in USD.

    `schedule_name` is the schedule of EventBridge Scheduler that starts it, None when somebody else does.
    """

    name: str
    kind: str
    category: Literal["network", "infrastructure", "application"]
    description: str
    template_id: str
    template_sha256: str
    role_arn: str
    duration_seconds: int
    action_minutes: int
    usd_per_run: Amount
    schedule: str | None
    schedule_name: str | None = None
    blast_radius: BlastRadius
    hypothesis: Hypothesis
    evidence: tuple[Probe, ...]
    expected_alarms: tuple[str, ...]
    stop_alarms: tuple[str, ...]
    mute_rule: str | None
    perturbed_metrics: tuple[str, ...]
    load: Load | None
    weight: Amount
    required: bool
    allow_outage: bool
    needs_recovery_point: bool
    undo: str


class Window(Part, frozen=True, kw_only=True):
    """When experiments may run: days of the week (MON to SUN) and hours (HH:MM) in a time zone of the IANA list."""

    timezone: str
    days: tuple[str, ...]
    opens: str
    closes: str


class Freeze(Part, frozen=True, kw_only=True):
    """Days, both included, on which nothing may run (YYYY-MM-DD)."""

    first: str
    last: str


class Chaos(Part, frozen=True, kw_only=True):
    """What stages 3 to 5 created. `owner` is the value of the tag chaos:owner on every run of this stack."""

    owner: str
    monthly_budget_usd: Amount
    usd_per_action_minute: Amount
    confirm: bool
    starter: Literal["pipeline", "scheduler", "none"]
    window: Window | None
    freezes: tuple[Freeze, ...]
    log_group: str | None
    runner_role: str
    halt_role: str
    experiments: tuple[Experiment, ...]
