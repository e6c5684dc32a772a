"""docs/preflight.md, made from the reasons themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from runners.publishing.rooms import modules_called
from runners.runs.reason import Reason, Weight

FILE: Final = Path(__file__).parents[2] / "docs" / "preflight.md"
_HEAD: Final = """# Why it does not begin

Every reason for which an experiment, a drill or a restore is not begun, by its code. `make pages` writes this page from
the `reasons.py` of each room; a test compares them. What stands in braces is filled in for each case.

A message has the code first: `lever-engaged: FIS's safety lever is engaged; ...`. `ial chaos plan --json` has the code
of each obstacle, `ial backup drill --plan --json` in `codes`, and records of refused runs in `reasonCodes`. All reasons
are told at once, and nothing was changed when one is. One that *warns* is told and does not refuse; one that *warns in
plans* is told by plans alone, as it stays until somebody changes a file. What could not be read refuses, unless it is
said to warn.
"""


def all_reasons() -> list[type[Reason]]:
    """Each room's reasons."""
    modules = list(modules_called("reasons"))
    found = (held for module in modules for held in vars(module).values() if inspect.isclass(held))
    return [held for held in found if issubclass(held, Reason) and held is not Reason]


def text() -> str:
    """The page."""
    return "".join((_HEAD, *(part for reasons in all_reasons() for part in _section(reasons))))


def _section(reasons: type[Reason]) -> Iterator[str]:
    title, _, rest = inspect.cleandoc(reasons.__doc__ or "").partition("\n")
    yield f"\n## {title.rstrip('.')}\n\n{rest.strip()}{chr(10) * 2 if rest.strip() else ''}"
    yield "| code | what is said | what to do | |\n| --- | --- | --- | --- |\n"
    for held in reasons:
        does = "" if held.weight is Weight.REFUSES else str(held.weight)
        yield f"| `{held.code}` | {_cell(held.says)} | {_cell(held.do)} | {does} |\n"


def _cell(words: str) -> str:
    return words.replace("|", "\\|")
