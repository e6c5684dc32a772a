"""One contract for leases in the stack's table and for the stand-in that other tests use."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from contract.run_table import TURN_LENGTH
from runners.aws.leases import TableLeases
from runners.aws.session import AwsClients
from runners.errors import AwsError
from runners.runs.lease import Lease, LeaseHeldError, LeaseLostError, Leases
from tests.runners.aws.run_tables import run_table
from tests.runners.rehearsal import MemoryLeases, QuickClock


@dataclass
class Kept:
    """Leases with the clock that they go by."""

    leases: Leases
    clock: QuickClock


@pytest.fixture
def table(clients: AwsClients) -> Iterator[str]:
    with run_table(clients, "leases") as name:
        yield name


@pytest.fixture(params=["memory", pytest.param("table", marks=pytest.mark.cloud)])
def kept(request: pytest.FixtureRequest) -> Kept:
    clock = QuickClock()
    if request.param == "memory":
        return Kept(MemoryLeases(clock), clock)
    clients, table = request.getfixturevalue("clients"), request.getfixturevalue("table")
    return Kept(TableLeases(clients, table, clock), clock)


def test_one_holds_it_and_the_others_are_told_who(kept: Kept) -> None:
    kept.leases.acquire("chaos", "run-1")
    with pytest.raises(LeaseHeldError, match="run-1 holds the lease chaos"):
        kept.leases.acquire("chaos", "run-2")
    assert kept.leases.acquire("drills", "run-2").owner == "run-2"


def test_the_number_only_grows(kept: Kept) -> None:
    fences = []
    for owner in ("run-1", "run-2", "run-2", "run-3"):
        lease = kept.leases.acquire("chaos", owner)
        fences.append(lease.fence)
        if owner != "run-2":
            kept.leases.release(lease)
        else:
            kept.clock.sleep(TURN_LENGTH.total_seconds())
    assert fences == [1, 2, 3, 4]


def test_it_is_free_when_its_time_is_up_and_not_before(kept: Kept) -> None:
    kept.leases.acquire("chaos", "run-1")
    kept.clock.sleep(TURN_LENGTH.total_seconds() - 1)
    with pytest.raises(LeaseHeldError):
        kept.leases.acquire("chaos", "run-2")
    kept.clock.sleep(1)
    assert kept.leases.acquire("chaos", "run-2").owner == "run-2"


def test_renewing_gives_its_whole_time_again(kept: Kept) -> None:
    lease = kept.leases.acquire("chaos", "run-1")
    kept.clock.sleep(60)
    assert lease.due(kept.clock.now())
    renewed = kept.leases.renew(lease)
    assert (renewed.fence, renewed.owner) == (lease.fence, "run-1")
    assert not renewed.due(kept.clock.now())
    kept.clock.sleep(60)
    with pytest.raises(LeaseHeldError):
        kept.leases.acquire("chaos", "run-2")


def test_a_late_holder_cannot_renew_and_frees_nothing(kept: Kept) -> None:
    late = kept.leases.acquire("chaos", "run-1")
    kept.clock.sleep(TURN_LENGTH.total_seconds())
    kept.leases.acquire("chaos", "run-2")
    with pytest.raises(LeaseLostError, match="chaos was lost"):
        kept.leases.renew(late)
    kept.leases.release(late)
    with pytest.raises(LeaseHeldError):
        kept.leases.acquire("chaos", "run-3")


def test_a_number_of_before_is_not_enough(kept: Kept) -> None:
    first = kept.leases.acquire("chaos", "run-1")
    kept.leases.acquire("chaos", "run-1")
    with pytest.raises(LeaseLostError):
        kept.leases.renew(first)


def test_renewing_what_never_was_is_lost(kept: Kept) -> None:
    with pytest.raises(LeaseLostError):
        kept.leases.renew(Lease("chaos", "run-1", 1, kept.clock.now()))


@pytest.mark.cloud
def test_of_many_at_once_one_gets_it(clients: AwsClients, table: str) -> None:
    leases, got = TableLeases(clients, table, QuickClock()), []

    def attempt(owner: str) -> None:
        with contextlib.suppress(LeaseHeldError):
            got.append(leases.acquire("chaos", owner))

    threads = [threading.Thread(target=attempt, args=(f"run-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


@pytest.mark.cloud
def test_a_missing_table_is_no_lease(clients: AwsClients) -> None:
    with pytest.raises(AwsError, match="dynamodb:UpdateItem on gone: ResourceNotFoundException"):
        TableLeases(clients, "gone", QuickClock()).acquire("chaos", "run-1")


def test_when_to_renew() -> None:
    clock = QuickClock()
    lease = Lease("chaos", "run-1", 1, clock.now() + TURN_LENGTH)
    assert not lease.due(lease.until - TURN_LENGTH)
    assert not lease.due(lease.until - TURN_LENGTH * 2 / 3)
    assert lease.due(lease.until - TURN_LENGTH / 2)
    assert replace(lease, fence=2).due(lease.until)
