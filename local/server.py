"""The local cloud as a background process: start, stop, status, with its whereabouts in `.ial/local/`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from contract.reading.files import read_json_file
from contract.reading.numbers import plain_number
from local.endpoint import Endpoint
from local.errors import LocalCloudError

START_LIMIT_SECONDS: Final = 30.0
_STOP_LIMIT_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Running:
    """A local cloud that runs. `instance` changes with every start: what was created before is gone."""

    pid: int
    port: int
    instance: str

    @property
    def endpoint(self) -> Endpoint:
        """Clients for it."""
        return Endpoint(f"http://127.0.0.1:{self.port}")


class LocalServer:
    """The local cloud of one folder; `home` is usually `.ial/local` beside the program."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._file = home / "server.json"
        self._log = home / "server.log"

    def status(self) -> Running | None:
        """The running cloud, or None. A file left by one that died is not believed."""
        try:
            running = Running(**_object(self._file))
        except (ValueError, TypeError):
            return None
        return running if _is_ours(running.pid) and _answers(running.port) else None

    def start(self) -> Running:
        """Starts the cloud unless it runs.

        Raises:
            LocalCloudError: moto is not installed, or the process does not answer in time.
        """
        running = self.status()
        if running is not None:
            return running
        self.home.mkdir(parents=True, exist_ok=True)
        port = _free_port()
        with self._log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "local.cloud_process", str(port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=_clean_environment(),
                cwd=self.home,
            )
        running = Running(pid=process.pid, port=port, instance=uuid.uuid4().hex)
        self._write(running)
        self._wait(process, port)
        return running

    def stop(self) -> bool:
        """Ends the cloud; False if none was running. Everything in it is gone."""
        running = self.status()
        if running is not None:
            _end(running.pid)
        self._file.unlink(missing_ok=True)
        return running is not None

    def _write(self, running: Running) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps(asdict(running)), encoding="utf-8")
        draft.replace(self._file)

    def _wait(self, process: subprocess.Popen[bytes], port: int) -> None:
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            if _answers(port):
                # It is meant to outlive this process: Python would warn that nobody waits for it.
                process.returncode = 0
                return
            time.sleep(0.05)
        _end(process.pid)
        self._file.unlink(missing_ok=True)
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        reason = lines[-1] if lines else f"no answer within {START_LIMIT_SECONDS:g} s"
        msg = f"the local cloud did not start: {reason}; see {self._log}, or install it with `make install`"
        raise LocalCloudError(msg)


def _clean_environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parent.parent)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "MOTO_"))}
    paths = [root, *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


def _object(file: Path) -> dict[str, Any]:
    data = read_json_file(file, "what `ial local start` wrote", number=plain_number).data
    return data if isinstance(data, dict) else {}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


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


def _is_ours(pid: int) -> bool:
    """Whether this process is a local cloud: a number of a dead one may belong to somebody else by now."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return _exists(pid) and not Path("/proc/self").exists()
    except OSError:
        return False
    return b"local.cloud_process" in command


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _end(pid: int) -> None:
    for step in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, step)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + _STOP_LIMIT_SECONDS
        while time.monotonic() < deadline:
            if _ended(pid):
                return
            time.sleep(0.02)


def _ended(pid: int) -> bool:
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
    except ChildProcessError:
        pass
    return not _is_ours(pid)
