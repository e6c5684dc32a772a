"""What `ial chaos plan` and `ial chaos list` tell. `make schemas` makes their schemas from it."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import field

from contract.experiments import Category, Chaos, Experiment, Starter
from contract.parts import Amount, RecordPart, plain
from runners.chaos.before.preflight import obstacles
from runners.chaos.before.situation import Situation
from runners.runs.clock import rfc3339


class PlannedTargets(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What would be hit; null is not known.

    Attributes:
        wanted: How many.
        candidates: Of which.
        group: What they are of; null where there is no such thing.
        group_size: How many it has.
        healthy: How many of these are healthy.
    """

    wanted: int
    candidates: tuple[str, ...] | None
    group: str | None
    group_size: int | None
    healthy: int | None


class PlannedCost(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What it costs, and the month's budget, in USD at list price.

    Attributes:
        usd: What a run costs.
        spent_usd: What is spent this month; null is not known.
        budget_usd: What may be spent in a month.
    """

    usd: Amount
    spent_usd: str | None
    budget_usd: Amount


class PlannedMute(RecordPart, frozen=True, kw_only=True):
    """What is muted at the planned times.

    Attributes:
        rule: The rule that mutes.
        alarms: Whose notifications are held back; null is not known.
        begin: Begin of the mute that is on, else of the next one; null is not known.
        until: Its end.
    """

    rule: str
    alarms: tuple[str, ...] | None
    begin: str | None = field(name="from")
    until: str | None


class PlannedObstacle(RecordPart, frozen=True, kw_only=True):
    """Something that stands against it.

    Attributes:
        code: Its reason.
        message: Why, in words.
        warning: A warning does not refuse.
    """

    code: str
    message: str
    warning: bool


class ChaosPlan(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """The answer of `ial chaos plan --json`.

    Attributes:
        version: Version of this document.
        experiment: What would be run.
        targets: What would be hit.
        cost: What it costs.
        duration_seconds: How long the fault is there.
        stop_alarms: Which alarms stop it.
        mute: What is muted at the planned times; null when nothing is.
        undo: How the fault is taken back.
        obstacles: What stands against it.
        refused: Whether a run would be refused now.
    """

    version: Literal[1] = 1
    experiment: str
    targets: PlannedTargets
    cost: PlannedCost
    duration_seconds: int
    stop_alarms: tuple[str, ...]
    mute: PlannedMute | None
    undo: str
    obstacles: tuple[PlannedObstacle, ...]
    refused: bool


class ListedExperiment(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """One experiment.

    Attributes:
        name: Its name.
        kind: The kind of its fault.
        category: Which file it is from.
        description: What it is for.
        schedule: When it is run, as AWS writes it; null: by hand.
        usd_per_run: What a run costs, in USD at list price.
        template: Its FIS template.
    """

    name: str
    kind: str
    category: Category
    description: str
    schedule: str | None
    usd_per_run: Amount
    template: str


class ChaosList(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """The answer of `ial chaos list --json`.

    Attributes:
        version: Version of this document.
        monthly_budget_usd: What may be spent in a month, in USD at list price.
        starter: Who starts what is planned.
        experiments: All of the stack.
    """

    version: Literal[1] = 1
    monthly_budget_usd: Amount
    starter: Starter
    experiments: tuple[ListedExperiment, ...]


def planned(experiment: Experiment, situation: Situation) -> dict[str, Any]:
    """What a run would do now, and what stands against it."""
    found = obstacles(experiment, situation)
    candidates = situation.targets.candidates
    targets = PlannedTargets(
        wanted=experiment.blast_radius.wanted,
        candidates=None if candidates is None else tuple(sorted(candidates)),
        group=experiment.blast_radius.group,
        group_size=situation.targets.group_size,
        healthy=situation.targets.healthy,
    )
    cost = PlannedCost(
        usd=experiment.usd_per_run,
        spent_usd=None if situation.spent_usd is None else str(situation.spent_usd),
        budget_usd=str(situation.budget_usd),
    )
    document = ChaosPlan(
        experiment=experiment.name,
        targets=targets,
        cost=cost,
        duration_seconds=experiment.duration_seconds,
        stop_alarms=experiment.stop_alarms,
        mute=_muted(experiment, situation),
        undo=experiment.undo,
        obstacles=tuple(PlannedObstacle(code=held.code, message=held.message, warning=held.warning) for held in found),
        refused=any(not held.warning for held in found),
    )
    return plain(document)


def _muted(experiment: Experiment, situation: Situation) -> PlannedMute | None:
    """Whose notifications planned runs hold back, and when that is next; null where it could not be read."""
    if experiment.mute_rule is None:
        return None
    rule = situation.mute
    window = None if rule is None else rule.window(situation.now)
    return PlannedMute(
        rule=experiment.mute_rule,
        alarms=None if rule is None else tuple(rule.alarms),
        begin=None if window is None else rfc3339(window.first),
        until=None if window is None else rfc3339(window.last),
    )


def listed(chaos: Chaos) -> dict[str, Any]:
    """The experiments of a stack."""
    experiments = tuple(
        ListedExperiment(
            name=held.name,
            kind=held.kind,
            category=held.category,
            description=held.description,
            schedule=held.schedule,
            usd_per_run=held.usd_per_run,
            template=held.template_id,
        )
        for held in chaos.experiments
    )
    document = ChaosList(monthly_budget_usd=chaos.monthly_budget_usd, starter=chaos.starter, experiments=experiments)
    return plain(document)
