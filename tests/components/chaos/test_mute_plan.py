"""The mute rules of planned experiments: what is muted, when, and what is refused with its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.chaos.chaos import Chaos, ChaosArgs
from components.chaos.chaos_permissions import runner_permissions
from components.chaos.experiment_file import experiments_folder, read_experiments, read_file
from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.fault import UNDO_SECONDS
from components.chaos.fault_kinds import fault_kinds
from components.chaos.mute_plan import LONGEST_MINUTES, LOOK_BACK_SECONDS, mute_plan
from components.observability.critical_signals import critical_signals
from components.reading import SettingsError
from components.settings import Settings
from tests.components.chaos.test_chaos import of_kind, shipped
from tests.components.chaos.test_experiment_file import GOOD
from tests.components.conftest import TOPIC
from tests.components.test_program import program

__all__ = ["program"]
MUTE = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule"
SCHEDULE = "aws:scheduler/schedule:Schedule"
WINDOW = {"timezone": "Europe/Lisbon", "days": ["TUE"], "opens": "09:00", "closes": "17:00"}
PLANNED = GOOD.replace("    fault:", "    schedule: cron(0 10 ? * TUE *)\n    expectedAlarms: [latency]\n    fault:")


def planned(**changes: Any) -> ExperimentSpec:
    """An experiment with a schedule that expects two alarms."""
    given = {"schedule": "cron(0 10 ? * TUE *)", "expected_alarms": ("latency", "unhealthy-hosts")} | changes
    return replace(of_kind("network-latency"), **given)


@pytest.fixture
def built(run: Any, settings: Callable[..., Settings]) -> Callable[..., Any]:
    def build(*specs: ExperimentSpec, **values: Any) -> tuple[dict[str, Any], dict[str, Any], Any]:
        given = settings(**{"chaos": {"mute": "expected"}, **values})
        made: list[Chaos] = []
        args = ChaosArgs(
            settings=given,
            experiments=tuple((3, spec) for spec in specs) or shipped(),
            topic_arn=TOPIC,
            records_table="ial-dev-records",
        )
        recorder = run(lambda: made.append(Chaos("chaos", args)))
        rules = {held["name"]: held for held in recorder.of(MUTE).values()}
        return rules, {held.name: held.mute_rule for held in made[0].document.experiments}, recorder

    return build


def test_nothing_is_muted_unless_it_is_asked_for(built: Callable[..., Any]) -> None:
    rules, names, recorder = built(planned(), chaos={})
    assert (rules, names) == ({}, {"network-latency": None})
    assert "GetAlarmMuteRule" not in json.dumps(recorder.of("aws:iam/rolePolicy:RolePolicy"))


def test_one_rule_for_what_an_experiment_expects(built: Callable[..., Any]) -> None:
    rules, names, _ = built(planned())
    name = "ial-dev-mute-network-latency"
    assert names == {"network-latency": name}
    [rule] = rules.values()
    assert rule["muteTargets"] == {"alarmNames": ["ial-dev-latency", "ial-dev-unhealthy-hosts"]}
    # The fault and its undoing, objective and stability; half an hour for a workflow, a quarter for alarms to clear.
    minutes = (240 + 60 + 300 + 120 + 1800 + 900) // 60
    assert rule["rule"] == {
        "schedule": {"expression": "cron(0 10 * * TUE)", "duration": f"PT{minutes}M", "timezone": "UTC"}
    }
    assert rule["tags"] == {"owner": "platform-team", "environment": "dev", "stage": "3", "managed-by": "ial"}


def test_the_shipped_experiments_mute_what_fires_in_them(built: Callable[..., Any]) -> None:
    rules, names, _ = built()
    assert {name: rule for name, rule in names.items() if rule} == {"alb-health-check": "ial-dev-mute-alb-health-check"}
    [rule] = rules.values()
    assert rule["muteTargets"]["alarmNames"] == ["ial-dev-unhealthy-hosts"]
    assert rule["rule"]["schedule"]["expression"] == "cron(0 10 1 * *)"


@pytest.mark.parametrize(
    "spec",
    [
        planned(schedule=None),
        planned(expected_alarms=()),
        planned(expected_alarms=("errors",), stop_alarms=("errors",)),
        planned(schedule="rate(14 days)", expected_alarms=()),
    ],
)
def test_what_is_not_planned_or_not_expected_is_not_muted(built: Callable[..., Any], spec: ExperimentSpec) -> None:
    assert built(spec)[:2] == ({}, {"network-latency": None})


def test_a_stop_alarm_is_never_muted(built: Callable[..., Any]) -> None:
    rules, *_ = built(planned(expected_alarms=("errors", "latency"), stop_alarms=("errors",)))
    [rule] = rules.values()
    assert rule["muteTargets"] == {"alarmNames": ["ial-dev-latency"]}


def test_alarms_that_the_stack_lacks_are_not_named(built: Callable[..., Any], workload: dict[str, Any]) -> None:
    without = {key: value for key, value in workload.items() if key not in ("tables", "database")}
    spec = planned(expected_alarms=("data-store", "latency"))
    [rule] = built(spec, workload=without)[0].values()
    assert rule["muteTargets"] == {"alarmNames": ["ial-dev-latency"]}
    assert built(planned(expected_alarms=("data-store",)), workload=without)[:2] == ({}, {"network-latency": None})


def test_scheduler_and_the_mute_begin_at_the_same_time(built: Callable[..., Any]) -> None:
    chaos = {"mute": "expected", "starter": "scheduler", "timezone": "Europe/Lisbon"}
    rules, _, recorder = built(planned(), chaos=chaos)
    [rule] = rules.values()
    started = recorder.one(SCHEDULE)
    assert started["scheduleExpressionTimezone"] == rule["rule"]["schedule"]["timezone"] == "Europe/Lisbon"
    assert rule["rule"]["schedule"]["duration"] == "PT28M"
    windowed = built(planned(), chaos={"mute": "expected", "window": WINDOW})[0]
    assert [held["rule"]["schedule"]["timezone"] for held in windowed.values()] == ["Europe/Lisbon"]


def test_the_runner_may_read_the_rule(settings: Callable[..., Settings]) -> None:
    statements = runner_permissions(settings(chaos={"mute": "expected"}), "records")
    assert "cloudwatch:GetAlarmMuteRule" in json.dumps(statements)
    assert "PutAlarmMuteRule" not in json.dumps(statements)
    assert "GetAlarmMuteRule" not in json.dumps(runner_permissions(settings(), "records"))


@pytest.mark.parametrize("kind", fault_kinds())
def test_a_mute_lasts_at_least_as_long_as_the_fault(settings: Callable[..., Settings], kind: str) -> None:
    spec = of_kind(kind)
    assert spec.ordered_fault(settings()).seconds <= spec.fault.seconds + UNDO_SECONDS


def test_no_alarm_looks_back_for_longer_than_a_mute_waits(
    settings: Callable[..., Settings], workload: dict[str, Any]
) -> None:
    on_instances = {key: value for key, value in workload.items() if key not in ("ecsCluster", "ecsService")}
    alarms = [alarm for work in (workload, on_instances) for alarm in critical_signals(settings(workload=work))]
    assert max(alarm.period * alarm.evaluations for alarm in alarms) == LOOK_BACK_SECONDS


def test_mute_needs_somebody_who_starts(settings: Callable[..., Settings]) -> None:
    with pytest.raises(SettingsError) as refused:
        settings(chaos={"mute": "expected", "starter": "none"})
    assert str(refused.value).startswith('ial:chaos.mute is "expected"; accepted: none where starter is none')
    with pytest.raises(SettingsError, match=r'ial:chaos\.mute is "all"; accepted: expected, none'):
        settings(chaos={"mute": "all"})


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("cron(0 10 ? * TUE *)", "rate(14 days)", 5, '.schedule is "rate(14 days)"; accepted: with ial:chaos mute'),
        ("cron(0 10 ? * TUE *)", "cron(0 10 L * ? *)", 5, "such as cron(0 10 8,22 * ? *): a mute rule knows no L"),
        ("cron(0 10 ? * TUE *)", "cron(0 10,11 ? * TUE *)", 5, "starts more than 67 minutes apart"),
        (
            "      probes:",
            "      rtoSeconds: 11281\n      probes:",
            9,
            ".hypothesis.rtoSeconds is 11281; accepted: with ial:chaos mute expected, at most 11280",
        ),
    ],
)
def test_what_cannot_be_muted_is_refused_with_its_line(
    settings: Callable[..., Settings], tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    file = tmp_path / "network.yaml"
    file.write_text(PLANNED.replace(old, new, 1))
    with pytest.raises(SettingsError) as refused:
        read_file(file, "network", settings(chaos={"mute": "expected"}).chaos)
    assert str(refused.value).startswith(f"{file}:{line}: experiments[0]."), str(refused.value)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    # Whoever mutes nothing, or does not run it, may write it.
    assert read_file(file, "network", settings().chaos)
    file.write_text(file.read_text().replace("name: slow", "name: slow\n    enabled: false"))
    assert read_file(file, "network", settings(chaos={"mute": "expected"}).chaos)


@pytest.mark.parametrize(
    ("rto", "minutes"), [(300, 57), (301, 58), (360, 58), (421, 60), (480, 60)], ids=lambda value: str(value)
)
def test_a_mute_ends_before_the_next_begins(settings: Callable[..., Settings], rto: int, minutes: int) -> None:
    """Two starts an hour apart leave room for a mute of 59 minutes: one of an hour would run into the next."""
    chaos = settings(chaos={"mute": "expected"}).chaos
    spec = planned(schedule="cron(0 10,11 ? * TUE *)")
    spec = replace(spec, hypothesis=replace(spec.hypothesis, rto_seconds=rto))
    if minutes < 60:
        plan = mute_plan(spec, chaos)
        assert plan is not None
        assert plan.minutes == minutes
        return
    with pytest.raises(SettingsError, match=f"starts more than {minutes} minutes apart, the time of one mute"):
        mute_plan(spec, chaos)


def test_the_longest_objective_is_still_muted(settings: Callable[..., Settings], tmp_path: Path) -> None:
    file = tmp_path / "network.yaml"
    file.write_text(PLANNED.replace("      probes:", "      rtoSeconds: 11280\n      probes:"))
    chaos = settings(chaos={"mute": "expected"}).chaos
    [spec] = read_file(file, "network", chaos)
    plan = mute_plan(spec, chaos)
    assert plan is not None
    assert plan.minutes == LONGEST_MINUTES


def test_a_component_refuses_what_no_file_was_read_for(built: Callable[..., Any]) -> None:
    with pytest.raises(SettingsError, match=r'network-latency.schedule is "rate\(14 days\)"; accepted: '):
        built(planned(schedule="rate(14 days)"))


def test_the_shipped_files_can_be_muted(settings: Callable[..., Settings]) -> None:
    assert len(read_experiments(experiments_folder(), 8, settings(chaos={"mute": "expected"}).chaos)) == 4


def test_the_program_mutes(program: Callable[..., Any]) -> None:
    found = program("dev", chaos=json.dumps({"mute": "expected"}))
    assert [held["name"] for held in found.of(MUTE).values()] == ["ial-dev-mute-alb-health-check"]
