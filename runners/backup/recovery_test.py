"""Several drills, one after the other: a full recovery test when they are all that the stack has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from runners.backup.drill import Drill
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Verdict
from runners.exit_codes import ExitCode

VERSION: Final = 1
# What needs somebody most comes first.
_SEVERITY: Final = (
    ExitCode.LEFT_BEHIND,
    ExitCode.INTERRUPTED,
    ExitCode.AWS_FAILED,
    ExitCode.REFUSED,
    ExitCode.NOT_PROVEN,
    ExitCode.NOT_STARTED,
    ExitCode.OK,
)


@dataclass(frozen=True, kw_only=True)
class RecoveryTest:
    """The records, and what was left out with the reason. `full` is a test of everything that can be drilled."""

    stack: str
    full: bool
    records: tuple[DrillRecord, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """The most severe of the records' codes."""
        codes = {record.exit_code for record in self.records}
        return next(code for code in _SEVERITY if code in codes or code is ExitCode.OK)

    def document(self) -> dict[str, Any]:
        """For machines, as `schemas/backup-drill.schema.json` describes it."""
        return {
            "version": VERSION,
            "stack": self.stack,
            "full": self.full,
            "records": [record.document() for record in self.records],
            "leftOut": [{"resource": resource, "reason": reason} for resource, reason in self.left_out],
            "exitCode": int(self.exit_code),
        }


def carry_out_all(drills: Sequence[Drill], run: Callable[[Drill], DrillRecord]) -> tuple[DrillRecord, ...]:
    """Every drill, also after one that failed; none after an interruption."""
    records = []
    for drill in drills:
        records.append(run(drill))
        if records[-1].verdict is Verdict.INTERRUPTED:
            break
    return tuple(records)
