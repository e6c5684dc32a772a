"""`ial gate`: the gate in pull requests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from runners.cli.commands.options import Json
from runners.cli.terminal import Terminal

group = typer.Typer(help="Tell the gate's verdicts on pull requests.", no_args_is_help=True, rich_markup_mode=None)

EventFile = Annotated[
    Path, typer.Option("--event", metavar="FILE", help="The workflow_run event: $GITHUB_EVENT_PATH of the job.")
]
JudgedFile = Annotated[
    Path, typer.Option("--judged", metavar="FILE", help="What pull requests are judged as: .github/judged.json.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the group to the command line."""
    app.add_typer(group, name="gate")


@group.callback()
def gate() -> None:
    """Tell the gate's verdicts on pull requests."""


@group.command()
def comment(event: EventFile, judged: JudgedFile, json: Json = False) -> None:
    """Write a run's verdicts on its pull request, one comment for each project and stack.

    Exit codes: 0 all is written, or the pull request has moved on; 2 GitHub refused, or the input cannot be used.
    """
    from runners.pull_requests.commenting import tell_run
    from runners.pull_requests.gate_run import read_run
    from runners.pull_requests.github import GitHub
    from runners.pull_requests.judged_stacks import read_judged_stacks

    terminal = Terminal(json)
    stacks, forge, run = read_judged_stacks(judged), GitHub.of(os.environ), read_run(event)
    document = tell_run(run, stacks, forge, terminal.say)
    if json:
        terminal.document(document)
