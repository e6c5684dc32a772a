from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from preview.engines import Engine
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Verdict
from runners.cli import demonstration
from runners.cli.demonstration import BAD_DAY, BAD_VERSION, Demonstration, DemonstrationError
from runners.gate.judging import Order
from runners.stack.applied import Applied
from runners.wiring.applying import Result
from tests.runners.backup.test_recovery_test import PASSED
from tests.runners.conftest import ROOT

ORDER = Order(stack="dev", program=ROOT, as_of=date(2026, 11, 25), engine=Engine.LOCAL)


@dataclass
class FakeCloud:
    """A cloud that remembers what was asked of it."""

    counts: list[int]
    said: list[str] = field(default_factory=list)

    def start(self) -> str:
        self.said.append("start")
        return "http://127.0.0.1:1"

    def keep(self) -> None:
        self.said.append("keep")

    def stop(self) -> None:
        self.said.append("stop")

    def count(self, stack: str) -> int:
        return self.counts.pop(0)


@dataclass
class Listener:
    notes: list[str] = field(default_factory=list)

    def step(self, title: str, command: str) -> None:
        self.notes.append(command)

    def report(self, report: object) -> None:
        pass

    def note(self, text: str) -> None:
        self.notes.append(text)

    def outputs(self, outputs: object) -> None:
        pass

    def drill(self, record: DrillRecord) -> None:
        self.notes.append(str(record.verdict))

    def suite(self, record: Any) -> None:
        self.notes.append(f"suite {record.document()['verdict']}")

    def rollback(self, record: Any) -> None:
        self.notes.append(f"rollback {record.document()['verdict']}")

    def findings(self, report: object) -> None:
        pass


def recorded(cleaned: bool = True, **document: Any) -> Any:
    return SimpleNamespace(document=lambda: document, cleaned=cleaned, left=() if cleaned else ("a lock",))


@dataclass
class FakeStack:
    """A stack on which everything goes as it must, but for what is said."""

    drilled: DrillRecord = PASSED
    verdicts: list[str] = field(default_factory=lambda: ["passed", "aborted", "aborted"])
    backs: list[str] = field(default_factory=lambda: ["rolled-back", "kept"])
    running: list[str] = field(default_factory=lambda: ["good"] * 4)
    cleaned: bool = True
    asked: list[object] = field(default_factory=list)

    def drill(self, table: str) -> DrillRecord:
        self.asked.append(table)
        return self.drilled

    def suite(self, name: str, rehearsal: list[str] | None) -> Any:
        self.asked.append((name, rehearsal))
        steps = [{"id": "steady", "kind": "control", "verdict": "passed", "run": "r"}]
        cost = {"limit": "1.50", "spent": "0.50"}
        return recorded(self.cleaned, verdict=self.verdicts.pop(0), reasons=["so"], cost=cost, steps=steps)

    def release(self, image: str, rehearsed: str) -> str:
        self.asked.append((image, rehearsed))
        return "arn:task-definition/shop-web:2"

    def service_runs(self) -> str:
        return self.running.pop(0)

    def roll_back(self, failed: Any) -> Any:
        verdict = self.backs.pop(0)
        back = verdict == "rolled-back"
        return recorded(
            self.cleaned,
            verdict=verdict,
            reasons=["so"],
            cause={"run": "r", "experiment": "network-latency", "verdict": "aborted-by-alarm"},
            answer={"code": "failed-again" if back else "same-version"},
            validation={"run": "r", "verdict": "passed"} if back else None,
            paged=not back,
        )

    def report(self, gate: object) -> Any:
        score = SimpleNamespace(score=61.5, said="61.5 of 100")
        counted = SimpleNamespace(read=18)
        return SimpleNamespace(analysis=SimpleNamespace(score=score, counted=counted)), Path("demo/report.html")

    def eight_weeks(self) -> Any:
        return None, Path("demo/weeks/report.html")


