"""No program talks the gate out of its verdict: each is judged as it should be, and the control beside it passes."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from preview.engines import Engine
from preview.errors import PreviewError
from tests.gate.conftest import ROOT, Pulumi, case_of, pulumi
from tests.hostile.doors import DOORS
from tests.hostile.endings import ENDINGS
from tests.hostile.monitors import MONITORS
from tests.hostile.processes import PROCESSES
from tests.hostile.program import OPENING, Hostile
from tests.hostile.resources import RESOURCES
from tests.real_engine import require_engine

__all__ = ["pulumi"]

ALL: Final = (*DOORS, *ENDINGS, *MONITORS, *RESOURCES, *PROCESSES)
# How long left-over processes would sleep: each worker of the tests has a number of its own.
MARK: Final = f"{os.getpid()}.25"
ENVIRONMENT: Final = """
resourcesInApply: refuse
recoveryWindowDays: 14
budget: {monthly: 14, caps: {other: 14, observability: 14}, resourceCap: 5}
"""
SECRETS: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "PULUMI_ACCESS_TOKEN", "GITHUB_TOKEN")


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped pack, with an environment for these programs."""
    home = tmp_path_factory.mktemp("judge")
    shutil.copytree(ROOT / "policies", home / "policies", ignore=shutil.ignore_patterns("__pycache__", "*.yaml"))
    shutil.copy(ROOT / "policies" / "PulumiPolicy.yaml", home / "policies")
    (home / "policies" / "environments").mkdir(exist_ok=True)
    (home / "policies" / "environments" / "hostile.yaml").write_text(ENVIRONMENT, encoding="utf-8")
    for name in ("pricing", "contract", "components"):
        (home / name).symlink_to(ROOT / name)
    (home / ".venv").symlink_to(sys.prefix)
    return home / "policies"


@pytest.fixture(scope="session")
def door() -> Iterator[int]:
    """A port of this machine that somebody serves."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def judge(
    tmp_path: Path, pack: Path, door: int, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Hostile, Engine], tuple[int, str]]:
    """Writes a program and has it judged: the exit code, and why."""
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    for name in SECRETS:
        monkeypatch.setenv(name, "planted")

    def run(hostile: Hostile, engine: Engine) -> tuple[int, str]:
        folder = written(tmp_path / "program", hostile.body, PACK=str(pack), DOOR=door, MARK=MARK)
        return judged(folder, pack, engine)

    return run


def written(folder: Path, body: str, **constants: object) -> Path:
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: hostile\nruntime: {name: python, options: {virtualenv: .venv}}\n")
    (folder / "Pulumi.hostile.yaml").write_text("config: {aws:region: us-east-1}\n")
    (folder / ".venv").symlink_to(sys.prefix)
    lines = [f"{name} = {value!r}" for name, value in constants.items()]
    (folder / "__main__.py").write_text("\n".join([OPENING, *lines, body, ""]), encoding="utf-8")
    return folder


def judged(folder: Path, pack: Path, engine: Engine) -> tuple[int, str]:
    try:
        order = {"engine": engine, "pack": pack, "environments": pack / "environments"}
        verdict = case_of(folder, stack="hostile", **order).judge().verdict
    except PreviewError as error:
        return 2, f"{error} {error.detail}"
    return verdict.exit_code, " | ".join([*verdict.doubts, *verdict.refusals])


def sleeping() -> list[str]:
    """Processes that a program left behind."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if MARK.encode() in entry.read_bytes().split(b"\0"):
                found.append(entry.parent.name)
        except OSError:
            continue
    return found


def named(programs: tuple[Hostile, ...]) -> list[object]:
    return [pytest.param(one, id=one.name, marks=() if one.quick else pytest.mark.rare) for one in programs]


@pytest.mark.parametrize("hostile", named(ALL))
def test_by_the_local_engine(hostile: Hostile, judge: Callable[[Hostile, Engine], tuple[int, str]]) -> None:
    code, said = judge(hostile, Engine.LOCAL)
    assert code in hostile.codes, said
    assert hostile.says in said
    assert sleeping() == []


@pytest.mark.rare
@pytest.mark.parametrize("hostile", [pytest.param(one, id=one.name) for one in PROCESSES if "network" not in one.name])
def test_with_the_network(
    hostile: Hostile, judge: Callable[[Hostile, Engine], tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that reaches ports of this machine does not reach the pack's: it starts when the program has ended."""
    monkeypatch.setenv("IAL_PROGRAM_NETWORK", "allow")
    code, said = judge(hostile, Engine.LOCAL)
    assert code in hostile.codes, said
    assert sleeping() == []


@pytest.mark.engine
@pytest.mark.rare
@pytest.mark.parametrize("hostile", [pytest.param(one, id=one.name) for one in ALL if one.engine])
def test_by_the_real_engine(
    hostile: Hostile,
    tmp_path: Path,
    pack: Path,
    pulumi: Callable[..., Pulumi],
    door: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require_engine()
    folder = written(tmp_path / "program", hostile.body, PACK=str(pack), DOOR=door, MARK=MARK)
    pulumi(folder, "hostile")
    monkeypatch.setenv("PULUMI_OPTION_POLICY_PACK_CONFIG", str(disarming(tmp_path)))
    code, said = judged(folder, pack, Engine.PULUMI)
    assert code in (hostile.engine_codes or hostile.codes), said


@pytest.mark.engine
@pytest.mark.rare
def test_what_only_an_update_registers_is_refused_before_it_breaks_the_month(
    tmp_path: Path, pack: Path, pulumi: Callable[..., Pulumi]
) -> None:
    require_engine()
    folder = written(tmp_path / "program", "cheap()\nif not pulumi.runtime.is_dry_run():\n    dear()")
    cli = pulumi(folder, "hostile")
    done = cli.attempt("up", "--yes", "--policy-pack", str(pack))
    assert done.returncode != 0
    assert "is not made: with it, the stack costs 15.00 USD" in " ".join((done.stdout + done.stderr).split())
    # Four at 3.00 USD fit into 14.00 USD.
    made = [name for name in cli.created() if name == "cheap" or name.startswith("dear")]
    assert len(made) <= 4


def disarming(folder: Path) -> Path:
    """Settings that would make every policy a remark."""
    file = folder / "advisory.json"
    file.write_text('{"all": "advisory"}', encoding="utf-8")
    return file


def test_there_are_many() -> None:
    assert len({one.name for one in ALL}) == len(ALL) >= 60
