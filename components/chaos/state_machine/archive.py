"""What a state machine adds to the archive of runs, beside its records in the table. Pure.

A runner adds a line to the month's object; a state machine cannot read what is too large for its state, so each of its
runs has an object of its own in the same month. A `Body` that is an object is written as its JSON, one line; a text
would be written with quotes around it.
"""

from collections.abc import Mapping

from components.chaos.state_machine import table
from components.chaos.state_machine.order import MachineOrder
from components.chaos.state_machine.states import ANY, State, expression, quoted, task
from contract.execution_record import EXECUTION, UNJUDGED_RUN
from contract.names import lone_runs
from contract.run_table import LINE_VERSION


def archive_run(order: MachineOrder, name: str, usd: str, next_: str) -> State:
    """The line of one run of FIS."""
    return _put(order, "$stepRun", UNJUDGED_RUN, table.run_document(order, name, usd), next_)


def archive_execution(order: MachineOrder, next_: str) -> State:
    """The line of the execution."""
    return _put(order, "$run", EXECUTION, table.execution_document(order), next_)


def _put(order: MachineOrder, run: str, kind: str, document: Mapping[str, str], next_: str) -> State:
    line = {
        "version": quoted(LINE_VERSION),
        "run": run,
        "stack": quoted(order.stack),
        "type": quoted(kind),
        "document": table.written(document),
    }
    before, after = lone_runs("{month}", order.stack).split("{month}")
    month = f'$substring({run}, 0, 4) & "-" & $substring({run}, 4, 2) & "-01"'
    arguments = {
        "Bucket": order.bucket,
        "ExpectedBucketOwner": order.account,
        "Key": expression(f"{quoted(before)} & {month} & {quoted(after)} & {run} & '.jsonl'"),
        "ContentType": "application/x-ndjson",
        "Body": expression(table.written(line)),
    }
    return task("s3:putObject", arguments, next_, [_told(run, next_)])


def _told(run: str, next_: str) -> State:
    """The table has the record, so that the suite goes on; it ends as one of which something was not done."""
    said = f'"the archive lacks the record of " & {run} & ": " & $states.errorOutput.Error'
    return {"ErrorEquals": [ANY], "Next": next_, "Assign": {"reasons": expression(f"[$reasons, {said}]")}}
