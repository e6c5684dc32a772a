"""The local cloud as a background process: there and seeded, or not there, with its whereabouts in `.ial/local/`."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final

from contract.reading.files import read_json_file
from contract.reading.numbers import plain_number
from contract.writing.files import private_folder, write_whole
from contract.writing.lock import holder, locked
from local.cloud_processes import MODULE, CloudProcess, clouds_of, end, serves, started
from local.endpoint import Endpoint
from local.errors import LocalCloudError

START_LIMIT_SECONDS: Final = 60.0
# The byte on which a cloud outlives whoever started it (cloud_process.py).
STAY: Final = b"s"
Prepare = Callable[["Running"], object]


@dataclass(frozen=True)
class Running:
    """A local cloud that runs. `instance` changes with every start: what was created before is gone."""

    pid: int
    port: int
    instance: str
    started: str

    @cached_property
    def endpoint(self) -> Endpoint:
        """Clients for it, each made once."""
        return Endpoint(f"http://127.0.0.1:{self.port}")


def _nothing(_: Running) -> None:
    """Leaves the cloud empty."""


class LocalServer:
    """The local cloud of one folder; `home` is usually `.ial/local` beside the program."""

    # What its process runs.
    module: ClassVar[str] = MODULE

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self._file = self.home / "server.json"
        self._log = self.home / "server.log"
        self._lock = self.home / "server.lock"
        self._life: int | None = None

    def status(self) -> Running | None:
        """The running cloud, or None. Its file is written when all is in it; one of a dead cloud is not believed."""
        try:
            running = Running(**_object(self._file))
        except (ValueError, TypeError):
            return None
        return running if serves(CloudProcess(running.pid, running.started)) else None

    def busy(self) -> str | None:
        """Who starts or stops it just now, in words for people; None when nobody does."""
        return holder(self._lock)

    def start(self, prepare: Prepare = _nothing, *, stay: bool = True) -> tuple[Running, bool]:
        """The cloud, prepared, and whether this call started it. Who starts at the same time waits, and gets the same.

        A start that is cut off leaves no cloud. One that is not to `stay` ends with this process, until `let_stay`.

        Raises:
            LocalCloudError: moto is not installed, or the process does not answer in time.
            LockedError: somebody else starts or stops it, and does not come to an end.
            WritingError: its folder cannot be written.
        """
        with locked(self._lock, "a start of the local cloud", within=START_LIMIT_SECONDS):
            running = self.status()
            if running is not None:
                return running, False
            self._end_all()
            running = self._booted(prepare)
            if stay:
                self.let_stay()
            return running, True

    def let_stay(self) -> None:
        """From now on the cloud outlives this process, if this one started it."""
        if self._life is not None:
            with contextlib.suppress(BrokenPipeError):
                os.write(self._life, STAY)
            self._let_go()

    def stop(self) -> bool:
        """Ends all clouds of the folder, whole, half-started or forgotten; False if there was none.

        Raises:
            LockedError: somebody starts it, and does not come to an end.
            WritingError: its folder cannot be written.
        """
        if not self.home.is_dir():
            return self._end_all()
        # Whoever starts one just now sees it die, and gives up.
        ended = self._end_all()
        with locked(self._lock, "a stop of the local cloud", within=START_LIMIT_SECONDS):
            ended = self._end_all() or ended
            self._file.unlink(missing_ok=True)
        self._let_go()
        return ended

    def _end_all(self) -> bool:
        found = clouds_of(self.home)
        for process in found:
            end(process)
        return bool(found)

    def _let_go(self) -> None:
        if self._life is not None:
            os.close(self._life)
            self._life = None

    def _booted(self, prepare: Prepare) -> Running:
        self._file.unlink(missing_ok=True)
        process, port = self._spawned()
        try:
            self._wait(process, port)
            running = Running(process.pid, port, uuid.uuid4().hex, started(process.pid) or "")
            prepare(running)
            # Not by waiting for it: a process whose last threads are still ending cannot be waited for yet.
            if not CloudProcess(running.pid, running.started).alive:
                raise self._ended()
            write_whole(self._file, json.dumps(asdict(running)))
        except BaseException as error:
            gone = process.poll() is not None
            # Half a workload would make every later error a riddle.
            process.kill()
            process.wait()
            self._let_go()
            if gone and isinstance(error, Exception):
                raise self._ended() from error
            raise
        # It is meant to outlive this process: Python would warn that nobody waits for it.
        process.returncode = 0
        return running

    def _spawned(self) -> tuple[subprocess.Popen[bytes], int]:
        private_folder(self.home)
        life, self._life = os.pipe()
        with socket.create_server(("127.0.0.1", 0), backlog=128) as door, self._log.open("wb") as log:
            self._log.chmod(0o600)
            handles = (door.fileno(), life)
            try:
                process = subprocess.Popen(
                    [sys.executable, "-m", self.module, *map(str, handles), str(self.home)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    env=_clean_environment(),
                    cwd=self.home,
                    pass_fds=handles,
                )
            finally:
                os.close(life)
            return process, int(door.getsockname()[1])

    def _wait(self, process: subprocess.Popen[bytes], port: int) -> None:
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if _answers(port):
                return
            time.sleep(0.05)
        raise self._ended() if process.poll() is not None else self._fault(f"no answer in {START_LIMIT_SECONDS:g} s")

    def _ended(self) -> LocalCloudError:
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return self._fault(lines[-1] if lines else "it was ended while it was started")

    def _fault(self, reason: str) -> LocalCloudError:
        return LocalCloudError(
            f"the local cloud did not start: {reason}; see {self._log}, or install it with `make install`"
        )


def _clean_environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parent.parent)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "MOTO_"))}
    paths = [root, *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


def _object(file: Path) -> dict[str, Any]:
    data = read_json_file(file, "what `ial local start` wrote", number=plain_number).data
    return data if isinstance(data, dict) else {}


def _answers(port: int) -> bool:
    try:
        # A proxy of the user's has no way to this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{port}/moto-api/", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
