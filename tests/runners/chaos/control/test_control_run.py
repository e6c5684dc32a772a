"""A control run through the production adapters: what it sees of a stack to which nothing is done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runners.chaos.control.life_cycle import ControlLifeCycle
from runners.chaos.control.watched_probes import watched_probes
from runners.runs.journal import Journal
from tests.runners.chaos.conftest import ERRORS, UNHEALTHY, Deployed, Rehearsal
from tests.runners.chaos.experiments import BALANCER
from tests.runners.chaos.four_kinds import LATENCY, TERMINATION
from tests.runners.journal_lines import assert_fits
from tests.runners.test_schemas import valid

pytestmark = pytest.mark.cloud
NERVOUS = "chaos-nervous"


def controls(rehearsal: Rehearsal, *alarms: str) -> ControlLifeCycle:
    cycle = rehearsal.cycle()
    kit = replace(cycle.kit, alarms_watched=alarms)
    return ControlLifeCycle(stack="dev", operator="tests", runs=cycle.runs, kit=kit)


def test_a_healthy_stack_is_steady_and_quiet(rehearsal: Rehearsal) -> None:
    rehearsal.begin("design.seed=2")
    record = controls(rehearsal, ERRORS, UNHEALTHY).run(watched_probes([LATENCY, TERMINATION]), 5)
    assert (record.verdict, record.reasons, record.exit_code) == ("passed", (), 0)
    assert record.steady is not None
    assert [probe.ok_ratio for probe in record.steady.probes] == [1.0, 1.0, 1.0]
    assert record.alerts is not None
    assert (record.alerts.fired, record.alerts.watched) == ((), (ERRORS, UNHEALTHY))
    assert_fits(rehearsal.cycle().runs.journal(record.run), "a control run")
    kept = rehearsal.cycle().kit.records
    assert kept.get(record.run, "record") == record.document()
    assert record.run in kept.all(f"controls#{record.run[:4]}-{record.run[4:6]}")


def test_an_alarm_that_rings_for_nothing_is_a_false_alarm(rehearsal: Rehearsal) -> None:
    watch = rehearsal.clients.client("cloudwatch")
    watch.put_metric_alarm(
        AlarmName=NERVOUS,
        Namespace="AWS/ApplicationELB",
        MetricName="RequestCount",
        Dimensions=[{"Name": name, "Value": value} for name, value in BALANCER.items()],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    try:
        rehearsal.begin("design.seed=2")
        watch.set_alarm_state(AlarmName=NERVOUS, StateValue="OK", StateReason="test")
        record = controls(rehearsal, ERRORS, NERVOUS).run(watched_probes([LATENCY]), 3)
    finally:
        watch.delete_alarms(AlarmNames=[NERVOUS])
    assert (record.verdict, record.exit_code) == ("failed", 1)
    assert record.alerts is not None
    assert (record.alerts.fired, record.alerts.unexpected) == ((NERVOUS,), (NERVOUS,))


def test_an_alarm_that_cannot_begin_to_ring_proves_nothing(rehearsal: Rehearsal) -> None:
    watch = rehearsal.clients.client("cloudwatch")
    rehearsal.begin("design.seed=2")
    watch.put_metric_alarm(
        AlarmName=NERVOUS,
        Namespace="Tests",
        MetricName="Nothing",
        Statistic="Sum",
        Period=86_400,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="ignore",
    )
    try:
        watch.set_alarm_state(AlarmName=NERVOUS, StateValue="ALARM", StateReason="test")
        record = controls(rehearsal, ERRORS, NERVOUS, "chaos-gone").run(watched_probes([LATENCY]), 2)
    finally:
        watch.delete_alarms(AlarmNames=[NERVOUS])
    assert (record.verdict, record.exit_code) == ("inconclusive", 5)
    assert record.reasons == (f"{NERVOUS} rang already when the watch began", "chaos-gone does not exist")
    assert record.alerts is not None
    assert (record.alerts.watched, record.alerts.already) == ((ERRORS, NERVOUS), (NERVOUS,))


def test_while_another_run_is_under_way_it_is_refused(rehearsal: Rehearsal) -> None:
    rehearsal.begin("design.seed=2")
    leases = rehearsal.cycle().kit.leases
    held = leases.acquire("chaos", "20261125-083000-a1b2, a drill of orders,")
    try:
        record = controls(rehearsal, ERRORS).run(watched_probes([LATENCY]), 3)
        assert (record.verdict, record.exit_code) == ("refused", 3)
        assert "a drill of orders" in record.reasons[0]
    finally:
        leases.release(held)


def test_with_nothing_to_watch_it_is_refused(rehearsal: Rehearsal) -> None:
    rehearsal.begin("design.seed=2")
    record = controls(rehearsal).run((), 3)
    assert (record.verdict, record.times.began) == ("refused", None)
    assert record.reasons[0].startswith("nothing-to-watch: there is nothing to watch")


class _Killed(BaseException):
    pass


@pytest.mark.parametrize(
    "line", [2, 4, pytest.param(3, marks=pytest.mark.rare), pytest.param(6, marks=pytest.mark.rare)]
)
def test_one_that_was_cut_off_is_gone_on_with(rehearsal: Rehearsal, line: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rehearsal.begin("design.seed=2")
    cycle, write = controls(rehearsal, ERRORS), Journal.write

    def killed(journal: Journal, step: str, **data: object) -> object:
        if len(journal.entries) >= line:
            raise _Killed
        return write(journal, step, **data)

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "write", killed)
        with pytest.raises(_Killed):
            cycle.run(watched_probes([TERMINATION]), 2)
    [run] = cycle.runs.all()
    record = cycle.resume(run)
    assert (record.verdict, record.stored) == ("passed", True), record.reasons
    assert cycle.kit.leases.holder("chaos") is None


def test_the_command(deployed: Deployed) -> None:
    ran = deployed.run("control", "--minutes", "3", "--rehearsal", "design.seed=2", "--json")
    document = valid(ran, "control-record")
    assert (ran.code, document["verdict"], document["type"]) == (0, "passed", "control"), ran.err
    assert {name for probe in document["steady"]["probes"] for name in probe["experiments"]} >= {"network-latency"}
    shown = deployed.run("control", "--minutes", "1", "--experiment", "network-latency")
    assert shown.code in (0, 5), shown.err
    assert "false alarms: none" in shown.out
