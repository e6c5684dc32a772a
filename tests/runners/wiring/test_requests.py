"""How often AWS is asked, by the lines that the production adapters log of each call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from contract.run_table import CHAOS, RECORD, collection
from local.server import Running
from runners.aws.run_records import TableRecords
from runners.aws.session import AwsClients
from runners.runs.clock import SystemClock
from runners.runs.run_folder import month_of, new_run_id
from tests.clouds import STACK, Clouds
from tests.runners.analysis.records_for_tests import chaos, document
from tests.runners.asked import LOGGED, calls
from tests.runners.conftest import Ial

pytestmark = pytest.mark.cloud
TABLE: Final = "ial-dev-records"


@pytest.fixture
def site(clouds: Clouds, tmp_path: Path) -> Iterator[tuple[Path, Running]]:
    with clouds.deployed(tmp_path) as running:
        yield tmp_path, running


def test_all_runs_of_a_stack_are_one_request(site: tuple[Path, Running], ial: Ial) -> None:
    folder, running = site
    clients = AwsClients("us-east-1", endpoint=running.endpoint.url, keys=("x", "x", None))
    table, now = TableRecords(clients, TABLE, SystemClock()), datetime.now(UTC)
    for count in (0, 2):
        for number in range(count):
            _keep(table, new_run_id(now - timedelta(days=60 * number, minutes=1)))
        for command, counted in COMMANDS.items():
            out = ("--out", folder / "out") if command == "report" else ()
            asked = ("--stack", STACK, "--engine", "local", "--json", *LOGGED, *out)
            ran = ial(command, *asked, folder=folder)
            found = calls(ran)
            assert {call for call in found if call[0].startswith("dynamodb:")} == {("dynamodb:Scan", TABLE)}
            assert set(found.values()) == {1}, (command, found)
            assert counted(json.loads(ran.out)) == count, command


def _keep(table: TableRecords, run: str) -> None:
    held = json.loads(document(chaos(experiment="of-before"))) | {"run": run}
    table.put(run, RECORD, held)
    table.put(collection(CHAOS, month_of(run)), run, {"run": run, "verdict": "passed", "usd": "0"})


COMMANDS: Final[dict[str, Any]] = {
    "analyze": lambda found: found["counted"]["read"],
    "score": lambda found: sum(held["runs"] for held in found["excluded"]),
    "report": lambda found: found["analysis"]["counted"]["read"],
}


@pytest.mark.parametrize("command", [("suite", "plan", "weekly"), ("chaos", "due")])
def test_who_signs_is_asked_once_for_each_role(command: tuple[str, ...], site: tuple[Path, Running], ial: Ial) -> None:
    asked = ("--stack", STACK, "--engine", "local", "--json", "--as-runner", *LOGGED)
    found = calls(ial(*command, *asked, folder=site[0]))
    roles = [call for call, _ in found.elements() if call == "sts:AssumeRole"]
    assert len(roles) == 2
    assert found["sts:GetCallerIdentity", "these credentials"] == 1 + len(roles)
