"""Metrics that are later than usual: nothing was wrong, is no news of a period that is not there yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from runners.chaos.equipment import Pace
from runners.chaos.judging.verdict import Verdict
from runners.chaos.record.steps import SAMPLE
from runners.chaos.running.rehearsal import RehearsalClock
from runners.runs.clock import rfc3339
from runners.runs.journal import read_entries
from runners.runs.run_folder import Runs
from tests.runners.chaos.conftest import UNHEALTHY, Rehearsal
from tests.runners.chaos.experiments import changed
from tests.runners.chaos.four_kinds import FEW_ERRORS, KINDS

pytestmark = pytest.mark.cloud
LATE: Final = timedelta(seconds=110)


@pytest.fixture
def late(rehearsal: Rehearsal) -> Iterator[Rehearsal]:
    """What CloudWatch has of a minute is there almost two minutes after it."""

    def withhold(parsed: Any, **_: Any) -> None:
        newest = RehearsalClock(rehearsal.url).now() - LATE - timedelta(seconds=60)
        for result in parsed["MetricDataResults"]:
            held = zip(result["Timestamps"], result["Values"], strict=True)
            there = [(at, value) for at, value in held if at <= newest]
            result["Timestamps"], result["Values"] = [at for at, _ in there], [value for _, value in there]

    events = rehearsal.clients.client("cloudwatch").meta.events
    events.register("after-call.cloudwatch.GetMetricData", withhold)
    yield rehearsal
    events.unregister("after-call.cloudwatch.GetMetricData", withhold)


@pytest.fixture
def growing(rehearsal: Rehearsal) -> Iterator[Rehearsal]:
    """Of a minute that ended less than two and a half minutes ago CloudWatch has only half."""

    def halve(parsed: Any, **_: Any) -> None:
        newest = RehearsalClock(rehearsal.url).now() - timedelta(seconds=150 + 60)
        for result in parsed["MetricDataResults"]:
            held = zip(result["Timestamps"], result["Values"], strict=True)
            result["Values"] = [value if at <= newest else value / 2 for at, value in held]

    events = rehearsal.clients.client("cloudwatch").meta.events
    events.register("after-call.cloudwatch.GetMetricData", halve)
    yield rehearsal
    events.unregister("after-call.cloudwatch.GetMetricData", halve)


def samples(rehearsal: Rehearsal, run: str) -> list[tuple[str, float | None]]:
    """The end of the period and the value in each line that is a sample of the errors."""
    entries = read_entries(Runs(rehearsal.folder, "dev").journal(run))
    return [
        (entry.data["at"], entry.data["value"])
        for entry in entries
        if entry.step == SAMPLE and entry.data["probe"] == FEW_ERRORS.name
    ]


def test_errors_that_come_late_are_seen_by_the_watchdog(late: Rehearsal) -> None:
    experiment, action = KINDS["latency"]
    errors = changed(experiment.hypothesis, probes=(FEW_ERRORS,))
    # The alarm on errors would be faster.
    made = late.template(changed(experiment, hypothesis=errors, stop_alarms=(UNHEALTHY,)), action)
    late.begin("design.capacity=35")
    cycle = late.cycle()
    cycle = replace(cycle, kit=replace(cycle.kit, pace=Pace(breach=timedelta(seconds=60))))
    record = cycle.run(made)
    assert record.judgement.verdict is Verdict.ABORTED_BY_RUNNER, (
        record.judgement,
        late.said,
        samples(late, record.run),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_healthy_workload_passes_nevertheless(late: Rehearsal, kind: str) -> None:
    experiment, action = KINDS[kind]
    made = late.template(experiment, action)
    late.begin()
    record = late.cycle().run(made)
    assert record.judgement.verdict is Verdict.PASSED, (record.judgement, late.said)


@pytest.mark.parametrize("how", ["late", "growing"])
def test_the_last_that_is_kept_of_a_period_is_all_of_it(request: pytest.FixtureRequest, how: str) -> None:
    rehearsal: Rehearsal = request.getfixturevalue(how)
    experiment, action = KINDS["cut-off"]
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    record = rehearsal.cycle().run(made)
    kept = dict(samples(rehearsal, record.run))
    found = {rfc3339(held.at): held.value for held in record.samples if held.probe == FEW_ERRORS.name}
    assert any(found.values()), found
    assert {at: kept[at] for at in found} == found
