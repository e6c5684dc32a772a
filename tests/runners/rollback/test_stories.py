"""A bad release that is caught, taken back and proven; and a good one on a bad day, which is left alone."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from preview.engines import Engine
from runners.cli.demonstrated_stack import DemonstratedStack
from runners.errors import InputError
from runners.gate.judging import Order
from tests.runners.rollback.conftest import Deployed
from tests.runners.test_schemas import valid

if TYPE_CHECKING:
    from runners.suites.suite_record import SuiteRecord

pytestmark = pytest.mark.cloud
EXPERIMENT = "database-connection-failure"


def test_a_bad_release_is_caught_taken_back_and_proven(deployed: Deployed) -> None:
    deployed.begin("design.seed=2")
    good = deployed.release("shop/web:1")
    passed = valid(deployed.chaos("run", EXPERIMENT, "--json"), "chaos-record")
    assert passed["verdict"] == "passed", passed["reasons"]
    assert {part["name"]: part["running"] for part in passed["versions"]["parts"]}["shop/web"] == good
    bad = deployed.release("shop/web:2", "circuit_breaker=false")
    caught = valid(deployed.chaos("run", EXPERIMENT, "--json"), "chaos-record")
    assert (caught["verdict"], caught["stoppedBy"]) == ("aborted-by-alarm", "ial-dev-errors"), caught["reasons"]
    plan = valid(deployed.run("plan", "--as-runner", "--json"), "rollback-plan")
    assert (plan["answer"]["code"], plan["exitCode"]) == ("re-run-first", 0), plan
    [service] = [part for part in plan["parts"] if part["kind"] == "ecs-service"]
    assert (service["now"]["running"], service["good"]["running"], service["difference"]) == (bad, good, "other")
    unsaid = valid(deployed.run("run", "--json"), "rollback-record")
    assert (unsaid["verdict"], unsaid["exitCode"]) == ("refused", 3)
    assert deployed.service_runs() == bad
    ran = deployed.run("run", "--confirm", "dev", "--json")
    record = valid(ran, "rollback-record")
    assert (ran.code, record["verdict"], record["answer"]["code"]) == (0, "rolled-back", "failed-again"), ran.err
    assert (record["reRun"]["verdict"], record["validation"]["verdict"]) == ("aborted-by-alarm", "passed")
    assert (record["steady"], record["halted"], record["paged"]) == (True, False, False)
    assert deployed.service_runs() == good
    verified = valid(deployed.run("verify", "--json"), "rollback-verify")
    assert [part["back"] for part in verified["parts"]] == [True]
    [held] = valid(deployed.run("hold", "--json"), "rollback-hold")["holds"]
    assert (held["held"], held["good"], held["active"]) == (bad, good, True)
    listed = valid(deployed.run("history", "--json"), "rollback-history")["runs"]
    # Both began in one moment of the rehearsal.
    assert {run["verdict"] for run in listed} == {"rolled-back", "refused"}
    # Nothing is rolled back twice.
    again = valid(deployed.run("plan", "--run", caught["run"], "--json"), "rollback-plan")
    assert (again["exitCode"], again["answer"]["action"]) == (3, "leave")


def test_a_good_version_on_a_bad_day_is_left_alone(deployed: Deployed) -> None:
    deployed.begin("design.seed=2")
    good = deployed.release("shop/web:1")
    assert deployed.chaos("run", EXPERIMENT).code == 0
    failed = deployed.chaos("run", EXPERIMENT, "--rehearsal", "design.circuit_breaker=false")
    assert failed.code == 4
    pages = deployed.pages()
    ran = deployed.run("run", "--confirm", "dev", "--json")
    record = valid(ran, "rollback-record")
    assert (ran.code, record["verdict"], record["answer"]["code"]) == (3, "kept", "same-version"), ran.err
    assert "environment is to blame" in record["reasons"][0]
    assert record["paged"] is True
    assert [subject for subject in pages() if EXPERIMENT in subject] == [
        f"ial dev: no automatic rollback after {EXPERIMENT}"
    ]
    assert deployed.service_runs() == good
    assert valid(deployed.run("hold", "--json"), "rollback-hold")["holds"] == []
    assert "KEPT" in deployed.run("run", "--confirm", "dev").out


@pytest.mark.rare
def test_instances_of_a_bad_template_go_back_too(deployed: Deployed) -> None:
    deployed.begin("design.seed=2")
    ec2, scaling = deployed.client("ec2"), deployed.client("autoscaling")
    [template] = ec2.describe_launch_templates(LaunchTemplateNames=["shop-web"])["LaunchTemplates"]
    id_ = template["LaunchTemplateId"]

    def refresh(version: str) -> None:
        wanted = {"LaunchTemplate": {"LaunchTemplateId": id_, "Version": version}}
        scaling.start_instance_refresh(AutoScalingGroupName="shop-web", DesiredConfiguration=wanted)
        deployed.later(600)

    refresh("1")
    assert deployed.chaos("run", "instance-termination").code == 0
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "ial:rehearsed", "Value": "boot=800"}]}]
    bad = ec2.create_launch_template_version(
        LaunchTemplateId=id_, SourceVersion="1", LaunchTemplateData={"TagSpecifications": tags}
    )["LaunchTemplateVersion"]["VersionNumber"]
    refresh(str(bad))
    try:
        assert deployed.chaos("run", "instance-termination").code == 1
        deployed.later(1200)
        ran = deployed.run("run", "--confirm", "dev", "--as-runner", "--json")
        record = valid(ran, "rollback-record")
        assert (ran.code, record["verdict"]) == (0, "rolled-back"), (record["reasons"], ran.err)
        [part] = record["parts"]
        assert (part["from"], part["to"]) == (f"{id_}:{bad}", f"{id_}:1")
    finally:
        refresh("1")


@pytest.mark.rare
def test_a_suite_after_a_deployment_takes_a_bad_release_back(deployed: Deployed) -> None:
    deployed.begin("design.seed=2")
    good = deployed.release("shop/web:1")
    assert deployed.chaos("run", EXPERIMENT).code == 0
    deployed.release("shop/web:2", "circuit_breaker=false")
    arguments = ("run", "release", "--confirm", "dev", "--json", "--stack", "dev", "--engine", "local")
    ran = deployed.ial("suite", *arguments, folder=deployed.folder)
    record = valid(ran, "suite-record")
    [step] = record["steps"]
    assert (step["verdict"], step["rollBack"]["verdict"]) == ("aborted-by-alarm", "rolled-back"), ran.err
    assert deployed.service_runs() == good
    listed = valid(deployed.run("history", "--json"), "rollback-history")["runs"]
    assert [run["run"] for run in listed if run["suite"] == record["run"]] == [step["rollBack"]["run"]]


def test_the_demonstration_deploys_as_a_team_would(deployed: Deployed) -> None:
    deployed.begin("design.seed=2")
    order = Order(stack="dev", program=deployed.folder, as_of=date(2026, 11, 25), engine=Engine.LOCAL)
    stack, before = DemonstratedStack(order), deployed.service_runs()
    made = stack.release("shop/web:7", "boot=60")
    assert made == stack.service_runs() == deployed.service_runs() != before
    held = deployed.client("ecs").describe_task_definition(taskDefinition=made)["taskDefinition"]
    [container] = held["containerDefinitions"]
    assert (container["image"], container["environment"]) == (
        "shop/web:7",
        [{"name": "IAL_REHEARSED", "value": "boot=60"}],
    )
    # Of a suite in which nothing failed, there is nothing to take back.
    passed = SimpleNamespace(
        document=lambda: {"steps": []}, plan=SimpleNamespace(suite=SimpleNamespace(name="post-deploy"))
    )
    with pytest.raises(InputError, match="no experiment of suite post-deploy failed"):
        stack.roll_back(cast("SuiteRecord", passed))
