"""Every command that reaches AWS signs as the stack's settings say, and does nothing in another account."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from msgspec import to_builtins

from contract.outputs import EXPORT
from contract.rollback import Rollback, holds_path
from local.deployment import LocalStack
from local.export import deployment
from local.server import Running
from preview.project import Project
from runners.cli.main import command
from tests.clouds import STACK
from tests.runners.backup.conftest import Deployed
from tests.runners.conftest import ROOT
from tests.runners.fake_pulumi import FakePulumi
from tests.runners.runner_processes import RunnerProcesses
from tests.runners.signers import Watch, by_the_watch, watched

pytestmark = pytest.mark.cloud
HERE, ELSEWHERE = "123456789012", "999999999999"
SHOP, INTRUDER, ROLE = "AKIASHOP", "AKIAINTRUDER", "ASIA"
DEPLOYER = f"arn:aws:iam::{HERE}:role/deployer"
RUN: Final = "20261125-083000-a1b2"
# In the stack's folder, which is a temporary one.
REPORT: Final = "report"
# The example switches no rollback on; what AWS is asked for one is to be seen.
ROLLBACK: Final = Rollback(
    role=f"arn:aws:iam::{HERE}:role/ial-dev-rollback",
    topic_arn=f"arn:aws:sns:us-east-1:{HERE}:ial-dev-rollback",
    holds=holds_path("dev"),
    hold_hours=24,
)
# What reaches a stack's AWS, with arguments that end soon, and the exit code with the right account.
REACHING: Final[dict[str, tuple[tuple[str, ...], int]]] = {
    "inspect": ((), 0),
    "down": (("--yes",), 0),
    "backup drill": (("configuration",), 0),
    "backup status": ((), 0),
    "backup run": (("--resume", RUN), 2),
    "backup verify": (("orders",), 1),
    "backup restore": (("shop-assets-123456789012", "--at", "2026-11-25T08:30:00Z"), 3),
    "backup reap": (("--yes",), 0),
    "backup config": ((), 0),
    "chaos plan": (("network-latency",), 0),
    "chaos run": (("network-latency",), 3),
    "chaos resume": ((RUN,), 2),
    "chaos halt": (("--release",), 0),
    "chaos history": ((), 0),
    "chaos control": (("--resume", RUN), 2),
    "chaos due": ((), 0),
    "alarms compare": (("--days", "1"), 0),
    "analyze": ((), 0),
    "score": ((), 0),
    "report": (("--out", REPORT), 0),
    "rollback plan": (("--run", RUN), 2),
    "rollback run": (("--run", RUN, "--confirm", STACK), 2),
    "rollback verify": ((), 2),
    "rollback hold": (("--release",), 0),
    "rollback history": ((), 0),
    "suite plan": (("weekly",), 3),
    "suite run": (("weekly", "--confirm", STACK), 3),
    "suite resume": ((RUN,), 2),
    "suite history": ((), 0),
}
# Refused while chaos is halted, after a look at everything; what is not refused takes its time.
HALTED: Final = ("chaos run", "suite plan", "suite run")
# `up` is judged by the real engine before it writes: whom it asks is tested in test_applying.py.
JUDGED: Final = {"up": ("--yes",)}
# What reaches no stack's AWS, and why.
ELSEWISE: Final = {
    "preview": "asks AWS nothing; the real engine signs for itself",
    "outputs": "read from where the state is",
    "gate comment": "the forge of the pull request, which is no stack's AWS",
    "doctor": "asks who signs and nothing else; tested below",
    "demo": "the local cloud",
    "local start": "the local cloud",
    "local stop": "the local cloud",
    "local status": "the local cloud",
    "cost estimate": "files",
    "cost explain": "files, or the program",
    "cost diff": "files",
    "cost usage": "the price book",
    "cost missing-prices": "the price book",
    "cost refresh-prices": "AWS's price list, which belongs to no stack",
    "chaos list": "outputs",
    "chaos export": "outputs",
    "chaos refresh-actions": "FIS's list of actions, which belongs to no stack",
    "suite list": "outputs",
    "pipeline issue": "the forge of the pipeline, which is no stack's AWS",
    "fleet plan": "the fleet's file",
    "fleet write": "the fleet's file",
    "fleet report": "many stacks, each in an account of its own; tested below",
}


def commands(group: Any = None, path: str = "") -> Iterator[str]:
    """Every command there is."""
    held: Any = group or command()
    for name, one in held.commands.items():
        if hasattr(one, "commands"):
            yield from commands(one, f"{path}{name} ")
        else:
            yield f"{path}{name}"


def test_each_command_is_listed_here() -> None:
    assert sorted(commands()) == sorted([*REACHING, *JUDGED, *ELSEWISE])


@dataclass(frozen=True)
class Shop:
    """A stack on a local cloud, behind the watch; with the fake engine it is as if the cloud were AWS."""

    folder: Path
    watch: Watch
    pulumi: FakePulumi
    processes: RunnerProcesses

    def ial(self, command: str, *arguments: str, engine: str = "pulumi") -> tuple[int, str, str]:
        """One command on the stack."""
        return self.run(*command.split(), *arguments, "--stack", STACK, "--engine", engine)

    def run(self, *line: str) -> tuple[int, str, str]:
        """One command line, in the surroundings of somebody who is logged in elsewhere."""
        surroundings = {
            "AWS_ENDPOINT_URL": self.watch.url,
            "AWS_ACCESS_KEY_ID": INTRUDER,
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_EC2_METADATA_DISABLED": "true",
            "PATH": f"{self.pulumi.home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }
        return self.processes.run(self.folder, *line, environment=surroundings)


@pytest.fixture(scope="module")
def applied_shop(
    tmp_path_factory: pytest.TempPathFactory, site: tuple[Path, Running], processes: RunnerProcesses
) -> Iterator[Shop]:
    home = tmp_path_factory.mktemp("engine")
    folder, running = site
    with watched(running.port) as watch:
        stack = LocalStack(Project.load(folder, STACK))
        outputs, state = stack.outputs(), deployment(stack.state())
        outputs[EXPORT]["chaos"]["rollback"] = to_builtins(ROLLBACK)
        pulumi = FakePulumi.at(home, config={}, outputs=outputs, state=state)
        (home / "aws").write_text(f"[profile shop]\naws_access_key_id = {SHOP}\naws_secret_access_key = x\n")
        yield Shop(folder, watch, pulumi, processes)


@pytest.fixture
def shop(applied_shop: Shop, deployed: Deployed) -> Iterator[Shop]:
    """With the stack's settings: a profile, and from it a role."""
    own = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())["config"]
    signing = {
        "aws:profile": "shop",
        "aws:sharedConfigFiles": [str(applied_shop.pulumi.home / "aws")],
        "aws:assumeRoles": [{"roleArn": DEPLOYER, "sessionName": "deploys"}],
    }
    applied_shop.pulumi.configure(own | signing)
    applied_shop.watch.taken()
    applied_shop.pulumi.asked()
    with by_the_watch(applied_shop.folder, applied_shop.watch):
        yield applied_shop
    applied_shop.watch.account = None
    applied_shop.watch.only_key = ""
    shutil.rmtree(applied_shop.folder / REPORT, ignore_errors=True)


