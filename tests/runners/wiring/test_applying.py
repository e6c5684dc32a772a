"""The order of things in `ial up`: judge, ask, apply; what is refused or not agreed to never reaches a cloud."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from local.errors import LocalCloudError
from preview.engines import Engine
from runners.aws.identity import Identity
from runners.errors import OutputsError, WrongAccountError
from runners.exit_codes import ExitCode
from runners.gate.borrowed_decisions import Decision
from runners.gate.judging import Case, Order
from runners.stack import local_cloud, pulumi_stack
from runners.stack.applied import Applied
from runners.stack.stack_outputs import read_outputs
from runners.wiring import adopting, applying, grounds, inspection
from runners.wiring.applying import Shown, apply
from runners.wiring.held import Held
from runners.wiring.inspection import Inspection
from runners.wiring.taking_down import Ending, take_down
from tests.runners.conftest import ROOT
from tests.runners.stack.test_outputs import DOCUMENT

ORDER = Order(stack="dev", program=ROOT, as_of=date(2026, 11, 25), engine=Engine.LOCAL)


def looked_at(*refused: str) -> Inspection:
    """What an inspection found; each name stands against the update."""
    line = {"setting": "name", "found": "exists", "wanted": "x", "result": "x", "why": "it exists"}
    settings = tuple(Decision(resource=name, decision="refuse", **line) for name in refused)
    identity = Identity("123456789012", "arn:aws:iam::123456789012:user/me")
    return Inspection(stack="dev", engine="local", region="us-east-1", identity=identity, settings=settings)


class Ground:
    """Where the stack stands; `wrong` is what is raised when it is opened."""

    wrong: Exception | None = None

    def open(self) -> None:
        if self.wrong is not None:
            raise self.wrong


@pytest.fixture(autouse=True)
def ground(monkeypatch: pytest.MonkeyPatch) -> Ground:
    found = Ground()
    monkeypatch.setattr(grounds, "ground_to_apply", lambda *_: found)
    monkeypatch.setattr(grounds, "ground_to_take_down", lambda *_: found)
    monkeypatch.setattr(inspection, "inspect_ground", lambda *_: looked_at())
    monkeypatch.setattr(applying, "held_versions", lambda *_: Held())
    return found


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stacks that reached the cloud."""
    reached: list[str] = []

    def deploy(project: Any, say: object, judged: object) -> Applied:
        reached.append(project.stack)
        return Applied(engine="local", created=3, outputs={})

    monkeypatch.setattr(local_cloud, "deploy", deploy)
    monkeypatch.setattr(adopting, "left_by_down", lambda *_: ())
    return reached


def verdict(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    judged = SimpleNamespace(verdict=SimpleNamespace(graph=()), recording=None, staying=())
    monkeypatch.setattr(adopting, "left_by_down", lambda *_: ())
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


@pytest.mark.parametrize("error", [LocalCloudError("it is not running"), WrongAccountError("of another account")])
def test_without_a_cloud_or_in_another_account_nothing_is_judged(
    monkeypatch: pytest.MonkeyPatch, ground: Ground, error: Exception
) -> None:
    ground.wrong = error
    monkeypatch.setattr(Case, "judge", lambda self: pytest.fail("judged"))
    with pytest.raises(type(error)):
        apply(ORDER, lambda _: pytest.fail("asked"))


def test_what_others_own_is_shown_before_the_question(monkeypatch: pytest.MonkeyPatch, deployed: list[str]) -> None:
    verdict(monkeypatch, 0)
    told: list[str] = []

    def agree(what: str) -> bool:
        told.append(what)
        return True

    shown = Shown(report=lambda _: told.append("report"), inspection=lambda _: told.append("inspection"))
    result = apply(ORDER, agree, shown=shown)
    assert (told, result.exit_code) == (["report", "inspection", "apply stack dev"], 0)
    document = result.document()["inspection"]
    assert (document["account"], document["obstacles"]) == ("123456789012", [])


def test_what_stands_against_it_ends_it_before_the_question(
    monkeypatch: pytest.MonkeyPatch, deployed: list[str]
) -> None:
    verdict(monkeypatch, 0)
    monkeypatch.setattr(inspection, "inspect_ground", lambda *_: looked_at("dashboard a", "dashboard b"))
    result = apply(ORDER, lambda _: pytest.fail("asked"))
    assert (deployed, result.applied, result.exit_code) == ([], None, ExitCode.NOT_STARTED)
    assert result.reason == "dashboard a: name: it exists; 1 more: `ial inspect`"


@pytest.mark.parametrize("engine", [Engine.LOCAL, Engine.PULUMI])
def test_in_another_account_nothing_is_taken_down(
    monkeypatch: pytest.MonkeyPatch, ground: Ground, engine: Engine
) -> None:
    ground.wrong = WrongAccountError("of another account")
    monkeypatch.setattr(local_cloud, "destroy", lambda *_: pytest.fail("destroyed"))
    monkeypatch.setattr(pulumi_stack, "destroy_stack", lambda *_: pytest.fail("destroyed"))
    ending = Ending.of("dev", program=ROOT, engine=engine, delete_data=None, say=lambda _: None)
    with pytest.raises(WrongAccountError):
        take_down(ending, lambda _: pytest.fail("asked"))


def test_outputs_are_read_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_cloud, "deployed_outputs", lambda folder, stack: {"ial": DOCUMENT})
    document, parsed = read_outputs("dev", ROOT, Engine.LOCAL, lambda _: None)
    assert (document, parsed.owner) == (DOCUMENT, "platform-team")
    monkeypatch.setattr(local_cloud, "deployed_outputs", lambda folder, stack: {"other": 1})
    with pytest.raises(OutputsError, match="no output 'ial'"):
        read_outputs("dev", ROOT, Engine.LOCAL, lambda _: None)
