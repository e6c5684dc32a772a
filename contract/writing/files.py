"""Files that are there as a whole: a reader sees the old content or the new one, also after a crash of the machine."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from contract.writing.errors import WritingError, told

# What runs write down is their user's alone: it names resources, keys and people.
PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
OWN: Final = ".ial"


def write_whole(path: Path, content: str | bytes, *, private: bool = True) -> None:
    """Writes a file so that nobody ever sees half of it. What is not `private` has the rights of the file before it.

    Raises:
        WritingError: it could not be written; what was there is there still.
    """
    data = content.encode() if isinstance(content, str) else content
    # What a link leads to is written, and the link stays.
    target = path.resolve() if path.is_symlink() else path
    draft = None
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), PRIVATE_FILE if private else _rights(target))
            os.fsync(file.fileno())
        Path(draft).replace(target)
        draft = None
        sync_folder(target.parent)
    except OSError as error:
        raise WritingError(told(error, path)) from error
    finally:
        if draft is not None:
            with contextlib.suppress(OSError):
                Path(draft).unlink()


def private_folder(path: Path) -> Path:
    """Makes a folder that is its user's alone, and those above it that do not exist; `.ial` of others' days as well.

    Raises:
        WritingError: it could not be made.
    """
    try:
        for missing in reversed([held for held in (path, *path.parents) if not held.exists()]):
            missing.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        for held in _own(path):
            if stat.S_IMODE(held.stat().st_mode) & ~PRIVATE_FOLDER:
                held.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise WritingError(told(error, error.filename or path)) from error
    return path


def private_file(path: Path, flags: int) -> int:
    """Opens a file with the flags of open(2); one that is made is its user's alone.

    Raises:
        OSError: it cannot be opened.
    """
    return os.open(path, flags | os.O_CLOEXEC, PRIVATE_FILE)


def sync_folder(folder: Path) -> None:
    """Makes sure that the names in a folder survive a crash of the machine."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _own(path: Path) -> list[Path]:
    """The folders of ours on a path: `.ial` and what is below it."""
    parts = path.parts
    if OWN not in parts:
        return []
    first = len(parts) - 1 - parts[::-1].index(OWN)
    return [Path(*parts[:number]) for number in range(first + 1, len(parts) + 1)]


def _rights(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
