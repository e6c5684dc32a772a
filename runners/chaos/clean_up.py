"""The end of every run, however it went: the fault is over, the load too, settings are back, the lock is free."""

from __future__ import annotations

from collections.abc import Callable

from runners.chaos.conduct import LEASE, Conduct
from runners.chaos.equipment import Equipment
from runners.chaos.steps import FAULT, INJECTING, INSIGHTS, OVER, RESUMED, STARTING
from runners.chaos.verdict import Stop
from runners.errors import RunnerError
from runners.journal import Journal
from runners.lease import LeaseHeldError


def clean_up(run: str, conduct: Conduct, kit: Equipment, journal: Journal) -> list[str]:
    """Does all of it, each part whether or not the others work, and names what is not confirmed."""
    left: list[str] = []
    _attempt(left, "the load", kit.load.end)
    _attempt(left, "the experiment of FIS", lambda: _end_fault(run, conduct, kit, journal))
    _attempt(left, "Container Insights", lambda: _restore_insights(kit, journal))
    _attempt(left, "the lock", lambda: _free_lock(run, conduct, kit, journal))
    return left


def _attempt(left: list[str], what: str, action: Callable[[], object]) -> None:
    try:
        problem = action()
    except RunnerError as error:
        left.append(f"{what}: {error}")
        return
    if isinstance(problem, str):
        left.append(f"{what}: {problem}")


def _end_fault(run: str, conduct: Conduct, kit: Equipment, journal: Journal) -> str | None:
    """Makes sure that FIS has ended what this run began; a text says that it has not, or that nobody knows."""
    if journal.last(STARTING) is None or journal.last(OVER) is not None:
        return None
    id_ = _experiment_of(run, kit, journal)
    if id_ is None or conduct.over(id_):
        return None
    fault = journal.last(FAULT)
    conduct.stop(id_, Stop.OPERATOR if fault is not None and fault.data["interrupted"] else Stop.DEADLINE)
    deadline = kit.clock.now() + kit.pace.stop_within
    while kit.clock.now() < deadline:
        if conduct.over(id_):
            return None
        kit.clock.sleep(kit.pace.every.total_seconds())
    return f"{id_} may still run: look at it in FIS, or pull the lever with `ial chaos halt --lever`"


def _experiment_of(run: str, kit: Equipment, journal: Journal) -> str | None:
    """The experiment's id; when its start was cut off, FIS is asked whether there is one."""
    injecting = journal.last(INJECTING)
    if injecting is not None:
        return str(injecting.data["id"])
    found = kit.injection.of_run(run)
    if found is None:
        return None
    journal.write(INJECTING, id=found.id)
    return found.id


def _free_lock(run: str, conduct: Conduct, kit: Equipment, journal: Journal) -> None:
    """Frees the lock; one that a runner held that died is got again first, which only its own run can."""
    lease = conduct.lease
    if lease is None and journal.last(RESUMED) is not None:
        try:
            lease = kit.leases.acquire(LEASE, run)
        except LeaseHeldError:
            return
    if lease is not None:
        kit.leases.release(lease)


def _restore_insights(kit: Equipment, journal: Journal) -> None:
    switched = journal.last(INSIGHTS)
    if switched is not None and kit.insights is not None:
        kit.insights.switch(str(switched.data["earlier"]))
