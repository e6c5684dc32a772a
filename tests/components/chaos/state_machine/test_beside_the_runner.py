"""One suite by a state machine and by the runner, on the same stack of the local cloud: the same effects in order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from components.chaos.state_machine.claims import claimed
from components.chaos.state_machine.definition import definition, measure
from components.chaos.state_machine.order import MachineOrder
from contract.suites import SuitePlan
from preview.engines import Engine
from runners.wiring.backup import Access
from runners.wiring.chaos import ChaosAccess
from runners.wiring.drills import DrillPlan
from runners.wiring.suites import SuiteAccess
from tests.clouds import Clouds
from tests.interpreter import Aws, Execution, drive
from tests.runners.suites.stage import step, suite

pytestmark = pytest.mark.cloud

SUITE = suite(
    step("network", names=("network-latency",)),
    step("rest", "wait", minutes=2),
    step("instances", names=("instance-termination",), needs=("network",)),
    name="both",
    cool_down_minutes=5,
)


def order_of(chaos: ChaosAccess, plan: SuitePlan) -> MachineOrder:
    """What the program would make the state machine from."""
    held, seen = chaos.chaos, chaos.access.outputs.observability
    assert seen is not None
    return MachineOrder(
        name="ial-dev-suite-both",
        stack="dev",
        suite=SUITE,
        claimed=claimed(plan, held.experiments),
        templates={experiment.name: experiment.template_id for experiment in held.experiments},
        table=chaos.access.backup.records_table,
        bucket=chaos.access.backup.configuration_bucket,
        account=chaos.access.outputs.account_id,
        owner=held.owner,
        budget="1000",
        alarms=[alarm.name for alarm in seen.alarms],
    )


def started(chaos: ChaosAccess, known: set[str]) -> list[str]:
    """The templates of the experiments that FIS has begun since, in their order."""
    found: Any = chaos.clients.client("fis").list_experiments(maxResults=100)["experiments"]
    new = sorted((held for held in found if held["id"] not in known), key=lambda held: held["creationTime"])
    known |= {held["id"] for held in found}
    return [held["experimentTemplateId"] for held in new]


@pytest.mark.rare
def test_both_start_the_same_experiments_in_the_same_order(
    clouds: Clouds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SuiteAccess, "suites", (SUITE,))
    said, known = list[str](), set[str]()
    given = ("dev", tmp_path, Engine.LOCAL, said.append)
    with clouds.deployed(tmp_path), ChaosAccess.open(*given, rehearsal=["design.seed=2"], alone=True) as chaos:
        access = SuiteAccess(chaos, DrillPlan(Access.open(*given)), "dev")
        planned = access.planned("both")
        made = order_of(chaos, planned.plan)
        machine = Execution(
            definition=json.loads(definition(made)), now=chaos.clock.now, call=Aws(chaos.clients.client), name="both-1"
        )
        drive(machine.run(), chaos.clock.sleep)
        assert machine.status == "SUCCEEDED", machine.cause
        assert machine.transitions <= measure(made).transitions
        by_machine = started(chaos, known)
        assert by_machine == [made.templates[held.name] for held in planned.plan.steps if held.name]
        chaos.clock.sleep(600)
        record = access.life_cycle().run(planned)
        assert record.verdict == "passed", (record.reasons, said)
        assert started(chaos, known) == by_machine
