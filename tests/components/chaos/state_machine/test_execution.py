"""State machines run: with a real table and real alarms of the local cloud, and a FIS that is told what to say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.json import decode

from components.chaos.state_machine.definition import measure
from contract.execution_record import ExecutionDocument, UnjudgedRunDocument
from contract.run_table import CHAOS, EXECUTIONS, HALT, TURN, collection
from local.endpoint import ACCOUNT
from runners.aws.bucket_records import BucketRecords
from runners.aws.stack_records import StackRecords
from runners.chaos.record.history import history_of
from runners.pull_requests.schemas import first_fault
from runners.runs.lease import LeaseHeldError
from runners.runs.monthly_budget import MonthlyBudget
from runners.runs.run_folder import Runs
from runners.suites.history import history_of as suites_of
from tests.clouds import Clouds
from tests.components.chaos.state_machine.orders import (
    ALARM,
    BUCKET,
    EXPERIMENTS,
    TABLE,
    USD,
    Bench,
    named,
    order,
    plan,
)
from tests.interpreter import StateError
from tests.runners.rehearsal import MemoryRecords
from tests.runners.suites.stage import step, suite

pytestmark = pytest.mark.cloud
FIRST = datetime(2026, 1, 1, tzinfo=UTC)

BOTH = suite(step("network", choice="network"), step("infrastructure", choice="infrastructure"), cool_down_minutes=1)


@pytest.fixture
def bench(clouds: Clouds, tmp_path: Path) -> Iterator[Bench]:
    with clouds.empty(tmp_path) as running:
        found = Bench(running.endpoint)
        found.prepare()
        yield found


def records(bench: Bench) -> StackRecords:
    return StackRecords(bench.clients, TABLE, bench.clock, MemoryRecords())


def archive(bench: Bench, folder: Path) -> BucketRecords:
    return BucketRecords(
        clients=bench.clients, bucket=BUCKET, account=ACCOUNT, stack="dev", cache=folder / "archive", say=print
    )


def told(bench: Bench) -> ExecutionDocument:
    """The record of the one execution; its item is in the month's collection."""
    (item,) = records(bench).all(collection(EXECUTIONS, "2026-11")).values()
    found = records(bench).get(item["run"], "record")
    return decode(json.dumps(found), type=ExecutionDocument)


def runs_of(bench: Bench) -> dict[str, Any]:
    return {item["experiment"]: item for item in records(bench).all(collection(CHAOS, "2026-11")).values()}


def free(bench: Bench) -> bool:
    return bench.leases.holder(TURN) is None


def test_a_suite_runs_in_the_order_of_the_runners_plan(bench: Bench) -> None:
    made = order(BOTH)
    done = bench.run(made)
    assert (done.status, done.cause) == ("SUCCEEDED", "")
    planned = [held.name for held in plan(BOTH).steps]
    assert bench.effects == ["lock", *(f"start {name}" for name in planned), "unlock"]
    record = told(bench)
    assert (record.outcome, record.reasons) == ("done", ())
    assert [(held.id, held.status) for held in record.steps] == [(f.id, "completed") for f in plan(BOTH).steps]
    assert free(bench)
    assert done.transitions <= measure(made).transitions


def test_each_run_is_in_the_months_runs_and_nobody_judged_it(bench: Bench, tmp_path: Path) -> None:
    bench.run(order(BOTH))
    held = runs_of(bench)
    assert {name: (item["usd"], item["verdict"]) for name, item in held.items()} == {
        name: (USD, "not-judged") for name in ("latency", "termination")
    }
    for item in held.values():
        record = decode(json.dumps(records(bench).get(item["run"], "record")), type=UnjudgedRunDocument)
        assert (record.experiment, record.status) == (item["experiment"], "completed")
    budget = MonthlyBudget(kind=CHAOS, monthly_usd=Decimal(5), records=records(bench), clock=bench.clock)
    assert budget.spent() == 2 * Decimal(USD)
    history = history_of(Runs(tmp_path, "dev"), records(bench), bench.clock, print)
    assert {(run["experiment"], run["verdict"]) for run in history["runs"]} == {
        *(("latency", "not-judged"), ("termination", "not-judged")),
    }
    suites = suites_of(Runs(tmp_path, "dev"), records(bench), bench.clock, print)
    assert first_fault(suites, "suite-history") is None
    assert [(run["suite"], run["verdict"], run["usd"]) for run in suites["runs"]] == [("weekly", "not-judged", None)]


