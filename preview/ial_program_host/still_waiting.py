"""What of the program's own still waits when the program has ended: an update takes longer, and may see it run.

Part of the program's process: it must not import `preview`. What libraries leave running is not looked at.
"""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

_LATER = "was still waiting when the program ended, and can create resources that no preview sees"


def tasks_and_timers(loop: Any, folder: Path) -> list[str]:
    """One sentence for each task and each timer of a loop that stands still."""
    tasks = [(task.get_coro(), "task") for task in asyncio.all_tasks(loop)]
    timers = [(handle._callback, "timer") for handle in [*loop._scheduled, *loop._ready] if not handle.cancelled()]
    return list(_told([*tasks, *timers], folder))


def threads(folder: Path) -> list[str]:
    """One sentence for each thread that the end of a process does not wait for."""
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    return list(_told([(getattr(one, "_target", None) or type(one).run, "thread") for one in others], folder))


def _told(waiting: list[tuple[Any, str]], folder: Path) -> Iterator[str]:
    for what, kind in waiting:
        code = _code(what)
        path = Path(code.co_filename) if code else None
        if code and path and path.is_relative_to(folder) and "site-packages" not in path.parts:
            yield f"the {kind} `{code.co_name}` ({path.relative_to(folder)}:{code.co_firstlineno}) {_LATER}"


def _code(what: Any) -> CodeType | None:
    """The code behind a function, a method, a call with prepared arguments, or a coroutine."""
    while isinstance(what, functools.partial):
        what = what.func
    what = getattr(what, "__func__", what)
    found = getattr(what, "__code__", None) or getattr(what, "cr_code", None)
    return found if isinstance(found, CodeType) else None
