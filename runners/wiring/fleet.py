"""What `ial fleet` reaches: the records of stacks in several accounts and Regions, read only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from contract.names import configuration_bucket, resource_prefix
from contract.run_table import EXECUTIONS, collection
from contract.signing import AssumedRole
from runners.errors import RunnerError
from runners.fleet.fleet_report import stack_summary, unread
from runners.runs.clock import SystemClock
from runners.runs.run_folder import Runs, months, name_at
from runners.wiring.run_source import StackRuns

if TYPE_CHECKING:
    from runners.aws.session import Clients
    from runners.fleet.fleet_file import Fleet, Member
    from runners.fleet.model import FleetPlan, StackSummary

Say = Callable[[str], object]


@dataclass(frozen=True)
class FleetAccess:
    """The stacks of one file. `endpoint` is the local cloud's; None for AWS."""

    fleet: Fleet
    folder: Path
    say: Say
    endpoint: str | None = None

    def summaries(self, since: datetime, now: datetime) -> list[StackSummary]:
        """Each stack; one that cannot be read stops no other, and says why."""
        found = []
        for member in self.fleet.stacks:
            try:
                found.append(self._summary(member, since, now))
            except RunnerError as error:
                self.say(f"{member.stack} could not be read: {error}")
                found.append(unread(member, str(error)))
        return found

    def _summary(self, member: Member, since: datetime, now: datetime) -> StackSummary:
        from runners.aws.bucket_archive import BucketArchive
        from runners.aws.bucket_records import BucketRecords
        from runners.aws.stack_records import StackRecords

        clients, clock = self._clients(member), SystemClock()
        bucket = configuration_bucket(member.environment, member.account)
        archive = BucketRecords(
            clients=clients,
            bucket=bucket,
            account=member.account,
            stack=member.stack,
            cache=self.folder / ".ial" / "fleets" / f"{member.account}-{member.region}-{member.environment}",
            say=self.say,
        )
        beside = BucketArchive(clients=clients, bucket=bucket, account=member.account, stack=member.stack, clock=clock)
        table = StackRecords(clients, f"{resource_prefix(member.environment)}records", clock, beside)
        # Journals of this machine are of stacks of this folder, which may be named as one of the fleet.
        nobodys = Runs(self.folder / ".ial" / "fleets", member.stack)
        source = StackRuns(nobodys, table, clock, archive, self.say)
        kept = source.kept or table
        told = [item for month in months(since, now) for item in kept.all(collection(EXECUTIONS, month)).values()]
        begun = [item for item in told if str(item.get("run", "")) >= name_at(since)]
        return stack_summary(member, source.documents(since), begun)

    def _clients(self, member: Member) -> Clients:
        """Those of the stack's account, once AWS has said that it is.

        Raises:
            WrongAccountError: it is another.
            AwsError: AWS could not be asked, or the role cannot be taken on.
        """
        from runners.aws.identity import Wanted, require_account
        from runners.aws.session import AwsClients

        keys = None if self.endpoint is None else ("local", "local", None)
        clients: Clients = AwsClients(member.region, endpoint=self.endpoint, keys=keys)
        if member.reader is not None:
            clients = clients.taking_on(AssumedRole(role_arn=member.reader))
        hint = "name its reader role in the fleet's file, as `reader`"
        require_account(clients, Wanted(member.stack, member.account, lambda _: None, hint))
        return clients


def planned(fleet: Fleet) -> FleetPlan:
    """The fleet's state machines with today's prices.

    Raises:
        PricingError: the price book cannot be used.
    """
    from pricing.price_book import PriceBook
    from runners.fleet.fleet_plan import fleet_plan
    from runners.fleet.fleet_price import machine_prices

    return fleet_plan(fleet, machine_prices(fleet, PriceBook.load(), SystemClock().now().date()))
