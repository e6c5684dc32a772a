"""Why an experiment must not start now. Every reason has a code; all are told. Pure, and fails closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from contract.experiments import BlastRadius, Experiment
from runners.chaos.before.alarm_limit import AlarmLimit, limit_obstacles
from runners.chaos.before.connection_preflight import DatabaseSituation, connection_obstacles
from runners.chaos.before.mute_rule import MuteRule
from runners.chaos.before.obstacle import Obstacle, changed_obstacles, unread_obstacle
from runners.chaos.before.recent_drill import drill_obstacles
from runners.chaos.before.service_address import ServiceAddress, address_obstacles
from runners.chaos.before.zone_preflight import ZoneSituation, zone_obstacles
from runners.chaos.running.cloud_time import TimeComparison
from runners.runs.clock import rfc3339

# FIS runs five experiments at a time in an account.
MOST_ACTIVE: Final = 5
FRESH_DATA: Final = 3
RECOVERY_POINT_AGE: Final = timedelta(hours=24)
# FIS dates a fault by its clock, samples are dated by the runner's: objectives are minutes.
CLOCKS_APART: Final = timedelta(seconds=5)


@dataclass(frozen=True, kw_only=True)
class AlarmSituation:
    """An alarm as it is: its state, how many of the last periods had data (None: unknown), its metrics and its limit.

    `limit` is None where the alarm does not compare one metric, or a sum of metrics, with a number.
    """

    state: str
    recent_data: int | None
    metrics: tuple[str, ...] = ()
    limit: AlarmLimit | None = None


@dataclass(frozen=True, kw_only=True)
class TargetSituation:
    """What would be hit: candidates by id with their tags, and the group around them.

    `suspended` are the group's processes without which it does not heal, `warm` the running instances of its warm pool.
    None is "could not be told"; `unread` says why: of `candidates`, `group` and `agent`.
    """

    candidates: Mapping[str, Mapping[str, str]] | None
    group_size: int | None
    healthy: int | None
    scaling: bool | None = False
    offline: tuple[str, ...] | None = ()
    can_fail_over: bool | None = None
    suspended: tuple[str, ...] = ()
    warm: tuple[str, ...] = ()
    zone: ZoneSituation | None = None
    database: DatabaseSituation | None = None
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything preflight looks at. None means that it could not be read, which refuses; for the mute, which warns.

    `unread` says why, by the names of what was read. `halt` is the mark of a halt, `template_sha256` is empty when
    there is no such template; mute and recovery point may be None because there is none.
    """

    lever_engaged: bool | None
    halted: bool | None
    halt: Mapping[str, Any] = field(default_factory=dict)
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
    drilled: datetime | None = None
    mute: MuteRule | None
    now: datetime
    times: TimeComparison | None
    confirmed: bool
    stack: str
    unread: Mapping[str, str] = field(default_factory=dict)


def obstacles(experiment: Experiment, now: Situation) -> list[Obstacle]:
    """Everything that stands against starting the experiment in this situation."""
    found = (
        _safety(now),
        _clock(now),
        _alarms(experiment, now),
        _targets(experiment, now),
        _times(experiment, now),
        _terms(experiment, now),
        _mute(experiment, now),
    )
    around = (
        address_obstacles(experiment, now.service, now.unread),
        drill_obstacles(experiment, now.drilled, now.now, now.unread),
    )
    return [obstacle for part in (*found, *around) for obstacle in part]


def longest_run(experiment: Experiment) -> timedelta:
    """From the fault until the workload is steady for good, at the latest."""
    expected = experiment.hypothesis
    return timedelta(seconds=experiment.duration_seconds + expected.rto_seconds + expected.stability_seconds)


def _safety(now: Situation) -> Iterator[Obstacle]:
    if now.lever_engaged is None:
        yield unread_obstacle("lever-unknown", "FIS's safety lever", now.unread, "lever")
    elif now.lever_engaged:
        yield Obstacle("lever-engaged", "FIS's safety lever is engaged; somebody pulled it, ask before releasing it")
    if now.halted is None:
        yield unread_obstacle("halt-unknown", "whether chaos is halted", now.unread, "halt")
    elif now.halted:
        yield Obstacle("halted", f"{_halt(now.halt)}; `ial chaos halt --release --stack {now.stack}` ends that")
    if now.active_own is None or now.active_all is None:
        yield unread_obstacle("active-unknown", "the list of FIS's experiments", now.unread, "active")
        return
    if now.active_own:
        text = f"an experiment of this stack runs: {', '.join(now.active_own)}"
        yield Obstacle("already-active", f"{text}; wait for its end, or stop it with `ial chaos halt`")
    if now.active_all >= MOST_ACTIVE:
        yield Obstacle("quota", f"{now.active_all} experiments run in the account; FIS allows {MOST_ACTIVE}")


def _halt(mark: Mapping[str, Any]) -> str:
    """Who halted it, when and why; a mark that says less halts as well."""
    by, at, why = (mark.get(name) for name in ("operator", "at", "reason"))
    return f"{by or 'somebody'} halted chaos at {at or 'an unknown time'}: {why or 'no reason was given'}"


