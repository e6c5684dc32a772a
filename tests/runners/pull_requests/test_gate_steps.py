"""The jobs of `gate.yml`, run as a runner has them: the base judges, and only the program is the pull request's."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from runners.pull_requests.gate_run import read_run
from runners.pull_requests.judged_stacks import JudgedStack
from runners.pull_requests.received_report import received_report
from tests.runners.conftest import ROOT
from tests.runners.pull_requests.scene import BASE, DEV, HEAD, Scene
from tests.runners.pull_requests.workflow_steps import Steps, filled, outputs, workflow

PROGRAM = ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "__main__.py")
PULL: dict[str, Any] = {"number": 12, "base": {"sha": BASE}, "head": {"sha": HEAD}}
EXPENSIVE = """
import pulumi_aws as aws
for number in range(40):
    aws.cloudwatch.Dashboard(f"more-{number}", dashboard_name=f"more-{number}", dashboard_body="{}")
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The two checkouts: the base is this tree, the head a program without a gate."""
    folder = tmp_path / "workspace"
    (folder / "head").mkdir(parents=True)
    (folder / "base").symlink_to(ROOT)
    for name in PROGRAM:
        shutil.copy(ROOT / name, folder / "head" / name)
    shutil.copytree(ROOT / "experiments", folder / "head/experiments")
    return folder


def job(name: str, workspace: Path, judged: JudgedStack = DEV) -> Steps:
    matrix = {"name": judged.name, "project": judged.project, "stack": judged.stack}
    context = {"matrix": matrix, "github": {"event": {"pull_request": PULL}}}
    environment = {
        "GITHUB_OUTPUT": str(workspace / "output"),
        "GITHUB_STEP_SUMMARY": str(workspace / "summary.md"),
    }
    return Steps(workflow("gate")["jobs"][name], workspace, context, environment)


def judge(workspace: Path, judged: JudgedStack = DEV) -> tuple[int, dict[str, Any]]:
    done = job("judge", workspace, judged).run("Judge the pull request")
    report = json.loads((workspace / "reports/head/report.json").read_text(encoding="utf-8"))
    return done.returncode, report


def test_the_base_lists_what_is_judged(workspace: Path) -> None:
    steps = job("listed", workspace)
    assert steps.run("The list of the base branch").returncode == 0
    written = outputs(workspace / "output")["judged"]
    assert written == json.loads((ROOT / ".github/judged.json").read_text(encoding="utf-8"))
    assert workflow("gate")["jobs"]["judge"]["strategy"]["matrix"]["include"] == (
        "${{ fromJSON(needs.listed.outputs.judged) }}"
    )


def test_the_head_s_own_gate_judges_nothing(workspace: Path) -> None:
    """It raises its budget, disarms its pack, waives all and overrides the judge's code; the base refuses it."""
    head = workspace / "head"
    with (head / "__main__.py").open("a", encoding="utf-8") as file:
        file.write(EXPENSIVE)
    shutil.copytree(ROOT / "policies", head / "policies", ignore=shutil.ignore_patterns("__pycache__"))
    environment = head / "policies/environments/dev.yaml"
    environment.write_text(environment.read_text(encoding="utf-8").replace("14.93", "9999"), encoding="utf-8")
    (head / "policies/pack.py").write_text("def policies():\n    return []\n", encoding="utf-8")
    for package in ("runners", "preview", "pricing"):
        (head / package).mkdir()
        (head / package / "__init__.py").write_text("raise SystemExit(0)\n", encoding="utf-8")
    code, report = judge(workspace)
    assert (code, report["verdict"], report["budget"]["monthly"]) == (1, "refused", "14.93")
    assert "every-resource-priced" in report["policies"]
    assert received_report(json.dumps(report), DEV, HEAD) == report


@pytest.mark.rare
def test_a_program_within_budget_is_green_and_shown_beside_the_base(workspace: Path) -> None:
    steps = job("judge", workspace)
    assert steps.run("Price the base branch").returncode == 0
    assert (workspace / "reports/base/estimate.json").is_file()
    code, report = judge(workspace)
    assert (code, report["verdict"]) == (0, "within")
    assert report["delta"]["change"] == "0"
    assert received_report(json.dumps(report), DEV, HEAD) == report
    assert steps.run("Show the report").returncode == 0
    assert "Within budget" in (workspace / "summary.md").read_text(encoding="utf-8")


