"""Why an experiment must not start now. Every reason has a code; all are told. Pure, and fails closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from runners.chaos.connection_preflight import DatabaseSituation, connection_obstacles
from runners.chaos.mute_rule import MuteRule
from runners.chaos.obstacle import Obstacle
from runners.chaos.service_address import ServiceAddress, address_obstacles
from runners.chaos.zone_preflight import ZoneSituation, zone_obstacles
from runners.chaos_outputs import Experiment
from runners.clock import rfc3339

# FIS runs five experiments at a time in an account.
MOST_ACTIVE: Final = 5
FRESH_DATA: Final = 3
RECOVERY_POINT_AGE: Final = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class AlarmSituation:
    """An alarm as it is: its state, how many of the last periods had data (None: unknown), and its metrics."""

    state: str
    recent_data: int | None
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TargetSituation:
    """What would be hit: candidates by id with their tags, and the group around them. None is "could not be told"."""

    candidates: Mapping[str, Mapping[str, str]] | None
    group_size: int | None
    healthy: int | None
    scaling: bool | None = False
    offline: tuple[str, ...] = ()
    can_fail_over: bool | None = None
    zone: ZoneSituation | None = None
    database: DatabaseSituation | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything preflight looks at. None means that it could not be read, which refuses; for the mute, which warns."""

    lever_engaged: bool | None
    halted: bool | None
    active_own: tuple[str, ...] | None
    active_all: int | None
    alarms: Mapping[str, AlarmSituation | None]
    incidents: tuple[str, ...] | None
    targets: TargetSituation
    service: ServiceAddress | None = None
    template_sha256: str | None
    spent_usd: Decimal | None
    budget_usd: Decimal
    allowed_now: bool | None
    window_text: str
    recovery_point: datetime | None
    mute: MuteRule | None
    now: datetime
    confirmed: bool
    stack: str


def obstacles(experiment: Experiment, now: Situation) -> list[Obstacle]:
    """Everything that stands against starting the experiment in this situation."""
    found = (
        _safety(now),
        _alarms(experiment, now),
        _targets(experiment, now),
        _terms(experiment, now),
        _mute(experiment, now),
    )
    return [obstacle for part in (*found, address_obstacles(experiment, now.service)) for obstacle in part]


def longest_run(experiment: Experiment) -> timedelta:
    """From the fault until the workload is steady for good, at the latest."""
    expected = experiment.hypothesis
    return timedelta(seconds=experiment.duration_seconds + expected.rto_seconds + expected.stability_seconds)


def _safety(now: Situation) -> Iterator[Obstacle]:
    if now.lever_engaged is None:
        yield Obstacle("lever-unknown", "FIS's safety lever could not be read")
    elif now.lever_engaged:
        yield Obstacle("lever-engaged", "FIS's safety lever is engaged; somebody pulled it, ask before releasing it")
    if now.halted is not False:
        yield Obstacle("halted", "chaos was halted with `ial chaos halt`; `ial chaos halt --release` ends that")
    if now.active_own is None or now.active_all is None:
        yield Obstacle("active-unknown", "FIS's experiments could not be listed")
        return
    if now.active_own:
        yield Obstacle("already-active", f"an experiment of this stack runs: {', '.join(now.active_own)}")
    if now.active_all >= MOST_ACTIVE:
        yield Obstacle("quota", f"{now.active_all} experiments run in the account; FIS allows {MOST_ACTIVE}")


