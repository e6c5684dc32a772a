"""A lock among the processes of one machine, which the kernel frees when its holder ends, however that ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from contract.writing.errors import LockedError, WritingError, told
from contract.writing.files import private_file, private_folder

_EVERY_SECONDS: Final = 0.05
_LONGEST: Final = 200


@contextlib.contextmanager
def locked(path: Path, what: str, within: float = 0.0) -> Iterator[None]:
    """Holds the lock; `what` is what its holder does, such as `ial up of stack dev`. Waits `within` seconds for it.

    The file stays: one that was removed while somebody waits for it would be two locks.

    Raises:
        LockedError: somebody else has it; the message says who.
        WritingError: there can be no lock in this folder.
    """
    private_folder(path.parent)
    try:
        handle = private_file(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW)
    except OSError as error:
        raise WritingError(told(error, path)) from error
    try:
        if not _taken(handle, within):
            msg = f"{_said(handle)} is under way; wait for its end, or end it ({path})"
            raise LockedError(msg)
        with contextlib.suppress(OSError):
            # For people only: on a full disk the lock is as good without it.
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{what} (process {os.getpid()})".encode()[:_LONGEST], 0)
        yield
    finally:
        os.close(handle)


def holder(path: Path) -> str | None:
    """Who has the lock, in words for people; None when it is free."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return None if _taken(handle, 0.0, fcntl.LOCK_SH) else _said(handle)
    finally:
        os.close(handle)


def _taken(handle: int, within: float, kind: int = fcntl.LOCK_EX) -> bool:
    until = time.monotonic() + within
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_EVERY_SECONDS)
        else:
            return True


def _said(handle: int) -> str:
    text = os.pread(handle, _LONGEST, 0).decode(errors="replace").strip()
    return text if text.isprintable() and text else "another command"
