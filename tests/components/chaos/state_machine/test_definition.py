"""What can be known of a state machine without running it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
import pytest

from components.chaos.state_machine.claims import claimed
from components.chaos.state_machine.definition import TooLongError, definition, measure
from contract.suites import Suite
from tests.components.chaos.state_machine.orders import EXPERIMENTS, named, order, plan
from tests.interpreter import AWS_SDK, as_api, is_expression, jsonata
from tests.runners.suites.stage import step, suite

SUITES = {
    "one": suite(step("faults", choice="network")),
    "several": suite(
        step("rest", "wait", minutes=3),
        step("network", choice="network", on_failure="continue"),
        step("infrastructure", choice="infrastructure", needs=("network",), on_failure="skip-dependents"),
        step("settled", "wait", minutes=1, needs=("infrastructure",)),
    ),
}
ENDS = {"Done", "Not all done"}


def states_of(held: Suite) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(definition(order(held)))
    return found


def following(state: Mapping[str, Any]) -> Iterator[str]:
    yield from (state[key] for key in ("Next", "Default") if key in state)
    for held in (*state.get("Catch", ()), *state.get("Choices", ())):
        yield held["Next"]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for held in value.values() if isinstance(value, dict) else value:
            yield from texts(held)
    elif is_expression(value):
        yield value[2:-2]


@pytest.mark.parametrize("name", SUITES)
def test_the_graph_is_closed_and_every_state_is_reached_and_ends(name: str) -> None:
    machine = states_of(SUITES[name])
    states = machine["States"]
    reached, open_ = set[str](), [machine["StartAt"]]
    while open_:
        at = open_.pop()
        if at not in reached:
            reached.add(at)
            assert at in states, at
            open_ += following(states[at])
    assert reached == set(states)
    back: dict[str, set[str]] = {at: {held for held in states if at in following(states[held])} for at in states}
    ends, open_ = set[str](), [at for at in states if states[at]["Type"] in ("Succeed", "Fail")]
    assert set(open_) == ENDS
    while open_:
        at = open_.pop()
        if at not in ends:
            ends.add(at)
            open_ += back[at]
    assert ends == set(states)


@pytest.mark.parametrize("name", SUITES)
def test_each_call_and_parameter_is_one_of_awss(name: str) -> None:
    session = botocore.session.get_session()
    calls = set()
    for state in states_of(SUITES[name])["States"].values():
        if state["Type"] != "Task":
            continue
        service, action = state["Resource"].removeprefix(AWS_SDK).split(":")
        model = session.get_service_model(service)
        operation = model.operation_model(action[:1].upper() + action[1:])
        request = as_api(state["Arguments"], operation.input_shape)
        assert operation.input_shape is not None
        assert set(operation.input_shape.required_members) <= set(request)
        calls.add(f"{service}:{action}")
    assert calls == {
        "s3:putObject",
        *("fis:startExperiment", "fis:getExperiment", "fis:stopExperiment", "cloudwatch:describeAlarms"),
        *(
            "dynamodb:updateItem",
            "dynamodb:getItem",
            "dynamodb:putItem",
            "dynamodb:query",
            "dynamodb:transactWriteItems",
        ),
    }


@pytest.mark.parametrize("name", SUITES)
def test_each_expression_is_one_and_names_are_short_enough(name: str) -> None:
    machine = states_of(SUITES[name])
    found = list(texts(machine))
    assert len(found) > 20
    for text in found:
        jsonata.Jsonata(text)
    assert all(len(at) <= 80 for at in machine["States"])


@pytest.mark.parametrize("name", SUITES)
def test_every_call_is_caught_and_after_a_start_the_fault_is_stopped_first(name: str) -> None:
    states = states_of(SUITES[name])["States"]
    for at, state in states.items():
        if state["Type"] == "Task":
            assert "States.ALL" in [error for held in state["Catch"] for error in held["ErrorEquals"]], at
    for at, state in states.items():
        if " hold turn " in at or " look " in at:
            assert {held["Next"] for held in state["Catch"]} == {"Stop the experiment"}


def test_long_names_stay_apart() -> None:
    long = tuple(named(f"{'long-name-' * 3}{number}aaaaaaaa", category="network") for number in range(3))
    made = order(suite(step("a-step-with-a-name-of-forty-characters--", choice="network")), long)
    assert len(made.claimed.steps) == 3
    starts = [at for at in json.loads(definition(made))["States"] if " start " in at]
    assert len(starts) == 3


def test_what_only_a_runner_can_do_is_left_out_by_name() -> None:
    held = suite(
        step("quiet", "control"),
        step("restores", "drill", choice="table"),
        step("network", choice="network", needs=("quiet",)),
        step("after", choice="infrastructure", needs=("restores",)),
        step("later", choice="infrastructure", needs=("after",)),
        step("database", choice="application"),
        step("back", names=("latency",), on_failure="roll-back"),
    )
    found = claimed(plan(held), EXPERIMENTS)
    assert [held.id for held in found.steps] == ["network/latency"]
    left = {held.step: held.reason for held in found.left_out}
    assert set(left) == {
        *("quiet", "restores", "after/termination", "later/termination", "database/no-database", "back/latency"),
    }
    assert left["after/termination"] == "it needs restores, which is left out"
    assert left["later/termination"] == "it needs after, which is left out"
    # Also what no experiment of the stack stands for.
    held = suite(step("none", choice="application"), step("net", choice="network", needs=("none",)))
    found = claimed(plan(held, EXPERIMENTS[:1]), EXPERIMENTS[:1])
    assert (found.steps, [left.step for left in found.left_out]) == ((), ["none", "net/latency"])


def test_a_suite_that_no_execution_can_tell_is_refused() -> None:
    assert measure(order(suite(step("rest", "wait", minutes=120)))).seconds > 7200
    with pytest.raises(TooLongError, match="choose less, or divide it"):
        measure(order(suite(step("rest", "wait", minutes=24 * 60))))
