from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError
from urllib3.exceptions import NewConnectionError

from contract.writing.errors import LockedError, WritingError
from preview.errors import ProgramError
from runners.cli import main as cli
from runners.errors import JournalHeldError
from tests.runners.conftest import ROOT, Ial

COMMANDS = ("preview", "up", "outputs", "down", "cost", "local", "demo", "doctor")
# What makes a command slow to start; none of it may be needed to show help.
HEAVY = ("rich", "pulumi", "grpc", "boto3", "botocore", "pydantic", "msgspec", "yaml", "moto", "logging")


def test_help_names_every_command(ial: Ial) -> None:
    ran = ial("--help")
    assert (ran.code, ran.err) == (0, "")
    assert [name for name in COMMANDS if f"  {name} " not in ran.out] == []


def test_help_loads_nothing_heavy() -> None:
    code = f"import sys, runners.cli.main; print([name for name in {HEAVY!r} if name in sys.modules])"
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

    monkeypatch.setattr(cli, "command", lambda: broken)
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

    monkeypatch.setattr(cli, "command", lambda: stopped)
    assert cli.main(["doctor"]) == 130
    assert capsys.readouterr().err == "ial: interrupted\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    line = f"{sys.executable} -m runners.cli cost usage | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize(
    ("streams", "code", "said"),
    [
        ("> /dev/full", 2, "ial: No space left on device; free some space; then run it again\n"),
        ("2> /dev/full", 0, ""),
        (">&-", 0, ""),
        ("2>&-", 0, ""),
        ("<&-", 0, ""),
    ],
)
def test_streams_that_cannot_be_used(streams: str, code: int, said: str) -> None:
    """What nobody reads disturbs nothing; a result that gets nowhere is a fault of the machine."""
    line = f"{sys.executable} -m runners.cli cost usage --json {streams}"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, said)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(28, "No space left on device", "/x/y"), 2, "/x/y: No space left on device; free some space; then"),
        (PermissionError(13, "Permission denied", "/x"), 2, "/x: Permission denied; make it yours"),
        (OSError(30, "Read-only file system", "/x"), 2, "/x: Read-only file system; make it writable"),
        (MemoryError(), 2, "this machine has not enough memory"),
        (RuntimeError("can't start new thread"), 2, "this machine starts no more threads"),
        (WritingError("/x: No space left on device"), 2, "/x: No space left on device"),
        (LockedError("`ial up` is under way"), 3, "`ial up` is under way"),
        (JournalHeldError("another process drives this run"), 3, "another process drives this run"),
        (NewConnectionError(None, "refused"), 6, "a call failed: NewConnectionError"),  # type: ignore[arg-type]
        (EndpointConnectionError(endpoint_url="x"), 6, "a call failed: EndpointConnectionError"),
    ],
)
def test_a_fault_of_machine_or_network_is_no_defect(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, code: int, said: str
) -> None:
    def failing(**_: object) -> int:
        raise error

    monkeypatch.setattr(cli, "command", lambda: failing)
    assert cli.main(["doctor"]) == code
    told = capsys.readouterr().err
    assert told.startswith(f"ial: {said}")
    assert told.count("\n") == 1
    assert "defect" not in told


def test_what_a_program_printed_stands_before_the_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(**_: object) -> int:
        raise ProgramError("it ended with exit code 3", "all of it", ("first", "then"))

    monkeypatch.setattr(cli, "command", lambda: failing)
    assert cli.main(["doctor"]) == 2
    assert capsys.readouterr().err == "  | first\n  | then\nial: it ended with exit code 3\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_each_signal_that_ends_is_an_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    def waiting(**_: object) -> int:
        os.kill(os.getpid(), number)
        raise AssertionError("the signal did not arrive")

    before = signal.getsignal(number)
    monkeypatch.setattr(cli, "command", lambda: waiting)
    assert cli.main(["doctor"]) == 130
    assert capsys.readouterr().err == "ial: interrupted\n"
    assert signal.getsignal(number) is before


def test_what_nohup_ignores_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    def working(**_: object) -> int:
        os.kill(os.getpid(), signal.SIGHUP)
        return 0

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        monkeypatch.setattr(cli, "command", lambda: working)
        assert cli.main(["doctor"]) == 0
    finally:
        signal.signal(signal.SIGHUP, before)
