"""A process that is really killed after each line of its journal, and the command that goes on or cleans up."""

from __future__ import annotations

import json
import signal
import time
from typing import Any

import pytest

from runners.runs.journal import read_entries
from runners.runs.run_folder import Runs
from tests.clouds import STACK
from tests.runners.backup.conftest import Deployed
from tests.runners.runner_processes import RunnerProcesses

pytestmark = pytest.mark.cloud
# A table like `orders` loses two settings, and each is a line.
LINES = 40
# Every third line, and each with `make test-all`; test_life_cycle.py ends a drill after each line in one process.
KILLS = [pytest.param(line, marks=[] if line % 3 == 1 else [pytest.mark.rare]) for line in range(1, LINES + 1)]


def killed(deployed: Deployed, processes: RunnerProcesses, line: int) -> str:
    """Kills a drill after a line, and returns the name of its run."""
    drill = ("backup", "drill", "orders", "--stack", STACK, "--engine", "local")
    before = deployed.runs()
    code, _, said = processes.run(deployed.folder, *drill, kill_after=line)
    assert code == -signal.SIGKILL, said
    [run] = deployed.runs() - before
    assert len(read_entries(Runs(deployed.folder, STACK).journal(run))) == line
    return run


def source(deployed: Deployed) -> list[Any]:
    pages = deployed.client("dynamodb").get_paginator("scan").paginate(TableName="orders")
    return sorted((item for page in pages for item in page["Items"]), key=lambda item: str(item["id"]))


def side_tables(deployed: Deployed) -> list[str]:
    return [name for name in deployed.client("dynamodb").list_tables()["TableNames"] if "-drill-" in name]


@pytest.mark.parametrize("line", KILLS)
def test_resumed(deployed: Deployed, processes: RunnerProcesses, line: int) -> None:
    before = source(deployed)
    run = killed(deployed, processes, line)
    resume = ("backup", "drill", "--resume", run, "--stack", STACK, "--engine", "local", "--json")
    code, out, said = processes.run(deployed.folder, *resume)
    [record] = json.loads(out)["records"]
    assert (code, record["verdict"], record["run"]) == (0, "passed", run), said
    assert source(deployed) == before
    assert side_tables(deployed) == []


def test_there_is_no_other_line(deployed: Deployed) -> None:
    before = deployed.runs()
    assert deployed.run("drill", "orders").code == 0
    [run] = deployed.runs() - before
    assert len(read_entries(Runs(deployed.folder, STACK).journal(run))) == LINES


@pytest.mark.parametrize("line", [2, 12, 15, 30])
def test_reaped(deployed: Deployed, processes: RunnerProcesses, line: int) -> None:
    """Whoever does not resume removes: the sentinel in the table, the table beside it."""
    before = source(deployed)
    killed(deployed, processes, line)
    time.sleep(0.3)
    ran = deployed.run("reap", "--older-than", "0", "--yes", "--json")
    assert ran.code == 0, ran.out
    assert source(deployed) == before
    assert side_tables(deployed) == []
