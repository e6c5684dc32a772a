"""Why an experiment must not start now. Every reason has a code; all are told. Pure, and fails closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from contract.experiments import BlastRadius, Experiment
from runners.chaos.before.alarm_limit import limit_obstacles
from runners.chaos.before.changed import Changed
from runners.chaos.before.fault_kinds import own_obstacles
from runners.chaos.before.reasons import ChaosReason
from runners.chaos.before.recent_drill import drill_obstacles
from runners.chaos.before.service_address import address_obstacles
from runners.chaos.before.situation import AlarmSituation, Situation, TargetSituation
from runners.runs.clock import rfc3339
from runners.runs.reason import Obstacle

# FIS runs five experiments at a time in an account.
MOST_ACTIVE: Final = 5
FRESH_DATA: Final = 3
RECOVERY_POINT_AGE: Final = timedelta(hours=24)
# FIS dates a fault by its clock, samples are dated by the runner's: objectives are minutes.
CLOCKS_APART: Final = timedelta(seconds=5)
RELEASE: Final = "ial chaos halt --release"
_TEMPLATE: Final = Changed(
    unknown=ChaosReason.TEMPLATE_UNKNOWN, missing=ChaosReason.TEMPLATE_MISSING, changed=ChaosReason.TEMPLATE_CHANGED
)


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
        yield ChaosReason.LEVER_UNKNOWN.unread(now.unread.get("lever"))
    elif now.lever_engaged:
        yield ChaosReason.LEVER_ENGAGED.against()
    if now.halted is None:
        yield ChaosReason.HALT_UNKNOWN.unread(now.unread.get("halt"))
    elif now.halted:
        yield halted(now.halt, f"{RELEASE} --stack {now.stack}")
    if now.active_own is None or now.active_all is None:
        yield ChaosReason.ACTIVE_UNKNOWN.unread(now.unread.get("active"))
        return
    if now.active_own:
        yield ChaosReason.ALREADY_ACTIVE.against(experiments=", ".join(now.active_own))
    if now.active_all >= MOST_ACTIVE:
        yield ChaosReason.QUOTA.against(running=now.active_all, most=MOST_ACTIVE)


def halted(mark: Mapping[str, Any], release: str = RELEASE, when: str | None = None) -> Obstacle:
    """Who halted it, when and why; a mark that says less halts as well. `when` replaces its time."""
    by, at, why = (mark.get(name) for name in ("operator", "at", "reason"))
    when = when or f"at {at or 'an unknown time'}"
    told = why or "no reason was given"
    return ChaosReason.HALTED.against(who=by or "somebody", when=when, why=told, release=release)


def _clock(now: Situation) -> Iterator[Obstacle]:
    times = now.times
    if times is None:
        yield ChaosReason.CLOCK_UNKNOWN.unread(now.unread.get("clock"))
    elif times.apart > CLOCKS_APART:
        yield ChaosReason.CLOCK_OFF.against(
            here=rfc3339(times.answered),
            cloud=rfc3339(times.cloud),
            apart=f"{times.apart.total_seconds():.0f}",
            most=f"{CLOCKS_APART.total_seconds():g}",
        )


def _alarms(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    if not experiment.stop_alarms:
        yield ChaosReason.NO_STOP_ALARM.against()
    for name in experiment.stop_alarms:
        alarm = now.alarms.get(name)
        if alarm is not None:
            yield from _alarm(experiment, name, alarm)
        elif "alarms" in now.unread:
            yield ChaosReason.ALARM_UNKNOWN.unread(now.unread["alarms"], alarm=name)
        else:
            yield ChaosReason.ALARM_MISSING.against(alarm=name)
    if now.incidents is None:
        yield ChaosReason.INCIDENTS_UNKNOWN.unread(now.unread.get("incidents"))
    elif now.incidents:
        yield ChaosReason.OPEN_INCIDENT.against(alarms=", ".join(now.incidents))


def _alarm(experiment: Experiment, name: str, alarm: AlarmSituation) -> Iterator[Obstacle]:
    if alarm.state != "OK":
        yield ChaosReason.ALARM_NOT_OK.against(alarm=name, state=alarm.state)
    if alarm.recent_data is not None and alarm.recent_data < FRESH_DATA:
        yield ChaosReason.ALARM_BLIND.against(alarm=name, seen=alarm.recent_data, wanted=FRESH_DATA)
    for metric in set(alarm.metrics) & set(experiment.perturbed_metrics):
        yield ChaosReason.ALARM_ON_DISTURBED_METRIC.against(alarm=name, metric=metric)
    yield from limit_obstacles(experiment, name, alarm.metrics, alarm.limit)


def _targets(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    reach, seen = experiment.blast_radius, now.targets
    if seen.candidates is None:
        yield ChaosReason.TARGETS_UNKNOWN.unread(seen.unread.get("candidates"))
        return
    if len(seen.candidates) < reach.wanted:
        yield ChaosReason.TOO_FEW_TARGETS.against(seen=len(seen.candidates), wanted=reach.wanted)
    if reach.wanted > reach.most:
        yield ChaosReason.TOO_MANY_TARGETS.against(wanted=reach.wanted, most=reach.most)
    yield from _each_target(reach, seen.candidates, seen)
    if reach.group is not None:
        yield from _group(experiment, reach.group, seen)
    yield from own_obstacles(experiment, seen)


def _each_target(
    reach: BlastRadius, candidates: Mapping[str, Mapping[str, str]], seen: TargetSituation
) -> Iterator[Obstacle]:
    for target, tags in sorted(candidates.items()):
        if any(tags.get(key) != value for key, value in reach.tags.items()):
            yield ChaosReason.NOT_OPTED_IN.against(target=target, tags=_tags(reach.tags))
    if seen.offline is None:
        yield ChaosReason.MANAGED_UNKNOWN.unread(seen.unread.get("agent"))
    for target in seen.warm:
        yield ChaosReason.WARM_INSTANCE.against(target=target)
    for target in seen.offline or ():
        yield ChaosReason.NOT_MANAGED.against(target=target)


def _group(experiment: Experiment, group: str, seen: TargetSituation) -> Iterator[Obstacle]:
    reach = experiment.blast_radius
    if seen.group_size is None or seen.healthy is None or seen.scaling is None:
        yield ChaosReason.GROUP_UNKNOWN.unread(seen.unread.get("group"), group=group)
        return
    if seen.suspended:
        yield ChaosReason.GROUP_SUSPENDED.against(group=group, processes=", ".join(seen.suspended))
    if seen.scaling:
        yield ChaosReason.SCALING.against(group=group)
    if seen.group_size and reach.wanted * 100 > reach.most_percent * seen.group_size:
        yield ChaosReason.TOO_LARGE_A_SHARE.against(
            wanted=reach.wanted, size=seen.group_size, group=group, percent=reach.most_percent
        )
    left = seen.healthy - reach.wanted
    if left < reach.min_healthy and not experiment.allow_outage:
        yield ChaosReason.TOO_FEW_LEFT.against(left=f"{left} of {group}", fewest=reach.min_healthy)
    if seen.can_fail_over is False and not experiment.allow_outage:
        yield ChaosReason.NO_STANDBY.against(group=group)


def _terms(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    yield from _TEMPLATE.obstacles(
        experiment.template_id, now.template_sha256, experiment.template_sha256, now.unread.get("template")
    )
    if now.spent_usd is None:
        yield ChaosReason.BUDGET_UNKNOWN.unread(now.unread.get("spent"))
    elif now.spent_usd + Decimal(experiment.usd_per_run) > now.budget_usd:
        yield over_budget(experiment, now.spent_usd, now.budget_usd)
    if not now.confirmed:
        yield ChaosReason.NOT_CONFIRMED.against(stack=now.stack)


def over_budget(experiment: Experiment, spent: Decimal, budget: Decimal) -> Obstacle:
    """The month's budget does not suffice, amounts in USD."""
    return ChaosReason.OVER_BUDGET.against(usd=experiment.usd_per_run, spent=f"{spent:.2f}", budget=f"{budget:.2f}")