def answers(monkeypatch: pytest.MonkeyPatch, *codes: int) -> None:
    """The gate's exit codes, in order."""
    rest = list(codes)

    def apply(order: Order, consent: object, shown: object = None) -> Result:
        code = rest.pop(0)
        report: Any = {"exitCode": code, "verdict": ["within", "refused", "could-not-judge"][code], "headline": "so"}
        return Result(report=report, applied=Applied(engine="local", created=3) if code == 0 else None)

    monkeypatch.setattr(demonstration, "apply", apply)
    monkeypatch.setattr(demonstration, "read_outputs", lambda *_: ({}, None))


def test_all_chapters_are_told_and_the_cloud_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, 0, 1)
    cloud, listener, stack = FakeCloud([3, 3]), Listener(), FakeStack()
    document = Demonstration(ORDER, cloud, listener, stack).run()
    told = [step["step"] for step in document["steps"]]
    assert told[:6] == ["start", "apply", "refuse", "outputs", "drill", "suite"]
    assert told[6:] == ["deploy", "suite", "rollback", "suite", "rollback", "report"]
    jsonschema.validate(document, json.loads((ROOT / "schemas" / "demo.schema.json").read_text()))
    assert cloud.said == ["start", "stop"]
    assert "nothing was created: 3 resources before, 3 after" in listener.notes
    assert "the page: demo/report.html" in listener.notes
    # The day is bad for the same reason that the version was: nothing else tells them apart.
    assert [held for held in stack.asked if held == ("shop/web:2", BAD_VERSION)] != []
    assert stack.asked[-1] == ("post-deploy", BAD_DAY)


def test_the_cloud_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, 0, 1)
    cloud = FakeCloud([3, 3])
    Demonstration(ORDER, cloud, Listener(), FakeStack(), keep=True).run()
    assert cloud.said == ["start", "keep"]


@pytest.mark.parametrize(
    ("codes", "counts"),
    [((1,), [3, 3]), ((2,), [3, 3]), ((0, 0), [3, 3]), ((0, 2), [3, 3]), ((0, 1), [3, 13])],
)
def test_what_must_not_happen_is_an_error_and_the_cloud_is_stopped(
    monkeypatch: pytest.MonkeyPatch, codes: tuple[int, ...], counts: list[int]
) -> None:
    answers(monkeypatch, *codes)
    cloud = FakeCloud(counts)
    with pytest.raises(DemonstrationError):
        Demonstration(ORDER, cloud, Listener(), FakeStack()).run()
    assert cloud.said == ["start", "stop"]


FAILED = replace(PASSED, verdict=Verdict.FAILED, reasons=("content: wrong",))


@pytest.mark.parametrize(
    ("stack", "said"),
    [
        (FakeStack(drilled=FAILED), "should pass, but: content: wrong"),
        (FakeStack(verdicts=["inconclusive"]), "full-system-validation should be passed, but: so"),
        (FakeStack(verdicts=["passed", "passed"]), "post-deploy should be aborted, but: so"),
        (FakeStack(backs=["kept"]), "should be rolled-back, but: so; good runs"),
        # It says that the version is back, and it is not.
        (FakeStack(running=["good", "bad"]), "should be rolled-back, but: so; bad runs"),
        (FakeStack(backs=["rolled-back", "rolled-back"]), "should be kept, but: so; good runs"),
        (FakeStack(cleaned=False), "should be passed, but: so; a lock"),
    ],
)
def test_a_chapter_that_ends_otherwise_is_a_defect_and_the_cloud_is_stopped(
    monkeypatch: pytest.MonkeyPatch, stack: FakeStack, said: str
) -> None:
    answers(monkeypatch, 0, 1)
    cloud = FakeCloud([3, 3])
    with pytest.raises(DemonstrationError, match=said):
        Demonstration(ORDER, cloud, Listener(), stack).run()
    assert cloud.said == ["start", "stop"]
