"""What the demonstration does on the local cloud after the stack is up: the same calls that the commands make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from preview.engines import Engine
from runners.gate.judging import Order

if TYPE_CHECKING:
    from preview.report.model import PreviewReport
    from runners.backup.drill_record import DrillRecord
    from runners.report.model import Report
    from runners.rollback.record import RollbackRecord
    from runners.suites.suite_record import SuiteRecord
    from runners.wiring.chaos import ChaosAccess

SERVICE: Final = "shop/web"
# The local cloud has no database that could be asked: what is shown is the way, and not an answer.
PROBE: Final = "true"
# Until a new version is everywhere, and CloudWatch knows of it.
_ARRIVED_SECONDS: Final = 600
_WEEKS: Final = timedelta(weeks=8)
# A look of a probe: one every ten seconds of a run is more than anybody reads.
_LOOK: Final = re.compile(r"(pending|initiating|running|completed|stopping|stopped|failed): ")


@dataclass(frozen=True)
class DemonstratedStack:
    """The stack of an order, on the local cloud and in rehearsed time."""

    order: Order

    def drill(self, table: str) -> DrillRecord:
        """Restores one table beside itself, and compares."""
        from runners.wiring.backup import Access
        from runners.wiring.drills import DrillPlan

        order = self.order
        plan = DrillPlan(Access.open(order.stack, order.program, Engine.LOCAL, order.say))
        [drill], _ = plan.chosen([table])
        return plan.life_cycle().run(drill)

    def suite(self, name: str, rehearsal: list[str] | None) -> SuiteRecord:
        """Runs a suite; with a `rehearsal`, in a new one."""
        from runners.wiring.backup import Access
        from runners.wiring.drills import DrillPlan
        from runners.wiring.suites import SuiteAccess

        with self._chaos(rehearsal) as chaos:
            drilling = Access.open(self.order.stack, self.order.program, Engine.LOCAL, self._say)
            access = SuiteAccess(chaos, DrillPlan(drilling, PROBE), self.order.stack)
            return access.life_cycle().run(access.planned(name))

    def release(self, image: str, rehearsed: str) -> str:
        """Deploys a version of the workload, as its own team would; what then runs."""
        from runners.chaos.running.rehearsal import RehearsalClock
        from runners.stack.local_cloud import release, require_running

        made = release(self.order.program, SERVICE, image, rehearsed)
        RehearsalClock(require_running(self.order.program)).sleep(_ARRIVED_SECONDS)
        return made

    def service_runs(self) -> str:
        """The task definition of the service."""
        from runners.stack.local_cloud import service_runs

        return service_runs(self.order.program, SERVICE)

    def roll_back(self, failed: SuiteRecord) -> RollbackRecord:
        """Thinks over, and carries out, a rollback for the experiment of a suite that failed.

        Raises:
            InputError: none of its experiments failed.
        """
        from runners.errors import InputError
        from runners.rollback.cause import failed_in
        from runners.wiring.rollback import RollbackAccess, failed_record

        run = failed_in(failed.document())
        if run is None:
            msg = f"no experiment of suite {failed.plan.suite.name} failed: nothing to roll back"
            raise InputError(msg)
        with self._chaos(None) as chaos:
            access = RollbackAccess(chaos)
            return access.life_cycle().run(failed_record(access, None, run), confirm=self.order.stack)

    def report(self, gate: PreviewReport) -> tuple[Report, Path]:
        """Analysis, score and report of all that ran, and where the page is; `gate` is what the preview said."""
        import json

        from contract.writing.files import write_whole
        from runners.wiring.analysis import AnalysisAccess
        from runners.wiring.report import stack_report, write_report

        order, folder = self.order, self._reports / "report"
        access = AnalysisAccess.open(order.stack, order.program, Engine.LOCAL, self._say)
        estimate = self._reports / "estimate.json"
        estimate.parent.mkdir(parents=True, exist_ok=True)
        write_whole(estimate, json.dumps(gate), private=False)
        found = stack_report(access, access.now - _WEEKS, estimate, traces=True)
        return found, write_report(found, folder)[0]

    def eight_weeks(self) -> tuple[Report, Path]:
        """The report of eight weeks that nobody ran: made from a seed, with a regression in the fifth."""
        from runners.analysis.eight_weeks.trial import analysed
        from runners.analysis.eight_weeks.weeks import Regression, Weeks
        from runners.report.assembling import Beside, report_of
        from runners.wiring.report import write_report

        def weeks() -> Weeks:
            return Weeks(1, Regression())

        notes = ("REHEARSED: these runs were made from a seed, and nobody ran them: docs/eight-weeks.md says how",)
        found = report_of(analysed(weeks()), weeks().documents(), Beside(notes=notes))
        return found, write_report(found, self._reports / "report-of-eight-rehearsed-weeks")[0]

    @property
    def _reports(self) -> Path:
        return self.order.program / ".ial" / self.order.stack / "demo"

    @contextmanager
    def _chaos(self, rehearsal: list[str] | None) -> Iterator[ChaosAccess]:
        from runners.wiring.chaos import ChaosAccess

        order = self.order
        with ChaosAccess.open(
            order.stack, order.program, Engine.LOCAL, self._say, rehearsal=rehearsal, alone=True
        ) as access:
            yield access

    def _say(self, text: str) -> None:
        if not _LOOK.match(text):
            self.order.say(text)
