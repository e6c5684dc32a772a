"""Alarms of a stack with their past, and what other designs of them would have done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from runners.analysis.alerts.comparison import compare, quiet_days, windows
from runners.analysis.alerts.comparison_model import AlarmComparison, LeftOut
from runners.analysis.alerts.designs import AlarmPrices, Recorded, designs
from runners.analysis.records import ChaosRecord
from runners.aws.metrics import AwsMetrics
from runners.aws.recorded_alarms import AwsRecordedAlarms, NotReplayable
from runners.aws.traffic import AwsTraffic
from runners.runs.clock import rfc3339
from runners.wiring.backup import Access


@dataclass(frozen=True, kw_only=True)
class AlarmReplay:
    """One stack, and the time that is looked at."""

    access: Access
    records: Sequence[ChaosRecord]
    prices: AlarmPrices
    traffic: AwsTraffic | None
    since: datetime
    until: datetime

    def compared(self, names: Sequence[str]) -> AlarmComparison:
        """The designs of each of these alarms.

        Raises:
            AwsError: an alarm or its metrics could not be read.
        """
        seen = self.access.outputs.observability
        every = list(dict.fromkeys([*names, *(alarm.name for alarm in (seen.alarms if seen else ()))]))
        requests = None if self.traffic is None else self.traffic.minutes()
        alarms = AwsRecordedAlarms(self.access.clients, AwsMetrics(self.access.clients), requests)
        held = {name: found for name, found in zip(every, alarms.recorded(every, self.since, self.until), strict=True)}
        replayed = {name: found for name, found in held.items() if isinstance(found, Recorded)}
        goal = float(self.access.outputs.goals.availability_percent) / 100
        faults = windows(self.records, "")
        return AlarmComparison(
            version=1,
            stack=self.access.stack,
            since=rfc3339(self.since),
            until=rfc3339(self.until),
            faults=len(faults),
            quiet_days=round(quiet_days(faults, self.since, self.until), 2),
            alarms=tuple(
                compare(
                    name,
                    list(
                        designs(
                            replayed[name], [own for other, own in replayed.items() if other != name], goal, self.prices
                        )
                    ),
                    windows(self.records, name),
                    self.since,
                    timedelta(seconds=replayed[name].period_seconds),
                )
                for name in names
                if name in replayed
            ),
            left_out=tuple(
                LeftOut(alarm=name, why=found.why) for name in names if isinstance(found := held[name], NotReplayable)
            ),
        )
