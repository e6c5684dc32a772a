"""What a stack has planned for a pipeline, and what it leaves to others: from its outputs alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from contract.experiments import Experiment
from contract.outputs import Outputs
from runners.schedules.planned_kind import PlannedKind

# Drills' schedules know no window, so they have no time zone of their own.
_DRILLS_ZONE: Final = "UTC"
# The drill of everything there is, under one name.
RECOVERY_TEST: Final = "recovery-test"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One thing with a schedule. `of_database` disturbs the database, or copies it: the two keep apart."""

    kind: PlannedKind
    name: str
    schedule: str
    timezone: str
    of_database: bool

    @property
    def key(self) -> str:
        """Its name among all that is planned."""
        return f"{self.kind}/{self.name}"


@dataclass(frozen=True)
class NotPlanned:
    """What no pipeline starts, and why."""

    name: str
    reason: str


def planned_in(outputs: Outputs) -> tuple[tuple[Planned, ...], tuple[NotPlanned, ...]]:
    """What a pipeline has to start, and what it has not."""
    found, others = list[Planned](), list[NotPlanned]()
    for experiment in outputs.chaos.experiments if outputs.chaos else ():
        planned = _of_experiment(experiment, outputs)
        if isinstance(planned, NotPlanned):
            others.append(planned)
        else:
            found.append(planned)
    drills = outputs.backup.drills if outputs.backup else None
    if drills is not None:
        database = outputs.workload.database is not None
        found.append(
            Planned(
                kind=PlannedKind.DRILL,
                name=RECOVERY_TEST,
                schedule=drills.schedule,
                timezone=_DRILLS_ZONE,
                of_database=database,
            )
        )
    return tuple(found), tuple(others)


def _of_experiment(experiment: Experiment, outputs: Outputs) -> Planned | NotPlanned:
    chaos = outputs.chaos
    assert chaos is not None
    if experiment.schedule is None:
        return NotPlanned(experiment.name, "it has no schedule; it is run by hand")
    if experiment.schedule_name is not None or chaos.starter == "scheduler":
        return NotPlanned(experiment.name, "EventBridge Scheduler starts it")
    if chaos.starter == "none":
        return NotPlanned(experiment.name, "ial:chaos starter is none; it is run by hand")
    return Planned(
        kind=PlannedKind.EXPERIMENT,
        name=experiment.name,
        schedule=experiment.schedule,
        timezone=chaos.timezone,
        of_database=experiment.of_database,
    )
