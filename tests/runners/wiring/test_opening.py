"""Clients for a stack's AWS are made in one place, which compares the account first."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import pytest

from preview.engines import Engine
from runners.errors import InputError
from runners.wiring import opening
from runners.wiring.opening import Ground
from tests.runners.conftest import ROOT

# Elsewhere than in opening.py: clients made of clients, AWS's own catalogue, which belongs to no stack, and the stacks
# of a fleet, whose accounts stand in its file and are asked for there.
ELSEWHERE: Final = {"runners/aws/session.py", "runners/cli/commands/chaos.py", "runners/wiring/fleet.py"}


def makers() -> set[str]:
    found = set()
    for file in (ROOT / "runners").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "AwsClients":
                found.add(str(file.relative_to(ROOT)))
    return found


def test_clients_are_made_in_one_place() -> None:
    assert makers() == {"runners/wiring/opening.py", *ELSEWHERE}


def ground(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Ground:
    monkeypatch.setattr(opening, "stack_settings", lambda *_: {f"aws:{key}": text for key, text in settings.items()})
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    return Ground.of("shop", Path(), Engine.PULUMI)


def test_a_stack_that_names_no_account_is_opened_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"stack shop names no account, .* set ial:accountId in Pulumi\.shop\.yaml"):
        ground(monkeypatch, region="us-east-1").open()


def test_a_stack_without_a_region_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="stack shop has no aws:region"):
        ground(monkeypatch)
    assert ground(monkeypatch, region="eu-west-1").region == "eu-west-1"
