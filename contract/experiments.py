"""The chaos part of a stack's output document: every experiment as runners need it, and the terms on which it runs."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from contract.parts import Amount, Arn, Count, Part
from contract.probes import Hypothesis, Probe
from contract.rollback import Rollback, WatchedVersion
from contract.suites import LeftOut, Suite
from contract.terms import Freeze, Window

Category = Literal["network", "infrastructure", "application"]
GroupKind = Literal["auto-scaling-group", "ecs-service", "database"]
DatabaseEngine = Literal["postgresql", "mysql"]
Starter = Literal["pipeline", "scheduler", "none"]


class Zone(Part, frozen=True, kw_only=True):
    """A zone that is impaired.

    Attributes:
        id: The zone's id, which is the same in every account.
        subnets: ARNs of its subnets that are cut off.
        load_balancer: Suffix of the load balancer whose traffic is shifted away.
        target_group: Suffix of its target group.
    """

    id: str
    subnets: Annotated[tuple[str, ...], Meta(min_length=1)]
    load_balancer: str
    target_group: str


class Connections(Part, frozen=True, kw_only=True):
    """Connections to a database that are taken.

    Attributes:
        database: RDS instance.
        host: Address of its endpoint.
        port: Port of its endpoint.
        engine: Whose protocol is spoken.
        most: How many are taken at the most, by all instances together.
        reserve: How many of the database's limit must be left.
        document: What takes them, by its name in SSM.
        document_sha256: What that document must say.
    """

    database: str
    host: str
    port: int
    engine: DatabaseEngine
    most: Count
    reserve: Count
    document: str
    document_sha256: str


class BlastRadius(Part, frozen=True, kw_only=True):
    """What may be hit, and what must be left of the group around it, or outside the zone.

    Attributes:
        resource_type: Type of what is hit, as FIS names it.
        wanted: How many are to be hit.
        tags: Tags of what may be hit.
        group_kind: What the group around it is; null without one.
        group: The group around it; null without one.
        most: How many may be hit.
        most_percent: Which share of the group may be hit.
        min_healthy: How many must be left.
        zone: The zone that is impaired; null for other faults.
        connections: The connections that are taken; null for other faults.
    """

    resource_type: str
    wanted: Count
    tags: dict[str, str]
    group_kind: GroupKind | None
    group: str | None
    most: int
    most_percent: int
    min_healthy: int
    zone: Zone | None = None
    connections: Connections | None = None


class Load(Part, frozen=True, kw_only=True):
    """Requests that the runner sends to the stack's own load balancer while the fault is there.

    Attributes:
        requests_per_second: Rate.
        seconds: How long.
        path: Path on the load balancer.
    """

    requests_per_second: Annotated[int, Meta(ge=1, le=500)]
    seconds: Annotated[int, Meta(ge=1, le=900)]
    path: str


class Experiment(Part, frozen=True, kw_only=True):
    """One FIS template and everything that a run of it is judged by; alarms by name, amounts in USD.

    Attributes:
        name: Name.
        kind: What fault it is.
        category: What the fault is in.
        description: What happens, in a line.
        template_id: FIS template.
        template_sha256: What the template must say.
        role_arn: Role that FIS takes on.
        duration_seconds: How long the fault lasts.
        action_minutes: What FIS bills of a run.
        usd_per_run: What FIS asks for a run, at list price.
        schedule: When it is run, as AWS writes it; null without a schedule.
        schedule_name: The schedule of EventBridge Scheduler that starts it; null when somebody else does.
        blast_radius: What may be hit.
        hypothesis: What is expected.
        evidence: What shows that the fault happened.
        expected_alarms: Alarms that should ring.
        stop_alarms: Alarms that stop it.
        mute_rule: The mute rule that holds back the notifications of the expected alarms at the planned times; null
            without one.
        perturbed_metrics: Metrics that the fault itself moves, NAMESPACE/NAME.
        load: Requests beside those of the users; null without any.
        weight: Weight in the score.
        required: Whether the score needs it.
        allow_outage: Whether everything may be down.
        needs_recovery_point: Whether data must be recoverable before it begins.
        undo: What takes the fault back.
    """

    name: str
    kind: str
    category: Category
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

    @property
    def of_database(self) -> bool:
        """Whether it is about the database: takes it away, holds its connections, or may need it back."""
        reach = self.blast_radius
        return reach.connections is not None or reach.group_kind == "database" or self.needs_recovery_point


class StateMachine(Part, frozen=True, kw_only=True):
    """A suite that AWS runs without a runner: it starts, waits, stops and records, and nobody judges.

    Attributes:
        suite: Name of the suite.
        name: State machine.
        arn: Its ARN.
        left_out: Steps that only a runner can do, or that choose nothing here.
    """

    suite: str
    name: str
    arn: Arn
    left_out: tuple[LeftOut, ...]


class Chaos(Part, frozen=True, kw_only=True):
    """What stages 3 to 5 created.

    Attributes:
        owner: Value of the tag chaos:owner on every run of this stack.
        monthly_budget_usd: What experiments may cost in a calendar month, in USD at list price.
        confirm: Whether a run must be confirmed with the stack's name.
        starter: Who starts what is planned.
        timezone: Time zone of the experiments' schedules, of the IANA list.
        window: When experiments may run; null: at any time.
        freezes: Days on which none may run.
        runner_role: Role of those who run experiments.
        halt_role: Role of those who halt them.
        experiments: All experiments that are possible here.
        suites: What is run in which order.
        versions: What runs look at to say which version they have tested.
        rollback: What rollbacks work with; null where none is switched on.
        state_machines: Suites that AWS runs without a runner.
    """

    owner: str
    monthly_budget_usd: Amount
    confirm: bool
    starter: Starter
    timezone: str = "UTC"
    window: Window | None
    freezes: tuple[Freeze, ...]
    runner_role: str
    halt_role: str
    experiments: tuple[Experiment, ...]
    suites: tuple[Suite, ...] = ()
    versions: tuple[WatchedVersion, ...] = ()
    rollback: Rollback | None = None
    state_machines: tuple[StateMachine, ...] = ()
