"""Which engine previews: the real one where it can, else the local one, and always says which."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from preview.engine_environment import told
from preview.errors import EngineError

if TYPE_CHECKING:
    from preview.offline import Preview, Request


class Engine(StrEnum):
    """The choices of `--engine`."""

    AUTO = "auto"
    LOCAL = "local"
    PULUMI = "pulumi"


def chosen(engine: Engine, say: Callable[[str], object] = lambda _: None) -> Engine:
    """Resolves `auto`: the real engine where its CLI and credentials are present, else the local one, and says so."""
    if engine is Engine.AUTO:
        engine = _found(say)
    if engine is Engine.PULUMI and (text := told(os.environ)):
        say(text)
    return engine


def _found(say: Callable[[str], object]) -> Engine:
    if shutil.which("pulumi") is None:
        say("engine: local (the `pulumi` command is not on PATH)")
        return Engine.LOCAL
    if not _logged_in():
        say("engine: local (Pulumi has no backend: run `pulumi login`, or set PULUMI_BACKEND_URL)")
        return Engine.LOCAL
    say("engine: pulumi")
    return Engine.PULUMI


def preview(request: Request, engine: Engine, *, save_plan: Path | None = None) -> Preview:
    """Previews and judges with one engine.

    Raises:
        PreviewError: the engine, the program or the pack failed in a way that leaves nothing to judge.
    """
    if engine is Engine.PULUMI:
        from preview.automation import preview_engine

        return preview_engine(request, save_plan=save_plan)
    if save_plan is not None:
        msg = "only the real engine saves plans: use `--engine pulumi`"
        raise EngineError(msg)
    from preview.offline import preview_offline

    return preview_offline(request)


def _logged_in() -> bool:
    if os.environ.get("PULUMI_BACKEND_URL") or os.environ.get("PULUMI_ACCESS_TOKEN"):
        return True
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    return (home / "credentials.json").is_file()
