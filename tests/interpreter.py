"""A small interpreter of state machines: Task, Wait, Choice, Pass, Map, Parallel, Succeed and Fail, with JSONata.

Calls go to boto3 after AWS's spelling in state machines is taken back; whatever is no parameter of the API is an error.
Time is a generator's: each wait is yielded in seconds, so that whoever drives it decides how time passes.
"""

from __future__ import annotations

import hashlib
import heapq
import importlib
import itertools
import json
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from botocore.exceptions import ClientError


def _library() -> Any:
    """Evaluates expressions. It raises the limit of recursion of the whole process, and is not let to."""
    limit = sys.getrecursionlimit()
    try:
        return importlib.import_module("jsonata")
    finally:
        sys.setrecursionlimit(limit)


jsonata = _library()
Waits = Generator[float, None, Any]
# The prefix of errors of an API, where it is not the service's name with a capital.
_ERRORS: Final = {"dynamodb": "DynamoDb", "cloudwatch": "CloudWatch"}
_CLIENTS: Final = {"sfn": "stepfunctions"}
AWS_SDK: Final = "arn:aws:states:::aws-sdk:"


class StateError(Exception):
    """A state that failed: `error` is what catches name."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause


Call = Callable[[str, str, dict[str, Any]], Any]


@dataclass
class Aws:
    """Calls of AWS's API as a state machine makes them; `clients` gives boto3's. `made` has all that were answered."""

    clients: Callable[[str], Any]
    made: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, service: str, action: str, arguments: dict[str, Any]) -> Any:
        client = self.clients(_CLIENTS.get(service, service))
        operation = client.meta.service_model.operation_model(action[:1].upper() + action[1:])
        from botocore import xform_name

        request = as_api(arguments, operation.input_shape)
        try:
            answer = getattr(client, xform_name(operation.name))(**request)
        except ClientError as error:
            code = error.response["Error"]["Code"].removesuffix("Exception")
            name = f"{_ERRORS.get(service, service.capitalize())}.{code}Exception"
            raise StateError(name, str(error)) from error
        self.made.append((f"{service}:{action}", arguments))
        answer.pop("ResponseMetadata", None)
        return as_state(answer, operation.output_shape)


def as_api(value: Any, shape: Any) -> Any:
    """Arguments in the API's own spelling; refuses what the API does not know."""
    if shape.type_name == "structure":
        spelled = {name[:1].upper() + name[1:]: name for name in shape.members}
        unknown = set(value) - set(spelled)
        if unknown:
            raise StateError("States.Runtime", f"{shape.name} has no {', '.join(sorted(unknown))}")
        return {spelled[key]: as_api(held, shape.members[spelled[key]]) for key, held in value.items()}
    if shape.type_name == "list":
        return [as_api(held, shape.member) for held in value]
    if shape.type_name == "map":
        return {key: as_api(held, shape.value) for key, held in value.items()}
    # What is sent as it is, such as the body of an object of S3, is the value's JSON: a text has its quotes.
    return json.dumps(value, separators=(",", ":")).encode() if shape.type_name == "blob" else value


def as_state(value: Any, shape: Any) -> Any:
    """An answer in the spelling of state machines, times as text."""
    if shape is None or value is None:
        return value
    if shape.type_name == "structure":
        known = {key: held for key, held in value.items() if key in shape.members}
        return {key[:1].upper() + key[1:]: as_state(held, shape.members[key]) for key, held in known.items()}
    if shape.type_name == "list":
        return [as_state(held, shape.member) for held in value]
    if shape.type_name == "map":
        return {key: as_state(held, shape.value) for key, held in value.items()}
    return stamp(value) if isinstance(value, datetime) else value


def stamp(moment: datetime) -> str:
    """A time as the context has it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@cache
def _parsed(text: str) -> Any:
    found = jsonata.Jsonata(text)
    found.register_lambda("parse", json.loads)
    found.register_lambda("hash", lambda held, kind: hashlib.new(kind.replace("-", ""), held.encode()).hexdigest())
    return found


def is_expression(value: object) -> bool:
    """Whether a value is to be evaluated."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def evaluated(value: Any, bindings: Mapping[str, Any]) -> Any:
    """A value with every expression in it evaluated; one that gives nothing fails, as it does in AWS."""
    if isinstance(value, dict):
        return {key: evaluated(held, bindings) for key, held in value.items()}
    if isinstance(value, list):
        return [evaluated(held, bindings) for held in value]
    if not is_expression(value):
        return value
    found = _parsed(value[2:-2].strip()).evaluate(None, dict(bindings))
    if found is None:
        raise StateError("States.QueryEvaluationError", f"{value} gave nothing")
    return found


