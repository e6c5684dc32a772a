from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from runners import cli
from tests.runners.conftest import ROOT, Ial

COMMANDS = ("preview", "up", "outputs", "down", "cost", "local", "demo", "doctor")
# What makes a command slow to start; none of it may be needed to show help.
HEAVY = ("rich", "pulumi", "grpc", "boto3", "botocore", "pydantic", "msgspec", "yaml", "moto")


def test_help_names_every_command(ial: Ial) -> None:
    ran = ial("--help")
    assert (ran.code, ran.err) == (0, "")
    assert [name for name in COMMANDS if f"  {name} " not in ran.out] == []


def test_help_loads_nothing_heavy() -> None:
    code = f"import sys, runners.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_that_of_the_package(ial: Ial) -> None:
    assert ial("--version").out.strip() == f"ial {version('ial')}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nonsense",), "ial: No such command 'nonsense'; see `ial --help`"),
        (("preview",), "ial: Missing option '--stack' / '-s'; see `ial preview --help`"),
        (("preview", "--stack", "dev", "--engine", "fast"), "'fast' is not one of 'auto', 'local', 'pulumi'"),
        (("preview", "--stack", "dev", "--frobnicate"), "No such option: --frobnicate"),
        (("cost", "estimate"), "Missing argument 'FILE'"),
    ],
)
def test_wrong_usage_is_one_line(ial: Ial, arguments: tuple[str, ...], said: str) -> None:
    ran = ial(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_defect_is_one_line_and_says_how_to_see_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> int:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr(cli, "app", broken)
    assert cli.main(["doctor"]) == 2
    assert capsys.readouterr().err.startswith("ial: defect: ZeroDivisionError: two lines;")
    assert cli.main(["doctor", "--debug"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_debug_shows_the_traceback_of_an_error(ial: Ial, tmp_path: Path) -> None:
    missing = tmp_path / "none.json"
    assert "Traceback" not in ial("cost", "estimate", missing).err
    assert "Traceback" in ial("--debug", "cost", "estimate", missing).err
    assert "Traceback" in ial("cost", "estimate", missing, "--debug").err


def test_an_interruption_has_its_own_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(**_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", stopped)
    assert cli.main(["doctor"]) == 130
    assert capsys.readouterr().err == "ial: interrupted\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    line = f"{sys.executable} -m runners.cli cost usage | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 141
