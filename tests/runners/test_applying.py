"""The order of things in `ial up`: judge, ask, apply; what is refused or not agreed to never reaches a cloud."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from local.errors import LocalCloudError
from preview.engines import Engine
from runners import applying, local_cloud
from runners.applying import Applied, apply
from runners.errors import OutputsError
from runners.judging import Case, Order
from runners.kept import adopting
from runners.stack_outputs import read_outputs
from tests.runners.conftest import ROOT
from tests.runners.test_outputs import DOCUMENT

ORDER = Order(stack="dev", program=ROOT, as_of=date(2026, 11, 25), engine=Engine.LOCAL)


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stacks that reached the cloud."""
    reached: list[str] = []

    def deploy(project: Any, say: object) -> Applied:
        reached.append(project.stack)
        return Applied(engine="local", created=3, outputs={})

    monkeypatch.setattr(local_cloud, "require_running", lambda folder: None)
    monkeypatch.setattr(local_cloud, "deploy", deploy)
    monkeypatch.setattr(adopting, "left_by_down", lambda *_: ())
    return reached


def verdict(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    judged = SimpleNamespace(verdict=None, recording=None)
    monkeypatch.setattr(Case, "judge", lambda self: judged)
    report = {"exitCode": code, "verdict": "so", "headline": "so", "engine": "local"}
    monkeypatch.setattr(applying, "judged_report", lambda *_: report)


def test_what_is_within_budget_is_applied(monkeypatch: pytest.MonkeyPatch, deployed: list[str]) -> None:
    verdict(monkeypatch, 0)
    result = apply(ORDER, lambda _: True)
    assert deployed == ["dev"]
    assert result.document()["created"] == 3


@pytest.mark.parametrize("code", [1, 2])
def test_nothing_else_is(monkeypatch: pytest.MonkeyPatch, deployed: list[str], code: int) -> None:
    verdict(monkeypatch, code)
    asked: list[str] = []
    result = apply(ORDER, lambda what: not asked.append(what))  # type: ignore[func-returns-value]
    assert (deployed, asked, result.applied) == ([], [], None)


def test_without_consent_nothing_is_applied(monkeypatch: pytest.MonkeyPatch, deployed: list[str]) -> None:
    verdict(monkeypatch, 0)
    assert apply(ORDER, lambda _: False).applied is None
    assert deployed == []


def test_without_a_cloud_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(folder: object) -> None:
        raise LocalCloudError("it is not running")

    monkeypatch.setattr(local_cloud, "require_running", missing)
    monkeypatch.setattr(Case, "judge", lambda self: pytest.fail("judged"))
    with pytest.raises(LocalCloudError):
        apply(ORDER, lambda _: True)


def test_outputs_are_read_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_cloud, "deployed_outputs", lambda folder, stack: {"ial": DOCUMENT})
    document, parsed = read_outputs("dev", ROOT, Engine.LOCAL, lambda _: None)
    assert (document, parsed.owner) == (DOCUMENT, "platform-team")
    monkeypatch.setattr(local_cloud, "deployed_outputs", lambda folder, stack: {"other": 1})
    with pytest.raises(OutputsError, match="no output 'ial'"):
        read_outputs("dev", ROOT, Engine.LOCAL, lambda _: None)
