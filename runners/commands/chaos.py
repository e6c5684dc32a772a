"""`ial chaos`: experiments, and the catalogue by which they are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from runners.commands.options import AsOf, Json
from runners.terminal import Terminal

if TYPE_CHECKING:
    from runners.action_refresh import ActionRefresh

group = typer.Typer(help="Chaos experiments on AWS FIS.", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Adds the group to the command line."""
    app.add_typer(group, name="chaos")


@group.callback()
def about() -> None:
    """Chaos experiments on AWS FIS."""


@group.command("refresh-actions")
def refresh_actions(
    region: Annotated[str, typer.Option("--region", help="Region whose actions are listed.")] = "us-east-1",
    write: Annotated[bool, typer.Option("--write", help="Write what was found into the pack's catalogue.")] = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Compare the pack's catalogue of FIS actions with AWS's list.

    Needs credentials that allow fis:ListActions and fis:GetAction. Nothing is written without --write.
    """
    from runners import action_refresh
    from runners.aws.fis_actions import FisActions
    from runners.aws.session import AwsClients
    from runners.locations import FIS_ACTIONS, judged_on

    terminal = Terminal(json)
    source = FisActions(AwsClients(region))
    done = action_refresh.refresh_actions(source, FIS_ACTIONS, judged_on(as_of), write=write)
    if json:
        terminal.document(done.document())
    else:
        _show(done, terminal)


def _show(done: ActionRefresh, terminal: Terminal) -> None:
    for what, names in (("new", done.added), ("changed", done.changed), ("not in this region, kept", done.missing)):
        for name in names:
            terminal.line(f"{name}  {what}")
    if not (done.added or done.changed):
        terminal.line("the catalogue is up to date")
    elif not done.written:
        terminal.say("nothing was written; give --write")
