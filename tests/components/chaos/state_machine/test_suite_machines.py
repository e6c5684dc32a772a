"""State machines of the shipped suites, as the program registers them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from components.chaos.chaos import Chaos, ChaosArgs
from components.chaos.experiment_file import experiments_folder, named_experiments
from components.chaos.suite_file import read_suites
from components.reading import SettingsError
from components.settings import Settings
from contract.machine_tags import TRANSITIONS_TAG
from contract.suites import Suite
from tests.components.chaos.test_chaos import shipped
from tests.components.conftest import TOPIC
from tests.runners.suites.stage import step, suite

MACHINE = "aws:sfn/stateMachine:StateMachine"
WEEKLY = {"suite": "weekly"}
Build = Callable[..., Any]


@pytest.fixture
def build(run: Any, settings: Callable[..., Settings]) -> Build:
    def built(*machines: dict[str, Any], suites: tuple[Suite, ...] | None = None, **chaos: Any) -> Any:
        held = read_suites(experiments_folder(), named_experiments(experiments_folder()))
        args = ChaosArgs(
            settings=settings(chaos={"stateMachines": list(machines), **chaos}),
            experiments=shipped(),
            suites=held if suites is None else suites,
            topic_arn=TOPIC,
            records_table="ial-dev-records",
        )
        made: list[Chaos] = []
        recorder = run(lambda: made.append(Chaos("chaos", args)))
        recorder.document = made[0].document
        return recorder

    return built


def test_without_a_setting_there_is_none(build: Build) -> None:
    found = build()
    assert (found.of(MACHINE), found.document.state_machines) == ({}, ())


def test_a_machine_with_its_role_log_and_schedule(build: Build) -> None:
    found = build({**WEEKLY, "schedule": "cron(7 9 ? * MON *)"})
    machine = found.one(MACHINE)
    assert (machine["name"], machine["type"]) == ("ial-dev-suite-weekly", "STANDARD")
    assert machine["loggingConfiguration"]["level"] == "ERROR"
    assert machine["loggingConfiguration"]["includeExecutionData"] is False
    assert int(machine["tags"][TRANSITIONS_TAG]) > 100
    states = json.loads(machine["definition"])["States"]
    starts = [state["Arguments"]["ExperimentTemplateId"] for at, state in states.items() if " start " in at]
    assert starts == [
        *("chaos-network-latency-template-id", "chaos-instance-termination-template-id"),
    ]
    (schedule,) = found.of("aws:scheduler/schedule:Schedule").values()
    assert schedule["target"]["retryPolicy"]["maximumRetryAttempts"] == 0
    log = found.of("aws:cloudwatch/logGroup:LogGroup")["chaos-suites-weekly-log"]
    assert (log["name"], log["retentionInDays"]) == ("/ial/dev/suites/weekly", 14)
    (document,) = found.document.state_machines
    assert {held.step for held in document.left_out} == {"quiet", "infrastructure/alb-health-check", "configuration"}


def test_another_account_may_start_it_only_where_that_is_named(build: Build) -> None:
    assert not [name for name in build(WEEKLY).of("aws:iam/role:Role") if name.endswith("-fleet")]
    hub = "arn:aws:iam::210987654321:role/ial-fleet"
    trust = build({**WEEKLY, "startedBy": [hub]}).of("aws:iam/role:Role")["chaos-suites-weekly-fleet"]
    assert json.loads(trust["assumeRolePolicy"])["Statement"][0]["Principal"] == {"AWS": [hub]}


@pytest.mark.parametrize(
    ("chaos", "why"),
    [
        ({"stateMachines": [{"suite": "monthly"}]}, "accepted: weekly, full-system-validation, post-deploy"),
        ({"stateMachines": [WEEKLY, WEEKLY]}, "each suite once"),
        ({"stateMachines": [{**WEEKLY, "schedule": "rate(7 days)"}]}, r"cron\(\.\.\.\)"),
        ({"stateMachines": [{**WEEKLY, "startedBy": ["*"]}]}, "ARNs of IAM roles"),
        ({"stateMachines": [WEEKLY], "starter": "scheduler"}, "starter"),
        ({"stateMachines": [WEEKLY], "confirm": True}, "confirm"),
        ({"stateMachines": [WEEKLY], "freezes": [{"first": "2026-12-24", "last": "2026-12-26"}]}, "freezes"),
    ],
)
def test_what_a_state_machine_cannot_heed_is_refused(build: Build, chaos: dict[str, Any], why: str) -> None:
    machines = chaos.pop("stateMachines")
    with pytest.raises(SettingsError, match=why):
        build(*machines, **chaos)


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (suite(step("restores", "drill", choice="all")), "nothing of it can be done without a runner"),
        (suite(step("network", choice="network"), max_usd="0.10"), "maxUsd is 0.10"),
        (suite(step("network", names=("gone",))), "network/gone is not on this stack"),
        (suite(step("network", choice="network"), step("rest", "wait", minutes=1440)), "choose less, or divide it"),
    ],
)
def test_a_suite_that_none_can_do_is_refused_by_name(build: Build, held: Suite, why: str) -> None:
    with pytest.raises(SettingsError, match=f"suite weekly: .*{why}"):
        build(WEEKLY, suites=(replace(held, name="weekly"),))
