"""Where a stack's runs keep their records: the table that others ask, and the archive in the bucket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from runners.aws.bucket_archive import BucketArchive
from runners.aws.run_records import TableRecords
from runners.runs.clock import Clock, SystemClock
from runners.runs.records import Archive

if TYPE_CHECKING:
    from contract.outputs import Backup
    from runners.aws.session import Clients


@dataclass(frozen=True)
class StackRecords(TableRecords):
    """The table, with the archive beside it."""

    beside: Archive

    @classmethod
    def of(cls, clients: Clients, stack: str, account: str, held: Backup, clock: Clock) -> Self:
        """Those that a stack's outputs name. The archive waits in this machine's time, also during a rehearsal."""
        beside = BucketArchive(
            clients=clients,
            bucket=held.configuration_bucket,
            account=account,
            stack=stack,
            clock=SystemClock(),
        )
        return cls(clients, held.records_table, clock, beside)

    def archive(self, run: str, kind: str, document: Mapping[str, Any]) -> None:
        """Keeps the record of a run that ended.

        Raises:
            RunnerError: it could not be kept.
        """
        self.beside.archive(run, kind, document)
