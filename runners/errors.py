"""What a command says when it cannot do its work. Each is one line on stderr and its own exit code, 2 if not said.

RunnerError             the message says what happened, to what, and what to do
├── InputError          an option, an argument or a file that was given cannot be used
├── LimitError          something would cost more than whoever answers for it allows; nothing was done
├── OutputsError        a stack's outputs are missing, or not of the version that is known
├── PriceListError      AWS's price list could not be read
├── WrongAccountError   the credentials are of another account than the stack; nothing was done
├── InspectionError     what an update would do to others' settings could not be found out
├── JournalError        a run's journal cannot be written, or cannot be read back
│   └── JournalHeldError    another process drives the run; nothing was done
├── AwsError            a call to AWS failed for good: refused, throttled beyond the retries, or without an answer
└── DeadlineError       something did not come about in the time it was given
"""

from __future__ import annotations

from typing import ClassVar, Final

from contract.writing.errors import LockedError, WritingError, told
from runners.exit_codes import ExitCode

# What goes wrong between here and a company's servers, where no adapter has put it into words.
_NO_THREAD: Final = "can't start new thread"
_OF_THE_NETWORK: Final = ("botocore", "urllib3", "http", "ssl", "socket")


class RunnerError(Exception):
    """A command cannot do its work; `detail` is shown with `--debug` only."""

    exit_code: ClassVar[ExitCode] = ExitCode.COULD_NOT_JUDGE

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class InputError(RunnerError):
    """An option, an argument or a file that was given cannot be used."""


class LimitError(RunnerError):
    """Something would cost more than its limit; nothing was done."""

    exit_code = ExitCode.REFUSED


class OutputsError(RunnerError):
    """A stack's outputs are missing, or not of the version that is known."""


class PriceListError(RunnerError):
    """AWS's price list could not be read, or its answer has not the expected shape."""


class WrongAccountError(RunnerError):
    """The credentials are of another account than the stack's; the message names both, and nothing was done."""

    exit_code = ExitCode.NOT_STARTED


class InspectionError(RunnerError):
    """The program could not be asked what an update would do to settings of others."""


class JournalError(RunnerError):
    """A run's journal cannot be written, or cannot be read back."""


class JournalHeldError(JournalError):
    """Another process drives the run; nothing was done."""

    exit_code = ExitCode.NOT_STARTED


class AwsError(RunnerError):
    """A call to AWS failed for good. `operation` is `service:Operation`, `code` AWS's error code or the exception."""

    exit_code = ExitCode.AWS_FAILED

    def __init__(self, message: str, *, operation: str, code: str) -> None:
        super().__init__(message)
        self.operation, self.code = operation, code


class DeadlineError(RunnerError):
    """Something did not come about in the time it was given; the message says what was waited for, and how long."""

    exit_code = ExitCode.AWS_FAILED


def fault_of(error: BaseException) -> str | None:
    """What the network or this machine did, in words; None when it is neither's, and so a defect of this program."""
    if is_of_the_network(error):
        return f"a call failed: {type(error).__name__}: {error}"
    if isinstance(error, WritingError | LockedError):
        return str(error)
    if isinstance(error, OSError):
        return told(error)
    if isinstance(error, RuntimeError) and _NO_THREAD in str(error):
        return "this machine starts no more threads (`ulimit -u`, `ulimit -v`)"
    return "this machine has not enough memory" if isinstance(error, MemoryError) else None


def words_of(error: BaseException) -> str:
    """Any error for people: a refusal or a fault in its own words, and a defect by its name."""
    if isinstance(error, RunnerError):
        return str(error)
    return fault_of(error) or f"defect: {type(error).__name__}: {error}"


def is_of_the_network(error: BaseException) -> bool:
    """Whether it is an error of a library that speaks to servers."""
    return any(kind.__module__.partition(".")[0] in _OF_THE_NETWORK for kind in type(error).__mro__)
