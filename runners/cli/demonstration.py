"""The whole story on the local cloud, chapter by chapter: what users of `ial` do in a month, in two minutes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from preview.engines import Engine
from runners.backup.evidence import Verdict
from runners.cli.demonstrated_stack import PROBE, SERVICE
from runners.cli.demonstration_ports import Audience, Cloud, Stack
from runners.errors import RunnerError
from runners.gate.judging import Order
from runners.stack.stack_outputs import read_outputs
from runners.wiring.applying import Result, Shown, apply

if TYPE_CHECKING:
    from preview.report.model import PreviewReport
    from runners.suites.suite_record import SuiteRecord

STACK: Final = "dev"
TABLE: Final = "orders"
EVERYTHING: Final = "full-system-validation"
AFTER_DEPLOYMENT: Final = "post-deploy"
TOO_MUCH: Final = ("teamDashboards=10",)
# What is off by default, and so no story: that this version may be taken back.
MAY_ROLL_BACK: Final = json.dumps(
    {"rollback": {"targets": [{"kind": "ecs-service", "name": SERVICE, "compatible": True}]}}
)
GOOD_DAY: Final = "design.seed=2"
# It gives up on the database too soon, and has nothing else to say then: fine until calls get slow.
BAD_VERSION: Final = "circuit_breaker=false database_timeout_ms=150"
BAD_DAY: Final = [GOOD_DAY, *(f"design.{change}" for change in BAD_VERSION.split())]
VERSION: Final = 2


class DemonstrationError(RunnerError):
    """The demonstration did not go as it must; that is a defect of this installation."""


@dataclass
class Demonstration:
    """One run; `document` has what happened."""

    order: Order
    cloud: Cloud
    audience: Audience
    stack: Stack
    keep: bool = False
    clock: Callable[[], float] = time.monotonic
    steps: list[dict[str, Any]] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        """Tells all chapters, and stops the cloud whatever happens, unless it is to be kept.

        Raises:
            DemonstrationError: a chapter ended otherwise than it must.
        """
        began = self.clock()
        try:
            self._start()
            gate = self._apply()
            self._refuse(self.cloud.count(STACK))
            self._read()
            self._prove()
            self._validate()
            self._bad_version()
            self._bad_day()
            self._look_back(gate)
        finally:
            self.cloud.keep() if self.keep else self.cloud.stop()
        if self.keep:
            self.audience.note(f"the local cloud keeps running: try `ial outputs --stack {STACK} --engine local`")
        return {"version": VERSION, "seconds": round(self.clock() - began, 1), "steps": self.steps}

    def _chapter(self, title: str, command: str) -> None:
        self.audience.step(title, f"ial {command}".replace("STACK", f"--stack {STACK} --engine local"))

    def _start(self) -> None:
        self._chapter("An AWS on this machine, with an example workload in it", "local start")
        where = self.cloud.start()
        self.audience.note(where)
        self.steps.append({"step": "start", "found": where})

    def _apply(self) -> PreviewReport:
        self._chapter(
            "The program is previewed, priced and judged; it fits, so it is applied. Versions may be rolled back here",
            f"up STACK --yes -c 'chaos={MAY_ROLL_BACK}'",
        )
        result = apply(self._with(f"chaos={MAY_ROLL_BACK}"), lambda _: True, shown=Shown(report=self.audience.report))
        if result.applied is None:
            msg = f"the example should be within budget, but: {result.report['headline']}"
            raise DemonstrationError(msg)
        for line in result.applied.summary():
            self.audience.note(line)
        self.steps.append(_step("apply", result))
        return result.report

    def _refuse(self, before: int) -> None:
        self._chapter(
            "Ten more dashboards break the budget, and are refused before anything is created",
            f"up STACK --yes -c {TOO_MUCH[0]}",
        )
        result = apply(self._with(*TOO_MUCH), lambda _: True, shown=Shown(report=self.audience.report))
        after = self.cloud.count(STACK)
        if result.applied is not None or result.report["exitCode"] != 1 or after != before:
            msg = f"ten more dashboards should be refused, but: {result.report['headline']}"
            raise DemonstrationError(msg)
        self.audience.note(f"nothing was created: {after} resources before, {after} after")
        self.steps.append(_step("refuse", result))

    def _with(self, *settings: str) -> Order:
        return replace(self.order, settings=(*self.order.settings, *settings))

    def _read(self) -> None:
        self._chapter("What the stack tells the runners", "outputs STACK")
        document, outputs = read_outputs(STACK, self.order.program, Engine.LOCAL, self.order.say)
        self.audience.outputs(outputs)
        self.steps.append({"step": "outputs", "outputs": document})

    def _prove(self) -> None:
        self._chapter(
            "A restore drill: a table comes back beside itself, and every item is compared",
            f"backup drill {TABLE} STACK",
        )
        record = self.stack.drill(TABLE)
        self.audience.drill(record)
        if record.verdict is not Verdict.PASSED or not record.cleaned:
            msg = f"the drill of table {TABLE} should pass, but: {'; '.join((*record.reasons, *record.left))}"
            raise DemonstrationError(msg)
        shown = ("resource", "verdict", "rtoSeconds", "rpoSeconds")
        self.steps.append({"step": "drill"} | {key: record.document()[key] for key in shown})

    def _validate(self) -> None:
        self._chapter(
            "A suite: watched without a fault, all restores, a wait, and the four faults, each with its own record",
            f"suite run {EVERYTHING} STACK --confirm {STACK} --probe {PROBE} --rehearsal {GOOD_DAY}",
        )
        self._suite(EVERYTHING, [GOOD_DAY], "passed")

    def _bad_version(self) -> None:
        image = "shop/web:2"
        good = self.stack.service_runs()
        self._chapter(
            "Somebody deploys a version that gives up on the database too soon. It looks well; the suite finds it",
            f"suite run {AFTER_DEPLOYMENT} STACK --confirm {STACK}",
        )
        bad = self.stack.release(image, BAD_VERSION)
        self.audience.note(f"deployed: {image}, {bad.rpartition('/')[2]}")
        self.steps.append({"step": "deploy", "image": image, "taskDefinition": bad})
        failed = self._suite(AFTER_DEPLOYMENT, None, "aborted")
        self._chapter(
            "It fails once more, so the version is to blame: the older one comes back, and the same fault proves it",
            f"rollback run STACK --confirm {STACK}",
        )
        self._roll_back(failed, "rolled-back", good)

    def _bad_day(self) -> None:
        good = self.stack.service_runs()
        self._chapter(
            "Another day, the same good version: the suite fails, since something around it has changed",
            f"suite run {AFTER_DEPLOYMENT} STACK --confirm {STACK} {' '.join(f'--rehearsal {one}' for one in BAD_DAY)}",
        )
        failed = self._suite(AFTER_DEPLOYMENT, BAD_DAY, "aborted")
        self._chapter(
            "This version passed before: another one would not help, so none is taken, and a person is called",
            f"rollback run STACK --confirm {STACK}",
        )
        self._roll_back(failed, "kept", good)

    def _suite(self, name: str, rehearsal: list[str] | None, wanted: str) -> SuiteRecord:
        record = self.stack.suite(name, rehearsal)
        self.audience.suite(record)
        document = record.document()
        if document["verdict"] != wanted or not record.cleaned:
            msg = f"suite {name} should be {wanted}, but: {'; '.join((*document['reasons'], *record.left))}"
            raise DemonstrationError(msg)
        shown = ("id", "kind", "verdict")
        steps = [{key: step[key] for key in shown} for step in document["steps"]]
        self.steps.append({"step": "suite", "suite": name, "verdict": wanted, "cost": document["cost"], "steps": steps})
        return record

    def _roll_back(self, failed: SuiteRecord, wanted: str, good: str) -> None:
        record = self.stack.roll_back(failed)
        self.audience.rollback(record)
        document, runs = record.document(), self.stack.service_runs()
        if document["verdict"] != wanted or not record.cleaned or runs != good:
            msg = f"{SERVICE} should be {wanted}, but: {'; '.join((*document['reasons'], *record.left))}; {runs} runs"
            raise DemonstrationError(msg)
        shown = ("experiment", "verdict")
        self.steps.append(
            {
                "step": "rollback",
                "verdict": wanted,
                "cause": {key: document["cause"][key] for key in shown},
                "why": document["answer"]["code"],
                "proof": document["validation"] and document["validation"]["verdict"],
                "paged": document["paged"],
                "taskDefinition": runs,
            }
        )

    def _look_back(self, gate: PreviewReport) -> None:
        self._chapter(
            "What all of it says together: goals, score, what to do, and a page for the meeting on Monday",
            "report STACK --estimate estimate.json --traces",
        )
        report, page = self.stack.report(gate)
        self.audience.findings(report)
        self.audience.note(f"the page: {page}")
        _, rehearsed = self.stack.eight_weeks()
        self.audience.note(f"the same of eight weeks that are REHEARSED, from a seed: {rehearsed}")
        score = report.analysis.score
        self.steps.append(
            {
                "step": "report",
                "runs": report.analysis.counted.read,
                "score": score.score,
                "said": score.said,
                "page": str(page),
                "rehearsedPage": str(rehearsed),
            }
        )


def _step(name: str, result: Result) -> dict[str, Any]:
    report = result.report
    return {
        "step": name,
        "verdict": report["verdict"],
        "headline": report["headline"],
        "created": result.applied.created if result.applied else 0,
        "recorded": list(result.applied.recorded) if result.applied else [],
    }
