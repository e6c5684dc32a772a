"""`ial chaos due` on a stack that is up: shown, started once, and told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from runners.aws.leases import TableLeases
from runners.aws.run_records import TableRecords
from runners.aws.session import AwsClients
from runners.chaos.running.rehearsal import RehearsalClock
from runners.runs.clock import SystemClock, rfc3339
from runners.runs.run_folder import Runs
from tests.clouds import STACK
from tests.runners.chaos.conftest import Deployed
from tests.runners.test_schemas import valid

pytestmark = pytest.mark.cloud
NAME, SCHEDULE = "network-latency", "cron(0 10 ? * TUE *) UTC"


def known_for_days(deployed: Deployed, days: float = 8) -> None:
    """The experiment is known so long, and has not run: what other tests ran in the folder is gone."""
    for run in deployed.runs():
        Runs(deployed.folder, STACK).journal(run).unlink()
    url = deployed.running.endpoint.url
    clients = AwsClients("us-east-1", endpoint=url, keys=("local", "local", None))
    clock = RehearsalClock(url)
    since = rfc3339(clock.now() - timedelta(days=days))
    kept = {"schedule": SCHEDULE, "since": since, "planned": None, "attempts": 0, "at": None}
    TableRecords(clients, "ial-dev-records", clock).put("schedules", f"experiment/{NAME}", kept)


def test_nothing_is_due_of_a_stack_that_is_new(deployed: Deployed) -> None:
    ran = deployed.run("due", "--json")
    document = valid(ran, "due")
    assert (ran.code, document["due"], document["missed"]) == (0, None, []), ran.err
    kinds = [held["kind"] for held in document["planned"]]
    assert sorted(kinds) == ["drill", "experiment", "experiment", "experiment", "experiment"]
    assert {held["standing"] for held in document["planned"]} == {"not-yet"}
    assert "nothing is due" in deployed.run("due").out


def test_what_is_due_is_started_once(deployed: Deployed) -> None:
    known_for_days(deployed)
    shown = valid(deployed.run("due", "--json"), "due")
    assert (shown["due"]["name"], "record" in shown) == (NAME, False)
    # Shown, it stays due: nothing was changed.
    assert valid(deployed.run("due", "--json"), "due")["due"] is not None
    ran = deployed.run("due", "--run", "--rehearsal", "design.seed=2", "--json")
    document = valid(ran, "due")
    assert (ran.code, document["record"]["experiment"], document["record"]["verdict"]) == (0, NAME, "passed"), ran.err
    again = valid(deployed.run("due", "--run", "--json"), "due")
    assert (again["due"], again["record"], again["exitCode"]) == (None, None, 0)
    metrics = deployed.client("cloudwatch").list_metrics(Namespace="ial/dev", MetricName="PipelineFailed")
    assert metrics["Metrics"]


def test_while_another_trigger_decides_nothing_is_started(deployed: Deployed) -> None:
    known_for_days(deployed)
    clients = AwsClients("us-east-1", endpoint=deployed.running.endpoint.url, keys=("local", "local", None))
    leases = TableLeases(clients, "ial-dev-records", SystemClock())
    held = leases.acquire("due", "another trigger")
    try:
        ran = deployed.run("due", "--run", "--json")
        assert ran.code == 3
        assert "another trigger holds the lease due" in ran.err
    finally:
        leases.release(held)


def test_the_other_kind_is_left_to_somebody_else(deployed: Deployed) -> None:
    known_for_days(deployed)
    document = valid(deployed.run("due", "--only", "drill", "--json"), "due")
    assert document["due"] is None
    assert [held["kind"] for held in document["planned"]] == ["drill"]