def deployed_anything(asked: list[str]) -> bool:
    return any(line.split()[0] in ("up", "destroy", "preview", "refresh", "import") for line in asked)


def files(shop: Shop) -> list[Path]:
    """What stands in the stack's folder: journals of runs, and whatever else a command writes."""
    return sorted(shop.folder.rglob("*"))


WRITING = [*REACHING, *JUDGED]


@pytest.mark.parametrize("engine", ["pulumi", "local"])
@pytest.mark.parametrize("command", WRITING)
def test_in_another_account_nothing_is_done(shop: Shop, command: str, engine: str) -> None:
    shop.watch.account, before = ELSEWHERE, files(shop)
    arguments = REACHING[command][0] if command in REACHING else JUDGED[command]
    code, out, err = shop.ial(command, *arguments, engine=engine)
    assert (code, out) == (3, ""), err
    assert f"of account {ELSEWHERE}, and stack dev is of account {HERE}; nothing was done" in err
    assert {held.operation for held in shop.watch.taken()} <= {"AssumeRole", "GetCallerIdentity", "GET /moto-api/"}
    assert not deployed_anything(shop.pulumi.asked())
    assert files(shop) == before


@pytest.mark.parametrize("command", REACHING)
def test_the_stack_s_own_account_signs_everything(shop: Shop, command: str) -> None:
    arguments, wanted = REACHING[command]
    if command in HALTED:
        assert shop.ial("chaos halt", engine="local")[0] == 0
        shop.watch.taken()
    code, _, err = shop.ial(command, *arguments)
    seen = shop.watch.taken()
    assert code == wanted, err
    # The profile's keys serve for taking on the role, and for nothing else.
    assert {held.key for held in seen if held.operation == "AssumeRole"} == {SHOP}
    others = {held.key for held in seen if held.operation != "AssumeRole"}
    assert others
    assert [key for key in others if not key.startswith(ROLE)] == []
    assert deployed_anything(shop.pulumi.asked()) is (command == "down")


