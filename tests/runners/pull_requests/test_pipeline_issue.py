"""One issue a stack: made, kept up to date, closed; and nobody else's is touched."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runners.pull_requests.errors import ForgeError
from runners.pull_requests.github import GitHub
from runners.pull_requests.pipeline_issue import LABEL, IssueDocument, Occasion, tell_issue
from runners.pull_requests.pipeline_results import results_of
from runners.pull_requests.schemas import first_fault
from tests.runners.pull_requests.stand_in_forge import BOT, REPOSITORY, TOKEN, Fault, Forge, served
from tests.runners.pull_requests.test_pipeline_results import FAILED, NOTHING, PASSED, SUITE
from tests.runners.pull_requests.workflow_steps import Steps, workflow

Tell = Callable[..., IssueDocument]


@pytest.fixture
def forge() -> Iterator[Forge]:
    """A repository whose token may what the job is given, and nothing else."""
    given = workflow("stack-run")["jobs"]["run"]["permissions"]
    with served(Forge({f"{name}: {right}" for name, right in given.items()})) as found:
        yield found


@pytest.fixture
def tell(forge: Forge) -> Tell:
    def told(document: object, *, job: str = "chaos", stack: str = "dev", at: str = "2026-11-25T10:07:00Z") -> Any:
        github = GitHub(api=forge.url, repository=REPOSITORY, token=TOKEN, sleep=lambda _: None)
        occasion = Occasion(stack=stack, url=f"https://github.example/runs/{at}", at=at)
        found = tell_issue(occasion, results_of(job, document), github)
        assert first_fault(found.document(), "pipeline-issue") is None
        return found

    return told


def only(forge: Forge) -> dict[str, Any]:
    [issue] = forge.issues.values()
    return issue


def test_a_failure_makes_an_issue_and_the_next_one_updates_it(forge: Forge, tell: Tell) -> None:
    assert tell(FAILED).action == "created"
    assert "| experiment network-latency | 2026-11-25T10:07:00Z | 1 |" in only(forge)["body"]
    found = tell(FAILED, at="2026-11-25T11:07:00Z")
    assert (found.action, found.issue) == ("updated", only(forge)["number"])
    assert "| experiment network-latency | 2026-11-25T10:07:00Z | 2 | [2026-11-25T11:07:00Z]" in only(forge)["body"]
    # An issue that is changed sends no mail, a comment an hour would.
    assert forge.comments == {}
    assert only(forge)["labels"] == [{"name": LABEL}]


def test_it_is_closed_when_each_of_it_has_passed(forge: Forge, tell: Tell) -> None:
    tell(FAILED)
    assert tell(None, job="drill").red == (
        "experiment network-latency",
        "the drill job",
    )
    # Nothing was due, and nothing is known of it: it stays red.
    assert tell(NOTHING).action == "left"
    assert tell({**NOTHING, "due": []}, job="drill").red == ("experiment network-latency",)
    assert only(forge)["state"] == "open"
    found = tell(PASSED)
    assert (found.action, found.red, found.green) == ("closed", (), ("experiment network-latency",))
    assert (only(forge)["state"], only(forge)["state_reason"]) == ("closed", "completed")
    [comment] = forge.bodies(only(forge)["number"])
    assert comment.startswith("Well again: experiment network-latency.")
    # The next failure has an issue of its own.
    assert tell(SUITE).action == "created"
    assert len(forge.issues) == 2


def test_what_passes_makes_no_issue(forge: Forge, tell: Tell) -> None:
    assert tell(PASSED).action == "left"
    assert (forge.issues, forge.labels) == ({}, set())


def test_each_stack_has_its_own(forge: Forge, tell: Tell) -> None:
    tell(FAILED)
    tell(FAILED, stack="prod")
    assert tell(PASSED, stack="prod").action == "closed"
    assert [issue["state"] for issue in forge.issues.values()] == ["open", "closed"]


@pytest.mark.parametrize(
    "change",
    [
        {"user": {"login": "somebody", "type": "User"}},
        {"user": {"login": "github-actions[bot]", "type": "User"}},
        {"pull_request": {"url": "x"}},
        {"body": "<!-- ial-pipeline {} -->"},
        {"body": "no line of ours"},
    ],
)
def test_what_somebody_else_wrote_is_not_touched(forge: Forge, tell: Tell, change: dict[str, Any]) -> None:
    tell(FAILED)
    other = dict(only(forge))
    only(forge).update(change)
    kept = dict(only(forge))
    forge.issues[90] = {**other, "number": 90, "body": "mine", "user": {"login": "somebody", "type": "User"}}
    assert tell(PASSED).action == "left"
    assert tell(FAILED).action == "created"
    assert forge.issues[101] == kept
    assert forge.issues[90]["body"] == "mine"


def test_the_words_of_a_run_are_text(forge: Forge, tell: Tell) -> None:
    evil = {**FAILED, "reasons": ["--> <img src=x> @team [a](b) | `x`"]}
    tell(evil)
    body = only(forge)["body"]
    assert body.count("-->") == 1
    assert "<img" not in body.split("-->")[1]
    assert "@team" not in body.split("-->")[1]
    assert tell(evil, at="2026-11-25T11:07:00Z").action == "updated"


def test_the_job_s_rights_are_what_it_needs(forge: Forge, tell: Tell) -> None:
    forge.rights.remove("issues: write")
    with pytest.raises(ForgeError, match="403"):
        tell(FAILED)
    forge.rights.add("issues: write")
    forge.faults.append(Fault("GET", f"/labels/{LABEL}", 500))
    with pytest.raises(ForgeError, match="500"):
        tell(FAILED)
    assert forge.issues == {}


def test_the_step_tells_it(forge: Forge, tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "found.json").write_text(json.dumps(FAILED), encoding="utf-8")
    job = {**workflow("stack-run")["jobs"]["run"], "env": {}}
    server = {"GITHUB_API_URL": forge.url, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_RUN_ID": "77"}
    steps = Steps(job, tmp_path, {"github": {"token": TOKEN}}, {**server, "STACK": "dev", "PURPOSE": "chaos"})
    done = steps.run("Keep the issue")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "issue created; not well on stack dev: experiment network-latency\n"
    assert f"https://github.com/{REPOSITORY}/actions/runs/77" in only(forge)["body"]
    assert only(forge)["user"] == BOT


def test_a_great_many_failures_still_fit_into_one_issue(forge: Forge, tell: Tell) -> None:
    """GitHub takes 65,536 characters, and an issue that cannot be written tells nobody anything."""
    for number in range(40):
        tell({**FAILED, "experiment": f"fault-{number}", "reasons": ["é" * 600]})
    body = only(forge)["body"]
    assert len(body) <= 65_536
    assert body.count("| experiment fault-") == 40
    found = tell({**PASSED, "experiment": "fault-7"})
    assert (len(found.red), found.green) == (39, ("experiment fault-7",))
