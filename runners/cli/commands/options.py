"""Options that several commands share, worded once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from contract.targets import Targets
from preview.engines import Engine
from runners.errors import InputError


class LogLevel(StrEnum):
    """From which level on people see what the log has."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


Stack: TypeAlias = Annotated[str, typer.Option("--stack", "-s", help="Name of the stack: Pulumi.STACK.yaml.")]
Program: TypeAlias = Annotated[
    Path | None, typer.Option("--program", help="Folder of the Pulumi program; default: this folder, else ial's own.")
]
EngineChoice: TypeAlias = Annotated[
    Engine, typer.Option("--engine", help="auto takes the Pulumi CLI where it is installed and logged in.")
]
Config: TypeAlias = Annotated[
    list[str] | None, typer.Option("--config", "-c", metavar="KEY=VALUE", help="A setting that wins over the file.")
]
AsOf: TypeAlias = Annotated[
    str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Judge the age of prices at this date.")
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout, nothing else.")]
Probe: TypeAlias = Annotated[
    str | None, typer.Option("--probe", metavar="COMMAND", help="Asks a restored database; exit 0 is an answer.")
]
Resumed: TypeAlias = Annotated[str | None, typer.Option("--resume", metavar="RUN", help="Go on with a run cut off.")]
DoIt: TypeAlias = Annotated[
    str | None, typer.Option("--confirm", metavar="STACK", help="Do it; without it the plan is shown.")
]
Region: TypeAlias = Annotated[str, typer.Option("--region", help="AWS region whose prices are used.")]
Target: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="URN", help="Update this resource alone; again for more. `*` and `**` stand in."),
]
TargetDependents: TypeAlias = Annotated[
    bool, typer.Option("--target-dependents", help="With --target, also what needs a target.")
]


def targets_of(patterns: list[str] | None, *, dependents: bool) -> Targets:
    """What `--target` and `--target-dependents` say together.

    Raises:
        InputError: there is nothing whose dependents could be meant, or a target is empty.
    """
    if dependents and not patterns:
        msg = "--target-dependents needs --target URN"
        raise InputError(msg)
    if any(not pattern.strip() for pattern in patterns or ()):
        msg = "--target: it is empty; accepted are URNs as `pulumi stack --show-urns` prints them, with `*` and `**`"
        raise InputError(msg)
    return Targets(tuple(patterns or ()), dependents)
