"""One line for each run of a stack and month, as `schemas/run-line.schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from contract.run_name import RunName
from contract.run_table import LINE_VERSION as VERSION
from runners.errors import RunnerError


class ForeignLinesError(RunnerError):
    """Something is not a line of this version, so nobody may add to it; the message says where."""


class RunLine(Struct, frozen=True, kw_only=True):
    """What came of one run. `document` is the record as the stack's table has it, of the kind that `type` names."""

    version: Literal[1]
    run: RunName
    stack: str
    type: str
    document: msgspec.Raw


_DECODER: Final = msgspec.json.Decoder(RunLine)


def line_of(run: str, kind: str, stack: str, document: Mapping[str, Any]) -> bytes:
    """The line of a run, without its end.

    Raises:
        ValueError: the document is not JSON.
    """
    whole = {"version": VERSION, "run": run, "stack": stack, "type": kind, "document": document}
    return json.dumps(whole, separators=(",", ":"), allow_nan=False).encode()


def read_line(text: bytes) -> RunLine | None:
    """A line; None if it is not one of this version."""
    try:
        return _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def lines(content: bytes) -> Iterator[bytes]:
    r"""The lines of a month: only `\n` ends one."""
    return (line for line in content.split(b"\n") if line)


def with_line(content: bytes, run: str, line: bytes, place: str) -> bytes | None:
    """The month's lines with this run's among them, every other one as it was; None if it is there already.

    A run that was resumed and ended in another way has its line in the place of the one before.

    Raises:
        ForeignLinesError: the month at `place` has a line that is not of this version.
    """
    found: list[bytes] = []
    for number, held in enumerate(lines(content), 1):
        read = read_line(held)
        if read is None:
            msg = f"{place}: line {number} is not of version {VERSION}; update `ial`, a newer one may have written it"
            raise ForeignLinesError(msg)
        if held == line:
            return None
        if read.run != run:
            found.append(held)
    return b"".join(held + b"\n" for held in (*found, line))
