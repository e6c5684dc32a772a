"""A suite as a state machine: the definition, and how much of AWS it uses at most. Pure.

The stack's turn is taken first and let go last. Every error on the way ends in a record, and where a fault may be
there, in its end before that.
"""

import json
from dataclasses import dataclass

from components.chaos.state_machine import table, turn
from components.chaos.state_machine.archive import archive_execution
from components.chaos.state_machine.order import MachineOrder
from components.chaos.state_machine.states import TRIES, States, catch, choice, expression, keep
from components.chaos.state_machine.steps import (
    CLOSE,
    GRACE_SECONDS,
    PATIENCE_SECONDS,
    experiment_states,
    first_state,
    stop_states,
    wait_states,
)
from contract.suites import PlannedStep

# "Maximum execution history size: 25,000 events"; a call that is not repeated writes five of them.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
_MOST_EVENTS, _EVENTS_OF_A_TASK = 25_000, 5
_BEGIN, _TAKE, _ARCHIVE, _FREE, _OVER, _DONE, _FAILED = (
    *(
        "Name the run",
        "Take the turn",
        "Archive the execution",
        "Let the turn go",
        "Was all done",
        "Done",
        "Not all done",
    ),
)
# States of one round of each kind of waiting, of a step beside them, and of the execution's beginning and end.
_ROUND, _BESIDE, _AROUND = 5, 20, 20


class TooLongError(ValueError):
    """A suite takes longer than one execution's history can tell; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What one execution uses at most: state transitions that AWS bills, and seconds."""

    transitions: int
    seconds: int


def definition(order: MachineOrder) -> str:
    """The state machine in the Amazon States Language."""
    steps = order.claimed.steps
    states: States = {
        _BEGIN: keep(
            _TAKE,
            run=expression(table.run_name("$states.context.Execution.StartTime", "")),
            reasons=[],
            steps=[],
            bad=[],
            calmAt=0,
            fence="0",
            experiment="",
            outcome="done",
        ),
        _TAKE: turn.take(order.table, first_state(1, steps[0]), _not_taken()),
    }
    for number, step in enumerate(steps, 1):
        next_ = first_state(number + 1, steps[number]) if number < len(steps) else CLOSE
        make = wait_states if step.kind == "wait" else experiment_states
        states |= make(order, number, step, next_)
    states |= stop_states(order)
    states |= {
        CLOSE: table.record_execution(order, _ARCHIVE, catch(_FREE, "the record could not be written")),
        _ARCHIVE: archive_execution(order, _FREE),
        _FREE: turn.free(order.table, _OVER),
        _OVER: choice(_FAILED, ('$outcome = "done" and $count($reasons) = 0', _DONE)),
        _DONE: {"Type": "Succeed"},
        _FAILED: {"Type": "Fail", "Error": "NotAllDone", "Cause": expression("$string($reasons)")},
    }
    whole = {
        "Comment": f"Suite {order.suite.name} of {order.stack}: starts, waits, stops, records; nothing is judged.",
        "QueryLanguage": "JSONata",
        "StartAt": _BEGIN,
        "TimeoutSeconds": measure(order).seconds,
        "States": states,
    }
    return json.dumps(whole)


def measure(order: MachineOrder) -> Measure:
    """What one execution takes at most: every wait as long as it may be, every call without an error made once.

    Raises:
        TooLongError: AWS would end it before it is over.
    """
    seconds = [_seconds(order, step) for step in order.claimed.steps]
    rounds = sum(-(-time // turn.EVERY_SECONDS) + 2 for time in seconds)
    transitions = rounds * _ROUND + len(seconds) * _BESIDE + _AROUND
    if transitions * _EVENTS_OF_A_TASK > _MOST_EVENTS:
        msg = (
            f"it takes up to {transitions} transitions, and an execution can be {_MOST_EVENTS // _EVENTS_OF_A_TASK}; "
            "choose less, or divide it"
        )
        raise TooLongError(msg)
    return Measure(transitions=transitions, seconds=sum(seconds) + 60 * TRIES * (len(seconds) + 1) + 2 * GRACE_SECONDS)


def _seconds(order: MachineOrder, step: PlannedStep) -> int:
    if step.kind == "wait":
        return (step.minutes or 0) * 60
    cool_down = order.suite.cool_down_minutes * 60
    run = order.claimed.experiments[step.name].duration_seconds + 2 * GRACE_SECONDS
    return cool_down + max(cool_down, PATIENCE_SECONDS) + run


def _not_taken() -> dict[str, object]:
    """Somebody else has the turn, or nobody can tell: nothing was begun."""
    found = catch(CLOSE, "the stack's turn was not got, another run is under way")
    found["Assign"] |= {"outcome": "refused"}
    return found
