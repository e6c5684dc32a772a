"""Local clouds in milliseconds: each is a copy of one that runs, with all that is in it.

A cloud holds everything in its memory, so a fork of its process is a second cloud, and what happens in one of them is
never seen in the other. It is the same code that answers, and it is found, asked and stopped as any other.

`python -m tests.clouds DOOR LIFE HOME` is the first cloud, an empty one, started as `local.cloud_process` is; it and
its copies answer `POST /copies`, too. Only Linux says in /proc whose a copy is; elsewhere each cloud is started.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import shutil
import signal
import socket
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self

from local.cloud_process import cloud, end_with_its_starter, serve
from local.cloud_processes import MODULE, started
from local.deployment import LocalStack, local_server
from local.seed import seed
from local.server import LocalServer, Prepare, Running
from local.web import Environ, Start, Wsgi, answer, read_document
from preview.project import Project

ROOT: Final = Path(__file__).resolve().parents[1]
PROGRAM: Final = ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py")
STACK: Final = "dev"
_COPIES: Final = Path("/proc/self/stat").exists()
# How a process is called is written where its first one's call was, which must be long enough.
_ROOM: Final = "x" * 200
# Where the system says that it is written: fields 48 and 49, counted from the third (proc_pid_stat(5)).
_ARGUMENTS: Final = slice(45, 47)


class Clouds:
    """The clouds of one process of tests; the models are made when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._first_server = _FirstCloud(folder / _ROOM)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the first cloud, and with it all others."""
        self._first_server.stop()

    @contextmanager
    def empty(self, folder: Path) -> Iterator[Running]:
        """A cloud of the folder with nothing in it."""
        if _COPIES:
            _copy(self._first, folder)
        with _running(folder) as running:
            yield running

    @contextmanager
    def seeded(self, folder: Path) -> Iterator[Running]:
        """A cloud of the folder with the example workload in it."""
        if _COPIES:
            _copy(self._workload, folder)
        with _running(folder, lambda found: seed(found.endpoint)) as running:
            yield running

    @contextmanager
    def deployed(self, folder: Path) -> Iterator[Running]:
        """The example program in the folder, and its stack `dev` applied to a cloud of the folder."""
        if _COPIES:
            model, found = self._stack
            shutil.copytree(model, folder, dirs_exist_ok=True, ignore=lambda _, names: {"local"} & {*names})
            _copy(found, folder)
        with _running(folder, lambda found: seed(found.endpoint)) as running:
            if not _COPIES:
                _apply(folder)
            yield running

    @cached_property
    def _first(self) -> Running:
        running, _ = self._first_server.start(stay=False)
        return running

    @cached_property
    def _workload(self) -> Running:
        running = _copy(self._first, self._folder / "workload")
        seed(running.endpoint)
        return running

    @cached_property
    def _stack(self) -> tuple[Path, Running]:
        folder = self._folder / "stack"
        running = _copy(self._workload, folder)
        _apply(folder)
        return folder, running


class _FirstCloud(LocalServer):
    """Ends with whoever started it, and so do all copies: they hold the same pipe."""

    module: ClassVar[str] = "tests.clouds"


def _apply(folder: Path) -> None:
    for name in PROGRAM:
        shutil.copy(ROOT / name, folder / name)
    LocalStack(Project.load(folder, STACK)).up()


@contextmanager
def _running(folder: Path, prepare: Prepare = lambda _: None) -> Iterator[Running]:
    """The folder's cloud, which a copy is already."""
    server = local_server(folder)
    try:
        running, booted = server.start(prepare, stay=False)
        # A copy that nobody finds would be replaced without a word.
        assert booted != _COPIES
        yield running
    finally:
        server.stop()


def _copy(model: Running, folder: Path) -> Running:
    """A copy of a cloud for another folder; what a state says of the one holds for the other."""
    home = local_server(folder).home
    home.mkdir(parents=True)
    request = urllib.request.Request(f"{model.endpoint.url}/copies", json.dumps({"home": str(home)}).encode())
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as told:
        made = json.load(told)
    running = replace(model, **made, started=started(made["pid"]) or "")
    (home / "server.json").write_text(json.dumps(asdict(running)), encoding="utf-8")
    return running


class _Copyable:
    """A WSGI application in front of a cloud's, that makes another process of it."""

    def __init__(self, inner: Wsgi, life: int) -> None:
        self._inner, self._life = inner, life

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        if environ["PATH_INFO"] != "/copies":
            return self._inner(environ, start_response)
        home = Path(read_document(environ)["home"])
        # What no copy touches, garbage collection included, stays one for all of them.
        gc.freeze()
        with socket.create_server(("127.0.0.1", 0), backlog=128) as door:
            said, saying = os.pipe()
            made = os.fork()
            if made == 0:
                self._become_another(door, home, saying)
            os.close(saying)
            with os.fdopen(said, "rb") as stream:
                stream.read()
            return answer(start_response, {"pid": made, "port": door.getsockname()[1]})

    def _become_another(self, door: socket.socket, home: Path, saying: int) -> None:
        """Never returns. Other threads, all of them waiting for requests, have stayed behind."""
        try:
            with (home / "server.log").open("wb") as log:
                for stream in (1, 2):
                    os.dup2(log.fileno(), stream)
            _close_all_but(0, 1, 2, self._life, door.fileno(), saying)
            _be_called(sys.executable, "-m", MODULE, door.fileno(), self._life, home)
            os.chdir(home)
            end_with_its_starter(self._life)
            # Whoever asked may look for it now.
            os.close(saying)
            serve(door.detach(), self)
        finally:
            os._exit(1)


def _close_all_but(*kept: int) -> None:
    """A client of the first one waits for what nobody would answer, if the second one held its connection."""
    for handle in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        # The list itself was one of them.
        with contextlib.suppress(OSError):
            if handle not in kept:
                os.close(handle)


def _be_called(*words: object) -> None:
    """Writes this process's command line where the system reads it: by it, a cloud's process is found."""
    begin, end = map(int, Path("/proc/self/stat").read_text().rpartition(")")[2].split()[_ARGUMENTS])
    line = b"\0".join(str(word).encode() for word in words)
    if len(line) >= end - begin:
        msg = f"{len(line)} bytes of command line, and there is room for {end - begin}"
        raise ValueError(msg)
    ctypes.memmove(begin, line.ljust(end - begin, b"\0"), end - begin)


def main() -> None:
    """Serves until whoever started it is gone."""
    gc.disable()
    door, life = int(sys.argv[1]), int(sys.argv[2])
    # Nobody waits for copies.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    end_with_its_starter(life)
    serve(door, _Copyable(cloud(), life))


if __name__ == "__main__":
    main()
