"""What a command says when it cannot do its work. Each is one line on stderr and exit code 2.

RunnerError             the message says what happened, to what, and what to do
├── InputError          an option, an argument or a file that was given cannot be used
├── OutputsError        a stack's outputs are missing, or not of the version that is known
└── PriceListError      AWS's price list could not be read
"""

from __future__ import annotations


class RunnerError(Exception):
    """A command cannot do its work; `detail` is shown with `--debug` only."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class InputError(RunnerError):
    """An option, an argument or a file that was given cannot be used."""


class OutputsError(RunnerError):
    """A stack's outputs are missing, or not of the version that is known."""


class PriceListError(RunnerError):
    """AWS's price list could not be read, or its answer has not the expected shape."""