def _clock(now: Situation) -> Iterator[Obstacle]:
    times = now.times
    if times is None:
        yield unread_obstacle("clock-unknown", "AWS's time, by which a run is measured,", now.unread, "clock")
    elif times.apart > CLOCKS_APART:
        apart = f"{times.apart.total_seconds():.0f} s apart, at most {CLOCKS_APART.total_seconds():g} s are accepted"
        here = f"this machine says {rfc3339(times.answered)}, AWS said {rfc3339(times.cloud)}"
        yield Obstacle("clock-off", f"{here}: {apart}; set this machine's clock, or times of recovery would be wrong")


def _alarms(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    if not experiment.stop_alarms:
        yield Obstacle("no-stop-alarm", "no alarm would stop it")
    for name in experiment.stop_alarms:
        alarm = now.alarms.get(name)
        if alarm is None:
            if "alarms" in now.unread:
                yield unread_obstacle("alarm-unknown", f"stop alarm {name}", now.unread, "alarms")
            else:
                yield Obstacle("alarm-missing", f"stop alarm {name} does not exist; apply the stack again")
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
        yield from limit_obstacles(experiment, name, alarm.metrics, alarm.limit)
    if now.incidents is None:
        yield unread_obstacle("incidents-unknown", "whether something is wrong already", now.unread, "incidents")
    elif now.incidents:
        yield Obstacle("open-incident", f"in alarm: {', '.join(now.incidents)}; solve that first")


def _targets(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    reach, seen = experiment.blast_radius, now.targets
    if seen.candidates is None:
        yield unread_obstacle("targets-unknown", "what would be hit", seen.unread, "candidates")
        return
    if len(seen.candidates) < reach.wanted:
        yield Obstacle("too-few-targets", f"{len(seen.candidates)} can be hit, {reach.wanted} are wanted")
    if reach.wanted > reach.most:
        yield Obstacle("too-many-targets", f"{reach.wanted} would be hit, at most {reach.most} may")
    yield from _each_target(reach, seen.candidates, seen)
    if reach.group is not None:
        yield from _group(experiment, now)
    if reach.zone is not None:
        yield from zone_obstacles(experiment, reach.zone, seen.zone)
    if reach.connections is not None:
        yield from connection_obstacles(reach.connections, reach.wanted, seen.database)


def _each_target(
    reach: BlastRadius, candidates: Mapping[str, Mapping[str, str]], seen: TargetSituation
) -> Iterator[Obstacle]:
    for target, tags in sorted(candidates.items()):
        if any(tags.get(key) != value for key, value in reach.tags.items()):
            yield Obstacle("not-opted-in", f"{target} lacks the tag that offers it: {_tags(reach.tags)}")
    if seen.offline is None:
        yield unread_obstacle("managed-unknown", "whether Systems Manager reaches them", seen.unread, "agent")
    for target in seen.warm:
        text = f"{target} is in the warm pool and carries the tags: the fault may hit it, which nobody would notice"
        yield Obstacle("warm-instance", text, warning=True)
    for target in seen.offline or ():
        yield Obstacle("not-managed", f"{target} is not online in Systems Manager, so nothing would happen to it")


def _group(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    reach, seen = experiment.blast_radius, now.targets
    if seen.group_size is None or seen.healthy is None or seen.scaling is None:
        yield unread_obstacle("group-unknown", f"the state of {reach.group}", seen.unread, "group")
        return
    if seen.suspended:
        text = f"{reach.group} has {', '.join(seen.suspended)} suspended: what is hit would not be replaced"
        yield Obstacle("group-suspended", f"{text}; resume it first")
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
    applied = experiment.template_sha256
    yield from changed_obstacles(
        "template", experiment.template_id, now.template_sha256, applied, now.unread, "template"
    )
    if now.spent_usd is None:
        yield unread_obstacle("budget-unknown", "what was spent on chaos this month", now.unread, "spent")
    elif now.spent_usd + Decimal(experiment.usd_per_run) > now.budget_usd:
        text = f"it costs {experiment.usd_per_run} USD, {now.spent_usd:.2f} of {now.budget_usd:.2f} are spent"
        yield Obstacle("over-budget", f"{text} this month; wait for the next, or raise ial:chaos monthlyBudget")
    if not now.confirmed:
        yield Obstacle("not-confirmed", f"this environment needs a yes: give --confirm {now.stack}")


def _times(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    if now.allowed_now is None:
        yield Obstacle("window-unknown", f"ial:chaos has terms that are not understood: {now.window_text}")
    elif not now.allowed_now:
        yield Obstacle("outside-window", f"it is {rfc3339(now.now)}, experiments may run {now.window_text}")
    if experiment.needs_recovery_point and "recovery-point" in now.unread:
        text = "how far the database can be brought back"
        yield unread_obstacle("recovery-point-unknown", text, now.unread, "recovery-point")
    elif experiment.needs_recovery_point:
        age = None if now.recovery_point is None else now.now - now.recovery_point
        if age is None or age > RECOVERY_POINT_AGE:
            shown = "none is known" if age is None else f"the newest is {age.total_seconds() / 3600:.0f} h old"
            yield Obstacle("no-recovery-point", f"the database must be recoverable to the last day; {shown}")


def _mute(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    if experiment.mute_rule is None:
        return
    if now.mute is None:
        text = f"{', '.join(experiment.expected_alarms)} may page: mute rule {experiment.mute_rule}"
        if "mute" in now.unread:
            yield unread_obstacle("mute-unknown", text, now.unread, "mute", warning=True)
        else:
            yield Obstacle("mute-missing", f"{text} is not there, or has expired", warning=True)
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
