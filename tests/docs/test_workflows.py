"""What the workflows need against what the page on them says, and against what the program gives."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.roles import LONGEST_SESSION_SECONDS
from runners.pull_requests.schemas import first_fault

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/workflows.md").read_text(encoding="utf-8")
FILES = sorted((ROOT / ".github/workflows").glob("*.yml"))
# What a job can be for, each with an environment and an entry role of its own.
PURPOSES = ("chaos", "drill", "suite", "halt")
# What every job has without anybody's doing.
GIVEN = {"GITHUB_TOKEN"}


def workflow(name: str) -> dict[Any, Any]:
    held: dict[Any, Any] = yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text(encoding="utf-8"))
    return held


def referenced(kind: str) -> set[str]:
    return {name for path in FILES for name in re.findall(rf"\b{kind}\.(\w+)", path.read_text(encoding="utf-8"))}


def documented(heading: str) -> set[str]:
    table = PAGE.split(f"| {heading} |")[1].split("\n\n")[0]
    return set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))


@pytest.mark.parametrize(("kind", "heading"), [("vars", "variable"), ("secrets", "secret")])
def test_every_variable_and_secret_is_described_and_no_other(kind: str, heading: str) -> None:
    assert referenced(kind) - GIVEN == documented(heading) != set()


def test_what_is_rare_and_slow_is_tried_by_schedule() -> None:
    held = workflow("test-all")
    # YAML reads the key `on` as true.
    assert "schedule" in held[True]
    [job] = held["jobs"].values()
    assert "make test-all" in [step.get("run") for step in job["steps"]]
    assert "rare or not rare" in (ROOT / "Makefile").read_text(encoding="utf-8")


def groups(name: str) -> list[Any]:
    held = workflow(name)
    return [held.get("concurrency") or job["concurrency"] for job in held["jobs"].values()]


def test_what_touches_a_stack_excludes_each_other() -> None:
    found = [group for name in ("chaos-pipeline", "deploy", "drill") for group in groups(name)]
    assert [held["cancel-in-progress"] for held in found] == [False] * len(found)
    assert {re.sub(r"\$\{\{ (inputs|matrix)\.stack \}\}", "STACK", held["group"]) for held in found} == {
        "stack-STACK",
        # A halt that waited for what it is to stop would be none.
        "${{ inputs.halt && 'halt' || 'stack' }}-STACK",
    }


def test_each_purpose_has_an_environment_of_its_own() -> None:
    run, _ = workflow("stack-run")["jobs"].values()
    assert run["environment"] == "${{ inputs.stack }}-${{ inputs.purpose }}"
    assert workflow("deploy")["jobs"]["deploy"]["environment"] == "${{ inputs.stack }}-deploy"
    for name in (*PURPOSES, "deploy"):
        assert f"`STACK-{name}`" in PAGE
    assert "secrets." not in str(run["env"])
    asked = [
        str(job["with"]["purpose"]) for name in CALLERS for job in workflow(name)["jobs"].values() if "with" in job
    ]
    assert set(re.findall(r"'(\w+)'", asked[0])) | set(asked[1:]) == set(PURPOSES)


CALLERS = ("chaos-pipeline", "drill", "deploy")


@pytest.mark.parametrize("name", [*PURPOSES, "deploy"])
def test_a_session_lasts_as_long_as_the_job_and_the_page_says_how_long(name: str) -> None:
    job = workflow("deploy")["jobs"]["deploy"] if name == "deploy" else workflow("stack-run")["jobs"]["run"]
    [given] = [step["with"] for step in job["steps"] if "configure-aws-credentials" in step.get("uses", "")]
    # What the action asks for, and what IAM gives at most, unless told otherwise.
    seconds = given.get("role-duration-seconds", 3600)
    assert job["timeout-minutes"] * 60 <= seconds <= LONGEST_SESSION_SECONDS
    assert f"| `ial-STACK-pipeline-{name}` | `STACK-{name}` | {seconds} s |" in PAGE


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_shipped_stacks_trust_the_roles_of_the_page(stack: str) -> None:
    config = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]
    given = {
        "reader": ("chaos", "drill", "suite"),
        "chaos": ("chaos", "suite"),
        "drill": ("drill", "suite"),
        "rollback": ("suite",),
        "halt": ("halt",),
    }
    for kind, of in given.items():
        pipeline = {f"arn:aws:iam::{config['ial:accountId']}:role/ial-{stack}-pipeline-{name}" for name in of}
        # Whoever is on call may halt, too.
        assert set(config["ial:trusted"][kind]) - pipeline == (
            {f"arn:aws:iam::{config['ial:accountId']}:role/on-call"} if kind == "halt" else set()
        )
        assert pipeline <= set(config["ial:trusted"][kind])


def test_the_deployer_is_told_of_every_service() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "components").rglob("*.py"))
    used = {
        name
        for line in re.findall(r"^\s*from pulumi_aws import (.+)$", source, re.MULTILINE)
        for name in line.split(", ")
    }
    told = PAGE.split("## What the deployer may")[1].split("\n## ")[0]
    assert {name for name in used if f"| {name} |" not in told} == set()
    assert len(used) > 8


def examples() -> list[Any]:
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def test_the_page_s_list_of_stacks_is_one() -> None:
    [listed] = [example for example in examples() if isinstance(example, list)]
    assert first_fault(listed, "judged-stacks") is None
    assert len({(entry["project"], entry["stack"]) for entry in listed}) == len(listed) == 3


def test_the_ruleset_requires_what_the_workflows_set() -> None:
    [ruleset] = [example for example in examples() if "rules" in example]
    rules = {rule["type"]: rule.get("parameters", {}) for rule in ruleset["rules"]}
    assert rules["pull_request"]["require_code_owner_review"] is True
    required = {check["context"] for check in rules["required_status_checks"]["required_status_checks"]}
    assert required == {workflow("gate")["jobs"]["gate"]["name"], "gate verdict (main)"}


def test_what_the_comments_job_may_is_described() -> None:
    [job] = workflow("gate-comment")["jobs"].values()
    table = PAGE.split("| permission | for |")[1].split("\n\n")[0]
    described = re.findall(r"^\| `([a-z-]+): (\w+)` \|", table, re.MULTILINE)
    assert dict(described) == job["permissions"]
