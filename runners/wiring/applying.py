"""Applies a stack after the gate let it through: to the local cloud, or to AWS with the real engine."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from contract.outputs import EXPORT
from preview.engines import Engine, chosen
from preview.errors import TargetError
from preview.existing import Existing
from runners.exit_codes import ExitCode
from runners.gate.judging import Case, Order
from runners.gate.reporting import judged_report
from runners.stack.applied import Applied
from runners.stack.outputs import plain
from runners.wiring.held import Held, held_versions

if TYPE_CHECKING:
    from preview.offline import Preview
    from preview.report.model import PreviewReport
    from runners.wiring.inspection import Inspection
    from runners.wiring.opening import Ground

Consent = Callable[[str], bool]
Say = Callable[[str], object]
VERSION: Final = 1
_WHOLE_STACKS: Final = (
    "--target: the local cloud is brought to what the whole program says: leave --target out, or use `--engine pulumi`"
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """The report of the gate, what was looked at if it let the stack through, and what was applied, None if nothing."""

    report: PreviewReport
    inspection: Inspection | None = None
    held: Held | None = None
    applied: Applied | None = None

    @property
    def exit_code(self) -> int:
        """The gate's; 3 when something that others own, or a version that is held, stood against the update."""
        blocked = self.reasons_against and self.applied is None
        return int(ExitCode.NOT_STARTED) if blocked else int(self.report["exitCode"])

    @property
    def reason(self) -> str:
        """Why nothing was applied, in one line."""
        obstacles = self.reasons_against
        more = f"; {len(obstacles) - 1} more: `ial inspect`" if len(obstacles) > 1 else ""
        return f"{obstacles[0]}{more}" if obstacles else self.report["headline"]

    @property
    def reasons_against(self) -> list[str]:
        """What stands against the update, one line each."""
        found = [*self.inspection.obstacles] if self.inspection else []
        return [*found, *(self.held.obstacles if self.held else ())]

    def document(self) -> dict[str, Any]:
        """The answer of `ial up --json`."""
        done = self.applied
        return {
            "version": VERSION,
            "verdict": self.report["verdict"],
            "applied": done is not None,
            "engine": done.engine if done else self.report["engine"],
            "created": done.created if done else 0,
            "adopted": list(done.adopted) if done else [],
            "changed": done.changed if done else 0,
            "deleted": done.deleted if done else 0,
            "unchanged": done.unchanged if done else 0,
            "recorded": list(done.recorded) if done else [],
            "outputs": done.outputs if done else None,
            "inspection": self.inspection.document() if self.inspection else None,
            "held": self.held.document() if self.held else None,
            "report": self.report,
        }


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How people are shown what is about to happen, before they are asked."""

    report: Callable[[PreviewReport], object] = lambda _: None
    inspection: Callable[[Inspection], object] = lambda _: None


def apply(order: Order, consent: Consent, *, shown: Shown | None = None, release_hold: bool = False) -> Result:
    """Judges, looks at what others own and at what a rollback holds, asks, applies.

    Nothing is created unless the verdict is `within`, nothing of others stands against it, and consent is given.
    `release_hold` ends holds instead of being stopped by them.

    Raises:
        PreviewError: the stack could not be previewed, or its update failed.
        LocalCloudError: the local cloud does not run.
        InputError: something of a name that the stack would create is there, and is not the stack's.
        AwsError: AWS could not be asked for what an earlier `down` left.
        WrongAccountError: the credentials are not of the stack's account.
    """
    from runners.wiring.grounds import ground_to_apply
    from runners.wiring.inspection import inspect_ground

    shown = shown or Shown()
    engine = chosen(order.engine, order.say)
    if order.targets and engine is Engine.LOCAL:
        raise TargetError(_WHOLE_STACKS)
    ground = ground_to_apply(order.stack, order.program, engine, order.settings)
    ground.open()
    with tempfile.TemporaryDirectory(prefix="ial-") as folder:
        plan = Path(folder) / "plan.json" if engine is Engine.PULUMI else None
        case, judged, report = _judged_with_what_is_left(replace(order, engine=engine, save_plan=plan), ground)
        shown.report(report)
        if report["exitCode"] != 0:
            return Result(report=report)
        inspection = inspect_ground(ground, order.program, order.settings)
        shown.inspection(inspection)
        held = held_versions(ground, case.project.config, judged.verdict.graph, order.say)
        looked = Result(report=report, inspection=inspection, held=held.without_obstacles() if release_hold else held)
        if looked.reasons_against or not consent(f"apply stack {order.stack}"):
            return looked
        if release_hold:
            held.release()
        return replace(looked, applied=_applied(case, judged, plan))


def _judged_with_what_is_left(order: Order, ground: Ground) -> tuple[Case, Preview, PreviewReport]:
    """Judges; once more when the stack takes back what an earlier `down` left, as the plan must say so."""
    from runners.wiring import adopting

    case = Case.open(order)
    judged = case.judge()
    report = judged_report(case, judged)
    if report["exitCode"] != 0:
        return case, judged, report
    taken = adopting.left_by_down(case.project, ground, order.program, judged.recording)
    if not taken:
        return case, judged, report
    order.say(f"takes back what an earlier `ial down` left: {', '.join(taken)}")
    order = replace(order, settings=(*order.settings, f"{adopting.SETTING}={json.dumps(taken)}"))
    # The real engine reads what it imports; here it was looked at, and carries the stack's own tags.
    existing = Existing(known=False, ours=frozenset(taken)) if order.engine is Engine.LOCAL else None
    case = Case.open(order)
    judged = case.judge(existing)
    return case, judged, judged_report(case, judged)


def _applied(case: Case, judged: Preview, plan: Path | None) -> Applied:
    if plan is None:
        from runners.stack.local_cloud import deploy

        return deploy(case.project, case.order.say, judged.recording)
    from preview.automation import up_engine

    done = up_engine(case.request, plan, on_output=case.order.say)
    steps = done.changes
    return Applied(
        engine=Engine.PULUMI,
        created=steps["create"] + steps.get("import", 0),
        changed=steps["update"] + steps["replace"],
        deleted=steps["delete"],
        unchanged=steps["same"],
        notes=done.notes,
        outputs=plain(done.outputs.get(EXPORT)),
    )
