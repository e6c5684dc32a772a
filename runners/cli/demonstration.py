"""The main job on the local cloud, told as it happens: price, judge, apply, read, then break the budget on purpose."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from contract.outputs import Outputs
from preview.engines import Engine
from runners.backup.evidence import Verdict
from runners.errors import RunnerError
from runners.gate.judging import Order
from runners.stack.stack_outputs import read_outputs
from runners.wiring.applying import Result, Shown, apply

if TYPE_CHECKING:
    from preview.report.model import PreviewReport
    from runners.backup.drill_record import DrillRecord
    from runners.chaos.record.chaos_record import ChaosRecord

STACK: Final = "dev"
TABLE: Final = "orders"
EXPERIMENT: Final = "instance-termination"
TOO_MUCH: Final = ("teamDashboards=10",)
VERSION: Final = 1


class DemonstrationError(RunnerError):
    """The demonstration did not go as it must; that is a defect of this installation."""


class Audience(Protocol):
    """Who watches: tells the steps and shows what each gave."""

    def step(self, title: str, command: str) -> None:
        """A step begins; `command` is what a user would type."""

    def report(self, report: PreviewReport) -> None:
        """A preview was judged."""

    def note(self, text: str) -> None:
        """Something that happened."""

    def outputs(self, outputs: Outputs) -> None:
        """The outputs of the stack."""

    def drill(self, record: DrillRecord) -> None:
        """A restore drill ended."""

    def experiment(self, record: ChaosRecord) -> None:
        """An experiment ended."""


class Cloud(Protocol):
    """The local cloud, as far as the demonstration starts and stops it."""

    def start(self) -> str:
        """Starts it, if it is not running, and says where it is."""

    def stop(self) -> None:
        """Stops it."""

    def keep(self) -> None:
        """Leaves it running after this process."""

    def count(self, stack: str) -> int:
        """How many resources of a stack exist in it."""


def proven(order: Order) -> DrillRecord:
    """Drills one table of the stack on the local cloud."""
    from runners.wiring.backup import Access
    from runners.wiring.drills import DrillPlan

    plan = DrillPlan(Access.open(STACK, order.program, Engine.LOCAL, order.say))
    [drill], _ = plan.chosen([TABLE])
    return plan.life_cycle().run(drill)


def experimented(order: Order) -> ChaosRecord:
    """Runs one experiment of the stack on the local cloud, in rehearsed time."""
    from runners.wiring.chaos import ChaosAccess

    with ChaosAccess.open(STACK, order.program, Engine.LOCAL, order.say, rehearsal=[], alone=True) as access:
        return access.life_cycle().run(access.experiment(EXPERIMENT))


@dataclass
class Demonstration:
    """One run; `document` has what happened."""

    order: Order
    cloud: Cloud
    audience: Audience
    keep: bool = False
    clock: Callable[[], float] = time.monotonic
    prove: Callable[[Order], DrillRecord] = proven
    experiment: Callable[[Order], ChaosRecord] = experimented
    steps: list[dict[str, Any]] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        """Runs all steps, and stops the cloud whatever happens, unless it is to be kept.

        Raises:
            DemonstrationError: a step gave something else than it must.
        """
        began = self.clock()
        try:
            self._start()
            created = self._apply()
            self._read()
            self._prove()
            self._experiment()
            self._refuse(created)
        finally:
            self.cloud.keep() if self.keep else self.cloud.stop()
        if self.keep:
            self.audience.note(f"the local cloud keeps running: try `ial outputs --stack {STACK} --engine local`")
        return {"version": VERSION, "seconds": round(self.clock() - began, 1), "steps": self.steps}

    def _start(self) -> None:
        self.audience.step("An AWS on this machine, with an example workload in it", "ial local start")
        where = self.cloud.start()
        self.audience.note(where)
        self.steps.append({"step": "start", "found": where})

    def _apply(self) -> int:
        self.audience.step(
            "The program is previewed, priced and judged; it fits, so it is applied",
            f"ial up --stack {STACK} --engine local --yes",
        )
        result = apply(self.order, lambda _: True, shown=Shown(report=self.audience.report))
        if result.applied is None:
            msg = f"the example should be within budget, but: {result.report['headline']}"
            raise DemonstrationError(msg)
        for line in result.applied.summary():
            self.audience.note(line)
        self.steps.append(_step("apply", result))
        return self.cloud.count(STACK)

    def _read(self) -> None:
        self.audience.step("What the stack tells the runners", f"ial outputs --stack {STACK} --engine local")
        document, outputs = read_outputs(STACK, self.order.program, Engine.LOCAL, self.order.say)
        self.audience.outputs(outputs)
        self.steps.append({"step": "outputs", "outputs": document})

    def _prove(self) -> None:
        self.audience.step(
            "A restore drill: a table comes back beside itself, and every item is compared",
            f"ial backup drill {TABLE} --stack {STACK} --engine local",
        )
        record = self.prove(self.order)
        self.audience.drill(record)
        if record.verdict is not Verdict.PASSED or not record.cleaned:
            msg = f"the drill of table {TABLE} should pass, but: {'; '.join((*record.reasons, *record.left))}"
            raise DemonstrationError(msg)
        shown = ("resource", "verdict", "rtoSeconds", "rpoSeconds")
        self.steps.append({"step": "drill"} | {key: record.document()[key] for key in shown})

    def _experiment(self) -> None:
        self.audience.step(
            "An experiment: an instance is terminated, and the group must replace it while users notice nothing",
            f"ial chaos run {EXPERIMENT} --stack {STACK} --engine local --rehearsal design.seed=1",
        )
        record = self.experiment(self.order)
        self.audience.experiment(record)
        document = record.document()
        if document["verdict"] != "passed" or not record.cleaned:
            msg = f"experiment {EXPERIMENT} should pass, but: {'; '.join((*record.judgement.reasons, *record.left))}"
            raise DemonstrationError(msg)
        self.steps.append(
            {"step": "experiment"} | {key: document[key] for key in ("experiment", "verdict", "kpis", "cost")}
        )

    def _refuse(self, before: int) -> None:
        self.audience.step(
            "Ten more dashboards break the budget, and are refused before anything is created",
            f"ial up --stack {STACK} --engine local --yes -c {TOO_MUCH[0]}",
        )
        greedy = replace(self.order, settings=(*self.order.settings, *TOO_MUCH))
        result = apply(greedy, lambda _: True, shown=Shown(report=self.audience.report))
        after = self.cloud.count(STACK)
        if result.applied is not None or result.report["exitCode"] != 1 or after != before:
            msg = f"ten more dashboards should be refused, but: {result.report['headline']}"
            raise DemonstrationError(msg)
        self.audience.note(f"nothing was created: {after} resources before, {after} after")
        self.steps.append(_step("refuse", result))


def _step(name: str, result: Result) -> dict[str, Any]:
    report = result.report
    return {
        "step": name,
        "verdict": report["verdict"],
        "headline": report["headline"],
        "created": result.applied.created if result.applied else 0,
        "recorded": list(result.applied.recorded) if result.applied else [],
    }
