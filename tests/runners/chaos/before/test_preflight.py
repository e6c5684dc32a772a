from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.experiments import Experiment
from runners.chaos.before.mute_rule import MuteRule
from runners.chaos.before.preflight import obstacles
from runners.chaos.before.situation import AlarmSituation, Situation, TargetSituation
from runners.chaos.running.cloud_time import TimeComparison
from tests.runners.chaos.experiments import OFFERED, changed, experiment, radius

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
EXPERIMENT = experiment(
    expected_alarms=("unhealthy-hosts",),
    stop_alarms=("errors",),
    needs_recovery_point=True,
    perturbed_metrics=("AWS/ApplicationELB/UnHealthyHostCount",),
)
EXPIRED = "fis:GetSafetyLever on default: ExpiredTokenException: it is over; log in again"
TARGETS = TargetSituation(
    candidates={"i-1": OFFERED, "i-2": OFFERED}, group_size=2, healthy=2, scaling=False, can_fail_over=True
)
GOOD = Situation(
    lever_engaged=False,
    halted=False,
    active_own=(),
    active_all=0,
    alarms={"errors": AlarmSituation(state="OK", recent_data=3)},
    incidents=(),
    targets=TARGETS,
    template_sha256="abc",
    spent_usd=Decimal("1.00"),
    budget_usd=Decimal("1.20"),
    allowed_now=True,
    window_text="on weekdays from 9 to 17",
    recovery_point=NOW - timedelta(hours=24),
    mute=None,
    now=NOW,
    times=TimeComparison(asked=NOW, cloud=NOW, answered=NOW),
    confirmed=True,
    stack="prod",
)


def targets(**change: Any) -> dict[str, Any]:
    return {"targets": replace(TARGETS, **change)}


def alarm(**change: Any) -> dict[str, Any]:
    return {"alarms": {"errors": replace(AlarmSituation(state="OK", recent_data=3), **change)}}


def heard(*, behind: float, way: float = 0) -> TimeComparison:
    """An answer that took so long, from a cloud whose clock is ahead of ours by so much."""
    said = NOW + timedelta(seconds=behind + way / 2)
    return TimeComparison(asked=NOW, cloud=said.replace(microsecond=0), answered=NOW + timedelta(seconds=way))


def test_nothing_stands_against_a_good_situation() -> None:
    assert obstacles(EXPERIMENT, GOOD) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lever_engaged": None}, "lever-unknown"),
        ({"lever_engaged": True}, "lever-engaged"),
        ({"halted": True}, "halted"),
        ({"halted": None}, "halt-unknown"),
        ({"times": None}, "clock-unknown"),
        ({"times": heard(behind=6)}, "clock-off"),
        ({"times": heard(behind=-7)}, "clock-off"),
        ({"active_own": None}, "active-unknown"),
        ({"active_all": None}, "active-unknown"),
        ({"active_own": ("EXP1",)}, "already-active"),
        ({"active_all": 5}, "quota"),
        ({"alarms": {}}, "alarm-missing"),
        ({"alarms": {"errors": None}}, "alarm-missing"),
        (alarm(state="ALARM"), "alarm-not-ok"),
        (alarm(state="INSUFFICIENT_DATA"), "alarm-not-ok"),
        (alarm(recent_data=2), "alarm-blind"),
        ({"incidents": None}, "incidents-unknown"),
        ({"incidents": ("latency",)}, "open-incident"),
        (targets(candidates=None), "targets-unknown"),
        (targets(candidates={}), "too-few-targets"),
        (targets(candidates={"i-1": {}}), "not-opted-in"),
        (targets(candidates={"i-1": {"chaos:enabled": "false"}}), "not-opted-in"),
        (targets(offline=("i-1",)), "not-managed"),
        (targets(offline=None), "managed-unknown"),
        (targets(group_size=None), "group-unknown"),
        (targets(healthy=None), "group-unknown"),
        (targets(scaling=None), "group-unknown"),
        (targets(scaling=True), "scaling"),
        (targets(suspended=("Launch",)), "group-suspended"),
        (targets(group_size=1), "too-large-a-share"),
        (targets(healthy=1), "too-few-left"),
        # Of nobody, nobody is a share.
        (targets(group_size=0, healthy=0), "too-few-left"),
        (targets(can_fail_over=False), "no-standby"),
        ({"template_sha256": None}, "template-unknown"),
        ({"template_sha256": ""}, "template-missing"),
        ({"template_sha256": "abd"}, "template-changed"),
        ({"spent_usd": None}, "budget-unknown"),
        ({"spent_usd": Decimal("1.01")}, "over-budget"),
        ({"allowed_now": False}, "outside-window"),
        ({"allowed_now": None}, "window-unknown"),
        ({"recovery_point": None}, "no-recovery-point"),
        ({"recovery_point": NOW - timedelta(hours=24, seconds=1)}, "no-recovery-point"),
        ({"confirmed": False}, "not-confirmed"),
    ],
)
def test_each_reason_refuses(change: dict[str, Any], code: str) -> None:
    found = obstacles(EXPERIMENT, replace(GOOD, **change))
    assert [obstacle.code for obstacle in found] == [code]
    assert not found[0].warning
    assert str(found[0]).startswith(f"{code}: ")


