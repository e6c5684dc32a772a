"""Experiments and drills of one stack take turns, and rehearsals do not disturb each other."""

from __future__ import annotations

import pytest

from contract.writing.lock import locked
from runners.aws.leases import TableLeases
from runners.aws.session import AwsClients
from runners.runs.clock import SystemClock
from tests.runners.chaos.conftest import Deployed
from tests.runners.conftest import Ran

pytestmark = pytest.mark.cloud
EXPERIMENT = "instance-termination"


def _leases(deployed: Deployed) -> TableLeases:
    clients = AwsClients("us-east-1", endpoint=deployed.running.endpoint.url, keys=("local", "local", None))
    return TableLeases(clients, "ial-dev-records", SystemClock())


def _drill(deployed: Deployed, *arguments: str) -> Ran:
    stack = ("--stack", "dev", "--engine", "local")
    return deployed.ial("backup", "drill", "orders", *arguments, *stack, folder=deployed.folder)


def test_while_a_drill_works_no_experiment_starts_and_no_rehearsal_begins(deployed: Deployed) -> None:
    leases = _leases(deployed)
    held = leases.acquire("chaos", "20261125-083000-a1b2, a drill of orders,")
    try:
        anew = deployed.run("run", EXPERIMENT, "--rehearsal", "design.seed=1")
        assert anew.code == 3, anew.err
        assert "20261125-083000-a1b2, a drill of orders, holds the lease chaos until" in anew.err
        refused = deployed.run("run", EXPERIMENT, "--json")
        assert refused.code == 3, refused.err
        assert refused.document["verdict"] == "refused"
        assert "a drill of orders, holds the lease" in refused.document["reasons"][0]
    finally:
        leases.release(held)


def test_while_an_experiment_runs_no_drill_begins(deployed: Deployed) -> None:
    leases = _leases(deployed)
    held = leases.acquire("chaos", f"20261125-083000-a1b2, experiment {EXPERIMENT},")
    try:
        refused = _drill(deployed, "--json")
        assert refused.code == 3, refused.err
        [record] = refused.document["records"]
        assert record["verdict"] == "refused"
        assert f"experiment {EXPERIMENT}, holds the lease" in record["reasons"][0]
    finally:
        leases.release(held)


def test_the_time_of_the_local_cloud_is_one_runs(deployed: Deployed) -> None:
    with locked(deployed.folder / ".ial" / "local" / "rehearsal.lock", "an experiment of stack dev"):
        ran = deployed.run("run", EXPERIMENT, "--rehearsal", "design.seed=1")
    assert ran.code == 3
    assert "an experiment of stack dev" in ran.err
    assert "is under way" in ran.err


@pytest.mark.rare
def test_rehearsals_and_a_drill_straight_after_each_other(deployed: Deployed) -> None:
    for again in (["--rehearsal", "design.seed=1"], ["--rehearsal", "design.seed=1"], []):
        ran = deployed.run("run", EXPERIMENT, "--json", *again)
        assert ran.code == 0, ran.out + ran.err
    for _ in range(2):
        drilled = _drill(deployed, "--json")
        assert drilled.code == 0, drilled.out + drilled.err
    assert _leases(deployed).holder("chaos") is None
