"""Which tests reach which line of a part: measured once, so that a mutant meets only the tests that can see it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import coverage
import pytest

from tests.mutants.mutations import Mutant
from tests.mutants.parts import ROOT, Part

# A mutant must die each time or never; nothing of a run stays for the next.
PYTEST: Final = ("-q", "--tb=no", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=1")


@dataclass(frozen=True, kw_only=True)
class Reach:
    """For each source and line, the `tests` that run it; "" stands for what runs when the module is imported."""

    lines: dict[str, dict[int, tuple[str, ...]]]
    tests: tuple[str, ...]

    def seers(self, path: Path, mutant: Mutant) -> list[str]:
        """The tests that may see a mutant; those of a file of the module's name are first.

        What runs when a module is imported may be seen by any test: those that use the module are asked first.
        """
        held = self.lines.get(str(path), {})
        found = _of(held, mutant.lines) or _of(held, mutant.around)
        mirrored, using = f"/test_{path.stem}.py::", {test.split("::")[0] for test in _of(held, held)}
        if "" in found:
            found = set(self.tests)
        return sorted(found - {""}, key=lambda test: (mirrored not in test, test.split("::")[0] not in using, test))


def _of(held: dict[int, tuple[str, ...]], lines: Iterable[int]) -> set[str]:
    return {test for line in lines for test in held.get(line, ())}


def measured(part: Part, answer: Path) -> Reach:
    """Runs the part's tests in a process of their own, so that this one has none of its modules.

    Raises:
        RuntimeError: the tests are red as they are, so nothing can be said of mutants.
    """
    pid = os.fork()
    if pid == 0:
        os._exit(_measure(part, answer))
    _, status = os.waitpid(pid, 0)
    if status:
        msg = f"the tests of {part.name} are red or do not run: {' '.join(part.tests)}"
        raise RuntimeError(msg)
    told = json.loads(answer.read_text(encoding="utf-8"))
    held = {path: {int(line): tuple(tests) for line, tests in lines.items()} for path, lines in told["lines"].items()}
    return Reach(lines=held, tests=tuple(told["tests"]))


def _measure(part: Part, answer: Path) -> int:
    measure = coverage.Coverage(data_file=None, include=[str(path) for path in part.files()])
    measure.start()
    contexts = _Contexts(measure)
    with silent():
        status = pytest.main([*PYTEST, *part.tests], plugins=[contexts])
    measure.stop()
    data = measure.get_data()
    lines = {path: data.contexts_by_lineno(path) for path in data.measured_files()}
    answer.write_text(json.dumps({"lines": lines, "tests": contexts.tests}), encoding="utf-8")
    return int(status)


class _Contexts:
    """Tells coverage which test runs."""

    def __init__(self, measure: coverage.Coverage) -> None:
        self._measure = measure
        self.tests: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        self.tests.append(item.nodeid)
        self._measure.switch_context(item.nodeid)
        result = yield
        self._measure.switch_context("")
        return result


@contextmanager
def silent() -> Iterator[None]:
    """Nobody reads what the tests of a mutant print."""
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


def relative(path: Path) -> str:
    """As people write it."""
    return str(path.relative_to(ROOT))