@pytest.mark.parametrize(
    ("experiment", "code"),
    [
        (changed(EXPERIMENT, stop_alarms=()), "no-stop-alarm"),
        (
            changed(EXPERIMENT, blast_radius=changed(radius(), wanted=2, most=1, most_percent=100, min_healthy=0)),
            "too-many-targets",
        ),
    ],
)
def test_an_experiment_that_is_wrong_in_itself(experiment: Experiment, code: str) -> None:
    assert [obstacle.code for obstacle in obstacles(experiment, GOOD)] == [code]


def test_a_warm_instance_that_may_be_hit_is_told_and_does_not_refuse() -> None:
    [found] = obstacles(EXPERIMENT, replace(GOOD, **targets(warm=("i-3",))))
    assert (found.code, found.warning) == ("warm-instance", True)


def test_an_alarm_on_what_is_disturbed_is_told_and_does_not_refuse() -> None:
    [found] = obstacles(
        EXPERIMENT, replace(GOOD, **alarm(metrics=("AWS/ApplicationELB/UnHealthyHostCount", "AWS/ECS:CPUUtilization")))
    )
    assert (found.code, found.warning) == ("alarm-on-disturbed-metric", True)


def muted(expression: str) -> MuteRule:
    return MuteRule.read(["unhealthy-hosts"], expression, "PT10M", "UTC")


PLANNED = changed(EXPERIMENT, mute_rule="mute")
# The fault lasts a minute, the objective five, and stability one: seven of the ten minutes.
IN_TIME = ("at(2026-11-25T09:00)", "at(2026-11-25T08:57)", "cron(57 8 * * WED)")
OUT_OF_TIME = ("at(2026-11-25T09:01)", "at(2026-11-25T08:56)", "cron(0 9 * * TUE)")


@pytest.mark.parametrize("expression", IN_TIME)
def test_a_run_within_the_muted_time_pages_nobody(expression: str) -> None:
    assert obstacles(PLANNED, replace(GOOD, mute=muted(expression))) == []


@pytest.mark.parametrize("expression", OUT_OF_TIME)
def test_a_run_beyond_the_muted_time_is_told_whom_it_pages(expression: str) -> None:
    [found] = obstacles(PLANNED, replace(GOOD, mute=muted(expression)))
    assert (found.code, found.warning) == ("not-muted", True)
    assert found.message.startswith("unhealthy-hosts will page: muted from 2026-1")
    assert "and this run may last until 2026-11-25T09:07:00.000Z; tell who is on call" in found.message


def test_a_mute_that_is_over_for_good() -> None:
    [found] = obstacles(PLANNED, replace(GOOD, mute=muted("at(2020-01-01T00:00)")))
    assert (found.code, found.warning) == ("not-muted", True)
    assert "unhealthy-hosts will page: muted never" in found.message


def test_a_mute_rule_that_cannot_be_read_warns_and_does_not_refuse() -> None:
    [found] = obstacles(PLANNED, replace(GOOD, unread={"mute": EXPIRED}))
    assert (found.code, found.warning) == ("mute-unknown", True)
    assert found.message == f"unhealthy-hosts may page: mute rule mute could not be read: {EXPIRED}"
    [found] = obstacles(PLANNED, GOOD)
    assert (found.code, found.warning) == ("mute-missing", True)
    assert found.message.startswith("unhealthy-hosts may page: mute rule mute is not there, or has expired; ")


def test_where_nothing_is_muted_nothing_is_said_of_it() -> None:
    assert obstacles(EXPERIMENT, replace(GOOD, mute=muted("at(2020-01-01T00:00)"))) == []


def test_an_outage_may_be_accepted() -> None:
    accepted = changed(EXPERIMENT, allow_outage=True)
    assert obstacles(accepted, replace(GOOD, **targets(can_fail_over=False, healthy=1))) == []


def test_data_that_cannot_be_counted_is_left_to_the_state() -> None:
    assert obstacles(EXPERIMENT, replace(GOOD, **alarm(recent_data=None))) == []


def test_without_a_group_its_state_does_not_matter() -> None:
    alone = changed(EXPERIMENT, blast_radius=changed(radius(), group=None))
    assert obstacles(alone, replace(GOOD, **targets(group_size=None, healthy=None, scaling=None))) == []


