"""The document that takes a database's connections, run by a shell against servers that count them."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from components.chaos import hold_connections, hold_document
from components.chaos.hold_document import content_sha256, document_content

HOLDER = Path(hold_connections.__file__)
CONTENT: dict[str, Any] = json.loads(document_content())
GOOD = {"Host": "127.0.0.1", "Engine": "postgresql", "Connections": "5", "DurationSeconds": "60"}


# As servers of both kinds say that they have no connection left, and that they do not want this client.
FULL = {
    "postgresql": b"E\0\0\0\x2eSFATAL\0VFATAL\0C53300\0Mtoo many clients\0\0",
    "mysql": b"\x17\0\0\0\xff\x10\x04Too many connections",
}
UNWANTED = {
    "postgresql": b"E\0\0\0\x2eSFATAL\0VFATAL\0C28000\0Mno pg_hba.conf entry\0\0",
    "mysql": b"\x17\0\0\0\xff\x69\x04Host is blocked",
}


class Server:
    """A database's server: greets as its engine does, and has only so many connections."""

    def __init__(self, engine: str, limit: int, hang_up_after: float = 3600) -> None:
        self.engine, self.limit, self.hang_up_after = engine, limit, hang_up_after
        self.now = self.most = self.seen = self.bytes = 0
        self.refusal = FULL[engine]
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                one, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(one,), daemon=True).start()

    def _serve(self, one: socket.socket) -> None:
        with one:
            one.settimeout(self.hang_up_after)
            try:
                self._greet(one)
            except OSError:
                return

    def _greet(self, one: socket.socket) -> None:
        if self.engine == "postgresql":
            assert one.recv(8) == struct.pack("!ii", 8, 80877103)
            one.sendall(b"N")
            [length] = struct.unpack("!i", one.recv(4))
            assert b"user\0" in one.recv(length - 4)
        with self._lock:
            self.seen += 1
            room = self.now < self.limit
            self.now += room
            self.most = max(self.most, self.now)
        if not room:
            one.sendall(self.refusal)
            return
        try:
            one.sendall(b"R" if self.engine == "postgresql" else b"\x4a\0\0\0\x0a8.0.36\0")
            while taken := one.recv(64):
                self.bytes += len(taken)
        except (TimeoutError, ConnectionError):
            pass
        finally:
            with self._lock:
                self.now -= 1


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def start(*given: Any) -> Server:
        made.append(Server(*given))
        return made[-1]

    yield start
    for server in made:
        server.close()


# The holder's clock where the test does not race against a server's: three of its seconds pass in one.
QUICKLY = """import time
_sleep, _clock = time.sleep, time.monotonic
time.sleep, time.monotonic = lambda seconds: _sleep(seconds / 3), lambda: _clock() * 3
"""


def script(step: int, folder: Path, *, quickly: bool = True, **values: str) -> str:
    """A step as the agent runs it, in a folder of the test's own."""
    lines = CONTENT["mainSteps"][step]["inputs"]["runCommand"]
    text = "\n".join(lines).replace("/run/ial-connection-hold", str(folder)).replace("&& sleep 6", "&& sleep 1")
    if quickly:
        text = text.replace("import time\n", QUICKLY)
    for name, value in values.items():
        text = text.replace(f"{{{{ {name} }}}}", value)
    assert "{{" not in text
    return text