@pytest.mark.parametrize(
    "command",
    [
        "backup config --as-runner",
        "chaos halt --as-halter",
        "chaos due --as-runner",
        "analyze --as-reader",
        "score --as-runner",
        "rollback plan --as-runner",
        "suite plan weekly --as-runner",
    ],
)
def test_a_role_of_another_account_is_refused(shop: Shop, command: str) -> None:
    shop.watch.account, shop.watch.only_key = ELSEWHERE, ROLE
    code, _, err = shop.ial(command, engine="local")
    assert code == 3
    assert f"of account {ELSEWHERE}, and stack dev is of account {HERE}" in err
    assert all(held.reads for held in shop.watch.taken())


def test_a_rollback_s_role_of_another_account_is_refused(shop: Shop) -> None:
    shop.pulumi.configure({"aws:region": "us-east-1"})
    shop.watch.account, shop.watch.only_key = ELSEWHERE, ROLE
    code, out, err = shop.ial("rollback hold", "--release", "--as-runner")
    assert (code, out) == (3, ""), err
    assert f"of account {ELSEWHERE}, and stack dev is of account {HERE}" in err
    assert {held.operation for held in shop.watch.taken()} == {"AssumeRole", "GetCallerIdentity"}


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """The file of a fleet with this one stack, which its reader role reads."""
    reader = f"arn:aws:iam::{HERE}:role/ial-dev-reader"
    only = {"stack": STACK, "environment": "dev", "account": HERE, "region": "us-east-1", "reader": reader}
    file = tmp_path / "fleet.yaml"
    file.write_text(yaml.safe_dump({"version": 1, "name": "all", "suite": "weekly", "account": HERE, "stacks": [only]}))
    return file


@pytest.mark.parametrize("engine", ["pulumi", "local"])
def test_a_fleet_s_stack_in_another_account_is_not_read(shop: Shop, fleet: Path, engine: str) -> None:
    shop.watch.account, before = ELSEWHERE, files(shop)
    code, _, err = shop.run("fleet", "report", str(fleet), "--engine", engine)
    assert code == 1
    assert f"of account {ELSEWHERE}, and stack dev is of account {HERE}; nothing was done" in err
    assert {held.operation for held in shop.watch.taken()} == {"AssumeRole", "GetCallerIdentity"}
    assert files(shop) == before


