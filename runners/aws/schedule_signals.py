"""What the pipeline tells CloudWatch: how much of what was planned has not started, and how a suite ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from contract.names import PIPELINE_FAILED_METRIC
from runners.aws.session import Clients, calling
from runners.exit_codes import ExitCode
from runners.runs.clock import Clock, parse_rfc3339, rfc3339
from runners.runs.records import Records

# A suite that was refused has shown nothing, neither good nor bad; one that somebody stopped is known to be stopped.
_SILENT = frozenset({ExitCode.NOT_STARTED, ExitCode.INTERRUPTED})
# An alarm that looks at a whole day sees what was said in it, and each hour in which something is said is billed.
SAID_AGAIN: Final = timedelta(hours=20)
_COLLECTION: Final = "signals"


@dataclass(frozen=True, kw_only=True)
class ScheduleSignals:
    """One metric without dimensions, 0 where all is well. Its silence is an alarm too: then nobody asks what is due.

    What goes wrong is published at once, all else once in twenty hours: `records` know when that was.
    """

    clients: Clients
    namespace: str
    records: Records
    clock: Clock

    def missed(self, count: int) -> None:
        """Publishes how many planned runs have not started for long.

        Raises:
            AwsError: it could not be published.
        """
        self._publish(float(count))

    def suite(self, code: ExitCode) -> None:
        """Publishes whether a suite failed, by its exit code.

        Raises:
            AwsError: it could not be published.
        """
        if code not in _SILENT:
            self._publish(0.0 if code is ExitCode.OK else 1.0)

    def _publish(self, value: float) -> None:
        now = self.clock.now()
        told = self.records.get(_COLLECTION, PIPELINE_FAILED_METRIC)
        if told is not None and now - parse_rfc3339(told["at"]) < SAID_AGAIN and (value == 0 or told["failed"]):
            return
        with calling("cloudwatch:PutMetricData", self.namespace):
            self.clients.client("cloudwatch").put_metric_data(
                Namespace=self.namespace,
                MetricData=[{"MetricName": PIPELINE_FAILED_METRIC, "Value": value, "Timestamp": now}],
            )
        # Afterwards: what was not published is published the next time.
        self.records.put(_COLLECTION, PIPELINE_FAILED_METRIC, {"at": rfc3339(now), "failed": value > 0})
