"""A process that is really killed after each line of its journal, and the command that goes on or cleans up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from runners.journal import read_entries
from runners.runs import Runs
from tests.runners.backup.conftest import STACK, Deployed
from tests.runners.conftest import ROOT

pytestmark = pytest.mark.cloud
# A table like `orders` loses two settings, and each is a line.
LINES = 36


def killed(deployed: Deployed, line: int) -> str:
    """Kills a drill after a line, and returns the name of its run."""
    arguments = ["backup", "drill", "orders", "--stack", STACK, "--engine", "local"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.runners.backup.killed_drill", str(line), *arguments],
        cwd=deployed.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    runs = Runs(deployed.folder, STACK)
    run = runs.all()[-1]
    assert len(read_entries(runs.journal(run))) == line
    return run


def source(deployed: Deployed) -> list[Any]:
    pages = deployed.client("dynamodb").get_paginator("scan").paginate(TableName="orders")
    return sorted((item for page in pages for item in page["Items"]), key=lambda item: str(item["id"]))


def side_tables(deployed: Deployed) -> list[str]:
    return [name for name in deployed.client("dynamodb").list_tables()["TableNames"] if "-drill-" in name]


@pytest.mark.parametrize("line", range(1, LINES + 1))
def test_resumed(deployed: Deployed, line: int) -> None:
    before = source(deployed)
    run = killed(deployed, line)
    ran = deployed.run("drill", "--resume", run, "--json")
    [record] = ran.document["records"]
    assert (ran.code, record["verdict"], record["run"]) == (0, "passed", run), ran.err
    assert source(deployed) == before
    assert side_tables(deployed) == []


def test_there_is_no_other_line(deployed: Deployed) -> None:
    assert deployed.run("drill", "orders").code == 0
    runs = Runs(deployed.folder, STACK)
    assert len(read_entries(runs.journal(runs.all()[-1]))) == LINES


@pytest.mark.parametrize("line", [2, 12, 15, 30])
def test_reaped(deployed: Deployed, line: int) -> None:
    """Whoever does not resume removes: the sentinel in the table, the table beside it."""
    before = source(deployed)
    killed(deployed, line)
    time.sleep(0.3)
    ran = deployed.run("reap", "--older-than", "0", "--yes", "--json")
    assert ran.code == 0, ran.out
    assert source(deployed) == before
    assert side_tables(deployed) == []
