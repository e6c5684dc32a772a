"""A runner that is really killed after a line of its journal, and what `ial chaos resume` makes of it."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import dataclass
from typing import Any, Final

import pytest

from contract.run_table import TURN_LENGTH
from runners.aws.leases import TableLeases
from runners.aws.session import AwsClients
from runners.chaos.injection import RUN_TAG
from runners.chaos.record.steps import (
    BASELINE,
    INJECTING,
    INSIGHTS,
    LOCKED,
    OVER,
    SAMPLE,
    SEEN,
    STARTING,
    VERSIONS,
    VERSIONS_AFTER,
)
from runners.chaos.running.rehearsal import RehearsalClock
from runners.runs.journal import read_entries
from runners.runs.run_folder import Runs
from runners.runs.steps import CLEANED, ENDED, RESUMED, STARTED, STORED
from tests.runners.chaos.conftest import Deployed
from tests.runners.runner_processes import RunnerProcesses

pytestmark = pytest.mark.cloud
STACK: Final = ("--stack", "dev", "--engine", "local")
BEGINNING: Final = [STARTED, LOCKED, INSIGHTS, VERSIONS, BASELINE, STARTING, INJECTING]
END: Final = [VERSIONS_AFTER, CLEANED, ENDED, STORED]
# The lines of OVER and SEEN in a run of each; the first seven and the last four are the same, all others are samples.
LINES: Final = {
    "network-latency": (22, 35),
    "instance-termination": (10, 55),
    "alb-health-check": (21, 37),
    "database-connection-failure": (19, 31),
}


EVERYWHERE: Final = "network-latency"


def lines(name: str) -> list[int]:
    """Where a run is killed: around each step, or with IAL_TEST_EVERY_LINE after each line (some minutes).

    Before the fault and after the last look all experiments write the same lines, by the same code: one is killed
    there. The others are killed where their own fault starts, runs, ends, and has been seen.
    """
    over, seen = LINES[name]
    if os.environ.get("IAL_TEST_EVERY_LINE"):
        return [*range(1, seen + len(END) + 1)]
    if name != EVERYWHERE:
        return [len(BEGINNING) - 1, len(BEGINNING), over - 1, over, seen]
    return sorted({*range(1, len(BEGINNING) + 2), over - 1, over, over + 1, *range(seen - 1, seen + len(END) + 1)})


CASES: Final = [(name, line) for name in LINES for line in lines(name)]


@dataclass(frozen=True)
class Stage:
    """A stack that is up, and the runners on it."""

    deployed: Deployed
    processes: RunnerProcesses

    def run(self, name: str, kill_after: int | None = None) -> str:
        """One run of an experiment, killed or not; its name."""
        command = ("chaos", "run", name, *STACK, "--rehearsal", "design.seed=2")
        before = self.deployed.runs()
        code, _, said = self.processes.run(self.deployed.folder, *command, kill_after=kill_after)
        assert code == (0 if kill_after is None else -signal.SIGKILL), said
        [run] = self.deployed.runs() - before
        return run

    def resume(self, run: str, kill_after: int | None = None) -> tuple[int, Any, str]:
        """Goes on with a run: the exit code, the record, and what was told."""
        command = ("chaos", "resume", run, *STACK, "--json")
        code, out, said = self.processes.run(self.deployed.folder, *command, kill_after=kill_after)
        return code, json.loads(out) if out else None, said

    def steps(self, run: str) -> list[str]:
        """The steps in the run's journal."""
        return [entry.step for entry in read_entries(Runs(self.deployed.folder, "dev").journal(run))]

    def begun(self, run: str) -> list[str]:
        """The status of each experiment of FIS that the run began."""
        fis = self.deployed.client("fis")
        listed = [fis.get_experiment(id=held["id"])["experiment"] for held in fis.list_experiments()["experiments"]]
        return [held["state"]["status"] for held in listed if held["tags"].get(RUN_TAG) == run]

    def insights(self) -> list[dict[str, str]]:
        """The setting that a run borrows."""
        [cluster] = self.deployed.client("ecs").describe_clusters(clusters=["shop"], include=["SETTINGS"])["clusters"]
        settings: list[dict[str, str]] = cluster["settings"]
        return settings

    def take_lock(self) -> None:
        """Somebody else's run, which the lock must not keep away."""
        url = self.deployed.running.endpoint.url
        clients = AwsClients("us-east-1", endpoint=url, keys=("local", "local", None))
        leases = TableLeases(clients, "ial-dev-records", RehearsalClock(url))
        leases.release(leases.acquire("chaos", "somebody else"))


