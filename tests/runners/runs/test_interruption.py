"""When a signal comes: at once, but neither half-way through what others must end, nor lost."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from runners.runs.interruption import Interruption, interruptible, uninterrupted

pytestmark = pytest.mark.skipif(
    threading.current_thread() is not threading.main_thread(), reason="signals come to the main thread"
)


def asked_to_stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def wait(seconds: float = 20.0) -> None:
    """Long, for what ends it at once."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        time.sleep(0.001)


def interrupted(*acts: Callable[[], object]) -> None:
    """Does one after the other until a signal ends it."""

    def within() -> None:
        with interruptible():
            for act in acts:
                act()

    with pytest.raises(Interruption):
        within()


def test_it_comes_at_once_where_nothing_stands_against_it() -> None:
    reached: list[bool] = []
    interrupted(asked_to_stop, wait, lambda: reached.append(True))
    assert reached == []


def test_an_import_comes_to_its_end_first_and_keeps_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stops_halfway.py").write_text(
        "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\nwhole = True\n"
    )
    (tmp_path / "asked_later.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    interrupted(lambda: importlib.import_module("stops_halfway"), wait)
    assert sys.modules["stops_halfway"].whole
    other = threading.Thread(target=importlib.import_module, args=("asked_later",), daemon=True)
    other.start()
    other.join(20)
    assert "asked_later" in sys.modules


def test_it_comes_again_where_alarms_were_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stops_there.py").write_text(f"import os\nos.kill(os.getpid(), {signal.SIGTERM:d})\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        interrupted(lambda: importlib.import_module("stops_there"), wait)
        assert signal.getsignal(signal.SIGALRM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGALRM, before)


def _by_thread() -> None:
    threading.Thread(target=int, daemon=True).start()


def _by_pool() -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()


@pytest.mark.parametrize("begin", [_by_thread, _by_pool])
def test_what_starts_a_thread_knows_it(begin: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    really: Callable[..., Any] = threading._start_new_thread  # type: ignore[attr-defined]

    def started(*given: Any) -> Any:
        made = really(*given)
        asked_to_stop()
        return made

    monkeypatch.setattr(threading, "_start_new_thread", started)
    begun: list[bool] = []
    interrupted(begin, lambda: begun.append(True), wait)
    assert begun == [True]


class _Last:
    def __del__(self) -> None:
        asked_to_stop()
        wait(0.05)


def test_what_a_finaliser_swallows_comes_again() -> None:
    interrupted(_Last, wait)


def test_what_others_raise_there_is_told_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[type[BaseException] | None] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: told.append(unraisable.exc_type))

    class Broken:
        def __del__(self) -> None:
            raise ValueError

    with interruptible():
        Broken()
    assert told == [ValueError]


def test_a_clean_up_is_not_cut_off_by_what_comes_again() -> None:
    said: list[str] = []
    with interruptible(), uninterrupted(said.append):
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        wait(0.05)
    assert said == ["cleaning up; this does not stop before it is done"]


def test_nothing_comes_after_the_end() -> None:
    before = signal.getsignal(signal.SIGALRM), signal.getsignal(signal.SIGTERM)
    with interruptible():
        signal.setitimer(signal.ITIMER_REAL, 0.05)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert (signal.getsignal(signal.SIGALRM), signal.getsignal(signal.SIGTERM)) == before
    wait(0.1)
