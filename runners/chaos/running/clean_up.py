"""The end of every run, however it went: the fault is over, then the load, settings are back, the lock is free."""

from __future__ import annotations

from collections.abc import Callable

from runners.chaos.equipment import Equipment
from runners.chaos.judging.verdict import Stop
from runners.chaos.record.steps import INSIGHTS, OVER, STARTING
from runners.chaos.running.conduct import Conduct
from runners.errors import words_of
from runners.runs.journal import Journal
from runners.runs.steps import FAULT, RESUMED


def clean_up(conduct: Conduct, kit: Equipment, journal: Journal) -> list[str]:
    """Does all of it, each part whether or not the others work, and names what is not confirmed."""
    left: list[str] = []
    _attempt(left, "the experiment of FIS", lambda: _end_fault(conduct, kit, journal))
    _attempt(left, "the load", lambda: _end_load(kit))
    _attempt(left, "Container Insights", lambda: _restore_insights(kit, journal))
    _attempt(left, "the lock", lambda: conduct.lock.free(again=journal.last(RESUMED) is not None))
    return left


def _attempt(left: list[str], what: str, action: Callable[[], str | None]) -> None:
    try:
        problem = action()
    except Exception as error:  # A defect here must not keep the rest from being put back.
        problem = words_of(error)
    if isinstance(problem, str):
        left.append(f"{what}: {problem}")


def _end_fault(conduct: Conduct, kit: Equipment, journal: Journal) -> str | None:
    """Makes sure that FIS has ended what this run began; a text says that it has not, or that nobody knows.

    The journal may refuse every line, as on a full disk: FIS is told to stop nevertheless.
    """
    if journal.last(STARTING) is None or journal.last(OVER) is not None:
        return None
    id_ = conduct.fault.experiment()
    if id_ is None or conduct.over(id_):
        return None
    fault = journal.last(FAULT)
    why = Stop.OPERATOR if fault is not None and fault.data["interrupted"] else Stop.DEADLINE
    deadline = kit.clock.now() + kit.pace.stop_within
    while kit.clock.now() < deadline:
        conduct.stop(id_, why)
        conduct.lock.wait(kit.pace.every, f"the end of experiment {id_}", deadline)
        if conduct.over(id_):
            return None
    return f"{id_} may still run: look at it in FIS, or pull the lever with `ial chaos halt --lever`"


def _end_load(kit: Equipment) -> None:
    kit.load.end()


def _restore_insights(kit: Equipment, journal: Journal) -> None:
    switched = journal.last(INSIGHTS)
    if switched is not None and kit.insights is not None:
        kit.insights.switch(str(switched.data["earlier"]))