Begin = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Starts the first step in a group of processes of its own; what it says goes beside its folder."""
    begun: list[subprocess.Popen[bytes]] = []

    def start(folder: Path, server: Server, seconds: int = 180, *, quickly: bool = True) -> subprocess.Popen[bytes]:
        values = GOOD | {"Port": str(server.port), "Engine": server.engine, "DurationSeconds": str(seconds)}
        text = script(0, folder, quickly=quickly, **values)
        with folder.with_suffix(".log").open("w") as log:
            begun.append(subprocess.Popen(["sh", "-c", text], stdout=log, stderr=log, start_new_session=True))
        return begun[-1]

    yield start
    for shell in begun:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()


def until(wanted: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
def test_it_holds_what_is_asked_and_gives_it_back(
    serve: Callable[..., Server], begin: Begin, tmp_path: Path, engine: str
) -> None:
    server = serve(engine, 20)
    shell = begin(tmp_path / "held", server, seconds=6)
    until(lambda: server.most == 5)
    assert shell.wait(timeout=20) == 0
    assert (
        tmp_path / "held.log"
    ).read_text() == "held at most 5 of 5 connections; the server was full 0 times; 0 could not be opened\n"
    until(lambda: server.now == 0)
    assert server.most == 5
    assert not (tmp_path / "held").exists()


@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
def test_a_server_that_is_full_is_what_was_wanted(
    serve: Callable[..., Server], begin: Begin, tmp_path: Path, engine: str
) -> None:
    server = serve(engine, 3)
    shell = begin(tmp_path / "held", server, seconds=5)
    assert shell.wait(timeout=20) == 0
    assert (tmp_path / "held.log").read_text().startswith("held at most 3 of 5 connections; the server was full")


@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
def test_a_server_that_wants_nobody_is_a_failure(
    serve: Callable[..., Server], begin: Begin, tmp_path: Path, engine: str
) -> None:
    server = serve(engine, 0)
    server.refusal = UNWANTED[engine]
    shell = begin(tmp_path / "held", server, seconds=3)
    assert shell.wait(timeout=20) == 1
    assert (
        (tmp_path / "held.log").read_text().startswith("held at most 0 of 5 connections; the server was full 0 times")
    )


def test_postgresql_hangs_up_and_it_comes_again(serve: Callable[..., Server], begin: Begin, tmp_path: Path) -> None:
    server = serve("postgresql", 20, 5.0)
    shell = begin(tmp_path / "held", server, seconds=12, quickly=False)
    shell.wait(timeout=20)
    assert server.seen > 5
    assert server.most == 5


def test_mysql_is_sent_a_byte_in_time_and_never_asked_again(
    serve: Callable[..., Server], begin: Begin, tmp_path: Path
) -> None:
    server = serve("mysql", 20, 6.0)
    shell = begin(tmp_path / "held", server, seconds=12, quickly=False)
    impatient = serve("mysql", 20, 1.0)
    other = begin(tmp_path / "again", impatient, seconds=8, quickly=False)
    time.sleep(10)
    assert server.now == 5
    shell.wait(timeout=20)
    assert server.bytes > 5 * 4
    other.wait(timeout=20)
    assert impatient.seen == 5


def test_a_server_that_is_not_there_is_a_failure(serve: Callable[..., Server], begin: Begin, tmp_path: Path) -> None:
    server = serve("postgresql", 20)
    server.port = 1
    shell = begin(tmp_path / "held", server, seconds=3)
    assert shell.wait(timeout=20) == 1
    assert (tmp_path / "held.log").read_text().startswith("held at most 0 of 5 connections")


def test_cancelled_it_gives_everything_back(serve: Callable[..., Server], begin: Begin, tmp_path: Path) -> None:
    server = serve("postgresql", 20)
    shell = begin(tmp_path / "held", server)
    until(lambda: server.now >= 2)
    shell.terminate()
    assert shell.wait(timeout=10) == 143
    until(lambda: server.now == 0)
    assert not (tmp_path / "held").exists()


def test_a_shell_that_is_killed_takes_its_connections_along(
    serve: Callable[..., Server], begin: Begin, tmp_path: Path
) -> None:
    server = serve("postgresql", 20)
    shell = begin(tmp_path / "held", server)
    until(lambda: server.now >= 2)
    holder = (tmp_path / "held" / "pid").read_text().strip()
    shell.kill()
    shell.wait(timeout=10)
    until(lambda: server.now == 0 and not Path(f"/proc/{holder}").exists())
    # Its folder is left, and does not keep the next run away.
    again = begin(tmp_path / "held", server, seconds=3)
    assert again.wait(timeout=20) == 0


def test_a_holder_that_hangs_is_ended_by_the_kernel(tmp_path: Path) -> None:
    text = HOLDER.read_text().replace("time.sleep(1)", "time.sleep(1000)").replace("seconds + 10", "1")
    hung = tmp_path / "hung.py"
    hung.write_text(text)
    ended = subprocess.run(["python3", "-I", hung, "127.0.0.1", "1", "mysql", "5", "60"], timeout=20, check=False)
    assert ended.returncode == -signal.SIGALRM


def test_the_last_step_ends_what_the_first_one_left(serve: Callable[..., Server], begin: Begin, tmp_path: Path) -> None:
    server = serve("postgresql", 20)
    # The shell is stopped, so that neither its trap nor its end can clean up.
    shell = begin(tmp_path / "held", server)
    until(lambda: server.now >= 2)
    os.kill(shell.pid, signal.SIGSTOP)
    done = subprocess.run(["sh", "-c", script(1, tmp_path / "held")], timeout=30, check=False)
    assert done.returncode == 0
    until(lambda: server.now == 0)
    assert not (tmp_path / "held").exists()
    os.kill(shell.pid, signal.SIGKILL)
    shell.wait(timeout=10)


def test_the_last_step_kills_nothing_else(tmp_path: Path) -> None:
    other = subprocess.Popen(["sleep", "60"])
    held = tmp_path / "held"
    for text in (str(other.pid), f"{other.pid} 1", ""):
        held.mkdir(exist_ok=True)
        (held / "pid").write_text(text)
        subprocess.run(["sh", "-c", script(1, held)], timeout=30, check=False)
        assert other.poll() is None
    other.kill()
    other.wait()


def test_two_do_not_hold_at_once(serve: Callable[..., Server], begin: Begin, tmp_path: Path) -> None:
    server = serve("postgresql", 20)
    first = begin(tmp_path / "held", server)
    until(lambda: (tmp_path / "held" / "pid").exists() and server.now >= 1)
    second = begin(tmp_path / "held", server)
    assert second.wait(timeout=10) == 3
    assert first.poll() is None
    first.terminate()
    first.wait(timeout=10)


def test_the_document_always_ends_and_cleans_up() -> None:
    hold, clean = CONTENT["mainSteps"]
    assert clean["inputs"]["finallyStep"] is True
    assert [int(step["inputs"]["timeoutSeconds"]) for step in (hold, clean)] == [3600, 60]
    assert len(document_content()) < 64 * 1024
    used = set(re.findall(r"\{\{ (\w+) \}\}", json.dumps(CONTENT["mainSteps"])))
    assert used == set(CONTENT["parameters"])


def test_the_holder_is_python_that_amazon_linux_2_has() -> None:
    text = HOLDER.read_text()
    ast.parse(text, feature_version=(3, 7))
    assert "{{" not in text
    assert "END_OF_HOLDER" not in text


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("Host", ["shop-db.abc.us-east-1.rds.amazonaws.com", "10.0.0.1"], ["a'b", "a b", "$(id)", "-x", "", "a;b"]),
        ("Port", ["1", "5432", "65535"], ["0", "123456", "22;id", "", "٣"]),
        ("Connections", ["1", "9", "99", "100", "499", "500"], ["0", "501", "999", "05", "", "1 2"]),
        ("DurationSeconds", ["60", "99", "100", "3000", "3499", "3539", "3540"], ["59", "3541", "3600", "9999", "60s"]),
    ],
)
def test_parameters_take_what_is_meant_and_nothing_else(name: str, good: list[str], bad: list[str]) -> None:
    pattern = CONTENT["parameters"][name]["allowedPattern"]
    assert [text for text in good if not re.fullmatch(pattern, text)] == []
    assert [text for text in bad if re.fullmatch(pattern, text)] == []
    assert pattern.startswith("^")
    assert pattern.endswith("$")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["h", "1", "mysql", "5"],
        ["h", "0", "mysql", "5", "60"],
        ["h", "1", "oracle", "5", "60"],
        ["h", "1", "mysql", "501", "60"],
        ["h", "1", "mysql", "5", "3541"],
        ["h", "x", "mysql", "5", "60"],
    ],
)
def test_wrong_arguments_open_nothing(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert hold_connections.main(arguments) == 2
    assert "accepted: HOST PORT" in capsys.readouterr().err


def test_the_fingerprint_is_of_what_is_said() -> None:
    spaced = json.dumps(CONTENT, indent=8, sort_keys=True)
    assert content_sha256(spaced) == content_sha256(document_content())
    changed = CONTENT | {"description": "another"}
    assert content_sha256(json.dumps(changed)) != content_sha256(document_content())
    assert hold_document.NAME == "connection-hold"
