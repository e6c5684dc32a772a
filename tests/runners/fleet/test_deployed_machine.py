"""A state machine that the program made on the local cloud: what is there is what runs, and runners know of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract.run_table import TURN
from local.server import Running
from runners.aws.leases import TableLeases
from runners.aws.session import AwsClients
from tests.clouds import Clouds
from tests.interpreter import Aws, Execution, drive
from tests.runners.conftest import Ial
from tests.runners.deployed import changed
from tests.runners.rehearsal import QuickClock
from tests.runners.test_schemas import valid

pytestmark = [pytest.mark.cloud, pytest.mark.rare]
SETTINGS = """
  ial:chaos:
    starter: none
    stateMachines:
      - suite: weekly
        schedule: cron(7 9 ? * MON *)
"""
TABLE, NAME = "ial-dev-records", "ial-dev-suite-weekly"
BUCKET = "ial-dev-configuration-123456789012"


@pytest.fixture
def machine(clouds: Clouds, tmp_path: Path) -> Iterator[tuple[Running, dict[str, Any]]]:
    def change(_: Running) -> None:
        path = tmp_path / "Pulumi.dev.yaml"
        path.write_text(path.read_text().rstrip() + SETTINGS)

    with changed(clouds, tmp_path, change) as (_, running):
        client = running.endpoint.client("stepfunctions")
        (held,) = client.list_state_machines()["stateMachines"]
        yield running, client.describe_state_machine(stateMachineArn=held["stateMachineArn"])


def test_what_was_made_is_what_runs(machine: tuple[Running, dict[str, Any]], tmp_path: Path, ial: Ial) -> None:
    running, held = machine
    clients, clock = running.endpoint, QuickClock()
    assert (held["name"], held["loggingConfiguration"]["level"]) == (NAME, "ERROR")
    templates = {found["id"] for found in clients.client("fis").list_experiment_templates()["experimentTemplates"]}
    definition = json.loads(held["definition"])
    starts = [state for at, state in definition["States"].items() if " start " in at]
    assert len(starts) == 2
    assert {state["Arguments"]["ExperimentTemplateId"] for state in starts} < templates
    runners = AwsClients("us-east-1", endpoint=clients.url, keys=("local", "local", None))
    TableLeases(runners, TABLE, clock).acquire(TURN, "a runner")
    execution = Execution(
        definition=definition, now=clock.now, call=Aws(clients.client), machine=held["stateMachineArn"]
    )
    drive(execution.run(), clock.sleep)
    assert (execution.status, "another run is under way" in execution.cause) == ("FAILED", True)
    assert clients.client("fis").list_experiments()["experiments"] == []
    listed = ial("suite", "list", "--stack", "dev", "--engine", "local", "--json", folder=tmp_path)
    suites = {suite["name"]: suite["stateMachine"] for suite in valid(listed, "suite-list")["suites"]}
    assert suites == {"weekly": NAME, "full-system-validation": None, "post-deploy": None}
    shown = ial("suite", "list", "--stack", "dev", "--engine", "local", folder=tmp_path).out
    assert f"also the state machine {NAME}, which leaves out quiet, infrastructure/alb" in shown
    reported = ial("report", "--stack", "dev", "--engine", "local", "--since", "2026-01-01", "--json", folder=tmp_path)
    (shown,) = valid(reported, "report")["suites"]
    assert (shown["suite"], shown["verdict"], shown["operator"]) == ("weekly", "not-judged", NAME)
    assert shown["notShown"]
    (line,) = clients.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="runs/")["Contents"]
    assert line["Key"] == f"runs/dt={shown['run'][:4]}-{shown['run'][4:6]}-01/dev/{shown['run']}.jsonl"
    (tmp_path / "fleet.yaml").write_text(
        'version: 1\nname: all\nsuite: weekly\naccount: "123456789012"\nstacks:\n'
        '  - {stack: dev, environment: dev, account: "123456789012", region: us-east-1}\n'
    )
    told = ial("fleet", "report", "fleet.yaml", "--since", "2026-01-01", "--engine", "local", "--json", folder=tmp_path)
    assert valid(told, "fleet-report")["executions"] == {"refused": 1}
