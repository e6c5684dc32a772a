"""What preflight refuses, read through the production adapters; nothing is started."""

from __future__ import annotations

from typing import Any

import pytest

from contract.terms import Freeze, Window
from runners.aws.answer_dates import AnswerDates
from runners.aws.targets import AwsTargets
from runners.chaos.judging.verdict import Verdict
from runners.chaos.running.halting import halt_mark
from tests.runners.aws.test_answer_dates import ShiftedClock
from tests.runners.chaos.conftest import ERRORS, UNHEALTHY, Rehearsal
from tests.runners.chaos.experiments import changed, radius
from tests.runners.chaos.four_kinds import KINDS
from tests.runners.chaos.halts import halting_of
from tests.runners.chaos.opt_in_kinds import exhaustion

pytestmark = pytest.mark.cloud


def codes(rehearsal: Rehearsal, terms: dict[str, Any] | None = None, **fields: Any) -> set[str]:
    """The codes of a refused run."""
    experiment, action = KINDS["termination"]
    made = changed(rehearsal.template(experiment, action), **fields)
    record = rehearsal.cycle(**(terms or {})).run(made)
    assert record.judgement.verdict is Verdict.REFUSED, record.judgement
    assert record.exit_code == 3
    assert record.times["started"] is None
    assert rehearsal.clients.client("fis").list_experiments()["experiments"] == []
    return {reason.split(":")[0] for reason in record.judgement.reasons}


@pytest.mark.parametrize(
    ("code", "terms", "fields"),
    [
        ("template-changed", {}, {"template_sha256": "0" * 64}),
        ("template-missing", {}, {"template_id": "EXTnone"}),
        ("over-budget", {"monthly_budget_usd": "0.10"}, {}),
        ("not-confirmed", {"confirm": True}, {}),
        ("outside-window", {"window": Window(timezone="UTC", days=(), opens="09:00", closes="17:00")}, {}),
        ("window-unknown", {"window": Window(timezone="Mars/Base", days=("MON",), opens="09:00", closes="17:00")}, {}),
        ("outside-window", {"freezes": (Freeze(first="2000-01-01", last="2100-01-01"),)}, {}),
        ("alarm-missing", {}, {"stop_alarms": ("nobody",)}),
        ("no-stop-alarm", {}, {"stop_alarms": ()}),
        ("too-few-targets", {}, {"blast_radius": radius(tags={"chaos:enabled": "no"})}),
        ("too-few-left", {}, {"blast_radius": radius(min_healthy=2)}),
        ("too-large-a-share", {}, {"blast_radius": radius(most_percent=10)}),
        ("group-unknown", {}, {"blast_radius": radius(group="nobody")}),
    ],
)
def test_each_reason(rehearsal: Rehearsal, code: str, terms: dict[str, Any], fields: dict[str, Any]) -> None:
    rehearsal.begin()
    assert code in codes(rehearsal, terms, **fields)


def test_every_reason_is_told(rehearsal: Rehearsal) -> None:
    rehearsal.begin()
    found = codes(rehearsal, {"confirm": True}, template_sha256="0" * 64, stop_alarms=("nobody",))
    assert {"not-confirmed", "template-changed", "alarm-missing"} <= found


def test_an_open_incident(rehearsal: Rehearsal) -> None:
    rehearsal.begin()
    watch = rehearsal.clients.client("cloudwatch")
    watch.set_alarm_state(AlarmName=UNHEALTHY, StateValue="ALARM", StateReason="test")
    assert "open-incident" in codes(rehearsal)
    watch.set_alarm_state(AlarmName=ERRORS, StateValue="ALARM", StateReason="test")
    assert "alarm-not-ok" in codes(rehearsal)


def test_the_lever(rehearsal: Rehearsal) -> None:
    rehearsal.begin()
    rehearsal.cycle().kit.injection.pull_lever("test", engaged=True)
    assert "lever-engaged" in codes(rehearsal)


@pytest.mark.parametrize(
    ("processes", "refused"), [(["Launch"], True), (["ReplaceUnhealthy", "Terminate"], True), (["AZRebalance"], False)]
)
def test_a_group_that_does_not_heal(rehearsal: Rehearsal, processes: list[str], refused: bool) -> None:
    rehearsal.begin()
    groups = rehearsal.clients.client("autoscaling")
    groups.suspend_processes(AutoScalingGroupName="shop-web", ScalingProcesses=processes)
    try:
        # Something else refuses it as well, so that nothing is started.
        found = codes(rehearsal, {"confirm": True})
    finally:
        groups.resume_processes(AutoScalingGroupName="shop-web")
    assert ("group-suspended" in found) == refused


def test_instances_of_the_warm_pool_are_no_candidates(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are none of the group's members, and have its tags."""
    rehearsal.begin()
    clients = rehearsal.clients
    targets, reach = AwsTargets(clients), radius()
    before = targets.situation(reach, through_agent=False)
    [group] = clients.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=["shop-web"])[
        "AutoScalingGroups"
    ]
    warm = group["Instances"][0]["InstanceId"]
    answered = {**group, "Instances": group["Instances"][1:]}
    monkeypatch.setattr(
        clients.client("autoscaling"), "describe_auto_scaling_groups", lambda **_: {"AutoScalingGroups": [answered]}
    )
    after = targets.situation(reach, through_agent=False)
    assert (before.warm, after.warm) == ((), (warm,))
    assert before.candidates is not None
    assert after.candidates is not None
    assert before.candidates.keys() - after.candidates.keys() == {warm}


