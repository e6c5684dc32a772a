"""The step that tells the verdicts, run as the workflow has it."""

from __future__ import annotations

import re

import pytest

from runners.pull_requests.errors import ForgeError
from runners.pull_requests.gate_run import WORKFLOW
from tests.runners.conftest import ROOT
from tests.runners.pull_requests.conftest import Tell
from tests.runners.pull_requests.scene import BASE, DEV, FORK, PROD, SHOP, Scene, archive, report
from tests.runners.pull_requests.stand_in_forge import TOKEN, Fault
from tests.runners.pull_requests.workflow_steps import Steps, filled, workflow

STEP = "Tell the verdicts"


@pytest.fixture
def scene(scene: Scene) -> Scene:
    scene.judged = [DEV, PROD, SHOP]
    return scene


def test_a_fork_s_pull_request_has_three_comments(scene: Scene, steps: Steps) -> None:
    scene.pull(11)
    scene.pull(12, fork=FORK)
    scene.result(DEV, "within")
    scene.result(PROD, "refused")
    scene.left(SHOP, archive(report("within", DEV)), "success")
    scene.run(12, conclusion="failure")
    done = steps.run(STEP)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "pull request #12, dev: within, comment created",
        "pull request #12, prod: refused, comment created",
        "pull request #12, shop-dev: not-judged, comment created",
    ]
    bodies = scene.forge.bodies(12)
    assert [re.findall(r"^## (\S+)", body, re.MULTILINE)[0] for body in bodies] == ["✅", "❌", "⚠️"]
    assert scene.forge.comments.keys() == {12}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (
            "/pulls",
            403,
            "ial: GitHub answered GET /repos/team/stacks/pulls with 403; the token may not: docs/workflows",
        ),
        ("/pulls/12", 404, "ial: GitHub answered GET /repos/team/stacks/pulls/12 with 404; it is not there"),
        (
            "/actions/runs/7001",
            401,
            "ial: GitHub answered GET /repos/team/stacks/actions/runs/7001 with 401; the token",
        ),
    ],
)
def test_what_github_refuses_is_one_line_and_a_code(
    scene: Scene, steps: Steps, path: str, status: int, said: str
) -> None:
    scene.pull(12)
    scene.run()
    scene.forge.faults.append(Fault("GET", path, status))
    done = steps.run(STEP)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith(said)
    assert TOKEN not in done.stderr
    assert scene.forge.comments == {}


def test_the_job_s_rights_are_what_it_needs_and_no_more(scene: Scene, tell: Tell) -> None:
    """The stand-in refuses what the job's permissions do not allow; without any one of them something is refused."""
    scene.pull(12, base="first-half", base_sha=BASE)
    scene.forge.compared[f"main...{BASE}"] = []
    for judged in scene.judged:
        scene.result(judged, "within")
    event = scene.run()
    assert len(tell(event)["comments"]) == 3
    for right in sorted(scene.forge.rights):
        scene.forge.rights.remove(right)
        with pytest.raises(ForgeError, match="403"):
            tell(event)
        scene.forge.rights.add(right)


def test_it_runs_the_default_branch_s_code_alone() -> None:
    [job] = workflow("gate-comment")["jobs"].values()
    checkouts = [step.get("with", {}) for step in job["steps"] if "actions/checkout" in step.get("uses", "")]
    # Without a ref it is the default branch's last commit, since the event is workflow_run.
    assert checkouts == [{"persist-credentials": False}]
    assert [step.get("env") for step in job["steps"] if "env" in step] == [{"GITHUB_TOKEN": "${{ github.token }}"}]
    assert not any("download-artifact" in str(step) for step in job["steps"])
    assert job["if"] == "github.event.workflow_run.event == 'pull_request'"


def test_it_follows_the_gate_and_knows_its_names() -> None:
    gate, comment = workflow("gate"), workflow("gate-comment")
    assert comment[True]["workflow_run"]["workflows"] == [gate["name"]]
    assert (ROOT / WORKFLOW).is_file()
    matrix = {"name": DEV.name, "project": DEV.project, "stack": DEV.stack}
    judge = gate["jobs"]["judge"]
    assert filled(judge["name"], {"matrix": matrix}) == DEV.job
    [upload] = [step["with"] for step in judge["steps"] if "upload-artifact" in step.get("uses", "")]
    assert filled(upload["name"], {"matrix": matrix}) == DEV.artifact
