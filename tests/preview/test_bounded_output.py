"""A program may print what it wants: the machine does not fill up with it, and its last words are shown."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from preview.bounded_output import BoundedOutput, last_lines
from preview.errors import EngineError, ProgramError
from preview.program import record
from preview.project import Project
from preview.pulumi_command import LimitedCommand

FLOOD = """
    import sys
    while True:
        sys.stdout.write("all work and no play\\n" * 1000)
"""
FAILING = """
    import sys
    print("what it did first", file=sys.stderr)
    print("what it did then", file=sys.stderr)
    sys.exit(3)
"""


def test_the_end_is_kept_and_all_is_counted() -> None:
    with BoundedOutput(most=100_000) as output:
        os.write(output.sink, b"first")
        os.write(output.sink, b"x" * 65_000 + b"last")
        output.begun()
        assert output.tail().endswith("xlast")
        assert len(output.tail()) <= 65_536
        assert not output.too_much
    with BoundedOutput(most=10) as output:
        os.write(output.sink, b"x" * 11)
        output.begun()
        assert output.tail() == "x" * 11
        assert output.too_much


def test_the_last_lines_are_few_and_short() -> None:
    assert last_lines("") == ()
    assert last_lines("a\n\n b \n") == ("a", " b")
    assert last_lines("\n".join(map(str, range(20))))[0] == "10"
    assert len(last_lines("x" * 10_000)[0]) < 500


def test_a_program_that_prints_without_end_is_stopped(
    load: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("preview.program.BoundedOutput", partial(BoundedOutput, 100_000))
    with pytest.raises(ProgramError, match=r"the program printed more than .* MiB, and was stopped") as caught:
        record(load(FLOOD))
    assert caught.value.printed[-2] == "all work and no play"


def test_a_program_that_fails_shows_its_last_lines(load: Callable[..., Project]) -> None:
    with pytest.raises(ProgramError, match="exit code 3") as caught:
        record(load(FAILING))
    assert caught.value.printed == ("what it did first", "what it did then")


def _engine(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch, limit: float = 60) -> LimitedCommand:
    file = folder / "pulumi"
    file.write_text(f"#!/bin/sh\ncase $* in *version*) echo v3.272.0; exit;; esac\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return LimitedCommand(limit)


def test_an_engine_that_prints_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("preview.pulumi_command.MOST_CHARACTERS", 100_000)
    command = _engine(tmp_path, "exec yes xxxxxxxxxx", monkeypatch)
    with pytest.raises(EngineError, match="`pulumi up` printed more than 0 MiB, and was stopped") as caught:
        command.run(["up"], str(tmp_path), {})
    assert caught.value.printed[-1].startswith("xxx")


def test_an_engine_that_takes_too_long_is_stopped_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = _engine(tmp_path, "echo waiting >&2; exec sleep 60", monkeypatch, 0.5)
    with pytest.raises(EngineError, match=r"was still running after 0\.5 s") as caught:
        command.run(["up"], str(tmp_path), {})
    assert caught.value.printed in (("waiting",), ())
