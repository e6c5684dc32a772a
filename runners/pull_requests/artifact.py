"""The report inside the archive of an artifact: read in memory, never unpacked, never more than is bearable."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from contract.reading.errors import shown
from runners.gate.reporting import FILES
from runners.pull_requests.errors import ReceivedError

LARGEST: Final = 16 * 1024 * 1024
_REPORT: Final = "report.json"
# Others give more than is asked for at once, so a small archive could fill the memory.
_BOUNDED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1


def report_text(archive: bytes) -> str:
    """The text of the report.

    Raises:
        ReceivedError: it is no archive of what a gate's job keeps, or holds more than is read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            _refuse_strange(opened.infolist())
            with opened.open(_REPORT) as file:
                content = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, NotImplementedError) as error:
        msg = f"its archive cannot be read ({error})"
        raise ReceivedError(msg) from None
    if len(content) > LARGEST:
        msg = f"{_REPORT} is larger than {LARGEST // 1024 // 1024} MiB"
        raise ReceivedError(msg)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        msg = f"{_REPORT} is not UTF-8 text"
        raise ReceivedError(msg) from None


def _refuse_strange(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    for entry in entries:
        if entry.filename not in FILES or entry.orig_filename != entry.filename:
            msg = f"its archive holds {shown(entry.orig_filename)}; a gate's job keeps {', '.join(FILES)}"
            raise ReceivedError(msg)
        if names.count(entry.filename) > 1:
            msg = f"its archive holds {entry.filename} twice"
            raise ReceivedError(msg)
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _BOUNDED:
            msg = f"{entry.filename} is encrypted, or compressed in another way than a gate's job does"
            raise ReceivedError(msg)
    if _REPORT not in names:
        msg = f"its archive holds no {_REPORT}"
        raise ReceivedError(msg)
