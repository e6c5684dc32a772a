from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import jsonschema
import pytest

from preview.engines import Engine
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Verdict
from runners.chaos.judging.verdict import Judgement
from runners.chaos.judging.verdict import Verdict as ChaosVerdict
from runners.chaos.record.chaos_record import ChaosRecord
from runners.cli import demonstration
from runners.cli.demonstration import Demonstration, DemonstrationError
from runners.gate.judging import Order
from runners.stack.applied import Applied
from runners.wiring.applying import Result
from tests.runners.backup.test_recovery_test import PASSED
from tests.runners.chaos.experiments import passed
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

    def experiment(self, record: ChaosRecord) -> None:
        self.notes.append(str(record.judgement.verdict))


def answers(monkeypatch: pytest.MonkeyPatch, *codes: int) -> None:
    """The gate's exit codes, in order."""
    rest = list(codes)

    def apply(order: Order, consent: object, shown: object = None) -> Result:
        code = rest.pop(0)
        report: Any = {"exitCode": code, "verdict": ["within", "refused", "could-not-judge"][code], "headline": "so"}
        return Result(report=report, applied=Applied(engine="local", created=3) if code == 0 else None)

    monkeypatch.setattr(demonstration, "apply", apply)
    monkeypatch.setattr(demonstration, "read_outputs", lambda *_: ({}, None))


def proven(_: Order) -> DrillRecord:
    """A drill that passed."""
    return PASSED


def disturbed(_: Order) -> ChaosRecord:
    """An experiment that passed."""
    return passed()


def test_all_steps_are_told_and_the_cloud_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, 0, 1)
    cloud, listener = FakeCloud([3, 3]), Listener()
    document = Demonstration(ORDER, cloud, listener, prove=proven, experiment=disturbed).run()
    assert [step["step"] for step in document["steps"]] == [
        "start",
        "apply",
        "outputs",
        "drill",
        "experiment",
        "refuse",
    ]
    jsonschema.validate(document, json.loads((ROOT / "schemas" / "demo.schema.json").read_text()))
    assert cloud.said == ["start", "stop"]
    assert "nothing was created: 3 resources before, 3 after" in listener.notes


def test_the_cloud_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, 0, 1)
    cloud = FakeCloud([3, 3])
    Demonstration(ORDER, cloud, Listener(), keep=True, prove=proven, experiment=disturbed).run()
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
        Demonstration(ORDER, cloud, Listener(), prove=proven, experiment=disturbed).run()
    assert cloud.said == ["start", "stop"]


def test_a_drill_that_fails_is_a_defect_and_the_cloud_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, 0, 1)
    cloud = FakeCloud([3, 3])
    failed = replace(PASSED, verdict=Verdict.FAILED, reasons=("content: wrong",))
    with pytest.raises(DemonstrationError, match="should pass, but: content: wrong"):
        Demonstration(ORDER, cloud, Listener(), prove=lambda _: failed).run()
    assert cloud.said == ["start", "stop"]


def test_an_experiment_that_fails_is_a_defect_and_the_cloud_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, 0, 1)
    cloud = FakeCloud([3, 3])
    failed = replace(passed(), judgement=Judgement(ChaosVerdict.FAILED, ("not replaced",)))
    with pytest.raises(DemonstrationError, match="should pass, but: not replaced"):
        Demonstration(ORDER, cloud, Listener(), prove=proven, experiment=lambda _: failed).run()
    assert cloud.said == ["start", "stop"]
