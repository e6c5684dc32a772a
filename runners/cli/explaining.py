"""Every error that ends a command, as one line and an exit code."""

from __future__ import annotations

import typer

from contract.writing.errors import LockedError, WritingError
from runners.cli.terminal import fault, tell
from runners.exit_codes import ExitCode


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
        for line in getattr(error, "printed", ()):
            tell(f"  | {line}")
        fault(str(error))
    elif isinstance(error, LockedError):
        fault(str(error))
        return int(ExitCode.NOT_STARTED)
    else:
        return _of_surroundings(error, debug)
    return int(ExitCode.COULD_NOT_JUDGE)


def _of_surroundings(error: BaseException, debug: str) -> int:
    from runners.errors import fault_of, is_of_the_network, words_of

    words = fault_of(error)
    if words is None:
        fault(f"{words_of(error)}; this is not your fault: run it again with {debug} and report what it prints")
        return int(ExitCode.COULD_NOT_JUDGE)
    fault(f"{words}; then run it again")
    return int(ExitCode.AWS_FAILED if is_of_the_network(error) else ExitCode.COULD_NOT_JUDGE)


def _explain_usage(error: typer.TyperException) -> None:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        tell(error.format_message())
        return
    command = context.command_path if context is not None else "ial"
    fault(f"{error.format_message().rstrip('.')}; see `{command} --help`")
