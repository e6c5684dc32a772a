"""Several drills, one after the other: a full recovery test when they are all that the stack has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from runners.backup.drill import Drill
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Verdict
from runners.errors import RunnerError
from runners.exit_codes import ExitCode
from runners.runs.outcome import most_severe

VERSION: Final = 1
LeftOut = tuple[str, str]
_NOT_REACHED: Final = "the test was interrupted before it"


@dataclass(frozen=True, kw_only=True)
class RecoveryTest:
    """The records, and what was left out with the reason. `full` is a test of everything that can be drilled."""

    stack: str
    full: bool
    records: tuple[DrillRecord, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """The most severe of the records' codes; a part that nobody looked at counts as not proven."""
        codes = {record.exit_code for record in self.records}
        if self.left_out or not self.records:
            codes.add(ExitCode.NOT_PROVEN)
        return most_severe(codes)

    @property
    def passed(self) -> bool:
        """Whether everything that was to be looked at passed, and nothing is left behind."""
        return self.exit_code is ExitCode.OK

    def document(self) -> dict[str, Any]:
        """For machines, as `schemas/backup-drill.schema.json` describes it."""
        return {
            "version": VERSION,
            "stack": self.stack,
            "full": self.full,
            "passed": self.passed,
            "records": [record.document() for record in self.records],
            "leftOut": [{"resource": resource, "reason": reason} for resource, reason in self.left_out],
            "exitCode": int(self.exit_code),
        }


def carry_out_all(
    drills: Sequence[Drill], run: Callable[[Drill], DrillRecord]
) -> tuple[tuple[DrillRecord, ...], tuple[LeftOut, ...]]:
    """Every drill, also after one that failed, and those that could not begin; none after an interruption.

    Raises:
        RunnerError: none could begin.
    """
    records: list[DrillRecord] = []
    left_out: list[LeftOut] = []
    faults: list[RunnerError] = []
    for number, drill in enumerate(drills):
        try:
            records.append(run(drill))
        except RunnerError as error:
            faults.append(error)
            left_out.append((drill.resource, str(error)))
            continue
        if records[-1].verdict is Verdict.INTERRUPTED:
            left_out += [(later.resource, _NOT_REACHED) for later in drills[number + 1 :]]
            break
    if faults and not records:
        raise faults[0]
    return tuple(records), tuple(left_out)
