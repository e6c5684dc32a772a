"""With the real engine: a bare `pulumi destroy` ends although AWS refuses, and a bare `pulumi up` can follow."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from preview.errors import EngineError
from runners.kept.kept import OTHER, in_state
from runners.stack.pulumi_stack import destroy_stack
from tests.gate.conftest import ROOT, Cloud, Program, Pulumi

pytestmark = pytest.mark.engine


@pytest.fixture
def refusing(
    tmp_path: Path, pulumi: Callable[..., Pulumi], cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Pulumi]:
    """The stand-in provider, refusing as AWS does; who asks about account and names is answered."""
    for name, value in cloud.endpoint.environment().items():
        monkeypatch.setenv(name, value)
    there = tmp_path / "there"
    there.mkdir()
    monkeypatch.setenv("IAL_TEST_THERE", str(there))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    plugin = tmp_path / "plugins" / "pulumi-resource-aws"
    module = "tests.gate.refusing_provider"
    plugin.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u -m {module} "$@"\n', encoding="utf-8")
    return pulumi


def _without_borrowing(directory: Path) -> Path:
    """What is borrowed is set by calls to AWS, and there is none here."""
    file = directory / "Pulumi.dev.yaml"
    text = file.read_text(encoding="utf-8")
    start, end = text.index("  ial:workload:"), text.index("    tables:")
    work = "  ial:workload:\n    tables:\n      - {name: sessions, existing: false}\n"
    file.write_text(f"{text[:start]}  ial:stage: 2\n{work}", encoding="utf-8")
    assert end
    return directory


def test_destroy_ends_and_up_takes_back_what_it_left(
    program: Program, refusing: Callable[..., Pulumi], tmp_path: Path
) -> None:
    stack = refusing(_without_borrowing(program()))
    stack.run("config", "set", "ial:fleetRecords", '{"enabled": true}')
    stack.run("up", "--yes", "--skip-preview")
    # Database, table, workgroup and the saved queries, in two components.
    assert len([name for name in stack.created() if name.startswith("backup-fleet")]) == 13
    kept = [held for held in in_state(stack.export()) if held.kind != OTHER]
    assert {held.kind for held in kept} == {"table", "bucket", "vault", "role"}
    stack.run("destroy", "--yes", "--skip-preview")
    assert stack.created() == []
    there = {file.name for file in (tmp_path / "there").iterdir()}
    assert there == {held.name for held in kept}

    refused = stack.attempt("up", "--yes", "--skip-preview")
    assert refused.returncode != 0
    assert "AlreadyExistsException" in refused.stdout + refused.stderr
    for number, name in enumerate(sorted(there)):
        stack.run("config", "set", "--path", f"ial:adopt[{number}]", name)
    # As `ial up` does it: with a saved plan.
    plan = str(tmp_path / "plan.json")
    stack.run("preview", "--save-plan", plan)
    stack.run("up", "--yes", "--plan", plan)
    assert in_state(stack.export()) == tuple(kept)


def test_a_destroy_that_fails_names_what_and_how_many(program: Program, refusing: Callable[..., Pulumi]) -> None:
    extra = 'for name in ("one", "two"):\n    aws.dynamodb.Table(name, name=name, hash_key="id", attributes=[])'
    stack = refusing(_without_borrowing(program(extra)))
    stack.run("up", "--yes", "--skip-preview")
    said: list[Any] = []
    with pytest.raises(
        EngineError, match=r"resources were deleted, \d could not be: .*deletion protection is on"
    ) as got:
        destroy_stack(stack.directory, "dev", said.append)
    assert "(aws:dynamodb/table:Table)" in str(got.value)
    assert "run the same command again" in str(got.value)
