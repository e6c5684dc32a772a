"""What holds for every workflow: pinned, bounded, with the least rights; and its scripts do what they say."""

from __future__ import annotations

import hashlib
import re
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


def jobs(name: str) -> list[dict[str, Any]]:
    return list(workflow(name)["jobs"].values())


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_no_right_is_given_to_a_whole_workflow(name: str) -> None:
    assert workflow(name)["permissions"] == {}
    given = [right for job in jobs(name) for right in job.get("permissions", {}).items()]
    writes = {what for what, right in given if right != "read"}
    assert writes <= ({"pull-requests", "statuses"} if name == "gate-comment" else {"id-token"})


@pytest.mark.parametrize("name", NAMES)
def test_every_job_is_bounded_and_of_one_at_a_time(name: str) -> None:
    assert "group" in workflow(name)["concurrency"]
    assert all(0 < job["timeout-minutes"] <= 180 for job in jobs(name))


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
    assert used == ["./.github/actions/pulumi"] * 5


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


def command(name: str, asked: str, folder: Path) -> list[str]:
    """The command line that the step of the runs comes to."""
    own = folder / ".venv/bin/ial"
    own.parent.mkdir(parents=True)
    own.write_text('#!/bin/bash\necho "$@"\n', encoding="utf-8")
    own.chmod(0o755)
    [job] = jobs(name)
    [step] = [step for step in job["steps"] if ".venv/bin/ial" in step.get("run", "")]
    steps = Steps({"steps": [{**step, "env": {}}]}, folder, {}, {"STACK": "dev", "ASKED": asked})
    done = steps.run(step["name"])
    assert done.returncode == 0, done.stderr
    [written] = folder.glob("*.json")
    return text(written).split()


RUN_DUE = ["chaos", "due", "--run", "--only"]


@pytest.mark.parametrize(
    ("name", "asked", "begins"),
    [
        ("chaos", "", [*RUN_DUE, "experiment"]),
        ("chaos", "instance-termination", ["chaos", "run", "instance-termination"]),
        ("drill", "", [*RUN_DUE, "drill"]),
        ("drill", "dev", ["backup", "drill", "--all"]),
    ],
)
def test_by_schedule_what_is_due_is_run_and_by_hand_what_is_asked_for(
    tmp_path: Path, name: str, asked: str, begins: list[str]
) -> None:
    found = command(name, asked, tmp_path)
    assert found[: len(begins)] == begins
    assert {"--as-runner", "--json"} <= set(found)


@pytest.mark.parametrize("name", ["chaos", "drill"])
def test_a_workflow_names_no_experiment_and_repeats_no_schedule(name: str) -> None:
    read = [yaml.safe_load(text(path)) for path in (ROOT / "experiments").glob("*.yaml")]
    names = {entry["name"] for content in read for entry in content.get("experiments", [])}
    written = text(ROOT / f".github/workflows/{name}.yml")
    assert names
    assert not [held for held in names if held in written]
    # It looks oftener than anything is planned, off the full hour.
    [entry] = workflow(name)[True]["schedule"]
    minute, hour, *rest = entry["cron"].split()
    assert rest == ["*", "*", "*"]
    assert minute.isdigit()
    assert 0 < int(minute) < 60
    assert hour.startswith("*")


def test_an_expression_that_leads_nowhere_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled("${{ github.event.nothing }}", {"github": {"event": {}}})
