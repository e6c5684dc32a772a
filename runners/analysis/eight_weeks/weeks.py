"""Eight weeks of a pipeline: experiments every week and after each deployment, drills, control runs, and traffic.

The numbers vary as those of a small service do: most runs are alike, some are much slower, a few fail, a few prove
nothing. With a regression the recovery of one experiment takes longer from one deployment on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import log
from random import Random
from typing import Any, Final

from runners.analysis.eight_weeks.documents import (
    Experiment,
    Seen,
    chaos_document,
    control_document,
    drill_document,
)
from runners.analysis.inputs import RequestDay

BEGIN: Final = datetime(2026, 9, 28, tzinfo=UTC)
WEEKS: Final = 8
SLOWED: Final = "instance-termination"
EXPERIMENTS: Final = (
    Experiment(name="network-latency", category="network", seconds=240, usd="0.50", rto=300, recovery=90, breaks=0.3),
    Experiment(name=SLOWED, category="infrastructure", seconds=60, usd="0.10", rto=600, recovery=150, breaks=0.95),
    Experiment(
        name="alb-health-check", category="infrastructure", seconds=120, usd="0.20", rto=600, recovery=120, breaks=0.9
    ),
    Experiment(
        name="database-connection-failure",
        category="application",
        seconds=120,
        usd="0.30",
        rto=300,
        recovery=100,
        breaks=0.5,
    ),
)
_DRILLS: Final = (("orders", "table", 420.0), ("sessions", "table", 300.0), ("shop-assets", "bucket", 180.0))
_LOOKED: Final = 900.0
# Days of a week, from Monday on, on which something is deployed.
_DEPLOYED: Final = (1, 2, 3, 0, 4)


@dataclass(frozen=True)
class Regression:
    """From this week (1 is the first) on, recovery takes `times` as long."""

    week: int = 5
    times: float = 2.0

    @property
    def day(self) -> date:
        """The day of the deployment that brings it."""
        return (BEGIN + timedelta(weeks=self.week - 1, days=_DEPLOYED[0])).date()


@dataclass
class Weeks:
    """The runs of one seed. `deployments` is how many a week are followed by a run, of five at most."""

    seed: int
    regression: Regression | None = None
    deployments: int = 3
    chance: Random = field(init=False, default_factory=Random)

    def documents(self) -> Iterator[dict[str, Any]]:
        """Every record, the oldest first; the same each time that it is asked."""
        self.chance.seed(self.seed)
        for week in range(WEEKS):
            monday = BEGIN + timedelta(weeks=week)
            for number, weekday in enumerate(sorted(_DEPLOYED[: self.deployments])):
                yield from self._after_deployment(monday + timedelta(days=weekday), week, number)
            yield from self._weekly(monday + timedelta(days=5, hours=10), week)
            for number, (name, kind, seconds) in enumerate(_DRILLS):
                at = monday + timedelta(days=6, hours=5 + number)
                took = None if self.chance.random() < 0.01 else round(self._spread(seconds, 0.15), 1)
                yield drill_document(name, kind, at, took, self.chance)

    def requests(self) -> list[RequestDay]:
        """What the load balancer counted, day by day; an outage now and then."""
        chance = Random(self.seed + 1)
        found = []
        for number in range(7 * WEEKS):
            total = int(5_000_000 * chance.lognormvariate(0, 0.1))
            share = 0.0001 if chance.random() > 0.03 else 0.004
            failed = int(total * share * chance.lognormvariate(0, 0.4))
            found.append(RequestDay((BEGIN + timedelta(days=number)).date(), total, failed))
        return found

    def _after_deployment(self, day: datetime, week: int, number: int) -> Iterator[dict[str, Any]]:
        revision = f"shop-web:{100 + week * len(_DEPLOYED) + number}"
        at = day + timedelta(hours=9, minutes=self.chance.randrange(60))
        yield control_document(at, self.chance.random() < 0.03, self.chance)
        yield self._run(EXPERIMENTS[1], at + timedelta(minutes=30), revision)

    def _weekly(self, at: datetime, week: int) -> Iterator[dict[str, Any]]:
        revision = f"shop-web:{99 + (week + 1) * len(_DEPLOYED)}"
        network, _, health, database = EXPERIMENTS
        yield self._run(network, at, revision)
        if week % 4 == 0:
            yield self._run(health, at + timedelta(hours=1), revision)
        if week % 2 == 0:
            yield self._run(database, at + timedelta(hours=2), revision)

    def _run(self, experiment: Experiment, at: datetime, revision: str) -> dict[str, Any]:
        if self.chance.random() < 0.04:
            nothing = Seen(
                degraded=0.0,
                recovered=None,
                rings_after=None,
                false_alarm=False,
                verdict="invalid",
                reasons=("nothing shows that the fault happened",),
            )
            return chaos_document(experiment, at, nothing, revision, self.chance)
        return chaos_document(experiment, at, self._seen(experiment, at), revision, self.chance)

    def _seen(self, experiment: Experiment, at: datetime) -> Seen:
        false_alarm = self.chance.random() < 0.02
        if self.chance.random() >= experiment.breaks:
            return Seen(
                degraded=0.0, recovered=0.0, rings_after=None, false_alarm=false_alarm, verdict="passed", reasons=()
            )
        recovered = self._recovery(experiment, at)
        rings = None if self.chance.random() < 0.04 else 60.0 * self.chance.choice((1, 2, 2, 2, 3))
        degraded = min(_LOOKED, 10.0 * round(0.8 * min(recovered, _LOOKED) / 10))
        late = recovered > experiment.rto
        return Seen(
            degraded=degraded or 10.0,
            recovered=None if recovered > _LOOKED else recovered,
            rings_after=rings,
            false_alarm=false_alarm,
            verdict="failed" if late else "passed",
            reasons=(f"recovered after {recovered:.0f} s, the objective is {experiment.rto} s",) if late else (),
        )

    def _recovery(self, experiment: Experiment, at: datetime) -> float:
        """As a runner sees it that looks every ten seconds; one run in twenty is slow for reasons of its own."""
        seconds = self._spread(experiment.recovery, 0.25) * (3.0 if self.chance.random() < 0.05 else 1.0)
        slowed = self.regression is not None and experiment.name == SLOWED and at.date() >= self.regression.day
        if slowed and self.regression is not None:
            seconds *= self.regression.times
        return 10.0 * max(1, round(seconds / 10))

    def _spread(self, middle: float, sigma: float) -> float:
        return self.chance.lognormvariate(log(middle), sigma)