def _times(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    if now.allowed_now is None:
        yield ChaosReason.WINDOW_UNKNOWN.against(terms=now.window_text)
    elif not now.allowed_now:
        yield ChaosReason.OUTSIDE_WINDOW.against(now=rfc3339(now.now), terms=now.window_text)
    if experiment.needs_recovery_point and "recovery-point" in now.unread:
        yield ChaosReason.RECOVERY_POINT_UNKNOWN.unread(now.unread["recovery-point"])
    elif experiment.needs_recovery_point:
        age = None if now.recovery_point is None else now.now - now.recovery_point
        if age is None or age > RECOVERY_POINT_AGE:
            known = "none is known" if age is None else f"the newest is {age.total_seconds() / 3600:.0f} h old"
            yield ChaosReason.NO_RECOVERY_POINT.against(known=known)


def _mute(experiment: Experiment, now: Situation) -> Iterator[Obstacle]:
    rule = experiment.mute_rule
    if rule is None:
        return
    if now.mute is None:
        alarms = ", ".join(experiment.expected_alarms)
        if "mute" in now.unread:
            yield ChaosReason.MUTE_UNKNOWN.unread(now.unread["mute"], alarms=alarms, rule=rule)
        else:
            yield ChaosReason.MUTE_MISSING.against(alarms=alarms, rule=rule)
        return
    window, until = now.mute.window(now.now), now.now + longest_run(experiment)
    if window is None or not window.covers(now.now, until):
        muted = "never" if window is None else f"from {rfc3339(window.first)} to {rfc3339(window.last)}"
        alarms = ", ".join(now.mute.alarms)
        yield ChaosReason.NOT_MUTED.against(alarms=alarms, muted=muted, until=rfc3339(until))


def _tags(tags: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(tags.items()))
