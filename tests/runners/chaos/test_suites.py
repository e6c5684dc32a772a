"""`ial suite` on a stack that is up: the shipped suites, several kinds of runs, through the production adapters."""

from __future__ import annotations

import json
import signal

import pytest

from contract.suites import Suite
from preview.engines import Engine
from runners.chaos.injection import RUN_TAG
from runners.runs.journal import read_entries
from runners.runs.run_folder import Runs
from runners.wiring.backup import Access
from runners.wiring.chaos import ChaosAccess
from runners.wiring.drills import DrillPlan
from runners.wiring.suites import SuiteAccess
from tests.runners.chaos.conftest import Deployed
from tests.runners.runner_processes import RunnerProcesses
from tests.runners.suites.stage import step
from tests.runners.test_schemas import valid

pytestmark = pytest.mark.cloud

STACK = ("--stack", "dev", "--engine", "local")


class Suites(Deployed):
    """A stack whose suites are run."""

    group = "suite"


@pytest.fixture
def suites(deployed: Deployed) -> Suites:
    return Suites(deployed.folder, deployed.running, deployed.ial)


def test_the_list(suites: Suites) -> None:
    document = valid(suites.run("list", "--json"), "suite-list")
    assert [held["name"] for held in document["suites"]] == ["weekly", "full-system-validation", "post-deploy"]
    assert "post-deploy" in suites.run("list").out


@pytest.mark.parametrize("name", ["weekly", "full-system-validation", "post-deploy"])
def test_what_is_shipped_fits_the_stack_it_is_shipped_for(suites: Suites, name: str) -> None:
    planned = suites.run("plan", name, "--probe", "true", "--json")
    document = valid(planned, "suite-plan")
    assert (planned.code, document["obstacles"], document["skipped"]) == (0, [], []), planned.err
    assert document["leftOut"] == []
    assert {step["kind"] for step in document["steps"]} >= {"control", "experiment"}


def test_nothing_is_run_without_a_confirmation(suites: Suites) -> None:
    shown = suites.run("run", "post-deploy", "--json")
    assert (shown.code, valid(shown, "suite-plan")["refused"]) == (3, False)
    assert "only planned; give --confirm dev" in shown.err
    other = suites.run("run", "post-deploy", "--confirm", "prod")
    assert (other.code, "nothing was done" in other.err) == (2, True)
    assert suites.run("run", "monthly", "--confirm", "dev").err.startswith("ial: monthly is no suite of stack dev")


SHORT = Suite(
    name="short",
    description="One run of each kind.",
    cool_down_minutes=1,
    max_degraded_seconds=600,
    max_usd="1",
    window=None,
    steps=(
        step("quiet", "control", minutes=1),
        step("faults", names=("instance-termination",), needs=("quiet",)),
        step("back", "drill", choice="configuration"),
        step("rest", "wait", minutes=1),
    ),
)


def test_a_suite_of_several_kinds(suites: Suites, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SuiteAccess, "suites", (SHORT,))
    said: list[str] = []
    given = ("dev", suites.folder, Engine.LOCAL, said.append)
    with ChaosAccess.open(*given, rehearsal=["design.seed=2"], alone=True) as chaos:
        access = SuiteAccess(chaos, DrillPlan(Access.open(*given)), "dev")
        record = access.life_cycle().run(access.planned("short"))
    assert (record.verdict, record.reasons, record.exit_code) == ("passed", (), 0), said
    done = {held.id: held.verdict for held in record.steps}
    assert done == dict.fromkeys(("quiet", "faults/instance-termination", "back/configuration", "rest"), "passed")
    known = valid(suites.run("history", "--json"), "suite-history")["runs"]
    told = {"run": record.run, "suite": "short", "verdict": "passed", "usd": str(record.usd), "here": True}
    assert told in known
    # Each of its runs is one like any other: known by its own name.
    inner = [held.run for held in record.steps if held.run is not None]
    assert len(inner) == 3
    assert all(Runs(suites.folder, "dev").journal(run).is_file() for run in inner)
    assert record.run in suites.run("history").out


@pytest.mark.rare
@pytest.mark.parametrize("name", ["weekly", "post-deploy"])
def test_a_healthy_workload_passes_what_is_shipped(suites: Suites, name: str) -> None:
    ran = suites.run("run", name, "--confirm", "dev", "--rehearsal", "design.seed=2", "--json")
    assert (ran.code, valid(ran, "suite-record")["verdict"]) == (0, "passed"), ran.err


@pytest.mark.rare
@pytest.mark.parametrize("line", [1, 2, 4, 6, 8, 12, 20, 33, 40, 55])
def test_a_killed_suite_goes_on_and_starts_no_fault_twice(
    suites: Suites, processes: RunnerProcesses, line: int
) -> None:
    command = ("suite", "run", "post-deploy", "--confirm", "dev", *STACK, "--rehearsal", "design.seed=2")
    code, _, said = processes.run(suites.folder, *command, kill_after=line)
    if code == 0:
        pytest.skip("no journal has so many lines")
    assert code == -signal.SIGKILL, said
    runs = Runs(suites.folder, "dev")
    suite = [run for run in runs.all() if read_entries(runs.journal(run))[0].data.get("type") == "suite"][-1]
    code, out, said = processes.run(suites.folder, "suite", "resume", suite, *STACK, "--json")
    record = json.loads(out)
    assert code in (0, 5, 6), said
    assert all(step["status"] in ("done", "skipped") for step in record["steps"])
    fis = suites.client("fis")
    begun = [fis.get_experiment(id=held["id"])["experiment"] for held in fis.list_experiments()["experiments"]]
    inner = {step["run"] for step in record["steps"]}
    mine = [held["experimentTemplateId"] for held in begun if held["tags"].get(RUN_TAG) in inner]
    assert len(mine) == len(set(mine))
    assert all(held["state"]["status"] in ("completed", "stopped") for held in begun)