@pytest.mark.rare
def test_a_base_that_cannot_be_judged_does_not_keep_the_head_back(workspace: Path) -> None:
    """Its report has no estimate, so it is not compared with."""
    (workspace / "base").unlink()
    (workspace / "base").mkdir()
    for name in (".venv", "policies"):
        (workspace / "base" / name).symlink_to(ROOT / name)
    assert job("judge", workspace).run("Price the base branch").returncode == 0
    assert not (workspace / "reports/base/estimate.json").exists()
    code, report = judge(workspace)
    assert (code, report["verdict"], report["delta"]) == (0, "within", None)


@pytest.mark.rare
def test_a_project_in_a_folder_is_judged_there(workspace: Path) -> None:
    (workspace / "head").rename(workspace / "program")
    (workspace / "head").mkdir()
    (workspace / "program").rename(workspace / "head/shop")
    shop = JudgedStack(name="shop", project="shop", stack="dev")
    code, report = judge(workspace, shop)
    assert (code, report["program"]) == (0, "head/shop")
    assert received_report(json.dumps(report), shop, HEAD) == report


STAND_IN = """#!/bin/bash -e
[ "$3" = "$FAILS" ] && exit 2
printf '%s\\n' "$@" > asked
"""


@pytest.mark.parametrize("has_estimate", [True, False])
def test_the_base_s_command_is_asked_about_the_head(tmp_path: Path, has_estimate: bool) -> None:
    command = tmp_path / "base/.venv/bin/ial"
    command.parent.mkdir(parents=True)
    command.write_text(STAND_IN, encoding="utf-8")
    command.chmod(0o755)
    steps = job("judge", tmp_path, JudgedStack(name="shop", project="shop/infra", stack="team/dev"))
    assert steps.run("Price the base branch").returncode == 0
    asked = (tmp_path / "asked").read_text(encoding="utf-8").split()
    assert asked[:5] == ["preview", "--stack", "team/dev", "--program", "base/shop/infra"]
    (tmp_path / "reports/base").mkdir(parents=True)
    (tmp_path / "reports/base/report.json").write_text("{}", encoding="utf-8")
    if has_estimate:
        (tmp_path / "reports/base/estimate.json").write_text("{}", encoding="utf-8")
    assert steps.run("Judge the pull request").returncode == 0
    asked = (tmp_path / "asked").read_text(encoding="utf-8").split()
    assert asked == [
        *("preview", "--stack", "team/dev", "--program", "head/shop/infra", "--engine", "local"),
        *("--commit", HEAD, "--out", "reports/head"),
        *(("--against", "reports/base/estimate.json") if has_estimate else ()),
    ]
    steps.environment = {"FAILS": "team/dev"}
    assert steps.run("Price the base branch").returncode == 0
    assert steps.run("Judge the pull request").returncode == 2


def test_without_a_report_there_is_nothing_to_show(workspace: Path) -> None:
    assert job("judge", workspace).run("Show the report").returncode == 0
    assert not (workspace / "summary.md").exists()


@pytest.mark.parametrize(
    ("listed", "judged", "code"),
    [
        ("success", "success", 0),
        ("success", "failure", 1),
        ("success", "cancelled", 1),
        ("success", "skipped", 1),
        ("failure", "skipped", 1),
    ],
)
def test_the_required_check_is_green_for_one_result_only(tmp_path: Path, listed: str, judged: str, code: int) -> None:
    needs = {"listed": {"result": listed}, "judge": {"result": judged}}
    steps = Steps(workflow("gate")["jobs"]["gate"], tmp_path, {"needs": needs})
    assert steps.run("All were judged and are within budget").returncode == code


def test_the_required_check_always_runs() -> None:
    gate = workflow("gate")["jobs"]["gate"]
    assert (gate["if"], gate["needs"], gate["name"]) == ("always()", ["listed", "judge"], "gate")
    assert not any("if" in entry for name, entry in workflow("gate")["jobs"].items() if name != "gate")


def test_the_judge_is_the_base_and_the_program_the_head() -> None:
    context = {"github": {"event": {"pull_request": PULL}}}
    for name, entry in workflow("gate")["jobs"].items():
        for step in entry["steps"]:
            given = step.get("with", {})
            if given.get("path") == "base":
                assert filled(given["ref"], context) == BASE, name
            elif given.get("path") == "head":
                assert "ref" not in given
            assert "secrets." not in str(step)
            # Not one script of the head is run by name.
            assert "head/." not in step.get("run", "").replace("head/$PROJECT", "")


def test_the_run_is_named_as_the_comment_reads_it(scene: Scene) -> None:
    scene.pull(12)
    title = filled(workflow("gate")["run-name"], {"github": {"event": {"pull_request": PULL}}})
    run = read_run(scene.run(display_title=title))
    assert (run.number, run.base) == (12, BASE)


def test_another_base_is_judged_anew() -> None:
    assert "edited" in workflow("gate")[True]["pull_request"]["types"]
