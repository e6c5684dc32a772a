"""`ial pipeline`: what a job of the pipeline tells, beside the record that it keeps."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from runners.cli.commands.options import Json, Stack
from runners.cli.terminal import Terminal

group = typer.Typer(help="Tell how the pipeline stands.", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Adds the group to the command line."""
    app.add_typer(group, name="pipeline")


@group.callback()
def pipeline() -> None:
    """Tell how the pipeline stands."""


@group.command()
def issue(
    stack: Stack,
    job: Annotated[str, typer.Option("--job", metavar="NAME", help="What the job is called: chaos, drill, suite.")],
    found: Annotated[
        Path, typer.Option("--found", metavar="FILE", help="What its command printed with --json; may be missing.")
    ],
    json: Json = False,
) -> None:
    """Keep the stack's one issue: made when something failed, and closed when each of it has passed again.

    Exit codes: 0 told, or nothing to tell; 2 GitHub refused, or the job's environment does not name it.
    """
    from datetime import UTC, datetime

    from runners.pull_requests.github import GitHub
    from runners.pull_requests.pipeline_issue import Occasion, tell_issue
    from runners.pull_requests.pipeline_results import results_of
    from runners.runs.clock import rfc3339

    terminal = Terminal(json)
    forge = GitHub.of(os.environ)
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    url = f"{server}/{forge.repository}/actions/runs/{os.environ.get('GITHUB_RUN_ID', '0')}"
    occasion = Occasion(stack=stack, url=url, at=rfc3339(datetime.now(UTC)))
    told = tell_issue(occasion, results_of(job, _read(found)), forge)
    if json:
        terminal.document(told.document())
    else:
        red = ", ".join(told.red) or "nothing"
        terminal.line(f"issue {told.action}; not well on stack {stack}: {red}")


def _read(path: Path) -> object:
    """What the command printed; None for nothing, or for what is no document."""
    from contract.reading.errors import ReadingError
    from contract.reading.files import read_json_file
    from contract.reading.numbers import plain_number

    try:
        return read_json_file(path, "what a command prints with --json", number=plain_number).data
    except ReadingError:
        return None
