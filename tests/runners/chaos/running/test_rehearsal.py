"""The local cloud's load: simulated users, of whose answers nothing is known here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract.experiments import Load
from runners.aws.probes import AwsProbes
from runners.chaos.running.rehearsal import RehearsalClock, RehearsedLoad
from tests.runners.chaos.conftest import Rehearsal
from tests.runners.chaos.experiments import metric_probe

pytestmark = pytest.mark.cloud


def requests_a_minute(rehearsal: Rehearsal, clock: RehearsalClock) -> float:
    """What the load balancer has seen in the newest whole minute, after two more."""
    clock.sleep(180)
    probe = metric_probe("requests", "RequestCount", "Sum")
    [[*_, (_, value)]] = AwsProbes(rehearsal.clients, clock, lambda: "", timedelta(seconds=60)).look([probe], ())
    assert value is not None
    return value


def test_it_is_there_until_it_is_ended(rehearsal: Rehearsal) -> None:
    rehearsal.begin()
    clock, load = RehearsalClock(rehearsal.url), RehearsedLoad(rehearsal.url)
    assert load.end() is None
    before = requests_a_minute(rehearsal, clock)
    load.begin(Load(requests_per_second=30, seconds=600, path="/"))
    during = requests_a_minute(rehearsal, clock)
    assert during - before == pytest.approx(30 * 60, rel=0.15)
    assert load.end() is None
    assert requests_a_minute(rehearsal, clock) == pytest.approx(before, rel=0.1)
    assert load.end() is None
