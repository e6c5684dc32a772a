"""Suites as a file: YAML, each wrong value named with its line."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar

from components.chaos.versioned_file import read_versioned
from components.chaos_settings import Window
from components.reading import Reader
from contract import terms
from contract.suites import DRILL_CHOICES, EXPERIMENT_CHOICES, OnFailure, StepKind, Suite, SuiteStep

T = TypeVar("T")
FILE = "suites.yaml"
_VERSION = 1
_NAME = (r"[a-z][a-z0-9-]{0,39}", "1 to 40 of a-z, 0-9 and `-`")
_RESOURCE = (r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}", "a list of names")
_ON_FAILURE: dict[str, OnFailure] = {
    "stop": "stop",
    "continue": "continue",
    "skip-dependents": "skip-dependents",
    "roll-back": "roll-back",
}
_KINDS: dict[str, StepKind] = {"experiments": "experiment", "drills": "drill", "control": "control", "wait": "wait"}
_CHOICES = {"experiments": EXPERIMENT_CHOICES, "drills": DRILL_CHOICES}
_LONGEST_MINUTES = 24 * 60


def read_suites(folder: Path, experiments: Collection[str]) -> tuple[Suite, ...]:
    """The suites of a folder, none where it has no such file. `experiments` are all that the folder's files name.

    Raises:
        SettingsError: one line that names file, line, key, value and what is accepted.
    """
    path = folder / FILE
    if not path.is_file():
        return ()

    def suites(reader: Reader) -> tuple[Suite, ...]:
        found = reader.sections("suites", lambda part: _suite(part, experiments))
        names = [suite.name for suite in found]
        if len(set(names)) < len(names):
            raise reader.refuse("suites", "each name once", names)
        return found

    return read_versioned(path, "a file of suites", _VERSION, suites)


def _suite(reader: Reader, experiments: Collection[str]) -> Suite:
    name = reader.text("name", *_NAME)
    on_failure = reader.choice("onFailure", _ON_FAILURE, "stop")
    window = reader.section("window", Window.read)
    suite = Suite(
        name=name,
        description=reader.text("description", r"[^\n]{1,500}", "one line of text"),
        cool_down_minutes=reader.whole("coolDownMinutes", 0, 240, 5),
        max_degraded_seconds=reader.maybe_whole("maxDegradedSeconds", 1, 24 * 3600),
        max_usd=_amount(reader),
        window=None if window is None else terms.Window(**vars(window)),
        steps=reader.sections("steps", lambda part: _step(part, on_failure, experiments)),
    )
    if not suite.steps:
        raise reader.refuse("steps", "at least one step")
    _check_needs(reader, suite.steps)
    return suite


def _amount(reader: Reader) -> str:
    found = reader.amount("maxUsd")
    if found is None:
        raise reader.refuse("maxUsd", "what all of it may cost, in USD")
    return found


def _step(reader: Reader, on_failure: OnFailure, experiments: Collection[str]) -> SuiteStep:
    name = reader.text("name", *_NAME)
    given = [key for key in _KINDS if reader.has(key)]
    if len(given) != 1:
        raise reader.refuse("name", f"a step with exactly one of {', '.join(_KINDS)}", name)
    key = given[0]
    names: tuple[str, ...] = ()
    choice, minutes = None, None
    if key in _CHOICES:
        names, choice = _required(reader, key, lambda part: _choosing(part, key, experiments))
    else:
        minutes = _required(reader, key, _minutes)
    return SuiteStep(
        name=name,
        kind=_KINDS[key],
        names=names,
        choice=choice,
        minutes=minutes,
        needs=reader.texts("needs", _NAME[0], "a list of names of steps"),
        on_failure=reader.choice("onFailure", _ON_FAILURE, on_failure),
    )


def _choosing(reader: Reader, key: str, experiments: Collection[str]) -> tuple[tuple[str, ...], str | None]:
    choices = _CHOICES[key]
    names = reader.texts("names", *_RESOURCE)
    choice = reader.maybe_text("choose", "|".join(choices), ", ".join(choices))
    if bool(names) == (choice is not None):
        raise reader.refuse("choose", "either names, or one of " + ", ".join(choices))
    unknown = next((name for name in names if key == "experiments" and name not in experiments), None)
    if unknown is not None:
        raise reader.refuse("names", f"experiments of this folder's files: {', '.join(sorted(experiments))}", unknown)
    return names, choice


def _minutes(reader: Reader) -> int:
    found = reader.maybe_whole("minutes", 1, _LONGEST_MINUTES)
    if found is None:
        raise reader.refuse("minutes", f"a whole number, 1 to {_LONGEST_MINUTES}")
    return found


def _required(reader: Reader, key: str, read: Callable[[Reader], T]) -> T:
    found = reader.section(key, read)
    if found is None:
        raise reader.refuse(key, "an object")
    return found


def _check_needs(reader: Reader, steps: tuple[SuiteStep, ...]) -> None:
    before: set[str] = set()
    for number, step in enumerate(steps):
        if step.name in before:
            raise reader.refuse(f"steps[{number}].name", "each name once", step.name)
        unknown = next((name for name in step.needs if name not in before), None)
        if unknown is not None:
            raise reader.refuse(f"steps[{number}].needs", "steps that come before it", unknown)
        before.add(step.name)