def test_another_run_of_the_stack(rehearsal: Rehearsal) -> None:
    rehearsal.begin()
    leases = rehearsal.cycle().kit.leases
    lease = leases.acquire("chaos", "another run")
    try:
        assert codes(rehearsal) == {"locked"}
    finally:
        leases.release(lease)


def expired(**_: Any) -> None:
    """What AWS answers to whom whose login is over."""
    from botocore.exceptions import ClientError

    raise ClientError({"Error": {"Code": "ExpiredTokenException", "Message": "the token is expired"}}, "any")


def test_an_expired_login_is_told_as_one(rehearsal: Rehearsal) -> None:
    made = exhaustion(rehearsal)
    rehearsal.begin()
    cycle = rehearsal.cycle()
    for name in ("fis", "cloudwatch", "dynamodb", "ec2", "autoscaling", "ssm", "rds"):
        rehearsal.clients.client(name).meta.events.register("before-call", expired, unique_id="expired")
    found = {held.code: held.message for held in cycle.obstacles(made, None)}
    assert set(found) == {
        *("lever-unknown", "halt-unknown", "active-unknown", "alarm-unknown", "incidents-unknown"),
        *("targets-unknown", "template-unknown", "budget-unknown"),
    }
    for code, message in found.items():
        assert "ExpiredTokenException: the token is expired; the credentials have expired: log in again" in message, (
            code
        )
        assert "halted chaos" not in message
        assert "not exist" not in message


@pytest.mark.parametrize(
    ("by", "found"), [({}, []), ({"minutes": 4}, ["clock-off"]), ({"seconds": -20}, ["clock-off"])]
)
def test_a_clock_of_ones_own_is_compared(rehearsal: Rehearsal, by: dict[str, float], found: list[str]) -> None:
    from dataclasses import replace

    rehearsal.begin()
    cycle = rehearsal.cycle()
    dates = AnswerDates(rehearsal.clients, ShiftedClock(**by))
    cycle = replace(cycle, reader=replace(cycle.reader, cloud_time=dates))
    experiment, action = KINDS["termination"]
    made = rehearsal.template(experiment, action)
    assert [held.code for held in cycle.obstacles(made, None) if not held.warning] == found


def test_a_real_halt_shows_who_when_and_why(rehearsal: Rehearsal) -> None:
    rehearsal.begin()
    kit = rehearsal.cycle().kit
    halting = halting_of(kit)
    halting.halt("a deployment", "ana", lever=False)
    try:
        experiment, action = KINDS["termination"]
        made = rehearsal.template(experiment, action)
        [found] = [held for held in rehearsal.cycle().obstacles(made, None) if not held.warning]
    finally:
        halting.release("tests")
    assert str(found).startswith("halted: ana halted chaos at 20")
    assert str(found).endswith("Z: a deployment; `ial chaos halt --release --stack dev` ends that")


def test_an_alarm_that_is_not_there_is_not_called_unreadable(rehearsal: Rehearsal) -> None:
    from dataclasses import replace

    rehearsal.begin()
    cycle = rehearsal.cycle()
    cycle = replace(cycle, reader=replace(cycle.reader, incident_alarms=(UNHEALTHY, "nobody")))
    experiment, action = KINDS["termination"]
    made = changed(rehearsal.template(experiment, action), stop_alarms=("nobody",))
    found = {held.code: held.message for held in cycle.obstacles(made, None)}
    assert set(found) == {"alarm-missing", "incidents-unknown"}
    assert found["incidents-unknown"].endswith("could not be read: nobody does not exist; apply the stack again")


def test_a_group_that_is_not_there_is_named(rehearsal: Rehearsal) -> None:
    rehearsal.begin()
    experiment, action = KINDS["termination"]
    made = changed(rehearsal.template(experiment, action), blast_radius=radius(group="nobody"))
    [found] = [held for held in rehearsal.cycle().obstacles(made, None) if not held.warning]
    assert str(found) == ("group-unknown: the state of nobody could not be read: there is no Auto Scaling group nobody")


def test_halted_until_released(rehearsal: Rehearsal) -> None:
    rehearsal.begin()
    kit = rehearsal.cycle().kit
    halting = halting_of(kit)
    done = halting.halt("a deployment", "tests", lever=False)
    assert (done.left, done.exit_code) == ((), 0)
    try:
        assert "halted" in codes(rehearsal)
    finally:
        halting.release("tests")
    assert halt_mark(kit.records) is None


def test_an_experiment_of_the_stacks_template_that_somebody_began_by_hand(rehearsal: Rehearsal) -> None:
    experiment, action = KINDS["latency"]
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    cycle = rehearsal.cycle(experiments=(made,))
    begun = cycle.kit.injection.start(made.template_id, "from the console", {})
    record = cycle.run(made)
    assert record.judgement.reasons[0].startswith(
        f"already-active: an experiment of this stack runs: {begun.id}; wait for its end, "
    )
