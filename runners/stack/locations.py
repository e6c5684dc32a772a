"""Where things are: the program that is judged, and the pack that judges it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from runners.errors import InputError

# The pack, its environments and the price book belong to this installation of ial, whatever program they judge.
HOME: Final = Path(__file__).resolve().parents[2]
PACK: Final = HOME / "policies"
ENVIRONMENTS: Final = PACK / "environments"
FIS_ACTIONS: Final = PACK / "fis_actions.json"
PROJECT_FILE: Final = "Pulumi.yaml"


def program_folder(given: Path | None) -> Path:
    """The folder that was given, else the current one if it holds a program, else the one that ial came with.

    Raises:
        InputError: what was given is not a folder.
    """
    if given is None:
        return Path.cwd() if (Path.cwd() / PROJECT_FILE).is_file() else HOME
    if not given.is_dir():
        what = "is a file" if given.exists() else "does not exist"
        msg = f"--program {given}: {what}; name a folder with a {PROJECT_FILE}"
        raise InputError(msg)
    return given.resolve()


def judged_on(given: str | None) -> date:
    """The date on the command line, else that of `IAL_AS_OF`, else today.

    Raises:
        InputError: it is not a date.
    """
    if given is None:
        from pricing.clock import judged_on as from_environment

        return from_environment()
    try:
        return date.fromisoformat(given)
    except ValueError:
        msg = f"--as-of {given!r} is not a date; accepted: YYYY-MM-DD"
        raise InputError(msg) from None
