"""Pages digested by processes: with the result of one thread, whatever becomes of the processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from runners.backup.tables.page_digests import PageDigests
from runners.backup.tables.table_digest import digested
from runners.backup.tables.tables import Read

KEYS = ["id", "at"]
ROOT = Path(__file__).parents[4]
HOLDER = """
import sys, time
from runners.backup.tables.page_digests import PageDigests
digests = PageDigests(["id"], processes=2, worth_it=0)
digests.read(b'{"Items":[{"id":{"S":"a"}}]}')
print(digests._processes[0]._running.pid, flush=True)
time.sleep(60)
"""


def items(page: int) -> list[dict[str, Any]]:
    return [
        {
            "id": {"S": f"order-{page}-é"},
            "at": {"N": f"{number}.0"},
            "LastEvaluatedKey": {"S": '"LastEvaluatedKey":{"id":{"S":"no"}}'},
            "tags": {"SS": ["b", "a"]},
        }
        for number in range(40)
    ]


def body(page: int, **more: Any) -> bytes:
    return json.dumps({"Items": items(page), "Count": 40, **more}).encode()


def pids(digests: PageDigests) -> list[int]:
    return [process._running.pid for process in digests._processes if process._running is not None]


def alive(pid: int) -> bool:
    """Whether it runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_processes_give_what_a_thread_gives() -> None:
    with PageDigests(KEYS, processes=2, worth_it=0) as digests, ThreadPoolExecutor(6) as pool:
        found = list(pool.map(digests.read, [body(page) for page in range(12)]))
        started = pids(digests)
        assert len(started) == 2
    assert [page.found for page in found] == [digested(items(page), KEYS) for page in range(12)]
    assert not any(map(alive, started))


@pytest.mark.parametrize("worth_it", [0, 10**9])
def test_where_the_segment_goes_on_is_not_taken_from_an_item(worth_it: int) -> None:
    after = {"id": {"S": "order-é"}, "at": {"N": "7"}}
    with PageDigests(KEYS, processes=2, worth_it=worth_it) as digests:
        assert digests.read(body(1, LastEvaluatedKey=after)).after == after
        assert digests.read(body(1, LastEvaluatedKey={})).after is None
        assert digests.read(b'{"Items":[]}') == Read(found=[], after=None, items=0, units=None)


@pytest.mark.parametrize("worth_it", [0, 10**9])
def test_what_a_page_cost_and_what_has_expired_is_told(worth_it: int) -> None:
    now = 2_000_000_000
    times = [str(now - 1), str(now), str(now + 1), f"{now - 60}.5", str(now - 6 * 365 * 86400)]
    held = [{"id": {"S": text}, "at": {"N": "1"}, "expires": {"N": text}} for text in times]
    held += [{"id": {"S": kind}, "at": {"N": "1"}, "expires": {kind: "1"}} for kind in "SB"]
    held.append({"id": {"S": "never"}, "at": {"N": "1"}})
    page = json.dumps({"Items": held, "ConsumedCapacity": {"TableName": "t", "CapacityUnits": 2.5}}).encode()
    with PageDigests(KEYS, processes=2, worth_it=worth_it, expires="expires", now=now) as digests:
        found = digests.read(page)
    # What is no number, lies ahead, or is over for more than five years, is not deleted.
    assert (found.items, found.units, found.expired) == (8, 2.5, 3)


@pytest.mark.parametrize(("processes", "worth_it", "started"), [(2, 10**9, 0), (1, 0, 0), (2, 0, 1)])
def test_small_pages_and_one_processor_start_no_process(processes: int, worth_it: int, started: int) -> None:
    with PageDigests(KEYS, processes=processes, worth_it=worth_it) as digests:
        digests.read(body(1))
        assert len(pids(digests)) == started


def test_a_page_whose_process_dies_is_still_digested() -> None:
    with PageDigests(KEYS, processes=2, worth_it=0) as digests:
        for page in range(2):
            digests.read(body(page))
        for pid in pids(digests):
            os.kill(pid, signal.SIGKILL)
        assert [digests.read(body(page)).found for page in range(4)] == [digested(items(n), KEYS) for n in range(4)]


def test_where_no_process_can_be_started_threads_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "not here")

    monkeypatch.setattr("runners.backup.tables.page_digests.subprocess.Popen", refuse)
    with PageDigests(KEYS, processes=2, worth_it=0) as digests:
        assert digests.read(body(3)).found == digested(items(3), KEYS)


@pytest.mark.parametrize("keys", [["id"], ["id", "missing"]])
def test_what_goes_wrong_in_a_process_is_told(keys: Sequence[str]) -> None:
    strange = b'{"Items":[{"id":{"S":"a"},"v":{"X":"1"}}]}'
    expected = ValueError if keys == ["id"] else KeyError
    with PageDigests(keys, processes=2, worth_it=0) as digests, pytest.raises(expected):
        digests.read(strange)


def test_nothing_is_left_of_processes_whose_parent_is_killed() -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout is not None
        pid = int(holder.stdout.readline())
        assert alive(pid)
        holder.kill()
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(pid)