def test_every_tag_that_offers_a_target_is_needed() -> None:
    two = changed(EXPERIMENT, blast_radius=changed(radius(), tags={**OFFERED, "team": "shop"}))
    half, whole = {"i-1": OFFERED, "i-2": OFFERED}, {name: {**OFFERED, "team": "shop"} for name in ("i-1", "i-2")}
    assert [found.code for found in obstacles(two, replace(GOOD, **targets(candidates=half)))] == ["not-opted-in"] * 2
    assert obstacles(two, replace(GOOD, **targets(candidates=whole))) == []


def test_a_database_is_only_asked_for_where_it_is_needed() -> None:
    assert obstacles(changed(EXPERIMENT, needs_recovery_point=False), replace(GOOD, recovery_point=None)) == []


def test_everything_is_told_at_once() -> None:
    bad = replace(
        GOOD, lever_engaged=True, alarms={}, incidents=None, template_sha256=None, spent_usd=None, confirmed=False
    )
    assert [obstacle.code for obstacle in obstacles(EXPERIMENT, bad)] == [
        "lever-engaged",
        "alarm-missing",
        "incidents-unknown",
        "template-unknown",
        "budget-unknown",
        "not-confirmed",
    ]


UNREADABLE = {
    "lever_engaged": None,
    "halted": None,
    "times": None,
    "active_own": None,
    "active_all": None,
    "alarms": {"errors": None},
    "incidents": None,
    "targets": replace(TARGETS, candidates=None),
    "template_sha256": None,
    "spent_usd": None,
    "allowed_now": None,
    "recovery_point": None,
}


@given(st.sets(st.sampled_from(sorted(UNREADABLE)), min_size=1))
def test_what_cannot_be_read_refuses(names: set[str]) -> None:
    unread: dict[str, Any] = {name: UNREADABLE[name] for name in names}
    assert any(not obstacle.warning for obstacle in obstacles(EXPERIMENT, replace(GOOD, **unread)))


@pytest.mark.parametrize(
    ("key", "unread", "code"),
    [
        ("lever", {"lever_engaged": None}, "lever-unknown"),
        ("halt", {"halted": None}, "halt-unknown"),
        ("clock", {"times": None}, "clock-unknown"),
        ("active", {"active_own": None, "active_all": None}, "active-unknown"),
        ("alarms", {"alarms": {"errors": None}}, "alarm-unknown"),
        ("incidents", {"incidents": None}, "incidents-unknown"),
        ("template", {"template_sha256": None}, "template-unknown"),
        ("spent", {"spent_usd": None}, "budget-unknown"),
        ("recovery-point", {"recovery_point": None}, "recovery-point-unknown"),
    ],
)
def test_what_could_not_be_read_says_why_and_nothing_else(key: str, unread: dict[str, Any], code: str) -> None:
    [found] = obstacles(EXPERIMENT, replace(GOOD, unread={key: EXPIRED}, **unread))
    assert (found.code, found.warning) == (code, False)
    assert found.message.endswith(f" could not be read: {EXPIRED}")
    assert "was halted" not in found.message
    assert "not exist" not in found.message


@pytest.mark.parametrize(
    ("key", "unread", "code"),
    [
        ("candidates", {"candidates": None}, "targets-unknown"),
        ("group", {"group_size": None}, "group-unknown"),
        ("agent", {"offline": None}, "managed-unknown"),
    ],
)
def test_targets_that_could_not_be_read_say_why(key: str, unread: dict[str, Any], code: str) -> None:
    [found] = obstacles(EXPERIMENT, replace(GOOD, **targets(unread={key: EXPIRED}, **unread)))
    assert found.code == code
    assert found.message.endswith(f" could not be read: {EXPIRED}")


def test_a_halt_shows_who_when_and_why() -> None:
    mark = {"halted": True, "reason": "a deployment", "operator": "ana", "at": "2026-11-25T08:00:00.000Z"}
    [found] = obstacles(EXPERIMENT, replace(GOOD, halted=True, halt=mark))
    assert found.message == (
        "ana halted chaos at 2026-11-25T08:00:00.000Z: a deployment; `ial chaos halt --release --stack prod` ends that"
    )
    [found] = obstacles(EXPERIMENT, replace(GOOD, halted=True, halt={}))
    assert found.message.startswith("somebody halted chaos at an unknown time: no reason was given; ")


@given(st.floats(-3600, 3600), st.floats(0, 60))
def test_clocks_that_are_off_refuse_and_a_long_way_is_no_fault(behind: float, way: float) -> None:
    found = [held.code for held in obstacles(EXPERIMENT, replace(GOOD, times=heard(behind=behind, way=way)))]
    if abs(behind) <= 5:
        assert found == []
    elif abs(behind) > 5 + 1 + way / 2 + 1:
        assert found == ["clock-off"]


def test_both_times_are_named() -> None:
    [found] = obstacles(EXPERIMENT, replace(GOOD, times=heard(behind=90, way=1)))
    assert found.message.startswith(
        "this machine says 2026-11-25T09:00:01.000Z, AWS said 2026-11-25T09:01:30.000Z: 89 s apart, at most 5 s are"
    )
