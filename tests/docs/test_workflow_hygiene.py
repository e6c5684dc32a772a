"""What holds for every workflow: pinned, bounded, with the least rights; and its scripts do what they say."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.runners.pull_requests.workflow_steps import Steps, filled, workflow

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / ".github/workflows").glob("*.yml"))
ACTION = ROOT / ".github/actions/pulumi/action.yml"
NAMES = [path.stem for path in FILES]
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


# What of the rights of a job is more than to read, and nothing else may be.
WRITES = {
    "gate-comment": {"pull-requests", "statuses"},
    "deploy": {"id-token", "issues", "pages"},
    **{name: {"id-token", "issues", "pages"} for name in ("chaos-pipeline", "drill", "stack-run")},
}


def jobs(name: str) -> list[dict[str, Any]]:
    """Those with steps; the others call `stack-run`."""
    return [job for job in workflow(name)["jobs"].values() if "steps" in job]


def calls(name: str) -> list[dict[str, Any]]:
    """Those that call another workflow."""
    return [job for job in workflow(name)["jobs"].values() if "uses" in job]


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_no_right_is_given_to_a_whole_workflow(name: str) -> None:
    assert workflow(name)["permissions"] == {}
    given = [right for job in workflow(name)["jobs"].values() for right in job.get("permissions", {}).items()]
    writes = {what for what, right in given if right != "read"}
    assert writes == WRITES.get(name, set())


def test_whoever_calls_gives_what_the_called_jobs_need_and_no_more() -> None:
    needed = {right for job in jobs("stack-run") for right in job["permissions"].items()}
    callers = [job for name in NAMES for job in calls(name)]
    assert len(callers) == 3
    for job in callers:
        assert job["uses"] == "./.github/workflows/stack-run.yml"
        assert set(job["permissions"].items()) == needed


def test_no_job_has_both_the_page_s_right_and_credentials_of_aws() -> None:
    [run, page] = jobs("stack-run")
    assert "pages" not in run["permissions"]
    assert not [step for step in page["steps"] if "run" in step or "checkout" in step["uses"] or "aws" in step["uses"]]


@pytest.mark.parametrize("name", NAMES)
def test_every_job_is_bounded_and_of_one_at_a_time(name: str) -> None:
    whole = workflow(name).get("concurrency")
    # Who is called is in the turn of who calls: two of one group would wait for each other.
    assert (whole is None) is (name in ("stack-run", "chaos-pipeline", "drill"))
    assert all("group" in (whole or job["concurrency"]) for job in calls(name))
    # The credentials of a run last for 240 minutes.
    assert all(0 < job["timeout-minutes"] < 240 for job in jobs(name))


@pytest.mark.parametrize("path", [*FILES, ACTION], ids=lambda path: path.stem)
def test_every_action_is_pinned_by_its_whole_commit(path: Path) -> None:
    used = re.findall(r"\buses: (\S+)(.*)", text(path))
    for action, comment in used:
        assert action.startswith("./") or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
        assert action.startswith("./") or re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


@pytest.mark.parametrize("name", NAMES)
def test_no_checkout_leaves_a_token_behind(name: str) -> None:
    for job in jobs(name):
        for step in job["steps"]:
            if "actions/checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("name", NAMES)
def test_no_script_has_an_expression_in_it(name: str) -> None:
    """What an expression gives is text of anybody's choice: it reaches a script as a variable only."""
    assert [step["run"] for job in jobs(name) for step in job["steps"] if "${{" in step.get("run", "")] == []


def test_a_pull_request_s_own_copy_has_no_secret_and_no_target() -> None:
    for name in NAMES:
        started = workflow(name)[True]
        assert "pull_request_target" not in started
        if "pull_request" in started:
            assert "secrets." not in text(ROOT / f".github/workflows/{name}.yml")