def _alarms(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    if not experiment.stop_alarms:
        yield Obstacle("no-stop-alarm", "no alarm would stop it")
    for name in experiment.stop_alarms:
        alarm = now.alarms.get(name)
        if alarm is None:
            yield Obstacle("alarm-missing", f"stop alarm {name} does not exist or could not be read")
            continue
        if alarm.state != "OK":
            yield Obstacle("alarm-not-ok", f"stop alarm {name} is {alarm.state}: it would stop the experiment at once")
        if alarm.recent_data is not None and alarm.recent_data < FRESH_DATA:
            yield Obstacle(
                "alarm-blind", f"stop alarm {name} has data for {alarm.recent_data} of the last {FRESH_DATA} periods"
            )
        for metric in set(alarm.metrics) & set(experiment.perturbed_metrics):
            text = f"stop alarm {name} watches {metric}, which the fault disturbs by design: it may stop every run"
            yield Obstacle("alarm-on-disturbed-metric", text, warning=True)
    if now.incidents is None:
        yield Obstacle("incidents-unknown", "the alarms could not be read, so whether something is wrong is not known")
    elif now.incidents:
        yield Obstacle("open-incident", f"in alarm: {', '.join(now.incidents)}; solve that first")


def _targets(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    reach, seen = experiment.blast_radius, now.targets
    if seen.candidates is None:
        yield Obstacle("targets-unknown", "what would be hit could not be listed")
        return
    if len(seen.candidates) < reach.wanted:
        yield Obstacle("too-few-targets", f"{len(seen.candidates)} can be hit, {reach.wanted} are wanted")
    if reach.wanted > reach.most:
        yield Obstacle("too-many-targets", f"{reach.wanted} would be hit, at most {reach.most} may")
    for target, tags in sorted(seen.candidates.items()):
        if any(tags.get(key) != value for key, value in reach.tags.items()):
            yield Obstacle("not-opted-in", f"{target} lacks the tag that offers it: {_tags(reach.tags)}")
    for target in seen.offline:
        yield Obstacle("not-managed", f"{target} is not online in Systems Manager, so nothing would happen to it")
    if reach.group is not None:
        yield from _group(experiment, now)
    if reach.zone is not None:
        yield from zone_obstacles(experiment, reach.zone, seen.zone)
    if reach.connections is not None:
        yield from connection_obstacles(reach.connections, seen.database)


def _group(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    reach, seen = experiment.blast_radius, now.targets
    if seen.group_size is None or seen.healthy is None or seen.scaling is None:
        yield Obstacle("group-unknown", f"the state of {reach.group} could not be read")
        return
    if seen.scaling:
        yield Obstacle("scaling", f"{reach.group} is scaling; wait until it is steady")
    if seen.group_size and reach.wanted * 100 > reach.most_percent * seen.group_size:
        share = f"{reach.wanted} of {seen.group_size}"
        yield Obstacle("too-large-a-share", f"{share} of {reach.group} would be hit, at most {reach.most_percent}% may")
    left = seen.healthy - reach.wanted
    if left < reach.min_healthy and not experiment.allow_outage:
        yield Obstacle("too-few-left", f"{left} of {reach.group} would stay healthy, {reach.min_healthy} must")
    if seen.can_fail_over is False and not experiment.allow_outage:
        yield Obstacle("no-standby", f"{reach.group} has no standby: this is an outage; set allow_outage to accept it")


def _terms(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    if now.template_sha256 is None:
        yield Obstacle("template-missing", f"template {experiment.template_id} does not exist; apply the stack again")
    elif now.template_sha256 != experiment.template_sha256:
        yield Obstacle("template-changed", f"template {experiment.template_id} is not what was applied; apply it again")
    if now.spent_usd is None:
        yield Obstacle("budget-unknown", "what was spent on chaos this month could not be read")
    elif now.spent_usd + Decimal(experiment.usd_per_run) > now.budget_usd:
        text = f"it costs {experiment.usd_per_run} USD, {now.spent_usd:.2f} of {now.budget_usd:.2f} are spent"
        yield Obstacle("over-budget", f"{text} this month; wait for the next, or raise ial:chaos monthlyBudget")
    if now.allowed_now is not True:
        yield Obstacle("outside-window", f"experiments may run {now.window_text}")
    if experiment.needs_recovery_point:
        age = None if now.recovery_point is None else now.now - now.recovery_point
        if age is None or age > RECOVERY_POINT_AGE:
            shown = "none is known" if age is None else f"the newest is {age.total_seconds() / 3600:.0f} h old"
            yield Obstacle("no-recovery-point", f"the database must be recoverable to the last day; {shown}")
    if not now.confirmed:
        yield Obstacle("not-confirmed", f"this environment needs a yes: give --confirm {now.stack}")


def _mute(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    if experiment.mute_rule is None:
        return
    if now.mute is None:
        text = f"mute rule {experiment.mute_rule} is not there or could not be read"
        yield Obstacle("mute-unknown", f"{text}: {', '.join(experiment.expected_alarms)} may page", warning=True)
        return
    window, until = now.mute.window(now.now), now.now + longest_run(experiment)
    if window is None or not window.covers(now.now, until):
        muted = "never" if window is None else f"from {rfc3339(window.first)} to {rfc3339(window.last)}"
        yield Obstacle(
            "not-muted",
            f"{', '.join(now.mute.alarms)} will page: muted {muted}, and this run may last until {rfc3339(until)}",
            warning=True,
        )


def _tags(tags: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(tags.items()))