@dataclass
class Execution:
    """One execution. `handlers` answer resources that are not calls of the API, such as a nested execution."""

    definition: dict[str, Any]
    now: Callable[[], datetime]
    call: Call
    name: str = "weekly-1"
    machine: str = "arn:aws:states:us-east-1:123456789012:stateMachine:ial-dev-suite-weekly"
    input: Any = None
    handlers: Mapping[str, Callable[[Any], Waits]] = field(default_factory=dict)
    transitions: int = 0
    visited: list[str] = field(default_factory=list)
    status: str = "RUNNING"
    cause: str = ""
    began: datetime | None = None

    def run(self) -> Waits:
        """Until it is over; its output."""
        self.began = self.now()
        try:
            found = yield from self._states(self.definition, self.input, {})
        except StateError as error:
            self.status, self.cause = "FAILED", str(error)
            return None
        self.status = "SUCCEEDED"
        return found

    def _states(self, machine: Mapping[str, Any], given: Any, outer: Mapping[str, Any]) -> Waits:
        name, variables, output = machine["StartAt"], dict(outer), given
        while True:
            state, entered = machine["States"][name], self.now()
            self.transitions += 1
            self.visited.append(name)
            context = self._context(name, entered)
            states = {"input": output, "context": context}
            try:
                next_, output, kept = yield from self._state(state, states, variables)
            except StateError as error:
                next_, output, kept = self._caught(state, error, states, variables)
            variables |= kept
            if next_ is None:
                return output
            name = next_

    def _context(self, name: str, entered: datetime) -> dict[str, Any]:
        assert self.began is not None
        execution = f"{self.machine.replace(':stateMachine:', ':execution:')}:{self.name}"
        return {
            "Execution": {"Id": execution, "Name": self.name, "StartTime": stamp(self.began), "Input": self.input},
            "State": {"Name": name, "EnteredTime": stamp(entered)},
            "StateMachine": {"Id": self.machine, "Name": self.machine.rsplit(":", 1)[1]},
        }

    def _state(self, state: Mapping[str, Any], states: dict[str, Any], variables: Mapping[str, Any]) -> Waits:
        bindings = {**variables, "states": states}
        kind, next_ = state["Type"], state.get("Next")
        if kind == "Fail":
            raise StateError(state["Error"], str(evaluated(state.get("Cause", ""), bindings)))
        if kind == "Choice":
            for case in state["Choices"]:
                held = evaluated(case["Condition"], bindings)
                if not isinstance(held, bool):
                    raise StateError("States.QueryEvaluationError", f"{case['Condition']} is no truth")
                if held:
                    return case["Next"], states["input"], evaluated(case.get("Assign", {}), bindings)
            return state["Default"], states["input"], evaluated(state.get("Assign", {}), bindings)
        if kind == "Wait":
            yield evaluated(state["Seconds"], bindings)
        result = yield from self._result(state, bindings, variables)
        if kind in ("Task", "Map", "Parallel"):
            states["result"] = result
        output = evaluated(state["Output"], bindings) if "Output" in state else result
        return next_, output, evaluated(state.get("Assign", {}), bindings)

    def _result(self, state: Mapping[str, Any], bindings: dict[str, Any], variables: Mapping[str, Any]) -> Waits:
        given = bindings["states"]["input"]
        if state["Type"] == "Task":
            arguments = evaluated(state.get("Arguments", {}), bindings)
            return (yield from self._called(state["Resource"], arguments))
        if state["Type"] == "Map":
            items, inner = evaluated(state["Items"], bindings), state["ItemProcessor"]
            # What is distributed is an execution of its own, which sees no variables.
            seen = {} if inner.get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED" else variables
            tolerated = state.get("ToleratedFailurePercentage", 0)
            runs = (self._item(inner, item, seen, tolerated == 100) for item in items)
            return (yield from together(runs, self.now, state.get("MaxConcurrency") or len(items)))
        if state["Type"] == "Parallel":
            branches = [self._states(branch, given, variables) for branch in state["Branches"]]
            return (yield from together(branches, self.now, len(branches)))
        return given

    def _item(self, inner: Mapping[str, Any], item: Any, variables: Mapping[str, Any], tolerant: bool) -> Waits:
        try:
            return (yield from self._states(inner, item, variables))
        except StateError:
            if tolerant:
                return None
            raise

    def _called(self, resource: str, arguments: Any) -> Waits:
        if resource in self.handlers:
            return (yield from self.handlers[resource](arguments))
        assert resource.startswith(AWS_SDK), resource
        service, action = resource.removeprefix(AWS_SDK).split(":")
        return self.call(service, action, arguments)

    def _caught(
        self, state: Mapping[str, Any], error: StateError, states: dict[str, Any], variables: Mapping[str, Any]
    ) -> tuple[str, Any, dict[str, Any]]:
        for held in state.get("Catch", ()):
            if error.error in held["ErrorEquals"] or "States.ALL" in held["ErrorEquals"]:
                told = {**states, "errorOutput": {"Error": error.error, "Cause": error.cause}}
                bindings = {**variables, "states": told}
                output = evaluated(held["Output"], bindings) if "Output" in held else told["errorOutput"]
                return held["Next"], output, evaluated(held.get("Assign", {}), bindings)
        raise error


def together(runs: Iterable[Waits], now: Callable[[], datetime], limit: int) -> Waits:
    """Several at once, so many at most; the results in their order."""
    waiting, results, count = enumerate(runs), dict[int, Any](), itertools.count()
    due: list[tuple[datetime, int, int, Waits]] = []

    def go_on(number: int, run: Waits) -> None:
        try:
            pause = next(run)
        except StopIteration as over:
            results[number] = over.value
        else:
            heapq.heappush(due, (now() + timedelta(seconds=pause), next(count), number, run))

    while True:
        while len(due) < limit and (begun := next(waiting, None)) is not None:
            go_on(*begun)
        if not due:
            return [results[number] for number in sorted(results)]
        at, _, number, run = heapq.heappop(due)
        if at > now():
            yield (at - now()).total_seconds()
        go_on(number, run)


def drive(run: Waits, sleep: Callable[[float], object]) -> Any:
    """Lets time pass until it is over."""
    while True:
        try:
            pause = next(run)
        except StopIteration as over:
            return over.value
        sleep(pause)
