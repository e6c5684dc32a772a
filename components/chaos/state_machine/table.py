"""What a state machine reads and writes in the table of run records, as runners do. Pure."""

from collections.abc import Mapping

from components.chaos.state_machine.order import MachineOrder
from components.chaos.state_machine.states import NOW, State, expression, quoted, task
from contract.execution_record import EXECUTION, NOT_SHOWN, UNJUDGED_RUN
from contract.run_table import CHAOS, EXECUTIONS, HALT, KEPT, NOT_JUDGED, RECORD, collection

_EXPIRES = expression(f"$string($floor({NOW} / 1000) + {int(KEPT.total_seconds())})")
_ENTERED = "$states.context.State.EnteredTime"
# Always with milliseconds, as all records have it.
STAMP = f"$fromMillis({NOW})"
# When the record was written: the archive has the same.
_RECORDED = {"recorded": expression(STAMP)}
# Run names are made of the second in which they begin, and four digits that tell those of one second apart.
_DIGITS = "$substring($hash($states.context.Execution.Id & {}, 'SHA-256'), 0, 4)"
_MONEY_DIGITS = 6
# Items of a month are of less than half a KiB.
_PAGE = 400


def run_name(moment: str, what: str) -> str:
    """JSONata for the name of a run that begins at `moment`, the same again for the same execution and `what`."""
    day = f"$replace($substring({moment}, 0, 10), '-', '')"
    time = f"$replace($substring({moment}, 11, 8), ':', '')"
    return f"{day} & '-' & {time} & '-' & {_DIGITS.format(quoted(what))}"


def look_for_halt(order: MachineOrder, number: int, next_: str, catch: State) -> State:
    """Whether somebody has halted everything; and the name of the run that begins if nobody has."""
    key = {"run": {"S": HALT[0]}, "step": {"S": HALT[1]}}
    ask = {"TableName": order.table, "Key": key, "ConsistentRead": True}
    mark = "$parse($states.result.Item.document.S).halted"
    kept = {
        "halted": expression(f"$exists($states.result.Item) and $not({mark} = false)"),
        "stepRun": expression(run_name(_ENTERED, f"/{number}")),
        "month": expression(f"$substring({_ENTERED}, 0, 7)"),
    }
    return task("dynamodb:getItem", ask, next_, [catch], kept)


def reserve(order: MachineOrder, name: str, usd: str, next_: str, catch: State) -> State:
    """Takes what a run costs out of the month before the sum is read: two that only fit alone never both begin."""
    taken = _month_item(name, usd, "null")
    return task("dynamodb:putItem", {"TableName": order.table, "Item": taken}, next_, [catch])


def give_back(order: MachineOrder, name: str, next_: str, catch: State) -> State:
    """Takes nothing out of the month for a run that did not begin."""
    item = _month_item(name, "0", quoted("refused"))
    return task("dynamodb:putItem", {"TableName": order.table, "Item": item}, next_, [catch])


def spent(order: MachineOrder, next_: str, catch: State) -> State:
    """Whether the month's runs still are within the month's amount; more of them than one page holds are not.

    A page is small enough for a state's payload of 256 KiB, which no Catch would catch: States.ALL does not mean it.
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    ask = {
        "TableName": order.table,
        "KeyConditionExpression": "#run = :run",
        "ExpressionAttributeNames": {"#run": "run"},
        "ExpressionAttributeValues": {":run": {"S": _collection(CHAOS)}},
        "ConsistentRead": True,
        "Limit": _PAGE,
    }
    total = f"$round($sum($states.result.Items.$number($parse(document.S).usd)), {_MONEY_DIGITS})"
    kept = expression(f"$not($exists($states.result.LastEvaluatedKey)) and {total} <= {order.budget}")
    return task("dynamodb:query", ask, next_, [catch], {"affordable": kept})


def run_document(order: MachineOrder, name: str, usd: str, ended: str = "$recorded") -> dict[str, str]:
    """The record of one run of FIS, each value in JSONata."""
    return {
        "version": "1",
        "type": quoted(UNJUDGED_RUN),
        "run": "$stepRun",
        "stack": quoted(order.stack),
        "operator": quoted(order.name),
        "suite": quoted(order.suite.name),
        "experiment": quoted(name),
        "fisExperiment": "$experiment",
        "status": "$status",
        "verdict": quoted(NOT_JUDGED),
        "began": "$startedAt",
        "ended": ended,
        "usd": quoted(usd),
    }


def record_run(order: MachineOrder, name: str, usd: str, next_: str, catch: State) -> State:
    """The month's item and the record of one run of FIS, both or none."""
    document = run_document(order, name, usd, STAMP)
    return _put_both(order, "$stepRun", document, _month_item(name, usd, quoted(NOT_JUDGED)), next_, catch)


def execution_document(order: MachineOrder, ended: str = "$recorded") -> dict[str, str]:
    """What became of each step, and what was left out: nothing of it is a judgement."""
    left_out = [{"step": held.step, "reason": held.reason} for held in order.claimed.left_out]
    return {
        "version": "1",
        "type": quoted(EXECUTION),
        "run": "$run",
        "stack": quoted(order.stack),
        "operator": quoted(order.name),
        "execution": "$states.context.Execution.Name",
        "suite": quoted(order.suite.name),
        "verdict": quoted(NOT_JUDGED),
        "outcome": "$outcome",
        "reasons": "$reasons",
        "began": "$fromMillis($toMillis($states.context.Execution.StartTime))",
        "ended": ended,
        "steps": "$steps",
        "leftOut": quoted(left_out),
        "notShown": quoted(NOT_SHOWN),
    }


def record_execution(order: MachineOrder, next_: str, catch: State) -> State:
    """The execution's item and its record, both or none."""
    document = execution_document(order, STAMP)
    told = {key: document[key] for key in ("run", "type", "suite", "verdict", "outcome")}
    item = _item(_collection(EXECUTIONS, "$substring($states.context.Execution.StartTime, 0, 7)"), "$run", told)
    return _put_both(order, "$run", document, item, next_, catch)


def _put_both(
    order: MachineOrder, run: str, document: Mapping[str, str], item: State, next_: str, catch: State
) -> State:
    record = _item(expression(run), quoted(RECORD), document)
    puts = [{"Put": {"TableName": order.table, "Item": held}} for held in (item, record)]
    return task("dynamodb:transactWriteItems", {"TransactItems": puts}, next_, [catch], _RECORDED)


def _month_item(name: str, usd: str, verdict: str) -> State:
    told = {"run": "$stepRun", "experiment": quoted(name), "usd": quoted(usd), "verdict": verdict}
    return _item(_collection(CHAOS), "$stepRun", told)


def _collection(kind: str, month: str = "$month") -> str:
    return expression(f"{quoted(collection(kind, ''))} & {month}")


def written(document: Mapping[str, str]) -> str:
    """JSONata for an object whose values are JSONata."""
    return f"{{{', '.join(f'{quoted(key)}: {value}' for key, value in document.items())}}}"


def _item(run: str, step: str, document: Mapping[str, str]) -> State:
    return {
        "run": {"S": run},
        "step": {"S": expression(step)},
        "document": {"S": expression(f"$string({written(document)})")},
        "expires_at": {"N": _EXPIRES},
    }
