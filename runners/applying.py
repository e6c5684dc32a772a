"""Applies a stack after the gate let it through: to the local cloud, or to AWS with the real engine."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from preview.engines import Engine, chosen
from pricing.increase import MaxIncrease
from runners.judging import Case, Order, remarks
from runners.locations import program_folder
from runners.outputs import EXPORT, plain
from runners.reporting import judged_report

if TYPE_CHECKING:
    from preview.report.model import PreviewReport

Consent = Callable[[str], bool]
Say = Callable[[str], object]
VERSION: Final = 1


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What an update left. `recorded` is what the local cloud cannot emulate, so that it only wrote it down."""

    engine: str
    created: int = 0
    changed: int = 0
    deleted: int = 0
    unchanged: int = 0
    recorded: tuple[str, ...] = ()
    outputs: Mapping[str, Any] | None = field(default=None)

    def summary(self) -> list[str]:
        """For people: how much was created, and what was not emulated."""
        if self.engine != Engine.LOCAL:
            return ["applied to AWS"]
        counts = (self.created, "created"), (self.changed, "changed"), (self.deleted, "deleted")
        shown = ", ".join(f"{number} {what}" for number, what in (*counts, (self.unchanged, "unchanged")) if number)
        lines = [f"applied to the local cloud: {shown or 'nothing to do'}"]
        return lines + [f"  recorded, not emulated: {name}" for name in self.recorded]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The report of the gate, and what was applied; None when nothing was."""

    report: PreviewReport
    applied: Applied | None = None

    def document(self) -> dict[str, Any]:
        """The answer of `ial up --json`."""
        done = self.applied
        return {
            "version": VERSION,
            "verdict": self.report["verdict"],
            "applied": done is not None,
            "engine": done.engine if done else self.report["engine"],
            "created": done.created if done else 0,
            "changed": done.changed if done else 0,
            "deleted": done.deleted if done else 0,
            "unchanged": done.unchanged if done else 0,
            "recorded": list(done.recorded) if done else [],
            "outputs": done.outputs if done else None,
            "report": self.report,
        }


@dataclass(frozen=True, kw_only=True)
class TakenDown:
    """What was deleted."""

    stack: str
    engine: str
    deleted: int

    def summary(self) -> str:
        """For people."""
        return f"stack {self.stack} is down: {self.deleted} resources deleted"

    def document(self) -> dict[str, Any]:
        """The answer of `ial down --json`."""
        return {"version": VERSION, "stack": self.stack, "engine": self.engine, "deleted": self.deleted}


def apply(order: Order, consent: Consent, *, show: Callable[[PreviewReport], object] | None = None) -> Result:
    """Judges, asks, applies. Nothing is created unless the verdict is `within` and consent is given.

    Raises:
        PreviewError: the stack could not be previewed, or its update failed.
        LocalCloudError: the local cloud does not run.
        WrongAccountError: the credentials are not of the stack's account.
    """
    from runners.grounds import ground_to_apply

    engine = chosen(order.engine, order.say)
    ground = ground_to_apply(order.stack, order.program, engine, order.settings)
    ground.open()
    with tempfile.TemporaryDirectory(prefix="ial-") as folder:
        plan = Path(folder) / "plan.json" if engine is Engine.PULUMI else None
        case = Case.open(replace(order, engine=engine, save_plan=plan))
        judged = case.judge()
        report = judged_report(case, judged.verdict, None, MaxIncrease(), remarks(judged))
        if show is not None:
            show(report)
        if report["exitCode"] != 0 or not consent(f"apply stack {order.stack}"):
            return Result(report=report)
        return Result(report=report, applied=_applied(case, plan))


def _applied(case: Case, plan: Path | None) -> Applied:
    if plan is None:
        from runners.local_cloud import deploy

        return deploy(case.project, case.order.say)
    from preview.automation import up_engine

    done = up_engine(case.request, plan, on_output=case.order.say)
    return Applied(engine=Engine.PULUMI, outputs=plain(done.outputs.get(EXPORT)))


def take_down(stack: str, program: Path | None, engine: Engine, consent: Consent, say: Say) -> TakenDown:
    """Deletes what was applied.

    Raises:
        LocalCloudError: the local cloud does not run.
        EngineError: the real engine failed.
        WrongAccountError: the credentials are not of the stack's account.
    """
    from runners.grounds import ground_to_take_down

    folder = program_folder(program)
    real = chosen(engine, say)
    ground_to_take_down(stack, folder, real).open()
    if not consent(f"delete everything in stack {stack}"):
        return TakenDown(stack=stack, engine=real.value, deleted=0)
    if real is Engine.LOCAL:
        from runners.local_cloud import destroy

        return TakenDown(stack=stack, engine=real.value, deleted=destroy(folder, stack, say))
    from runners.pulumi_stack import destroy_stack

    return TakenDown(stack=stack, engine=real.value, deleted=destroy_stack(folder, stack, say))
