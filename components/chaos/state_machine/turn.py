"""The stack's turn as a state machine takes it: the item, and the conditions, of the runners' own lease. Pure."""

from components.chaos.state_machine.states import ANY, NOW, State, expression, task
from contract.run_table import (
    HOLD_NAMES,
    LEASE_STEP,
    MOVE,
    MOVES_IF,
    TAKE,
    TAKES_IF,
    TURN,
    TURN_LENGTH,
    lease_run,
)

_CALL = "dynamodb:updateItem"
# Who holds it, in words for whoever is refused meanwhile.
_OWNER = expression('$states.context.Execution.Name & ", a state machine,"')
_UNTIL = expression(f"$string({NOW} / 1000 + {TURN_LENGTH.total_seconds():g})")
# Often enough that one call that is lost does not lose the turn.
EVERY_SECONDS = int(TURN_LENGTH.total_seconds()) // 3


def take(table: str, next_: str, refused: State) -> State:
    """Gets the turn if it is free, out of time, or this execution's own."""
    values = {
        ":owner": {"S": _OWNER},
        ":until": {"N": _UNTIL},
        ":now": {"N": expression(f"$string({NOW} / 1000)")},
        ":one": {"N": "1"},
    }
    update = _update(table, TAKE, TAKES_IF, values)
    fence = {"fence": expression("$states.result.Attributes.fence.N")}
    return task(_CALL, {**update, "ReturnValues": "ALL_NEW"}, next_, [refused], fence)


def renew(table: str, next_: str, lost: State) -> State:
    """Keeps the turn for its whole length; it is lost when somebody else has it, or nobody can tell."""
    return task(_CALL, _update(table, MOVE, MOVES_IF, _own(_UNTIL)), next_, [lost])


def free(table: str, next_: str) -> State:
    """Lets the turn go, if it still is this execution's; else it is left alone, and ends by itself."""
    return task(_CALL, _update(table, MOVE, MOVES_IF, _own("0")), next_, [{"ErrorEquals": [ANY], "Next": next_}])


def _own(until: str) -> dict[str, dict[str, str]]:
    return {":until": {"N": until}, ":owner": {"S": _OWNER}, ":fence": {"N": expression("$fence")}}


def _update(table: str, change: str, condition: str, values: dict[str, dict[str, str]]) -> dict[str, object]:
    return {
        "TableName": table,
        "Key": {"run": {"S": lease_run(TURN)}, "step": {"S": LEASE_STEP}},
        "UpdateExpression": change,
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {short: full for short, full in HOLD_NAMES.items() if short in change + condition},
        "ExpressionAttributeValues": values,
    }
