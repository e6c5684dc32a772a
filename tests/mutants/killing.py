"""Puts one mutant in the place of its module, in a process of its own, and runs the tests that reach it."""

from __future__ import annotations

import ast
import importlib
import os
import resource
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Final

import pytest
from hypothesis import Phase, settings

from tests.mutants.mutations import Mutant
from tests.mutants.reach import PYTEST, Reach, silent

# A mutant whose tests are not done in ten times their time, and what a start takes, loops, and is seen.
_TIMES: Final = 10
_START_SECONDS: Final = 60
_BYTES: Final = 4 * 2**30
# Loaded before a process is split off, so that it is not loaded for each mutant.
_SLOW_TO_LOAD: Final = (
    "_hypothesis_pytestplugin",
    "boto3",
    "hypothesis.internal.conjecture.engine",
    "hypothesis.strategies",
    "jsonschema",
    "moto",
    "msgspec",
    "pulumi",
    "pulumi_aws",
    "pulumi_policy",
    "requests",
    "rich.console",
    "typer",
    "unittest.mock",
    "xdist.plugin",
    "yaml",
)


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    UNREACHED = "no test runs it"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A mutant, and the module it is of."""

    path: Path
    tree: ast.Module
    mutant: Mutant

    def judged(self, reach: Reach) -> Fate:
        """Whether a test turns red: those of the module's own test file are asked before the others."""
        tests = reach.seers(self.path, self.mutant)
        if not tests:
            return Fate.UNREACHED
        own = [test for test in tests if f"/test_{self.path.stem}.py::" in test]
        for asked in (own, tests[len(own) :]):
            within = _START_SECONDS + _TIMES * sum(reach.seconds[test] for test in asked)
            if asked and is_red(partial(self._run, asked), within):
                return Fate.KILLED
        return Fate.SURVIVED

    def _run(self, tests: Sequence[str]) -> int:
        _put(self.mutant.compiled(self.tree, str(self.path)), str(self.path))
        files = list(dict.fromkeys(test.split("::", 1)[0] for test in tests))
        with silent():
            ended = pytest.main([*PYTEST, "-x", *files], plugins=[_Only(tests)])
        # A mutant may do away with the tests that reach it, by their names: then others have to see it.
        return 0 if ended == pytest.ExitCode.NO_TESTS_COLLECTED else int(ended)


def load_slow() -> None:
    """Loads what all mutants share."""
    for name in _SLOW_TO_LOAD:
        importlib.import_module(name)


def _put(code: CodeType, path: str) -> None:
    """The mutant's code is what Python finds in the module's file from now on."""
    found: Callable[[SourceFileLoader, str], CodeType | None] = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, fullname: str) -> CodeType | None:
        return code if loader.path == path else found(loader, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]


def is_red(run: Callable[[], int], seconds: float) -> bool:
    """Whether a run in a process of its own ends with anything but 0, or does not end in time."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_DATA, (_BYTES, _BYTES))
        status = 1
        try:
            status = run()
        finally:
            os._exit(status)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status != 0
        time.sleep(0.01)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return True


class _Only:
    """Runs the tests that reach the mutant, and no others of their files."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._rank = {test: rank for rank, test in enumerate(tests)}

    def pytest_sessionstart(self) -> None:
        """One counterexample will do: no time is spent on a smaller one, and none is kept for the next mutant."""
        own = settings.get_profile(settings.get_current_profile_name())
        settings.register_profile("mutants", own, database=None, phases=(Phase.explicit, Phase.generate))
        settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leaves out what does not reach it; names that are gone make it red, since the mutant changed them."""
        items[:] = [item for item in items if item.nodeid in self._rank]
