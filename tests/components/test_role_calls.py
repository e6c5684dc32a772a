"""Every role of the program against the calls that are made with it: what must be allowed is, and nothing else."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from components.backup.backup import Backup, BackupArgs
from components.chaos.chaos import Chaos, ChaosArgs
from components.chaos.fault_kinds import fault_kinds
from components.chaos.state_machine.ordering import SuiteMachinesArgs
from components.chaos.state_machine.suite_machines import SuiteMachines
from contract.names import SENTINEL_PREFIX
from runners.backup.tables.sentinel import sentinel_key
from tests.components.chaos.test_chaos import AT_TEN, of_kind
from tests.components.conftest import TOPIC, WORKLOAD, Recorder, recorded, settings_of
from tests.components.role_calls import (
    ACCOUNT,
    ASSETS,
    BUCKET_KEY,
    DATABASE_KEY,
    MUST,
    MUST_NOT,
    ROLLBACK,
    RUN,
    TABLE_KEY,
    each,
    keyed,
    table,
)
from tests.iam_evaluator import Call, is_allowed, listed, matching
from tests.runners.chaos.experiments import experiment
from tests.runners.suites.stage import step, suite

KEYED = {
    **WORKLOAD,
    "tables": [{"name": "orders", "kmsKey": TABLE_KEY}, {"name": "sessions", "existing": False}],
    "buckets": [{"name": "shop-assets", "kmsKeys": [BUCKET_KEY]}],
    "databaseKmsKey": DATABASE_KEY,
}


@pytest.fixture
def roles() -> dict[str, list[dict[str, Any]]]:
    """The statements of every role of a stack with all kinds of faults and a customer key everywhere, by its name."""
    return deepcopy(_roles())


@cache
def _roles() -> dict[str, list[dict[str, Any]]]:
    given = settings_of(
        workload=KEYED,
        backup={"restoreTesting": True, "includeDatabase": True},
        chaos={"starter": "scheduler", "mute": "expected", "rollback": ROLLBACK},
        fleetRecords={"enabled": True, "environments": ["prod"]},
    )
    timed = {"network-latency": AT_TEN}
    specs = tuple((3, replace(of_kind(kind), schedule=timed.get(kind))) for kind in fault_kinds())

    def build() -> None:
        Backup("backup", BackupArgs(settings=given, topic_arn=TOPIC))
        Chaos("chaos", ChaosArgs(settings=given, experiments=specs, topic_arn=TOPIC, records_table="ial-dev-records"))

    return _statements(recorded(build)) | _statements(recorded(state_machine))


def state_machine() -> None:
    """A state machine that a schedule and another account start; its stack's starter cannot be Scheduler."""
    machine = {"suite": "weekly", "schedule": "cron(7 9 ? * MON *)", "startedBy": [f"arn:aws:iam::{ACCOUNT}:role/hub"]}
    SuiteMachines(
        "suites",
        SuiteMachinesArgs(
            settings=settings_of(chaos={"stateMachines": [machine]}),
            stage=3,
            suites=(suite(step("network", choice="network")),),
            experiments=(experiment(name="latency", category="network", load=None),),
            records_table="ial-dev-records",
            owner="ial-dev",
        ),
    )


def _statements(recorder: Recorder) -> dict[str, list[dict[str, Any]]]:
    names = {name: held["name"] for name, held in recorder.of("aws:iam/role:Role").items()}
    return {
        names[name.removesuffix("-policy")].removeprefix("ial-dev-"): json.loads(held["policy"])["Statement"]
        for name, held in recorder.of("aws:iam/rolePolicy:RolePolicy").items()
    }


def said(call: Call) -> str:
    return f"{call.action} on {call.resource} with {dict(call.context)}"


def test_every_role_is_in_the_table(roles: dict[str, list[dict[str, Any]]]) -> None:
    assert set(roles) == set(MUST) == set(MUST_NOT)


def test_every_call_that_is_made_is_allowed(roles: dict[str, list[dict[str, Any]]]) -> None:
    refused = {name: [said(call) for call in MUST[name] if not is_allowed(held, call)] for name, held in roles.items()}
    assert {name: calls for name, calls in refused.items() if calls} == {}


def test_sentinels_of_runs_are_those_that_the_role_may_write(roles: dict[str, list[dict[str, Any]]]) -> None:
    shape: Any = SimpleNamespace(key_names=("id",), attributes={"id": "S"})
    [[value]] = [held.values() for held in sentinel_key(shape, RUN).values()]
    assert is_allowed(roles["runner-drill"], *each("dynamodb", "PutItem", table("orders"), keyed(value)))
    assert is_allowed(roles["runner-drill"], *each("s3", "PutObject", f"{ASSETS}/{SENTINEL_PREFIX}{RUN}"))


def test_what_nobody_should_do_is_not_allowed(roles: dict[str, list[dict[str, Any]]]) -> None:
    allowed = {name: [said(call) for call in MUST_NOT[name] if is_allowed(held, call)] for name, held in roles.items()}
    assert {name: calls for name, calls in allowed.items() if calls} == {}


def idle(statements: list[dict[str, Any]], calls: list[Call]) -> list[str]:
    """The actions and the resources of each statement that no call needs."""
    acts, things = set(), set()
    for call in calls:
        for number in matching(statements, call):
            acts.add((number, call.action))
            only = [{**statements[number], "Resource": held} for held in listed(statements[number]["Resource"])]
            things |= {(number, only[index]["Resource"]) for index in matching(only, call)}
    return [
        f"{held['Sid']}: {part}"
        for number, held in enumerate(statements)
        for kind, used in (("Action", acts), ("Resource", things))
        for part in listed(held[kind])
        if (number, part) not in used
    ]


def test_what_no_call_needs_is_in_no_statement(roles: dict[str, list[dict[str, Any]]]) -> None:
    found = {name: idle(held, MUST[name]) for name, held in roles.items()}
    assert {name: parts for name, parts in found.items() if parts} == {}


@pytest.mark.parametrize("name", ["runner-drill", "chaos-network-latency", "start-network-latency"])
def test_a_statement_too_many_or_too_few_is_found(roles: dict[str, list[dict[str, Any]]], name: str) -> None:
    held = roles[name]
    wider = [{**held[0], "Action": [*held[0]["Action"], "s3:DeleteBucket"]}, *held[1:]]
    assert idle(wider, MUST[name]) == [f"{held[0]['Sid']}: s3:DeleteBucket"]
    for number in range(len(held)):
        fewer = held[:number] + held[number + 1 :]
        assert any(not is_allowed(fewer, call) for call in MUST[name]), held[number]["Sid"]


def test_without_its_conditions_a_role_may_too_much(roles: dict[str, list[dict[str, Any]]]) -> None:
    """Each condition is needed: without it, something is allowed that must not be."""
    loose = []
    for name, held in roles.items():
        for number, statement in enumerate(held):
            for operator in statement.get("Condition", {}):
                rest = {key: value for key, value in statement["Condition"].items() if key != operator}
                without = [*held[:number], {**statement, "Condition": rest}, *held[number + 1 :]]
                if not any(is_allowed(without, call) for call in MUST_NOT[name]):
                    loose.append(f"{name}: {statement['Sid']} {operator}")
    assert loose == []
