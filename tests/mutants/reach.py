"""Which tests reach which line of a part: measured once, so that a mutant meets only the tests that can see it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import coverage
import pytest

from tests.mutants.mutations import Mutant
from tests.mutants.parts import ROOT, Part

# A mutant must die each time or never; nothing of a run stays for the next.
PYTEST: Final = (
    *("-q", "--tb=no", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=1"),
    # Plugins are loaded before processes are split off.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
# What of this tool has no part in what is measured.
_OURS: Final = frozenset(f"tests/mutants/{name}.py" for name in ("__main__", "equivalent", "killing", "mutations"))
_USED: Final = re.compile(rb"^\s*from (tests\.[\w.]*\btest_\w+) import ", re.MULTILINE)
# What was measured; `make clean` takes it away.
KEPT: Final = ROOT / "build" / "mutants"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """For each source and line, the tests that run it; "" stands for what runs when the module is imported.

    `seconds` are what each test of the part took.
    """

    lines: dict[str, dict[int, tuple[str, ...]]]
    seconds: dict[str, float]

    def seers(self, path: Path, mutant: Mutant) -> list[str]:
        """The tests that may see a mutant; those of a file of the module's name are first.

        Those are asked in any case: what a cache holds is run in the first test that needs it, and seen in others.
        What runs when a module is imported may be seen by any test: those that use the module are asked first.
        """
        held = self.lines.get(str(path), {})
        found = _of(held, mutant.lines) or _of(held, mutant.around)
        mirrored, using = f"/test_{path.stem}.py::", {test.split("::")[0] for test in _of(held, held)}
        if "" in found:
            found = set(self.seconds)
        found |= {test for test in self.seconds if mirrored in test}
        return sorted(found - {""}, key=lambda test: (mirrored not in test, test.split("::")[0] not in using, test))


def _of(held: dict[int, tuple[str, ...]], lines: Iterable[int]) -> set[str]:
    return {test for line in lines for test in held.get(line, ())}


def measured(part: Part) -> Reach:
    """Which tests reach what; only files of tests that changed since are run, in a process without the part's modules.

    Raises:
        RuntimeError: the tests are red as they are, so nothing can be said of mutants.
    """
    kept = KEPT / f"{part.name}.json"
    digests = _digests(part)
    held = {file: told for file, told in _kept(kept).items() if told["digest"] == digests.get(file)}
    if stale := [file for file in digests if file not in held]:
        held |= {file: told | {"digest": digests[file]} for file, told in _told_by(part, stale).items()}
        kept.parent.mkdir(parents=True, exist_ok=True)
        written = kept.with_suffix(f".{os.getpid()}")
        written.write_text(json.dumps(held), encoding="utf-8")
        written.replace(kept)
    return joined(held[file] for file in sorted(held))


def _kept(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _digests(part: Part) -> dict[str, str]:
    """Of each file of tests: what it says and what it might use, which is everything but other tests."""
    files = sorted({file for given in part.tests for file in _test_files(ROOT / given)})
    texts = {relative(path): path.read_bytes() for path in _repository()}
    # Tests that other tests take something from.
    used = {f"{name.decode().replace('.', '/')}.py" for text in texts.values() for name in _USED.findall(text)}
    shared = sha256()
    for name, text in texts.items():
        if name in used or not (Path(name).name.startswith("test_") or name in _OURS):
            shared.update(name.encode() + b"\0" + text + b"\0")
    return {relative(file): sha256(shared.digest() + file.read_bytes()).hexdigest() for file in files}


def _test_files(given: Path) -> list[Path]:
    return [given] if given.is_file() else list(given.rglob("test_*.py"))


def _repository() -> list[Path]:
    told = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    return [path for name in sorted(told.stdout.decode().split("\0")) if name and (path := ROOT / name).is_file()]


def _told_by(part: Part, files: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        pid = os.fork()
        if pid == 0:
            os._exit(_measure(part, files, answer))
        _, status = os.waitpid(pid, 0)
        told: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else {}
    if status or told["red"]:
        msg = f"the tests of {part.name} are red or do not run: {' '.join(told.get('red') or files)}"
        raise RuntimeError(msg)
    seconds: dict[str, float] = told["seconds"]
    found: dict[str, Any] = {file: {"seconds": {}, "lines": {}} for file in files}
    for test, taken in seconds.items():
        found[test.split("::")[0]]["seconds"][test] = taken
    for path, lines in told["lines"].items():
        for line, tests in lines.items():
            # What runs at import runs once, whichever file of tests is the first.
            for test in tests:
                for file in files if test == "" else [test.split("::")[0]]:
                    found[file]["lines"].setdefault(path, {}).setdefault(line, []).append(test)
    return found


def joined(told: Iterable[dict[str, Any]]) -> Reach:
    """What was measured of each file of tests, together."""
    lines: dict[str, dict[int, tuple[str, ...]]] = {}
    seconds: dict[str, float] = {}
    for of_file in told:
        seconds |= of_file["seconds"]
        for path, held in of_file["lines"].items():
            into = lines.setdefault(path, {})
            for line, tests in held.items():
                into[int(line)] = (*into.get(int(line), ()), *tests)
    return Reach(lines=lines, seconds=seconds)


def _measure(part: Part, files: list[str], answer: Path) -> int:
    measure = coverage.Coverage(data_file=None, include=[str(path) for path in part.files()])
    measure.start()
    contexts = _Contexts(measure)
    with silent():
        status = pytest.main([*PYTEST, *files], plugins=[contexts])
    measure.stop()
    data = measure.get_data()
    lines = {path: data.contexts_by_lineno(path) for path in data.measured_files()}
    told = {"lines": lines, "seconds": contexts.seconds, "red": contexts.red}
    answer.write_text(json.dumps(told), encoding="utf-8")
    return 0 if contexts.red else int(status)


class _Contexts:
    """Tells coverage which test runs, and notes what it takes and whether it is red."""

    def __init__(self, measure: coverage.Coverage) -> None:
        self._measure = measure
        self.seconds: dict[str, float] = {}
        self.red: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        begun = time.monotonic()
        self._measure.switch_context(item.nodeid)
        result = yield
        self._measure.switch_context("")
        self.seconds[item.nodeid] = round(time.monotonic() - begun, 3)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.red.append(report.nodeid)


@contextmanager
def silent() -> Iterator[None]:
    """Nobody reads what the tests of a mutant print."""
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


def relative(path: Path) -> str:
    """As people write it."""
    return str(path.relative_to(ROOT))
