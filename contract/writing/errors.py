"""Why something could not be written, or not yet; each message is one line that says what to do."""

from __future__ import annotations

import errno
from typing import Final

_ADVICE: Final = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EFBIG: "free some space",
    errno.EROFS: "make it writable",
    errno.EACCES: "make it yours to read and to write",
    errno.EPERM: "make it yours to read and to write",
    errno.EMFILE: "raise the limit of open files (`ulimit -n`)",
    errno.ENFILE: "end what holds so many files open",
    errno.ENOMEM: "end what takes so much memory",
    errno.EAGAIN: "end what runs so many processes",
    errno.EIO: "look after the disk",
}


class WritingError(Exception):
    """A file or a folder cannot be written."""


class LockedError(Exception):
    """Another process holds the lock; the message says which one."""


def told(error: OSError, what: object = None) -> str:
    """What the system refused, in one line: `/x/state.json: No space left on device; free some space`."""
    place = what if what is not None else error.filename
    reason = error.strerror or str(error) or type(error).__name__
    advice = _ADVICE.get(error.errno or 0)
    return f"{f'{place}: ' if place is not None else ''}{reason}{f'; {advice}' if advice else ''}"
