"""A rollback that failed, on a stack that is up: everything stops, and a person is called."""

from __future__ import annotations

import pytest

from preview.engines import Engine
from runners.chaos.running.halting import halt_mark
from runners.wiring.chaos import ChaosAccess
from runners.wiring.rollback import RollbackAccess, StackAlarms
from tests.runners.rollback.conftest import Deployed

pytestmark = pytest.mark.cloud


def test_it_halts_the_stack_and_calls(deployed: Deployed) -> None:
    deployed.begin()
    access = RollbackAccess(ChaosAccess.open("dev", deployed.folder, Engine.LOCAL, lambda _: None), as_runner=True)
    told, alarms = deployed.pages(), StackAlarms(access)
    assert alarms.halt("rollback 1 failed") == []
    mark = halt_mark(access.chaos.records)
    assert mark is not None
    assert mark["reason"] == "rollback 1 failed"
    alarms.page("ial dev: a rollback FAILED\nwith a second line and an ü", "text")
    [subject] = told()
    assert subject == "ial dev: a rollback FAILED with a second line and an ?"
    assert "REFUSED halted" in deployed.chaos("plan", "network-latency").out
    # A person is at it: nothing is rolled back while the halt stands.
    assert access.trials().surroundings("network-latency").halted is True
