from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from preview.kept_process import Apartness, KeptProcess

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the keeper")
START_SECONDS = 30.0
# A mount that cannot be made: the keeper takes its other way then.
IMPOSSIBLE = Path("/nonexistent/place")
# How long left-over processes would sleep: each worker of the tests has a number of its own.
MARK = f"{os.getpid()}.5"
DAEMON = f"(setsid sh -c 'sleep {MARK} & sleep {MARK}' &) ; "

Start = Callable[..., KeptProcess]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Runs a shell command; `apart` says whether in namespaces."""
    running: list[KeptProcess] = []

    def run(command: str, *, apart: bool = True, network: bool = False, **places: tuple[Path, ...]) -> KeptProcess:
        locked = places.get("locked", ()) if apart else (IMPOSSIBLE,)
        with (tmp_path / "out").open("wb") as out:
            kept = KeptProcess(
                ["/bin/sh", "-c", command],
                folder=tmp_path,
                environment={"PATH": os.environ["PATH"]},
                stdout=out,
                stderr=out,
                network=network,
                hidden=places.get("hidden", ()),
                locked=locked,
            )
        running.append(kept)
        if apart and not kept.apartness.apart:
            pytest.skip(f"no namespaces here: {kept.apartness.fault}")
        return kept

    yield run
    for kept in running:
        kept.end()
    assert not sleeping()


def sleeping() -> list[bytes]:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True).stdout
    return [line for line in listed.splitlines() if line == f"sleep {MARK}".encode()]


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize(
    ("command", "code"), [("exit 0", 0), ("exit 3", 3), ("kill -9 $$", -9), ("kill -11 $$", -11), ("kill -15 $$", -15)]
)
def test_it_ends_as_the_program_does(start: Start, command: str, code: int, apart: bool) -> None:
    assert start(command, apart=apart).process.wait(START_SECONDS) == code


@pytest.mark.parametrize("apart", [True, False])
def test_nothing_is_left_when_it_ends(start: Start, apart: bool) -> None:
    assert start(f"{DAEMON} sleep 0.3; exit 4", apart=apart).process.wait(START_SECONDS) == 4
    assert not sleeping()


@pytest.mark.parametrize("apart", [True, False])
def test_nothing_is_left_when_it_is_ended(start: Start, apart: bool) -> None:
    kept = start(f"{DAEMON} sleep {MARK}", apart=apart)
    assert kept.apartness.apart is apart
    kept.end()
    assert not sleeping()


def test_nothing_is_left_when_its_keeper_is_killed(start: Start) -> None:
    kept = start(f"{DAEMON} sleep {MARK}")
    os.kill(kept.process.pid, signal.SIGKILL)
    kept.process.wait(START_SECONDS)
    until = time.monotonic() + START_SECONDS
    while sleeping() and time.monotonic() < until:
        time.sleep(0.05)
    assert not sleeping()


def test_apart_it_sees_no_process_no_network_and_nothing_hidden(start: Start, tmp_path: Path) -> None:
    hidden, locked = tmp_path / "hidden", tmp_path / "locked"
    for folder in (hidden, locked):
        folder.mkdir()
        (folder / "file").write_text("secret")
    command = f"cat {hidden}/file; cat {locked}/file; echo x > {locked}/file; ls /sys/class/net; cat /proc/net/route"
    assert start(command, hidden=(hidden,), locked=(locked,)).process.wait(START_SECONDS) == 0
    said = (tmp_path / "out").read_text()
    assert said.count("secret") == 1
    assert "Read-only file system" in said
    assert (locked / "file").read_text() == "secret"
    # One line with the names of columns, and no route.
    assert len(said.partition("Iface")[2].splitlines()) == 1


def test_with_the_network_it_is_still_among_its_own_processes(start: Start, tmp_path: Path) -> None:
    kept = start("readlink /proc/self/ns/net /proc/self/ns/pid", network=True)
    assert kept.apartness == Apartness(apart=True, network=True)
    assert kept.process.wait(START_SECONDS) == 0
    net, pid = (tmp_path / "out").read_text().split()
    assert net == str(Path("/proc/self/ns/net").readlink())
    assert pid != str(Path("/proc/self/ns/pid").readlink())


def test_where_it_cannot_be_apart_that_is_said(start: Start) -> None:
    kept = start("exit 0", apart=False)
    assert not kept.apartness.apart
    assert kept.apartness.network
    assert "No such file" in (kept.apartness.told() or "")
