"""What a backup command reaches: one stack's outputs, its AWS, its records, its runs, and the prices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from preview.engines import Engine, chosen
from runners.errors import InputError, OutputsError
from runners.runs.clock import Clock, SystemClock
from runners.runs.run_folder import Runs
from runners.stack.locations import program_folder

if TYPE_CHECKING:
    from contract.outputs import Backup, BackupPlan, Outputs
    from pricing.price_book import PriceBook
    from runners.aws.session import Clients
    from runners.backup.copies import Copies
    from runners.backup.reap import Reaper
    from runners.backup.restoring import Restoring
    from runners.backup.status import StatusReader
    from runners.runs.lease import Leases
    from runners.runs.records import Records

Say = Callable[[str], object]
# The local cloud restores in moments; asking every five seconds would make up most of a rehearsal.
_LOCAL_PACE: Final = timedelta(milliseconds=200)
_PACE: Final = timedelta(seconds=5)


@dataclass(frozen=True)
class Access:
    """One stack, on AWS or on the local cloud. `taking_on` takes on a role, in a session of that name, as who came."""

    stack: str
    folder: Path
    engine: Engine
    outputs: Outputs
    clients: Clients
    clock: Clock
    say: Say
    taking_on: Callable[[str, str], Clients]

    @cached_property
    def backup(self) -> Backup:
        """Stage 2's part of the outputs.

        Raises:
            OutputsError: the stack has not come to stage 2.
        """
        if self.outputs.backup is None:
            msg = f"stack {self.stack} is at stage {self.outputs.stage} and has no backups; they come with stage 2"
            raise OutputsError(msg)
        return self.outputs.backup

    @cached_property
    def records(self) -> Records:
        """The stack's table of run records, with the archive."""
        return self.records_of(self.clients, self.clock)

    def records_of(self, clients: Clients, clock: Clock) -> Records:
        """The same with other clients, and at another time."""
        from runners.aws.stack_records import StackRecords

        return StackRecords.of(clients, self.stack, self.outputs.account_id, self.backup, clock)

    @cached_property
    def leases(self) -> Leases:
        """Where runs take turns. Their time is this machine's, also on the local cloud: drills know no rehearsal.

        Asked with little patience: a lease that is not renewed in time is lost.
        """
        from runners.aws.leases import TableLeases

        return TableLeases(self.clients.prompt(), self.backup.records_table, SystemClock())

    @cached_property
    def prices(self) -> PriceBook:
        """The price book as it stands today.

        Raises:
            PriceBookError: a catalogue file cannot be read.
        """
        from pricing.price_book import PriceBook

        return PriceBook.load()

    @property
    def runs(self) -> Runs:
        """Where the journals are."""
        return Runs(self.folder, self.stack)

    @property
    def pace(self) -> timedelta:
        """How often something that takes its time is asked for."""
        return _LOCAL_PACE if self.engine is Engine.LOCAL else _PACE

    def copies(self) -> Copies:
        """Copies in the stack's vault.

        Raises:
            OutputsError: the stack has no backup plan.
        """
        from runners.aws.copies import AwsCopier
        from runners.backup.copier import Vault
        from runners.backup.copies import Copies

        plan = self._plan()
        vault = Vault(name=plan.vault, role=plan.role_arn, days=plan.retention_days, schedule=plan.schedule)
        return Copies(
            copier=AwsCopier(self.clients),
            vault=vault,
            runs=self.runs,
            records=self.records,
            clock=self.clock,
            say=self.say,
            every=self.pace,
        )

    def copied(self, names: Sequence[str]) -> dict[str, str]:
        """The ARNs of these resources, or of all that the plan copies.

        Raises:
            InputError: a name is none of them.
        """
        work = self.outputs.workload
        known = {table.name: table.arn for table in work.tables}
        if work.database and self._plan().include_database:
            partition = self._plan().role_arn.split(":")[1]
            place = f"{self.outputs.region}:{self.outputs.account_id}"
            known[work.database] = f"arn:{partition}:rds:{place}:db:{work.database}"
        for name in names:
            if name not in known:
                msg = f"{name} is not copied to the vault; accepted: {', '.join(known) or 'nothing is'}"
                hint = "; buckets keep versions instead" if name in {held.name for held in work.buckets} else ""
                raise InputError(msg + hint)
        return {name: known[name] for name in names or known}

    def status_reader(self) -> StatusReader:
        """What reads the state of every protection."""
        from runners.aws.copies import AwsCopier
        from runners.aws.databases import AwsDatabases
        from runners.aws.objects import AwsObjects
        from runners.aws.tables import AwsTables
        from runners.backup.status import StatusReader

        return StatusReader(
            outputs=self.outputs,
            tables=AwsTables(self.clients),
            objects=AwsObjects(self.clients),
            databases=AwsDatabases(self.clients),
            copier=AwsCopier(self.clients),
            records=self.records,
            clock=self.clock,
        )

    def reaper(self) -> Reaper:
        """What finds leftovers."""
        from runners.aws.databases import AwsDatabases
        from runners.aws.names import AwsNames
        from runners.aws.objects import AwsObjects
        from runners.aws.tables import AwsTables
        from runners.backup.reap import Reaper

        return Reaper(
            outputs=self.outputs,
            names=AwsNames(self.clients),
            tables=AwsTables(self.clients),
            databases=AwsDatabases(self.clients),
            objects=AwsObjects(self.clients),
            runs=self.runs,
            records=self.records,
            clock=self.clock,
        )

    def restoring(self) -> Restoring:
        """What carries real restores out."""
        from runners.backup.restoring import Restoring

        return Restoring(
            stack=self.stack, runs=self.runs, records=self.records, leases=self.leases, clock=self.clock, say=self.say
        )

    def _plan(self) -> BackupPlan:
        plan = self.backup.plan
        if plan is None:
            msg = f"stack {self.stack} has no backup plan: ial:workload names no table and no database to copy"
            raise OutputsError(msg)
        return plan

    @classmethod
    def open(cls, stack: str, program: Path | None, engine: Engine, say: Say, *, assume: str | None = None) -> Access:
        """Reads the stack's outputs and opens its AWS. `assume` names one of the stack's runner roles to take on.

        Raises:
            OutputsError: the stack was not applied, or by another version, or has no such role.
            LocalCloudError: the local cloud does not run.
            WrongAccountError: the credentials are not of the stack's account.
            AwsError: the role cannot be taken on.
        """
        from runners.stack.stack_outputs import read_outputs
        from runners.wiring.opening import Ground

        real, folder = chosen(engine, say), program_folder(program)
        _, outputs = read_outputs(stack, folder, real, say)
        ground = Ground.of(stack, folder, real, region=outputs.region, account=outputs.account_id)
        own = ground.open()
        access = cls(stack, folder, real, outputs, own, SystemClock(), say, partial(ground.taking_on, own))
        return access if assume is None else access.as_role(assume)

    def as_role(self, kind: str) -> Access:
        """The same for whoever came, having taken on another of the stack's runner roles.

        Raises:
            OutputsError: the stack has no such role.
            WrongAccountError: the role is of another account.
            AwsError: the role cannot be taken on.
        """
        return replace(self, clients=self.taking_on(self._role(kind), f"ial-{kind}"))

    def _role(self, kind: str) -> str:
        if kind in ("chaos-runner", "chaos-halt"):
            from runners.stack.stack_outputs import chaos_part

            chaos = chaos_part(self.outputs)
            return chaos.halt_role if kind == "chaos-halt" else chaos.runner_role
        return str(getattr(self.backup.runner_roles, kind))
