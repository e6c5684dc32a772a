"""Suites: what is run in which order, and the plan that one stack makes of it. Pure: whoever runs it only reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Final, Literal

from msgspec import Meta

from contract.parts import Amount, Part
from contract.terms import Window

StepKind = Literal["experiment", "drill", "control", "wait"]
OnFailure = Literal["stop", "continue", "skip-dependents", "roll-back"]
# What a step may choose instead of names: of experiments by category, of drills by what is restored.
EXPERIMENT_CHOICES: Final = ("all", "network", "infrastructure", "application")
# Under this name the stack's own settings are drilled, as a table is under its own.
CONFIGURATION: Final = "configuration"
DRILL_CHOICES: Final = ("all", "table", "bucket", "database", CONFIGURATION)
_EVERYTHING: Final = "all"


class SuiteStep(Part, frozen=True, kw_only=True):
    """One step as its file has it; it stands for as many runs as it chooses experiments or resources.

    Attributes:
        name: Name, once in its suite.
        kind: What is run.
        names: Experiments or resources by name; empty where `choice` says which.
        choice: Which experiments or resources; null where `names` does, and for the other kinds.
        minutes: How long a control run or a wait lasts; null for the other kinds.
        needs: Steps that must have passed.
        on_failure: What is done when it does not pass.
    """

    name: str
    kind: StepKind
    names: tuple[str, ...]
    choice: str | None
    minutes: Annotated[int, Meta(ge=1)] | None
    needs: tuple[str, ...]
    on_failure: OnFailure


class Suite(Part, frozen=True, kw_only=True):
    """Steps in their order, and the terms of all of them together.

    Attributes:
        name: Name.
        description: What it is for, in a line.
        cool_down_minutes: How long is waited after a fault or a restore before the steady state is looked at again.
        max_degraded_seconds: How long the workload may be degraded by all of it; null without a limit.
        max_usd: What all of it may cost, in USD at list price.
        window: When it may run; null: whenever its experiments may.
        steps: The steps, in their order.
    """

    name: str
    description: str
    cool_down_minutes: Annotated[int, Meta(ge=0)]
    max_degraded_seconds: Annotated[int, Meta(ge=1)] | None
    max_usd: Amount
    window: Window | None
    steps: Annotated[tuple[SuiteStep, ...], Meta(min_length=1)]


class PlannedStep(Part, frozen=True, kw_only=True):
    """One run of a suite, or a wait.

    Attributes:
        id: STEP/NAME, or the step's name where that is all there is.
        step: The step that it is of.
        kind: What is run.
        name: The experiment or resource; empty for the other kinds.
        minutes: How long a control run or a wait lasts; null for the other kinds.
        needs: Steps that must have passed.
        on_failure: What is done when it does not pass.
        of_database: Whether it takes the database away, or restores it.
    """

    id: str
    step: str
    kind: StepKind
    name: str
    minutes: int | None
    needs: tuple[str, ...]
    on_failure: OnFailure
    of_database: bool


class LeftOut(Part, frozen=True, kw_only=True):
    """What a suite would have run elsewhere, and this stack has not.

    Attributes:
        step: The step.
        reason: What it lacks.
    """

    step: str
    reason: str


class SuitePlan(Part, frozen=True, kw_only=True):
    """A suite as one stack runs it. `unknown` names what was asked for by name and is not there.

    Attributes:
        suite: The suite.
        steps: The runs, in their order.
        left_out: Steps that choose nothing here.
        unknown: STEP/NAME of what the stack has not.
    """

    suite: Suite
    steps: tuple[PlannedStep, ...]
    left_out: tuple[LeftOut, ...]
    unknown: tuple[str, ...]


class Choosable(Part, frozen=True, kw_only=True):
    """An experiment or a resource that a step can choose.

    Attributes:
        name: Name.
        choice: The category of an experiment, or what kind of resource it is.
        of_database: Whether it takes the database away, or restores it.
    """

    name: str
    choice: str
    of_database: bool


def plan_of(suite: Suite, experiments: Sequence[Choosable], resources: Sequence[Choosable]) -> SuitePlan:
    """The suite with these experiments and resources: each in the stack's own order, nothing twice in one step."""
    steps, left_out, unknown = list[PlannedStep](), list[LeftOut](), list[str]()
    for step in suite.steps:
        among: Mapping[str, Sequence[Choosable]] = {"experiment": experiments, "drill": resources}
        if step.kind not in among:
            steps.append(_planned(step, step.name, Choosable(name="", choice="", of_database=False)))
            continue
        known = {held.name: held for held in among[step.kind]}
        unknown += [f"{step.name}/{name}" for name in step.names if name not in known]
        chosen = list(_chosen(step, known))
        steps += [_planned(step, f"{step.name}/{held.name}", held) for held in chosen]
        if not chosen and not step.names:
            left_out.append(LeftOut(step=step.name, reason=f"the stack has no {step.kind} of choice {step.choice}"))
    return SuitePlan(suite=suite, steps=tuple(steps), left_out=tuple(left_out), unknown=tuple(unknown))


def _chosen(step: SuiteStep, known: Mapping[str, Choosable]) -> Iterator[Choosable]:
    if step.names:
        yield from (known[name] for name in step.names if name in known)
    else:
        yield from (held for held in known.values() if step.choice in (_EVERYTHING, held.choice))


def _planned(step: SuiteStep, id_: str, held: Choosable) -> PlannedStep:
    return PlannedStep(
        id=id_,
        step=step.name,
        kind=step.kind,
        name=held.name,
        minutes=step.minutes,
        needs=step.needs,
        on_failure=step.on_failure,
        of_database=held.of_database,
    )
