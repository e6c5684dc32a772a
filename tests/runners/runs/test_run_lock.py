"""The lock as one run holds it: kept while it can be, lost for good when it is somebody else's."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from contract.run_table import TURN, TURN_LENGTH
from runners.errors import AwsError
from runners.runs.lease import Lease, LeaseHeldError, LeaseLostError
from runners.runs.run_lock import KeptLock, RunLock
from tests.runners.rehearsal import MemoryLeases, QuickClock


class Leases(MemoryLeases):
    """Leases that can be away, and count how often they were renewed."""

    away = False
    renewed = 0

    def renew(self, lease: Lease) -> Lease:
        if self.away:
            raise AwsError("no answer", operation="dynamodb:UpdateItem", code="ReadTimeoutError")
        self.renewed += 1
        return super().renew(lease)


@pytest.fixture
def clock() -> QuickClock:
    return QuickClock()


@pytest.fixture
def leases(clock: QuickClock) -> Leases:
    return Leases(clock)


@pytest.fixture
def lock(leases: Leases, clock: QuickClock) -> RunLock:
    return RunLock("run-1", leases, clock)


def sleep(clock: QuickClock, time: timedelta) -> None:
    clock.sleep(time.total_seconds())


def test_it_is_renewed_when_a_third_has_passed(lock: RunLock, leases: Leases, clock: QuickClock) -> None:
    assert not lock.keeps()
    assert lock.take() == 1
    assert lock.keeps()
    assert leases.renewed == 0
    sleep(clock, TURN_LENGTH / 3)
    assert lock.keeps()
    assert leases.renewed == 1


def test_renew_asks_at_once(lock: RunLock, leases: Leases) -> None:
    with pytest.raises(LeaseLostError, match="is not held"):
        lock.renew()
    lock.take()
    lock.renew()
    assert leases.renewed == 1


@pytest.mark.parametrize("check", ["renew", "renew_when_due"])
def test_another_run_has_it(lock: RunLock, leases: Leases, clock: QuickClock, check: str) -> None:
    lock.take()
    sleep(clock, TURN_LENGTH)
    leases.acquire(TURN, "run-2")
    assert not lock.keeps()
    method: Any = getattr(lock, check)
    with pytest.raises(LeaseLostError):
        method()
    with pytest.raises(LeaseHeldError):
        lock.take()
    lock.free(again=False)
    with pytest.raises(LeaseHeldError):
        leases.acquire(TURN, "run-3")


def test_a_table_that_does_not_answer_loses_it_when_its_time_is_up(
    lock: RunLock, leases: Leases, clock: QuickClock
) -> None:
    lock.take()
    leases.away = True
    sleep(clock, TURN_LENGTH / 2)
    assert lock.keeps()
    with pytest.raises(AwsError):
        lock.renew()
    sleep(clock, TURN_LENGTH / 2)
    assert not lock.keeps()


def test_freed_it_is_there_for_the_next(lock: RunLock, leases: Leases) -> None:
    lock.take()
    lock.free(again=False)
    assert leases.acquire(TURN, "run-2").fence == 2


@pytest.mark.parametrize(("again", "freed"), [(True, True), (False, False)])
def test_what_a_dead_runner_held_is_freed_by_its_own_run(
    leases: Leases, clock: QuickClock, again: bool, freed: bool
) -> None:
    RunLock("run-1", leases, clock).take()
    RunLock("run-1", leases, clock).free(again=again)
    if freed:
        leases.acquire(TURN, "run-2")
    else:
        with pytest.raises(LeaseHeldError):
            leases.acquire(TURN, "run-2")


def test_what_another_run_holds_is_not_freed(leases: Leases, clock: QuickClock) -> None:
    leases.acquire(TURN, "run-2")
    RunLock("run-1", leases, clock).free(again=True)
    with pytest.raises(LeaseHeldError):
        leases.acquire(TURN, "run-3")


@pytest.mark.parametrize("seconds", [0, 10, 30, 90, 100, 400])
def test_waiting_does_not_let_it_go(
    lock: RunLock, leases: Leases, clock: QuickClock, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    lock.take()
    before, sleep_in = clock.now(), clock.sleep

    def watched(slept: float) -> None:
        sleep_in(slept)
        with pytest.raises(LeaseHeldError):
            leases.acquire(TURN, "run-2")

    monkeypatch.setattr(clock, "sleep", watched)
    lock.wait(timedelta(seconds=seconds), "a fake", clock.now())
    assert (clock.now() - before).total_seconds() == pytest.approx(seconds, abs=0.1)


def test_waiting_goes_on_without_it(lock: RunLock, clock: QuickClock) -> None:
    before = clock.now()
    lock.wait(timedelta(seconds=100), "a fake", clock.now())
    assert (clock.now() - before).total_seconds() == pytest.approx(100, abs=0.1)


class Watched(Leases):
    """Leases that say when they were asked to renew."""

    def __init__(self, clock: QuickClock) -> None:
        super().__init__(clock)
        self.asked = threading.Event()

    def renew(self, lease: Lease) -> Lease:
        try:
            return super().renew(lease)
        finally:
            self.asked.set()


def test_work_that_cannot_look_after_it_keeps_it_and_frees_it(clock: QuickClock) -> None:
    leases = Watched(clock)
    with KeptLock(RunLock("drill", leases, clock), lambda _: None, every=0.001) as kept:
        kept.take()
        sleep(clock, TURN_LENGTH / 2)
        assert leases.asked.wait(60)
        sleep(clock, TURN_LENGTH * 3 / 4)
        kept.require()
        assert leases.holder(TURN) == f"drill holds the lease {TURN}"
    assert leases.holder(TURN) is None


def test_work_is_told_that_it_was_lost_and_frees_nobody_elses(clock: QuickClock) -> None:
    leases = Watched(clock)
    with KeptLock(RunLock("drill", leases, clock), lambda _: None, every=0.001) as kept:
        kept.take()
        sleep(clock, TURN_LENGTH)
        leases.acquire(TURN, "experiment")
        assert leases.asked.wait(60)
        while kept._thread is not None and kept._thread.is_alive():
            kept._thread.join()
        with pytest.raises(LeaseLostError, match="another run of the stack may be under way"):
            kept.require()
    assert leases.holder(TURN) == f"experiment holds the lease {TURN}"


def test_what_was_never_taken_is_not_freed(clock: QuickClock, leases: Leases) -> None:
    leases.acquire(TURN, "experiment")
    with KeptLock(RunLock("drill", leases, clock), lambda _: None) as kept, pytest.raises(LeaseHeldError):
        kept.take()
    assert leases.holder(TURN) == f"experiment holds the lease {TURN}"


def test_that_it_cannot_be_freed_is_said(clock: QuickClock, leases: Leases, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def fail(_: Lease) -> None:
        raise AwsError("no answer", operation="dynamodb:UpdateItem", code="ReadTimeoutError")

    monkeypatch.setattr(leases, "release", fail)
    with KeptLock(RunLock("drill", leases, clock), said.append) as kept:
        kept.take()
    assert said == [f"the lease {TURN} could not be freed, and ends by itself: no answer"]
