"""States of a state machine, in the Amazon States Language with JSONata. Pure.

Calls of AWS's API take their parameters, and give their results, in PascalCase, whatever the API itself says:
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

State = dict[str, Any]
States = dict[str, State]
# The moment at which a state was entered, in milliseconds.
NOW = "$toMillis($states.context.State.EnteredTime)"
# A name is that long at most: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
_LONGEST_NAME = 80
ANY = "States.ALL"
CONDITION = "DynamoDb.ConditionalCheckFailedException"
# What is not there by accident is asked for again; a condition that does not hold will not hold then.
_RETRY = [
    {"ErrorEquals": [CONDITION], "MaxAttempts": 0},
    {"ErrorEquals": [ANY], "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 2, "JitterStrategy": "FULL"},
]
# The most transitions that one entry of a task can be: the call, and each time that it is made again.
TRIES = 3


def expression(text: str) -> str:
    """JSONata where a state takes a value."""
    return f"{{% {text} %}}"


def quoted(value: object) -> str:
    """A value as JSONata writes it."""
    return json.dumps(value)


def state_name(number: int, verb: str, what: str = "") -> str:
    """The name of a step's state, such as `2 start network-latency`; it is cut where AWS takes no more."""
    return f"{number} {verb} {what}".strip()[:_LONGEST_NAME].strip()


def catch(next_: str, why: str, *errors: str) -> State:
    """On an error, goes elsewhere and keeps why; any error where none is named."""
    said = '$states.errorOutput.Error & " " & $substring($states.errorOutput.Cause, 0, 300)'
    reason = expression(f'[$reasons, {quoted(why)} & ": " & {said}]')
    kept = {"reasons": reason, "outcome": "stopped"}
    return {"ErrorEquals": list(errors) or [ANY], "Next": next_, "Assign": kept}


def task(
    call: str,
    arguments: Mapping[str, Any],
    next_: str,
    catches: Sequence[State],
    assign: Mapping[str, str] | None = None,
) -> State:
    """One call of AWS's API, `SERVICE:ACTION`."""
    state: State = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:{call}",
        "Arguments": dict(arguments),
        "Retry": _RETRY,
        "Catch": list(catches),
        "Next": next_,
    }
    return {**state, "Assign": dict(assign)} if assign else state


def choice(default: str, *cases: tuple[str, str] | tuple[str, str, Mapping[str, str]]) -> State:
    """The first case whose condition holds; a case is a condition, the next state, and what is kept."""
    found = []
    for condition, next_, *kept in cases:
        found.append({"Condition": expression(condition), "Next": next_, **({"Assign": dict(kept[0])} if kept else {})})
    return {"Type": "Choice", "Choices": found, "Default": default}


def wait(seconds: int, next_: str) -> State:
    """Time that passes."""
    return {"Type": "Wait", "Seconds": seconds, "Next": next_}


def keep(next_: str, **assign: Any) -> State:
    """Keeps values, and does nothing."""
    return {"Type": "Pass", "Assign": assign, "Next": next_}
