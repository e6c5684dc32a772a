"""What `ial analyze`, `ial score` and `ial alarms` reach: a stack's runs, its goals, what its metrics say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from contract.names import metric_namespace
from preview.engines import Engine
from runners.errors import AwsError, InputError
from runners.runs.run_folder import Runs
from runners.wiring.backup import Access
from runners.wiring.opening import local_endpoint
from runners.wiring.run_source import StackRuns

if TYPE_CHECKING:
    from runners.analysis.alerts.comparison_model import AlarmComparison
    from runners.analysis.alerts.designs import AlarmPrices
    from runners.analysis.inputs import MonthCost, RequestDay
    from runners.analysis.model import Analysis
    from runners.analysis.records import ChaosRecord
    from runners.analysis.score import Known
    from runners.analysis.score_model import Score
    from runners.aws.traffic import AwsTraffic
    from runners.report.model import Bill

Say = Callable[[str], object]
# Records are kept for a year and a month; what is older counts in the score as what was never shown.
OLDEST: Final = timedelta(days=396)
# CloudWatch keeps what alarms look at for so long.
MOST_REPLAYED: Final = timedelta(days=15)
_BEFORE_REHEARSAL: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class AnalysisAccess:
    """One stack, read only."""

    access: Access
    now: datetime

    @classmethod
    def open(
        cls, stack: str, program: Path | None, engine: Engine, say: Say, *, assume: str | None = None
    ) -> AnalysisAccess:
        """Reads the stack's outputs and finds its AWS.

        Raises:
            OutputsError: the stack was not applied.
            WrongAccountError: the credentials are not of the stack's account.
            AwsError: the role cannot be taken on.
        """
        access = Access.open(stack, program, engine, say, assume=assume)
        now, endpoint = access.clock.now(), local_endpoint(access.engine, access.folder)
        if endpoint is not None:
            from runners.chaos.running.rehearsal import RehearsalClock

            # Experiments of a rehearsal have its time, which may be ahead.
            now = max(now, RehearsalClock(endpoint).now())
        return cls(access, now)

    def analysis(self, since: datetime, cost: MonthCost | None, changed: date | None = None) -> Analysis:
        """What the runs say together; `changed` is the day of a change that is known.

        Raises:
            AwsError: the table could not be read.
        """
        from runners.analysis.analysis import analyse
        from runners.analysis.inputs import Inputs

        if since >= self.now:
            msg = f"--since: {since:%Y-%m-%d} is not before now; accepted: a day that is past"
            raise InputError(msg)
        inputs = Inputs(
            goals=self.access.outputs.goals,
            now=self.now,
            since=since,
            requests=self._requests(since),
            cost=cost,
            changed=changed,
        )
        oldest = min(since, self.now - OLDEST)
        found = analyse(self.access.stack, self.source.documents(oldest), self.known, inputs)
        self._tell_open()
        return found

    def score(self) -> Score:
        """The resilience score, from the same runs.

        Raises:
            AwsError: the table could not be read.
        """
        from runners.analysis.intake import Intake
        from runners.analysis.score import Scoring
        from runners.analysis.taker import hand_out, some_at_a_time

        intake, scoring = Intake(), Scoring(self.access.stack, self.known, self.now)
        for some in some_at_a_time(intake.records(self.source.documents(self.now - OLDEST))):
            hand_out(some, [scoring])
        for place, why in intake.unreadable:
            self.access.say(f"{place} could not be read, and counts for nothing: {why}")
        self._tell_open()
        return scoring.score()

    def publish(self, score: Score) -> bool:
        """Publishes the score; false when there is none.

        Raises:
            InputError: the stack has no alarm on it, so that nothing prices the metric.
            AwsError: it could not be published.
        """
        from runners.aws.score_signals import ScoreSignals

        if self.access.outputs.goals.score_below is None:
            msg = "--publish: the score is a metric that is paid for; set ial:goals scoreBelow, and apply the stack"
            raise InputError(msg)
        seen = self.access.outputs.observability
        namespace = seen.metric_namespace if seen else metric_namespace(self.access.outputs.environment)
        return ScoreSignals(clients=self.access.clients, namespace=namespace, clock=self.access.clock).publish(score)

    def comparison(self, alarms: Sequence[str], days: int) -> AlarmComparison:
        """What other designs of these alarms would have done; all of the stack's, if none is named.

        Raises:
            InputError: the stack has no such alarm, or prices are missing.
            AwsError: alarms, metrics or records could not be read.
        """
        from runners.wiring.alarm_replay import AlarmReplay

        until = self.now.replace(second=0, microsecond=0)
        since = until - min(timedelta(days=days), MOST_REPLAYED)
        records = self._chaos_records(since)
        if self.access.engine is not Engine.PULUMI:
            # Before its first rehearsal the local cloud has no past, and to say so of a fortnight takes it minutes.
            first = min((record.at for record in records), default=until)
            since = max(since, first.replace(second=0) - _BEFORE_REHEARSAL)
        replay = AlarmReplay(
            access=self.access,
            records=records,
            prices=self._prices(),
            traffic=self._traffic,
            since=since,
            until=until,
        )
        return replay.compared(self._named(alarms))

    def _named(self, alarms: Sequence[str]) -> list[str]:
        seen = self.access.outputs.observability
        known = {alarm.signal: alarm.name for alarm in seen.alarms} if seen else {}
        for name in alarms:
            if name not in known and name not in known.values():
                msg = (
                    f"{name} is no alarm of stack {self.access.stack}; accepted: {', '.join(known) or 'none is there'}"
                )
                raise InputError(msg)
        return [known.get(name, name) for name in alarms] or list(known.values())

    def _chaos_records(self, since: datetime) -> list[ChaosRecord]:
        from runners.analysis.intake import Intake
        from runners.analysis.records import ChaosRecord

        found = Intake().records(self.source.documents(since))
        return [record for record in found if isinstance(record, ChaosRecord)]

    def _prices(self) -> AlarmPrices:
        from pricing.errors import CatalogError
        from runners.analysis.alerts.designs import AlarmPrices

        region, book = self.access.outputs.region, self.access.prices
        try:
            metric, composite = (book.price(f"cloudwatch.alarm.{kind}", region) for kind in ("standard", "composite"))
        except CatalogError as error:
            msg = f"what alarms cost in {region} is not known: {error}"
            raise InputError(msg) from None
        return AlarmPrices(metric=metric.unit_price, composite=composite.unit_price)

    @cached_property
    def source(self) -> StackRuns:
        """Where the runs are."""
        access, runs = self.access, Runs(self.access.folder, self.access.stack)
        if access.outputs.backup is None:
            return StackRuns(runs, None, access.clock)
        from runners.aws.bucket_records import BucketRecords

        archive = BucketRecords(
            clients=access.clients,
            bucket=access.backup.configuration_bucket,
            account=access.outputs.account_id,
            stack=access.stack,
            cache=access.folder / ".ial" / access.stack / "archive",
            say=access.say,
        )
        return StackRuns(runs, access.records, access.clock, archive, access.say)

    @cached_property
    def known(self) -> list[Known]:
        """The stack's experiments."""
        from runners.analysis.score import Known

        chaos = self.access.outputs.chaos
        return [
            Known(held.name, held.category, float(Decimal(held.weight)), held.required, held.usd_per_run)
            for held in (chaos.experiments if chaos else ())
        ]

    @cached_property
    def _traffic(self) -> AwsTraffic | None:
        from runners.aws.metrics import AwsMetrics
        from runners.aws.traffic import AwsTraffic

        work = self.access.outputs.workload
        return AwsTraffic(AwsMetrics(self.access.clients), work) if work.load_balancer else None

    @cached_property
    def bill(self) -> Bill | None:
        """What the account was billed this month; None: the stack has no AWS Budget that says it."""
        from runners.aws.account_bill import account_bill
        from runners.report.bill import Asked

        seen, outputs = self.access.outputs.observability, self.access.outputs
        if seen is None or seen.spending_budget is None:
            return None
        asked = Asked(
            budget=seen.spending_budget,
            account=outputs.account_id,
            environment=outputs.environment,
            at=self.access.clock.now(),
        )
        return account_bill(self.access.clients, asked, partition=seen.topic_arn.split(":")[1])

    def _requests(self, since: datetime) -> Sequence[RequestDay] | None:
        """None where nobody counts them, or they could not be read, which is said."""
        if self._traffic is None:
            return None
        try:
            return self._traffic.days(since, self.now)
        except AwsError as error:
            self.access.say(f"the load balancer's counts could not be read: {error}")
            return None

    def _tell_open(self) -> None:
        if self.source.open_runs:
            self.access.say(f"not over, and not counted: {', '.join(sorted(self.source.open_runs))}")
