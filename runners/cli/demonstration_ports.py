"""Who watches the demonstration, and what it works with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from contract.outputs import Outputs
    from preview.report.model import PreviewReport
    from runners.backup.drill_record import DrillRecord
    from runners.report.model import Report
    from runners.rollback.record import RollbackRecord
    from runners.suites.suite_record import SuiteRecord


class Audience(Protocol):
    """Who watches: tells the chapters and shows what each gave."""

    def step(self, title: str, command: str) -> None:
        """A chapter begins; `command` is what a user would type."""

    def report(self, report: PreviewReport) -> None:
        """A preview was judged."""

    def note(self, text: str) -> None:
        """Something that happened."""

    def outputs(self, outputs: Outputs) -> None:
        """The outputs of the stack."""

    def drill(self, record: DrillRecord) -> None:
        """A restore drill ended."""

    def suite(self, record: SuiteRecord) -> None:
        """A suite ended."""

    def rollback(self, record: RollbackRecord) -> None:
        """A rollback was thought over, and carried out if that was the answer."""

    def findings(self, report: Report) -> None:
        """What all runs say together."""


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


class Stack(Protocol):
    """The stack that is up."""

    def drill(self, table: str) -> DrillRecord:
        """Restores one table beside itself, and compares."""

    def suite(self, name: str, rehearsal: list[str] | None) -> SuiteRecord:
        """Runs a suite; with a `rehearsal`, in a new one."""

    def release(self, image: str, rehearsed: str) -> str:
        """Deploys a version of the workload; the task definition that then runs."""

    def service_runs(self) -> str:
        """The task definition of the service."""

    def roll_back(self, failed: SuiteRecord) -> RollbackRecord:
        """Thinks over, and carries out, a rollback for the experiment of a suite that failed."""

    def report(self, gate: PreviewReport) -> tuple[Report, Path]:
        """Analysis, score and report of all that ran, and where the page is; `gate` is what the preview said."""

    def eight_weeks(self) -> tuple[Report, Path]:
        """The report of eight weeks that nobody ran."""