def test_each_record_is_in_the_archive_as_it_is_in_the_table(bench: Bench, tmp_path: Path) -> None:
    bench.run(order(BOTH))
    archived = {line.run: line for line in archive(bench, tmp_path).since(bench.clock.now() - timedelta(days=1))}
    runs = [*(item["run"] for item in runs_of(bench).values()), told(bench).run]
    assert sorted(archived) == sorted(runs)
    keys = [held["Key"] for held in bench.clients.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert sorted(keys) == sorted(f"runs/dt={run[:4]}-{run[4:6]}-01/dev/{run}.jsonl" for run in runs)
    for run, line in archived.items():
        document = records(bench).get(run, "record")
        assert document is not None
        assert json.loads(bytes(line.document)) == document
        assert (line.type, line.stack) == (document["type"], "dev")
    steps = told(bench).steps
    assert [(step.usd, step.run in archived) for step in steps] == [(USD, True)] * 2


def test_an_archive_that_cannot_be_written_stops_nothing_and_is_told(bench: Bench, tmp_path: Path) -> None:
    done = bench.run(order(BOTH, account="210987654321"))
    assert (done.status, bench.fis.started, free(bench)) == ("FAILED", ["latency", "termination"], True)
    assert done.cause.count("the archive lacks the record of") == 3
    assert (told(bench).outcome, len(runs_of(bench))) == ("done", 2)
    assert done.transitions <= measure(order(BOTH)).transitions
    assert list(archive(bench, tmp_path).since(bench.clock.now() - timedelta(days=1))) == []


def test_what_was_stopped_is_in_the_archive_too(bench: Bench, tmp_path: Path) -> None:
    bench.fis.statuses["latency"] = ["running", UNREACHED, "running"]
    bench.run(order(ONE))
    found = [json.loads(bytes(held.document)) for held in archive(bench, tmp_path).since(FIRST)]
    assert sorted((held["type"], held.get("status")) for held in found) == [
        ("execution", None),
        ("unjudged-run", "stopped"),
    ]
    assert [(step.status, step.usd) for step in told(bench).steps] == [("stopped", USD)]


def test_a_runner_that_has_the_turn_keeps_it(bench: Bench) -> None:
    held = bench.leases.acquire(TURN, "a runner")
    done = bench.run(order(BOTH))
    assert (done.status, bench.effects, bench.fis.started) == ("FAILED", [], [])
    assert "another run is under way" in done.cause
    assert told(bench).outcome == "refused"
    assert bench.leases.renew(held).fence == held.fence


def test_no_runner_gets_the_turn_meanwhile(bench: Bench) -> None:
    made = bench.execution(order(BOTH))
    steps, refused = made.run(), 0
    for pause in steps:
        bench.clock.sleep(pause)
        with pytest.raises(LeaseHeldError, match=r"weekly-1, a state machine, holds the lease chaos"):
            bench.leases.acquire(TURN, "a runner")
        refused += 1
    assert refused > 5
    assert bench.leases.acquire(TURN, "a runner").fence > 1


def test_a_turn_that_is_lost_stops_the_fault_and_is_left_alone(bench: Bench) -> None:
    bench.fis.statuses["latency"] = ["running"]
    made = bench.execution(order(BOTH))
    steps = made.run()
    bench.clock.sleep(next(steps))
    bench.clock.sleep(3600)
    taken = bench.leases.acquire(TURN, "a runner")
    for pause in steps:
        bench.clock.sleep(pause)
        taken = bench.leases.renew(taken)
    assert (made.status, bench.fis.stopped[0], bench.fis.started) == ("FAILED", "latency", ["latency"])
    assert "the turn was lost" in made.cause
    assert bench.leases.renew(taken).fence == taken.fence
    assert runs_of(bench)["latency"]["verdict"] == "not-judged"


FAILED: list[str | StateError] = ["running", "failed"]


@pytest.mark.parametrize(
    ("on_failure", "started", "statuses", "outcome"),
    [
        ("stop", ["latency"], ["failed"], "stopped"),
        ("continue", ["latency", "termination"], ["failed", "completed", "waited"], "done"),
        ("skip-dependents", ["latency"], ["failed", "skipped", "waited"], "done"),
    ],
)
def test_a_failed_experiment_does_what_its_step_says(
    bench: Bench, on_failure: str, started: list[str], statuses: list[str], outcome: str
) -> None:
    bench.fis.statuses["latency"] = FAILED
    held = suite(
        step("network", choice="network", on_failure=on_failure),
        step("infrastructure", choice="infrastructure", needs=("network",)),
        step("rest", "wait", minutes=1),
        cool_down_minutes=0,
    )
    done = bench.run(order(held))
    assert (done.status, bench.fis.started, free(bench)) == ("FAILED", started, True)
    record = told(bench)
    assert ([held.status for held in record.steps], record.outcome) == (statuses, outcome)
    assert record.reasons == ("network/latency: FIS ended it as failed",)


ONE = suite(step("network", choice="network"), cool_down_minutes=0)
UNREACHED = StateError("States.Timeout", "no answer")


@pytest.mark.parametrize(
    ("statuses", "why"),
    [
        (["running", UNREACHED, "running"], "FIS could not be asked"),
        (["running", "a-status-that-came-later"], "FIS has not ended it in time"),
    ],
)
def test_what_cannot_be_watched_is_stopped_before_the_turn_goes(
    bench: Bench, statuses: list[str | StateError], why: str
) -> None:
    bench.fis.statuses["latency"] = statuses
    done = bench.run(order(ONE))
    assert done.status == "FAILED"
    assert why in told(bench).reasons[0]
    assert bench.effects[:3] == ["lock", "start latency", "stop latency"]
    assert bench.effects[-1] == "unlock"
    assert [(held.id, held.status) for held in told(bench).steps] == [("network/latency", "stopped")]
    assert done.transitions <= measure(order(ONE)).transitions


def test_what_does_not_stop_is_told_as_not_known(bench: Bench) -> None:
    bench.fis.statuses["latency"], bench.fis.heeds = ["running"], False
    done = bench.run(order(ONE))
    assert (done.status, free(bench)) == ("FAILED", True)
    assert "has not ended it after a stop, `ial chaos halt`" in done.cause
    assert [held.status for held in told(bench).steps] == ["unknown"]
    assert len(bench.fis.stopped) > 5
    assert done.transitions <= measure(order(ONE)).transitions


def test_what_fis_refuses_costs_nothing_and_what_is_unsure_stays_reserved(bench: Bench) -> None:
    refused = (named("refused", category="network"),)
    assert bench.run(order(ONE, refused)).status == "FAILED"
    item = runs_of(bench)["refused"]
    assert (item["verdict"], item["usd"], free(bench)) == ("refused", "0", True)
    bench.fis.statuses["latency"] = [StateError("Fis.InternalException", "what now")]
    assert "is not known, `ial chaos halt`" in bench.run(order(ONE), "weekly-2").cause
    item = runs_of(bench)["latency"]
    assert (item["verdict"], item["usd"], free(bench)) == (None, USD, True)


def test_while_a_fault_may_be_there_that_nobody_can_name_nobody_gets_the_turn(bench: Bench) -> None:
    bench.fis.statuses["latency"] = [StateError("Fis.InternalException", "what now")]
    begun, seconds = bench.clock.now(), EXPERIMENTS[0].duration_seconds
    for pause in bench.execution(order(ONE)).run():
        bench.clock.sleep(pause)
        if (bench.clock.now() - begun).total_seconds() < seconds:
            with pytest.raises(LeaseHeldError):
                bench.leases.acquire(TURN, "a runner")
    assert (bench.clock.now() - begun).total_seconds() >= seconds
    assert free(bench)


def test_nothing_begins_while_an_alarm_rings(bench: Bench) -> None:
    watch = bench.clients.client("cloudwatch")
    watch.set_alarm_state(AlarmName=ALARM, StateValue="ALARM", StateReason="users")
    done = bench.run(order(ONE))
    assert (done.status, bench.fis.started, free(bench)) == ("FAILED", [], True)
    assert "an alarm rings" in done.cause
    watch.set_alarm_state(AlarmName=ALARM, StateValue="OK", StateReason="over")
    assert bench.run(order(ONE), "weekly-2").status == "SUCCEEDED"


def test_an_alarm_that_is_gone_is_no_quiet_one(bench: Bench) -> None:
    assert "is not there" in bench.run(order(ONE, alarms=(ALARM, "ial-dev-gone"))).cause


def test_nothing_begins_while_it_is_halted(bench: Bench) -> None:
    records(bench).put(*HALT, {"halted": True})
    assert "chaos is halted" in bench.run(order(ONE)).cause
    records(bench).put(*HALT, {"halted": False})
    assert bench.run(order(ONE), "weekly-2").status == "SUCCEEDED"


@pytest.mark.parametrize(("budget", "started"), [("0.99", ["latency"]), ("1.00", ["latency", "termination"])])
def test_the_months_amount_holds_for_state_machines_too(bench: Bench, budget: str, started: list[str]) -> None:
    done = bench.run(order(BOTH, budget=budget))
    assert bench.fis.started == started
    assert (done.status == "SUCCEEDED") is (len(started) == 2)
    if len(started) == 1:
        assert "raise ial:chaos monthlyBudget" in done.cause
        assert runs_of(bench)["termination"]["usd"] == "0"


def test_the_same_execution_asks_with_the_same_token(bench: Bench) -> None:
    """As a redrive does: what FIS began already is found again, and nothing begins twice."""
    bench.fis.statuses["latency"] = ["running", "completed", "completed"]
    bench.run(order(ONE))
    bench.run(order(ONE))
    assert bench.fis.started == ["latency"]
    assert len(bench.fis.tokens) == 1
    bench.run(order(ONE), "weekly-2")
    assert len(bench.fis.tokens) == 2


def test_an_execution_that_is_killed_leaves_a_turn_that_ends_by_itself(bench: Bench) -> None:
    bench.fis.statuses["latency"] = ["running"]
    steps = bench.execution(order(ONE)).run()
    for _ in range(3):
        bench.clock.sleep(next(steps))
    steps.close()
    with pytest.raises(LeaseHeldError):
        bench.leases.acquire(TURN, "a runner")
    bench.clock.sleep(90)
    assert bench.leases.acquire(TURN, "a runner")
    assert runs_of(bench)["latency"]["verdict"] is None


def test_waits_and_cool_downs_last_as_long_as_the_suite_says(bench: Bench) -> None:
    held = suite(
        step("rest", "wait", minutes=7),
        step("network", choice="network"),
        step("infrastructure", choice="infrastructure"),
        cool_down_minutes=5,
    )
    times: dict[str, Any] = {}
    bench.fis.done = lambda effect: times.setdefault(effect, bench.clock.time)
    began = bench.clock.time
    found = bench.execution(order(held))
    inner = found.call

    def call(service: str, action: str, arguments: dict[str, Any]) -> Any:
        if action == "startExperiment":
            times[arguments["ExperimentTemplateId"]] = bench.clock.time
        return inner(service, action, arguments)

    found.call = call
    for pause in found.run():
        bench.clock.sleep(pause)
    assert 7 * 60 <= (times["EXTlatency"] - began).total_seconds() < 8 * 60
    # FIS was seen to be over after two rounds.
    assert 6 * 60 <= (times["EXTtermination"] - times["EXTlatency"]).total_seconds() < 7 * 60
