"""The lines of a run's log, as the published schema has them. The log is for people: nothing reads it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from contract.parts import Count

Moment = Annotated[datetime, Meta(tz=True)]
# What the log puts in the place of, with each line.
_UNSET: Final = datetime.fromtimestamp(0, UTC)


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """What every line has. Whoever logs leaves it to the log.

    Attributes:
        at: When, in UTC by this machine's clock, also while a rehearsal has a time of its own.
        level: debug, info, warning, error or critical.
        process: The number of the process; a run that was resumed has lines of several.
        thread: The name of the thread.
    """

    at: Moment = _UNSET
    level: str = ""
    process: int = 0
    thread: str = ""


class Call(Line, frozen=True, kw_only=True):
    """An attempt of a call to AWS.

    Attributes:
        call: Number of the call in its process; all its lines have it.
        service: The service as boto3 names it, such as dynamodb.
        operation: The operation, such as PutItem.
        region: The region of the client.
        identity: Who signs, an ARN; null until AWS has said it.
        resource: What it is asked about; null when that is not known.
        attempt: From 1 on.
    """

    call: Count
    service: str
    operation: str
    region: str | None
    identity: str | None
    resource: str | None
    attempt: Count


class Asked(Call, frozen=True, kw_only=True, tag="asked"):
    """An attempt of a call to AWS begins.

    Attributes:
        because: Why it is tried again, the error of the attempt before; null for the first.
    """

    because: str | None


class Answered(Call, frozen=True, kw_only=True, tag="answered"):
    """An attempt of a call to AWS ended.

    Attributes:
        status: HTTP status; null when there was no answer of AWS's.
        milliseconds: How long the attempt took.
        request: AWS's id of the request; null when there is none.
        error: AWS's error code, or what went wrong on the way; null when all went well.
    """

    status: int | None
    milliseconds: int
    request: str | None
    error: str | None


class Waiting(Line, frozen=True, kw_only=True, tag="waiting"):
    """A wait of a second or more begins.

    Attributes:
        what: What is waited for.
        until: The latest moment to which it waits, by the run's clock, which in a rehearsal is not this machine's.
    """

    what: str
    until: Moment


class Step(Line, frozen=True, kw_only=True, tag="step"):
    """A line of the journal is on disk, and what it announces begins.

    Attributes:
        number: The journal's line, which has the data.
        step: The step, with `.done` when it is over.
    """

    number: Count
    step: str


class Told(Line, frozen=True, kw_only=True, tag="told"):
    """What people were told on the terminal.

    Attributes:
        text: The words.
    """

    text: str


class Noted(Line, frozen=True, kw_only=True, tag="noted"):
    """Anything else: what libraries say, faults.

    Attributes:
        logger: Who says it.
        text: The words.
        trace: Where an error came from; null when there is none.
    """

    logger: str
    text: str
    trace: str | None


LogLine: TypeAlias = Asked | Answered | Waiting | Step | Told | Noted