def test_a_fleet_s_stack_is_read_by_its_reader_alone(shop: Shop, fleet: Path) -> None:
    code, _, err = shop.run("fleet", "report", str(fleet), "--engine", "pulumi")
    assert code == 0, err
    seen = shop.watch.taken()
    # No stack's settings are there: the surroundings take on the role.
    assert {held.key for held in seen if held.operation == "AssumeRole"} == {INTRUDER}
    others = [held for held in seen if held.operation != "AssumeRole"]
    assert {held.operation for held in others} > {"GetCallerIdentity"}
    assert [held for held in others if not (held.key.startswith(ROLE) and held.reads)] == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"aws:allowedAccountIds": [ELSEWHERE]}, f"aws:allowedAccountIds has {ELSEWHERE} and not {HERE}"),
        ({"aws:forbiddenAccountIds": [HERE]}, f"aws:forbiddenAccountIds has {HERE}"),
    ],
)
def test_accounts_that_the_settings_rule_out(shop: Shop, settings: dict[str, Any], said: str) -> None:
    shop.pulumi.configure(settings)
    code, _, err = shop.ial("backup reap", "--yes")
    assert (code, said in err) == (3, True), err
    assert [held.operation for held in shop.watch.taken()] == ["GetCallerIdentity"]


def test_what_would_reach_the_provider_alone_is_refused_by_name(shop: Shop) -> None:
    shop.pulumi.configure({"aws:httpProxy": "http://proxy:3128"})
    code, _, err = shop.ial("backup reap", "--yes")
    assert (code, "aws:httpProxy would reach the provider alone" in err) == (2, True), err
    assert shop.watch.taken() == []


def test_without_settings_the_surroundings_sign(shop: Shop) -> None:
    shop.pulumi.configure({"aws:region": "us-east-1"})
    assert shop.ial("backup reap", "--yes")[0] == 0
    assert {held.key for held in shop.watch.taken()} == {INTRUDER}


def test_a_stack_that_moved_is_not_applied_over(shop: Shop) -> None:
    code, _, err = shop.ial("up", "--yes", "-c", f"accountId={ELSEWHERE}")
    assert code == 3
    assert f"stack dev is applied to account {HERE}, and ial:accountId is {ELSEWHERE}; nothing was done" in err
    assert shop.watch.taken() == []


def health(shop: Shop, check: str) -> dict[str, str]:
    """What `ial doctor` says of one thing; the machine itself is no part of it."""
    _, out, _ = shop.ial("doctor", "--json")
    checks = {held["check"]: held for held in json.loads(out)["checks"]}
    found: dict[str, str] = checks[check]
    return found


def test_doctor_tells_who_signs_and_by_which_settings(shop: Shop) -> None:
    found = health(shop, "AWS account")
    assert found["health"] == "ok"
    settings = f"region us-east-1, profile shop, role {DEPLOYER}"
    assert found["found"] == f"{HERE}, signed by arn:aws:sts::{HERE}:assumed-role/deployer/deploys; {settings}"
    assert {held.operation for held in shop.watch.taken()} == {"AssumeRole", "GetCallerIdentity"}


def test_doctor_tells_a_wrong_account_and_what_guards_the_provider(shop: Shop) -> None:
    shop.watch.account = ELSEWHERE
    found = health(shop, "AWS account")
    assert found["health"] == "bad"
    assert f"of account {ELSEWHERE}, and stack dev is of account {HERE}" in found["found"]
    assert "aws:assumeRoles in Pulumi.dev.yaml" in found["remedy"]
    provider = health(shop, "AWS provider")
    assert (provider["health"], HERE in provider["remedy"]) == ("note", True)
    shop.pulumi.configure({"aws:region": "us-east-1", "aws:allowedAccountIds": [HERE]})
    assert health(shop, "AWS provider")["health"] == "ok"


def test_doctor_tells_a_setting_that_is_refused(shop: Shop) -> None:
    shop.pulumi.configure({"aws:noProxy": "localhost"})
    found = health(shop, "AWS account")
    assert (found["health"], "aws:noProxy would reach the provider alone" in found["found"]) == ("bad", True)
