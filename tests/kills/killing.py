"""Commands as processes that are ended at a moment, and what is left running of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
AS_OF: Final = "2026-11-25"
# Every process that a command starts gets it, the program under the local engine as well, which gets `PYTHON*`.
_MARK: Final = "PYTHON_IAL_KILLED"
# Two seconds on a machine that has nothing else to do.
LEFT_SECONDS: Final = 20.0
_LONGEST_SECONDS: Final = 300.0


@dataclass(frozen=True)
class Ended:
    """How a command ended: its code, negative for a signal; what it said; what of it still runs after the limit."""

    code: int
    out: str
    err: str
    seconds: float
    left: tuple[str, ...]

    @property
    def document(self) -> Any:
        """Stdout as JSON."""
        return json.loads(self.out)

    def require_clean(self, number: int | None, *codes: int) -> None:
        """One code of those that it may have, one line where it did not do its work, and nothing left running.

        Before the handler is there and after it is gone again, a signal ends a process as any other.
        """
        killed = () if number is None else (-number,) if number == signal.SIGKILL else (-number, 130)
        assert self.code in (*codes, *killed), self
        assert self.left == (), self
        assert "Traceback" not in self.err, self.err
        assert "defect" not in self.err, self.err
        faults = [line for line in self.err.splitlines() if line.startswith("ial: ")]
        assert len(faults) <= 1, self.err
        if self.code == 130:
            assert faults, self.err


def command(folder: Path, *arguments: str, number: int | None = None, after: float = 0.0) -> Ended:
    """Runs `ial` in a folder, and sends it the signal after so many seconds. What lasts by design is not `left`."""
    mark = uuid.uuid4().hex
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    environment = {**kept, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "IAL_AS_OF": AS_OF, _MARK: mark}
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "runners.cli", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=_LONGEST_SECONDS if number is None else after)
    except subprocess.TimeoutExpired:
        assert number is not None, f"{arguments} did not end"
        process.send_signal(number)
        # What holds its streams would keep this waiting: that is one of the faults looked for.
        try:
            out, err = process.communicate(timeout=LEFT_SECONDS * 2)
        except subprocess.TimeoutExpired as error:
            left = _marked(mark)
            process.kill()
            process.communicate()
            msg = f"{arguments} still runs {LEFT_SECONDS * 2:g} s after signal {number}: {left}"
            raise AssertionError(msg) from error
    seconds = time.monotonic() - begun
    return Ended(process.returncode, out, err, seconds, _left(mark))


def _left(mark: str) -> tuple[str, ...]:
    until = time.monotonic() + LEFT_SECONDS
    while (found := _marked(mark)) and time.monotonic() < until:
        time.sleep(0.05)
    return tuple(found)


def _marked(mark: str) -> list[str]:
    """The command lines of processes with the mark; a local cloud that was started to stay is none of them."""
    wanted, found = f"{_MARK}={mark}".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        if words and not _stays(words):
            found.append(words)
    return found


def _stays(words: str) -> bool:
    """Whether it is the cloud that its folder's file names: one that is there, and whole."""
    if "local.cloud_process" not in words:
        return False
    file = Path(words.rpartition(" ")[2]) / "server.json"
    try:
        return bool(json.loads(file.read_text())["port"])
    except (OSError, ValueError, KeyError):
        return False
