"""`ial chaos` as its users run it, on a stack that is up: the shipped experiments, their templates, their answers."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from chaoslib.experiment import ensure_experiment_is_valid  # type: ignore[import-untyped]

from runners.chaos.running.rehearsal import RehearsalClock, begin_rehearsal
from tests.runners.aws.test_session import longest_seconds
from tests.runners.chaos.conftest import SHIPPED, Deployed
from tests.runners.test_schemas import valid
from tests.runners.tls_listener import tls_listener

pytestmark = pytest.mark.cloud


def test_the_list(deployed: Deployed) -> None:
    document = valid(deployed.run("list", "--json"), "chaos-list")
    assert [held["name"] for held in document["experiments"]] == SHIPPED
    assert "by hand" not in deployed.run("list").out


@pytest.mark.parametrize("name", SHIPPED)
def test_a_healthy_workload_passes_what_is_shipped(deployed: Deployed, name: str) -> None:
    planned = deployed.run("plan", name, "--json")
    assert planned.code == 0, planned.out
    # The shipped alarm rings at 5 errors a minute, and the shipped hypotheses allow more.
    told = [(held["code"], held["warning"]) for held in valid(planned, "chaos-plan")["obstacles"]]
    assert told == [("alarm-within-tolerance", True)]
    ran = deployed.run("run", name, "--rehearsal", "design.seed=2", "--json")
    record = valid(ran, "chaos-record")
    assert (ran.code, record["verdict"], record["reasons"]) == (0, "passed", []), ran.err
    assert "warning" not in ran.err
    assert record["kpis"]["recoveredAfterSeconds"] is not None
    assert record["evidence"][0]["ok"] is True


def test_a_failed_call_now_and_then_does_not_make_a_run_invalid(deployed: Deployed) -> None:
    url = deployed.running.endpoint.url
    begin_rehearsal(url, ["design.seed=2"], "ial/dev")
    lately = RehearsalClock(url).now() - timedelta(minutes=3)
    data: list[Any] = [
        {"MetricName": name, "Timestamp": lately, "Value": 1}
        for name in ("DatabaseErrors", "CircuitOpened", "DegradedResponses")
    ]
    deployed.client("cloudwatch").put_metric_data(Namespace="ial/dev", MetricData=data)
    ran = deployed.run("run", "database-connection-failure", "--json")
    record = valid(ran, "chaos-record")
    assert (ran.code, record["verdict"], record["reasons"]) == (0, "passed", []), ran.err


@pytest.mark.parametrize(
    ("name", "design", "verdicts"),
    [
        ("network-latency", "design.capacity=35", {"failed", "aborted-by-alarm"}),
        ("instance-termination", "design.boot=800", {"failed"}),
        ("database-connection-failure", "design.circuit_breaker=false", {"failed", "aborted-by-alarm"}),
    ],
)
def test_a_weak_workload_does_not(deployed: Deployed, name: str, design: str, verdicts: set[str]) -> None:
    ran = deployed.run("run", name, "--rehearsal", design, "--json")
    assert valid(ran, "chaos-record")["verdict"] in verdicts, ran.err
    assert ran.code in (1, 4)


def test_a_fault_that_does_nothing_proves_nothing(deployed: Deployed) -> None:
    ran = deployed.run("run", "network-latency", "--rehearsal", "faults.no_effect=true")
    assert ran.code == 5
    assert "INVALID  network-latency" in ran.out
    assert "the fault did not happen" in ran.out


def test_over_tls_the_load_needs_the_services_name(deployed: Deployed) -> None:
    with tls_listener(deployed.client):
        planned = deployed.run("plan", "alb-health-check", "--json")
        assert deployed.run("plan", "network-latency").code == 0
    assert planned.code == 3
    refusing = [held["code"] for held in valid(planned, "chaos-plan")["obstacles"] if not held["warning"]]
    assert refusing == ["host-name-missing"]


def test_halt_and_release(deployed: Deployed) -> None:
    began = time.monotonic()
    halted = deployed.run("halt", "--reason", "a deployment", "--json")
    # In rehearsed time a minute is none.
    assert time.monotonic() - began < 30
    assert valid(halted, "chaos-halt")["halted"] is True
    assert "FIS's list is watched for 60 s" in halted.err
    try:
        refused = deployed.run("run", "network-latency", "--json")
        assert refused.code == 3
        assert valid(refused, "chaos-record")["reasons"][0].startswith("halted: ")
        assert "REFUSED halted" in deployed.run("plan", "network-latency").out
    finally:
        assert deployed.run("halt", "--release").code == 0
    assert deployed.run("plan", "network-latency").code == 0


def test_clocks_are_compared_where_there_are_two(deployed: Deployed) -> None:
    from dataclasses import replace

    from preview.engines import Engine
    from runners.aws.answer_dates import AnswerDates
    from runners.chaos.running.rehearsal import RehearsalClock
    from runners.runs.clock import SystemClock
    from runners.wiring.chaos import ChaosAccess

    local = ChaosAccess.open("dev", deployed.folder, Engine.LOCAL, lambda _: None)
    assert isinstance(local.life_cycle().reader.cloud_time, RehearsalClock)
    elsewhere = replace(local, clock=SystemClock(), endpoint=None)
    assert isinstance(elsewhere.life_cycle().reader.cloud_time, AnswerDates)


def test_a_run_looks_through_prompt_clients(deployed: Deployed) -> None:
    from preview.engines import Engine
    from runners.chaos.judging.hypothesis import MOST_APART
    from runners.wiring.chaos import ChaosAccess

    plain = ChaosAccess.open("dev", deployed.folder, Engine.LOCAL, lambda _: None)
    taken = ChaosAccess.open("dev", deployed.folder, Engine.LOCAL, lambda _: None, assume="runner")
    for access in (plain, taken):
        kit: Any = access.equipment()
        for part in (kit.injection, kit.probing, kit.leases, kit.records):
            assert longest_seconds(part.clients.client("fis")) < MOST_APART.total_seconds()


def test_history_has_every_run(deployed: Deployed) -> None:
    ran = deployed.run("run", "network-latency", "--rehearsal", "design.seed=3", "--json")
    document = valid(deployed.run("history", "--json"), "chaos-history")
    [run] = [held for held in document["runs"] if held["run"] == ran.document["run"]]
    assert (run["verdict"], run["here"], run["ended"]) == ("passed", True, True)
    assert ran.document["run"] in deployed.run("history").out
    assert deployed.run("resume", ran.document["run"], "--json").document == ran.document


@pytest.mark.parametrize("name", SHIPPED)
def test_chaos_toolkit_accepts_the_export(deployed: Deployed, name: str) -> None:
    exported = deployed.run("export", name)
    ensure_experiment_is_valid(json.loads(exported.out))
    assert "left out: evidence that the fault happened" in exported.err
    assert deployed.run("export", name, "--json").out == exported.out


@pytest.mark.parametrize("name", ["alb-health-check", "instance-termination"])
def test_errors_that_no_target_answers_are_seen(deployed: Deployed, name: str) -> None:
    # Nobody tries again what a lost instance does not answer: users get what the load balancer says.
    ran = deployed.run("run", name, "--rehearsal", "design.retries=false", "--json")
    assert ran.code == 1, ran.err
    assert ran.document["verdict"] == "failed"
    [broken] = [held for held in ran.document["hypothesis"]["expectations"] if held["name"] == "errors a minute"]
    assert (broken["ok"], broken["seen"] > 60) == (False, True)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("run", "earthquake"), 2, "earthquake is no experiment of stack dev; accepted: network-latency, "),
        (("run", "network-latency", "--rehearsal", "capacity=1"), 2, "accepted: design.KEY=VALUE or faults.KEY=VALUE"),
        (("run", "network-latency", "--rehearsal", "design.luck=1"), 2, "unknown key 'luck'"),
        (
            ("resume", "yesterday"),
            2,
            "'yesterday' is not a run; accepted: a name like 20261125-083000-a1b2, see `ial ch",
        ),
        (("resume", "20261125-083000-a1b2"), 2, "runs; `ial chaos history` lists the runs, and where they are"),
    ],
)
def test_bad_usage_is_one_line(deployed: Deployed, arguments: tuple[str, ...], code: int, said: str) -> None:
    ran = deployed.run(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_stack_before_stage_3_has_none(deployed: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from runners.errors import OutputsError
    from runners.wiring.chaos import ChaosAccess

    access: Any = ChaosAccess.__new__(ChaosAccess)
    outputs = type("Outputs", (), {"chaos": None, "stage": 2, "stack": "dev"})
    object.__setattr__(access, "access", type("Held", (), {"outputs": outputs}))
    with pytest.raises(OutputsError, match="is at stage 2 and has no experiments; they come with stage 3"):
        _ = access.chaos
