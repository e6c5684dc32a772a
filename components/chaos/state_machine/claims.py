"""What a state machine does of a suite: it starts, waits, stops and records. What only a runner can is named. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contract.experiments import Experiment
from contract.suites import LeftOut, PlannedStep, SuitePlan

_ONLY_RUNNERS = {
    "drill": "only a runner restores, and looks at what came back",
    "control": "only a runner says whether alarms ring for nothing; no fault begins while one rings all the same",
}


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """The steps that a state machine does, their experiments by name, and the steps that it leaves out."""

    steps: tuple[PlannedStep, ...]
    experiments: Mapping[str, Experiment]
    left_out: tuple[LeftOut, ...]


def claimed(plan: SuitePlan, experiments: Sequence[Experiment]) -> Claimed:
    """The part of a plan that needs no runner.

    A step that needs a restore is left out with it: nothing is broken before it is known that it can be brought back.
    One that needs a control run stays, as no fault begins while an alarm rings.
    """
    by_name = {held.name: held for held in experiments}
    steps, left_out, gone = list[PlannedStep](), list(plan.left_out), {held.step for held in plan.left_out}
    for step in plan.steps:
        why = _only_a_runner(step, by_name.get(step.name)) or next(
            (f"it needs {need}, which is left out" for need in step.needs if need in gone), None
        )
        if why is None:
            steps.append(step)
            continue
        # Whichever resources a drill restores: none of them is, so that its step is told as one.
        told = LeftOut(step=step.step if step.kind == "drill" else step.id, reason=why)
        left_out += [told] if told not in left_out else []
        if step.kind != "control":
            gone.add(step.step)
    named = {step.name for step in steps if step.kind == "experiment"}
    return Claimed(
        steps=tuple(steps),
        experiments={name: held for name, held in by_name.items() if name in named},
        left_out=tuple(left_out),
    )


def _only_a_runner(step: PlannedStep, experiment: Experiment | None) -> str | None:
    if step.kind in _ONLY_RUNNERS:
        return _ONLY_RUNNERS[step.kind]
    if step.on_failure == "roll-back":
        return "only a runner rolls a version back"
    if experiment is None:
        return None
    if experiment.load is not None:
        return "only a runner sends load"
    if experiment.of_database:
        return "only a runner looks whether the database can be restored, and whether it is being restored"
    if experiment.blast_radius.zone is not None:
        return "only a runner looks whether the other zones can carry all"
    return None