@pytest.mark.parametrize("name", ["test", "test-all"])
def test_the_tests_of_the_real_engine_run(name: str) -> None:
    [job] = jobs(name)
    uses = [step.get("uses") for step in job["steps"]]
    [checks] = [step for step in job["steps"] if step.get("run") == f"make {name}"]
    assert uses.index("./.github/actions/pulumi") < job["steps"].index(checks)
    assert checks["env"] == {"IAL_REQUIRE_ENGINE": "1"}


def test_one_release_of_the_engine_is_used_everywhere() -> None:
    used = re.findall(r"\buses: (\S*pulumi\S*)", "".join(map(text, FILES)))
    assert used == ["./.github/actions/pulumi"] * 4


@pytest.fixture
def engine(tmp_path: Path) -> Steps:
    """The action's step, with a `curl` that gives what is in the folder."""
    (tmp_path / "pulumi").mkdir()
    (tmp_path / "pulumi/pulumi").write_text("#!/bin/sh\n", encoding="utf-8")
    with tarfile.open(tmp_path / "release.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "pulumi", "pulumi")
    (tmp_path / "pulumi/pulumi").unlink()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/curl").write_text('#!/bin/bash\nprintf "%s\\n" "$@" > asked\ncp release.tar.gz pulumi.tar.gz\n')
    (tmp_path / "bin/curl").chmod(0o755)
    [step] = yaml.safe_load(text(ACTION))["runs"]["steps"]
    environment = {
        "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_PATH": str(tmp_path / "path"),
        "RUNNER_ARCH": "X64",
    }
    return Steps({"steps": [step]}, tmp_path, {}, environment)


def test_an_engine_of_the_right_checksum_is_put_on_the_path(engine: Steps) -> None:
    [step] = engine.job["steps"]
    step["env"]["SHA256_X64"] = hashlib.sha256((engine.workspace / "release.tar.gz").read_bytes()).hexdigest()
    done = engine.run(step["name"])
    assert done.returncode == 0, done.stderr
    assert (engine.workspace / "pulumi/pulumi").is_file()
    assert text(engine.workspace / "path") == f"{engine.workspace}/pulumi\n"
    version = step["env"]["VERSION"]
    assert text(engine.workspace / "asked").split()[-1].endswith(f"/v{version}/pulumi-v{version}-linux-x64.tar.gz")


@pytest.mark.parametrize("machine", ["X64", "ARM64", "X86"])
def test_any_other_engine_is_not(engine: Steps, machine: str) -> None:
    [step] = engine.job["steps"]
    engine.environment = {**engine.environment, "RUNNER_ARCH": machine}
    assert engine.run(step["name"]).returncode != 0
    assert not (engine.workspace / "pulumi/pulumi").exists()
    assert not (engine.workspace / "path").exists()


RUN, BACK = "Run what is asked for", "Take the deployed version back, if the stack allows it"


def command(step: str, folder: Path, **given: str) -> list[list[str]]:
    """The command lines that a step of `stack-run` comes to, in order."""
    own = folder / ".venv/bin/ial"
    own.parent.mkdir(parents=True)
    own.write_text('#!/bin/bash\necho "$@" >> asked\necho {}\n', encoding="utf-8")
    own.chmod(0o755)
    [held] = [each for each in jobs("stack-run")[0]["steps"] if each.get("name") == step]
    steps = Steps({"steps": [{**held, "env": {}}]}, folder, {}, {"STACK": "dev", **given})
    done = steps.run(step)
    if done.returncode != 0:
        return []
    return [line.split() for line in text(folder / "asked").splitlines()]


RUN_DUE = ["chaos", "due", "--run", "--only"]


@pytest.mark.parametrize(
    ("purpose", "due", "name", "begins"),
    [
        ("chaos", "true", "", [*RUN_DUE, "experiment", "--confirm", "dev", "--as-runner"]),
        ("chaos", "false", "task-stop", ["chaos", "run", "task-stop", "--confirm", "dev", "--as-runner"]),
        ("suite", "false", "weekly", ["suite", "run", "weekly", "--confirm", "dev", "--within", "210", "--as-runner"]),
        ("drill", "true", "", [*RUN_DUE, "drill", "--as-runner"]),
        ("drill", "false", "", ["backup", "drill", "--all", "--as-runner"]),
        ("halt", "false", "", ["chaos", "halt", "--reason", "by", "the", "pipeline", "--as-halter"]),
    ],
)
def test_by_schedule_what_is_due_is_run_and_by_hand_what_is_asked_for(
    tmp_path: Path, purpose: str, due: str, name: str, begins: list[str]
) -> None:
    [found] = command(RUN, tmp_path, PURPOSE=purpose, DUE=due, NAME=name)
    assert found == [*begins, "--stack", "dev", "--engine", "pulumi", "--json"]


def test_a_database_is_asked_with_the_environment_s_own_command(tmp_path: Path) -> None:
    [found] = command(RUN, tmp_path, PURPOSE="drill", DUE="true", NAME="", PROBE="ask it")
    assert found[: len(RUN_DUE) + 4] == [*RUN_DUE, "drill", "--probe", "ask", "it"]


@pytest.mark.parametrize(("purpose", "due"), [("suite", "true"), ("halt", "true"), ("rm", "false"), ("", "")])
def test_what_nobody_knows_is_not_run(tmp_path: Path, purpose: str, due: str) -> None:
    assert command(RUN, tmp_path, PURPOSE=purpose, DUE=due, NAME="x") == []


@pytest.mark.parametrize(("said", "begins"), [("", ["plan"]), ("Yes", ["plan"]), ("yes", ["run", "--confirm", "dev"])])
def test_a_version_is_taken_back_with_the_environment_s_yes_alone(tmp_path: Path, said: str, begins: list[str]) -> None:
    [found] = command(BACK, tmp_path, ROLLBACK=said)
    assert found[: len(begins) + 3] == ["rollback", *begins, "--found", "found.json"]
    [step] = [each for each in jobs("stack-run")[0]["steps"] if each.get("name") == BACK]
    assert step["if"] == "failure() && inputs.deployed"


@pytest.mark.parametrize("name", ["chaos-pipeline", "drill", "stack-run", "deploy"])
def test_a_workflow_names_no_experiment_and_repeats_no_schedule(name: str) -> None:
    read = [yaml.safe_load(text(path)) for path in (ROOT / "experiments").glob("*.yaml")]
    names = {entry["name"] for content in read for entry in content.get("experiments", [])}
    written = text(ROOT / f".github/workflows/{name}.yml")
    assert names
    assert not [held for held in names if held in written]
    # It looks oftener than anything is planned, off the full hour.
    for entry in workflow(name)[True].get("schedule", []):
        minute, hour, *rest = entry["cron"].split()
        assert rest == ["*", "*", "*"]
        assert minute.isdigit()
        assert 0 < int(minute) < 60
        assert hour.startswith("*")


@pytest.mark.parametrize(("held", "found"), [("post-deploy", "name=post-deploy\n"), ("weekly", "")])
def test_a_deployment_is_proven_where_the_stack_has_the_suite(tmp_path: Path, held: str, found: str) -> None:
    """Its own stack says so: one without experiments has no suite, and the deployment is over."""
    shipped = yaml.safe_load(text(ROOT / "experiments/suites.yaml"))["suites"]
    assert "post-deploy" in [suite["name"] for suite in shipped]
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/ial").write_text(f"#!/bin/bash\necho '{json.dumps({'suites': [{'name': held}]})}'\n")
    (tmp_path / ".venv/bin/ial").chmod(0o755)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    [step] = [each for each in jobs("deploy")[0]["steps"] if each.get("id") == "suite"]
    given = {"STACK": "dev", "SUITE": step["env"]["SUITE"], "GITHUB_OUTPUT": str(tmp_path / "output")}
    (tmp_path / "output").touch()
    done = Steps({"steps": [{**step, "env": {}}]}, tmp_path, {}, given).run(step["name"])
    assert done.returncode == 0, done.stderr
    assert text(tmp_path / "output") == found


def test_an_expression_that_leads_nowhere_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled("${{ github.event.nothing }}", {"github": {"event": {}}})
