"""A thread of its own: in order, with what was given or raised, and nobody waits for it when the process ends."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from preview import analyst
from preview.offline import preview_offline
from preview.own_thread import OwnThread
from tests.preview.test_offline import Make, Pack


def test_it_does_one_after_the_other_elsewhere() -> None:
    done: list[int] = []
    own = OwnThread("own")
    given = [own.submit(done.append, number) for number in range(100)]
    where = own.submit(threading.current_thread)
    own.end()
    assert done == list(range(100))
    assert [future.result() for future in given] == [None] * 100
    assert where.result().name == "own"


def test_what_it_raises_is_raised_where_it_is_asked_for_and_it_goes_on() -> None:
    own = OwnThread("own")
    wrong, right = own.submit(int, "x"), own.submit(int, "7")
    own.end()
    with pytest.raises(ValueError, match="'x'"):
        wrong.result()
    assert right.result() == 7


def test_nobody_waits_for_it_when_the_process_ends() -> None:
    code = "import time; from preview.own_thread import OwnThread; OwnThread('own').submit(time.sleep, 600)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_pack_is_asked_elsewhere(request_for: Make, write_pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    really = analyst.Analyst._ask

    def ask(self: analyst.Analyst, *given: object) -> object:
        asked.add(threading.current_thread().name)
        return really(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(analyst.Analyst, "_ask", ask)
    preview_offline(request_for(write_pack()))
    assert asked == {"pack"}
