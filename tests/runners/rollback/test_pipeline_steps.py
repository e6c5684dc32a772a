"""The steps of `stack-run.yml` as a runner has them, on a local stack and with the forge's stand-in.

Everything is as in the workflow but the engine: what stands for `ial` asks for the local one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.runners.conftest import ROOT
from tests.runners.pull_requests.stand_in_forge import REPOSITORY, TOKEN, Forge, served
from tests.runners.pull_requests.workflow_steps import Steps, workflow
from tests.runners.rollback.conftest import Deployed

pytestmark = [pytest.mark.cloud, pytest.mark.rare]
RUN, BACK, SCORE, REPORT, ISSUE = (
    "Run what is asked for",
    "Take the deployed version back, if the stack allows it",
    "Publish the score, where an alarm watches it",
    "Report",
    "Keep the issue",
)
# A version that is well until calls to the database get slow.
BAD = "circuit_breaker=false database_timeout_ms=150"


@pytest.fixture
def forge() -> Iterator[Forge]:
    given = workflow("stack-run")["jobs"]["run"]["permissions"]
    with served(Forge({f"{name}: {right}" for name, right in given.items()})) as found:
        yield found


class Job:
    """One job in the folder of a stack."""

    def __init__(self, folder: Path, forge: Forge, **env: str) -> None:
        own = folder / ".venv/bin/ial"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(
            f'#!/bin/bash\nexec {sys.executable} -m runners.cli "${{@/#pulumi/local}}"\n',
            encoding="utf-8",
        )
        own.chmod(0o755)
        self.folder, self.summary = folder, folder / "summary.md"
        job = {**workflow("stack-run")["jobs"]["run"], "env": {}}
        job["steps"] = [
            {**step, "env": {"GITHUB_TOKEN": TOKEN} if step.get("name") == ISSUE else {}} for step in job["steps"]
        ]
        given = {
            "PYTHONPATH": str(ROOT),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_API_URL": forge.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "7",
            **{"STACK": "dev", "DUE": "false", "NAME": "", **env},
        }
        self.steps = Steps(job, folder, {}, given)

    def run(self, name: str, code: int = 0) -> str:
        done = self.steps.run(name)
        assert done.returncode == code, done.stderr
        return done.stdout

    def kept(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text(encoding="utf-8"))


def test_what_is_due_is_run_told_and_shown(deployed: Deployed, forge: Forge) -> None:
    deployed.begin("design.seed=2")
    job = Job(deployed.folder, forge, PURPOSE="chaos", DUE="true")
    job.run(RUN)
    # A new stack has missed nothing.
    assert (job.kept("found.json")["record"], job.kept("found.json")["exitCode"]) == (None, 0)
    job.run(SCORE)
    job.run(REPORT)
    assert job.summary.read_text(encoding="utf-8").startswith("## Resilience of dev")
    assert (deployed.folder / "report/report.html").is_file()
    assert job.run(ISSUE) == "issue left; not well on stack dev: nothing\n"


def test_a_bad_deployment_is_told_taken_back_and_closed_when_the_suite_passes(deployed: Deployed, forge: Forge) -> None:
    deployed.begin("design.seed=2")
    good = deployed.release("shop/web:1")
    job = Job(deployed.folder, forge, PURPOSE="suite", NAME="post-deploy", ROLLBACK="yes")
    job.run(RUN)
    deployed.release("shop/web:2", BAD)
    job.run(RUN, 4)
    # Without the environment's yes it is only planned.
    job.steps.environment = {**job.steps.environment, "ROLLBACK": ""}
    bad = deployed.service_runs()
    job.run(BACK)
    assert (job.kept("rollback.json")["answer"]["code"], deployed.service_runs()) == ("re-run-first", bad)
    job.steps.environment = {**job.steps.environment, "ROLLBACK": "yes"}
    job.run(BACK)
    assert (job.kept("rollback.json")["verdict"], deployed.service_runs()) == ("rolled-back", good)
    assert job.run(ISSUE) == "issue created; not well on stack dev: suite post-deploy\n"
    job.run(RUN)
    assert job.run(ISSUE) == "issue closed; not well on stack dev: nothing\n"
    [issue] = forge.issues.values()
    assert issue["state"] == "closed"


def test_a_halt_stops_what_comes_after(deployed: Deployed, forge: Forge) -> None:
    deployed.begin("design.seed=2")
    Job(deployed.folder, forge, PURPOSE="halt").run(RUN)
    try:
        later = Job(deployed.folder, forge, PURPOSE="chaos", NAME="network-latency")
        later.run(RUN, 3)
        assert "halted" in str(later.kept("found.json")["reasons"])
        assert "experiment network-latency" in later.run(ISSUE)
    finally:
        assert deployed.chaos("halt", "--release").code == 0


def test_a_recovery_test_is_run_by_hand(deployed: Deployed, forge: Forge) -> None:
    job = Job(deployed.folder, forge, PURPOSE="drill", PROBE="true")
    job.run(RUN)
    assert job.kept("found.json")["passed"] is True
    assert job.run(ISSUE) == "issue left; not well on stack dev: nothing\n"
