"""Which suites are state machines, too: for fleets without a runner host."""

from dataclasses import dataclass
from typing import Final

from components.planned_times import check_schedule
from components.reading import Reader

_SUITE: Final = (r"[a-z][a-z0-9-]{0,39}", "the name of a suite")
_PRINCIPAL: Final = (r"arn:aws[a-z-]*:iam::\d{12}:role/\S+", "a list of ARNs of IAM roles")


@dataclass(frozen=True, kw_only=True)
class MachineSettings:
    """From one entry of `ial:chaos.stateMachines`. `started_by` names roles of other accounts that may start it."""

    suite: str
    schedule: str | None
    started_by: tuple[str, ...]
    log_data: bool

    @classmethod
    def read(cls, reader: Reader) -> "MachineSettings":
        """Reads one entry."""
        found = cls(
            suite=reader.text("suite", *_SUITE),
            schedule=reader.maybe_text(
                "schedule",
                r"cron\([^()]+\)",
                "cron(...): a rate begins when it is made, and applying would start it",
            ),
            started_by=reader.texts("startedBy", *_PRINCIPAL),
            log_data=reader.flag("logData", default=False),
        )
        if found.schedule is not None:
            check_schedule(reader, "schedule", found.schedule)
        return found
