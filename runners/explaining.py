"""Every error that ends a command, as one line and an exit code."""

from __future__ import annotations

from typing import Final

import typer

from contract.writing.errors import LockedError, WritingError, told
from runners.exit_codes import ExitCode
from runners.terminal import fault

# What goes wrong between here and a company's servers, where no adapter has put it into words.
_OF_THE_NETWORK: Final = ("botocore", "urllib3", "http", "ssl", "socket")


def explained(error: BaseException, debug: str) -> int:
    """Says what happened on stderr, and gives the exit code; `debug` is the option that shows more."""
    from local.errors import LocalCloudError
    from preview.errors import PreviewError
    from pricing.errors import PricingError
    from runners.errors import RunnerError

    if isinstance(error, KeyboardInterrupt | typer.Abort):
        fault("interrupted")
        return int(ExitCode.INTERRUPTED)
    if isinstance(error, typer.TyperException):
        _explain_usage(error)
    elif isinstance(error, RunnerError):
        fault(str(error))
        return int(error.exit_code)
    elif isinstance(error, PreviewError | PricingError | LocalCloudError | WritingError):
        fault(str(error))
    elif isinstance(error, LockedError):
        fault(str(error))
        return int(ExitCode.NOT_STARTED)
    else:
        return _of_surroundings(error, debug)
    return int(ExitCode.COULD_NOT_JUDGE)


def fault_of(error: BaseException) -> str | None:
    """What the network or the machine did, in words; None when it is neither's, and so a defect of this program."""
    if _is_of_the_network(error):
        return f"a call failed: {type(error).__name__}: {error}"
    if isinstance(error, OSError):
        return told(error)
    return "this machine has not enough memory" if isinstance(error, MemoryError) else None


def _of_surroundings(error: BaseException, debug: str) -> int:
    kind, words = type(error).__name__, fault_of(error)
    if words is None:
        fault(f"defect: {kind}: {error}; this is not your fault: run it again with {debug} and report what it prints")
        return int(ExitCode.COULD_NOT_JUDGE)
    fault(f"{words}; then run it again")
    return int(ExitCode.AWS_FAILED if _is_of_the_network(error) else ExitCode.COULD_NOT_JUDGE)


def _is_of_the_network(error: BaseException) -> bool:
    return any(kind.__module__.partition(".")[0] in _OF_THE_NETWORK for kind in type(error).__mro__)


def _explain_usage(error: typer.TyperException) -> None:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        import sys

        print(error.format_message(), file=sys.stderr)
        return
    command = context.command_path if context is not None else "ial"
    fault(f"{error.format_message().rstrip('.')}; see `{command} --help`")
