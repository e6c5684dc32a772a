"""Which drills a stack can have, and how they are run with what the stack has for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from contract.run_table import DRILLS
from contract.suites import CONFIGURATION
from runners.backup.drill import Drill, DrillLimits
from runners.backup.evidence import Kind
from runners.backup.life_cycle import DrillLifeCycle
from runners.backup.resources import doubled, resources
from runners.errors import InputError, OutputsError
from runners.runs.monthly_budget import MonthlyBudget

if TYPE_CHECKING:
    from contract.outputs import Drills
    from runners.aws.drill_signals import DrillSignals
    from runners.backup.recovery_test import RecoveryTest
    from runners.wiring.backup import Access


@dataclass(frozen=True)
class DrillPlan:
    """The drills of one stack; `probe` is the command that asks a restored database."""

    access: Access
    probe: str | None = None

    @property
    def settings(self) -> Drills:
        """How drills are run.

        Raises:
            OutputsError: drills are switched off.
        """
        found = self.access.backup.drills
        if found is None:
            msg = f"stack {self.access.stack} has drills switched off; set ial:backup drills.enabled and apply it again"
            raise OutputsError(msg)
        return found

    @property
    def limits(self) -> DrillLimits:
        """How long the parts may take."""
        return DrillLimits(objective=timedelta(minutes=self.settings.objective_minutes), every=self.access.pace)

    def names(self) -> dict[str, Kind]:
        """Everything that can be drilled, in the order in which a full test does it.

        Raises:
            OutputsError: one name stands for two things, as programs of before let it: one would never be drilled.
        """
        if name := doubled(self.access.outputs.workload, CONFIGURATION):
            msg = f"{name} names two things of stack {self.access.stack}; leave one out of ial:workload, apply it again"
            raise OutputsError(msg)
        return resources(self.access.outputs.workload) | {CONFIGURATION: Kind.CONFIGURATION}

    def chosen(self, names: Sequence[str]) -> tuple[list[Drill], list[tuple[str, str]]]:
        """The drills of these names, or of everything, and what is left out of everything and why.

        Raises:
            InputError: a name is not one of the stack's.
        """
        known = self.names()
        unknown = [name for name in names if name not in known]
        if unknown:
            msg = f"{unknown[0]} is not part of stack {self.access.stack}; accepted: {', '.join(known)}"
            raise InputError(msg)
        left_out = []
        if not names and self.probe is None:
            reason = "nothing can ask it whether it answers; give --probe COMMAND"
            left_out = [(name, reason) for name, kind in known.items() if kind is Kind.DATABASE]
        skipped = {name for name, _ in left_out}
        return [self.drill(known[name], name) for name in names or known if name not in skipped], left_out

    def drill(self, kind: Kind, name: str) -> Drill:
        """The drill of one resource."""
        make = {
            Kind.TABLE: self._table,
            Kind.BUCKET: self._bucket,
            Kind.DATABASE: self._database,
            Kind.CONFIGURATION: self._configuration,
        }
        return make[kind](name)

    def life_cycle(self) -> DrillLifeCycle:
        """What carries them out."""
        access, settings = self.access, self.settings
        usd = Decimal(settings.monthly_budget_usd)
        budget = MonthlyBudget(kind=DRILLS, monthly_usd=usd, records=access.records, clock=access.clock)
        return DrillLifeCycle(
            stack=access.stack,
            objective_minutes=settings.objective_minutes,
            runs=access.runs,
            records=access.records,
            leases=access.leases,
            budget=budget,
            clock=access.clock,
            publish=self.signals().drill,
            say=access.say,
        )

    def test(self, names: Sequence[str]) -> RecoveryTest:
        """Drills these, or everything.

        Raises:
            InputError: a name is not one of the stack's.
            AwsError: the result could not be published.
        """
        from runners.backup.recovery_test import RecoveryTest, carry_out_all

        drills, left_out = self.chosen(names)
        records, not_begun = carry_out_all(drills, self.life_cycle().run)
        stack, left = self.access.stack, (*left_out, *not_begun)
        test = RecoveryTest(stack=stack, full=not names, records=records, left_out=left)
        self.signals().test(test)
        return test

    def signals(self) -> DrillSignals:
        """What drills tell CloudWatch."""
        from runners.aws.drill_signals import DrillSignals

        seen, access = self.access.outputs.observability, self.access
        if seen is None:
            msg = f"stack {access.stack} has no observability, so there is nowhere to publish to; apply stage 1"
            raise OutputsError(msg)
        return DrillSignals(
            clients=access.clients,
            namespace=seen.metric_namespace,
            overdue_schedule=self.settings.overdue_schedule,
            overdue_after=timedelta(days=self.settings.overdue_days),
            clock=access.clock,
        )

    def _table(self, name: str) -> Drill:
        from runners.aws.tables import AwsTables
        from runners.backup.tables.reading import ReadLimits
        from runners.backup.tables.table_drill import TableDrill

        access = self.access
        return TableDrill(
            resource=name,
            stack=access.stack,
            tables=AwsTables(access.clients),
            prices=access.prices,
            region=access.outputs.region,
            limits=self.limits,
            reads=ReadLimits(
                share=self.settings.read_share_percent / 100,
                on_demand_units=self.settings.on_demand_read_units,
                within=timedelta(minutes=self.settings.read_minutes),
            ),
            with_sentinel=self.settings.sentinel,
        )

    def _bucket(self, name: str) -> Drill:
        from runners.aws.objects import AwsObjects
        from runners.backup.buckets.bucket_drill import BucketDrill

        access = self.access
        return BucketDrill(
            resource=name,
            copies=access.backup.configuration_bucket,
            window_days=access.outputs.recovery_window_days,
            objects=AwsObjects(access.clients),
            prices=access.prices,
            region=access.outputs.region,
            limits=self.limits,
            sentinel=self.settings.sentinel,
        )

    def _database(self, name: str) -> Drill:
        from runners.aws.databases import AwsDatabases
        from runners.backup.databases.database_drill import DatabaseDrill
        from runners.backup.databases.database_probe import CommandProbe

        access = self.access
        return DatabaseDrill(
            resource=name,
            stack=access.stack,
            databases=AwsDatabases(access.clients),
            probe=CommandProbe(self.probe) if self.probe else None,
            prices=access.prices,
            region=access.outputs.region,
            limits=self.limits,
        )

    def _configuration(self, _: str) -> Drill:
        from runners.aws.objects import AwsObjects
        from runners.backup.configuration.configuration_drill import ConfigurationDrill
        from runners.wiring.configuration_sources import sources

        access = self.access
        return ConfigurationDrill(
            stack=access.stack,
            bucket=access.backup.configuration_bucket,
            objects=AwsObjects(access.clients),
            sources=sources(access),
            prices=access.prices,
            region=access.outputs.region,
            limits=self.limits,
        )
