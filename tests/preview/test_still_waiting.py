"""What of a program's own still waits at its end is told, and what libraries leave running is not."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from pathlib import Path

from preview.ial_program_host import still_waiting

OWN = Path(__file__).parent
ELSEWHERE = OWN / "elsewhere"


async def slowly() -> None:
    await asyncio.sleep(3600)


def create(number: int = 0) -> None:
    raise AssertionError(number)


def told(folder: Path) -> list[str]:
    loop = asyncio.new_event_loop()
    task = loop.create_task(slowly())
    loop.call_later(3600, partial(create, 1))
    loop.call_later(3600, create).cancel()
    loop.run_until_complete(asyncio.sleep(0))
    found = still_waiting.tasks_and_timers(loop, folder)
    task.cancel()
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    loop.close()
    return found


def test_tasks_and_timers_of_the_program() -> None:
    found = told(OWN)
    assert [text.partition(" (")[0] for text in found] == ["the task `slowly`", "the timer `create`"]
    assert "(test_still_waiting.py:" in found[0]
    assert told(ELSEWHERE) == []


def test_threads_of_the_program() -> None:
    ended = threading.Event()

    def run() -> None:
        ended.wait()

    threads = [threading.Thread(target=run, daemon=True), threading.Thread(target=ended.wait, daemon=True)]
    for thread in threads:
        thread.start()
    own, others = still_waiting.threads(OWN), still_waiting.threads(ELSEWHERE)
    ended.set()
    for thread in threads:
        thread.join()
    assert [text.partition(" (")[0] for text in own] == ["the thread `run`"]
    assert others == []
    assert still_waiting.threads(OWN) == []