@pytest.fixture
def stage(deployed: Deployed, processes: RunnerProcesses) -> Stage:
    return Stage(deployed, processes)


@pytest.mark.parametrize("name", LINES)
def test_these_are_the_lines(stage: Stage, name: str) -> None:
    over, seen = LINES[name]
    samples = ([SAMPLE] * (over - len(BEGINNING) - 1), [SAMPLE] * (seen - over - 1))
    assert stage.steps(stage.run(name)) == [*BEGINNING, *samples[0], OVER, *samples[1], SEEN, *END]


@pytest.mark.parametrize(("name", "line"), CASES)
def test_resumed(stage: Stage, name: str, line: int) -> None:
    before = stage.insights()
    run = stage.run(name, kill_after=line)
    assert len(stage.steps(run)) == line
    code, record, said = stage.resume(run)
    assert_ended_well(stage, run, said)
    assert stage.insights() == before
    starting, over = BEGINNING.index(STARTING) + 1, LINES[name][0]
    if line <= starting:
        # After STARTING, too: the fault was not started, and a resume never starts one.
        assert (stage.begun(run), record["verdict"], code) == ([], "error", 6), said
    elif line >= over:
        assert (record["verdict"], code) == ("passed", 0), said
    else:
        assert (record["verdict"], code) in (("passed", 0), ("inconclusive", 5)), said
        assert len(stage.begun(run)) == 1


def assert_ended_well(stage: Stage, run: str, said: str) -> None:
    """Nothing runs any more, nothing was started twice, the next may run, and the journal says so."""
    begun = stage.begun(run)
    assert len(begun) <= 1
    assert all(status in ("completed", "stopped") for status in begun)
    steps = stage.steps(run)
    assert steps[-1] == STORED, said
    assert steps.count(STARTING) <= 1
    assert steps.count(INJECTING) <= 1
    stage.take_lock()


# Before the fault, when it may have started, and while it runs; each is killed once more at once, soon and late.
AGAIN: Final = (BEGINNING.index(LOCKED) + 1, BEGINNING.index(STARTING) + 1, 12)
SQUARE: Final = [
    pytest.param(line, later, marks=[] if AGAIN.index(line) == number else [pytest.mark.rare])
    for line in AGAIN
    for number, later in enumerate((1, 2, 4))
]


@pytest.mark.parametrize(("line", "later"), SQUARE)
def test_killed_again_while_it_is_resumed(stage: Stage, line: int, later: int) -> None:
    run = stage.run("network-latency", kill_after=line)
    code, _, said = stage.resume(run, kill_after=line + later)
    assert code == -signal.SIGKILL, said
    assert RESUMED in stage.steps(run)
    code, record, said = stage.resume(run)
    assert_ended_well(stage, run, said)
    assert code in (0, 5, 6), said
    assert (record["verdict"] == "passed") <= (stage.begun(run) == ["completed"])


def test_with_nobody_to_resume_it_the_fault_and_the_lock_end_by_themselves(stage: Stage) -> None:
    dead = stage.run("network-latency", kill_after=12)
    again = ("chaos", "run", "network-latency", *STACK, "--json")
    code, out, _ = stage.processes.run(stage.deployed.folder, *again)
    assert code == 3
    assert [text.partition(":")[0] for text in json.loads(out)["reasons"]] == ["already-active"]
    RehearsalClock(stage.deployed.running.endpoint.url).sleep(600)
    assert stage.begun(dead) == ["completed"]
    # The lock ends by this machine's time, which is not rehearsed: its last 90 seconds are over.
    key = {"run": {"S": "lease#chaos"}, "step": {"S": "lease"}}
    table = {"TableName": "ial-dev-records", "Key": key}
    held = stage.deployed.client("dynamodb").get_item(**table)["Item"]
    assert 0 < float(held["until"]["N"]) - time.time() <= TURN_LENGTH.total_seconds()
    stage.deployed.client("dynamodb").update_item(
        **table,
        UpdateExpression="SET #until = :now",
        ExpressionAttributeNames={"#until": "until"},
        ExpressionAttributeValues={":now": {"N": str(int(time.time()) - 1)}},
    )
    code, out, said = stage.processes.run(stage.deployed.folder, *again)
    assert (code, json.loads(out)["verdict"]) == (0, "passed"), said
