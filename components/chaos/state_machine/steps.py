"""The states of one step of a suite, from what must stand for it to what becomes of the suite after it. Pure."""

from components.chaos.state_machine import table
from components.chaos.state_machine.archive import archive_run
from components.chaos.state_machine.order import MachineOrder
from components.chaos.state_machine.states import (
    NOW,
    States,
    catch,
    choice,
    expression,
    keep,
    quoted,
    state_name,
    task,
    wait,
)
from components.chaos.state_machine.turn import EVERY_SECONDS, renew
from contract.experiments import Experiment
from contract.names import RUN_OWNER_TAG
from contract.suites import PlannedStep

CLOSE, STOP = "Record what was done", "Stop the experiment"
# A status that is not among these, also one that came later, is looked at again.
FINAL = ("completed", "stopped", "failed", "cancelled")
# The least time that alarms are given to be quiet beyond the cool-down, and FIS to end what should be over.
PATIENCE_SECONDS, GRACE_SECONDS = 300, 600


def is_final(status: str) -> str:
    """JSONata for whether FIS will change a status no more."""
    return f"{status} in {quoted(list(FINAL))}"


def wait_states(order: MachineOrder, number: int, step: PlannedStep, next_: str) -> States:
    """Minutes in which nothing is done but keeping the turn."""
    begin, pause, kept, over, told = (
        state_name(number, verb, step.id) for verb in ("begin", "wait", "keep turn", "over", "note")
    )
    skip = state_name(number, "skip", step.id)
    return {
        **_asked(number, step, begin, skip, next_),
        begin: keep(pause, until=expression(f"{NOW} + {(step.minutes or 0) * 60_000}")),
        pause: wait(EVERY_SECONDS, kept),
        kept: renew(order.table, over, catch(CLOSE, "the turn was lost")),
        over: choice(pause, (f"{NOW} >= $until", told)),
        told: keep(next_, steps=_with(step.id, quoted("waited"))),
    }


def experiment_states(order: MachineOrder, number: int, step: PlannedStep, next_: str) -> States:
    """One experiment: when all is calm, and the month's amount allows it, FIS is started, and waited for."""
    held = order.claimed.experiments[step.name]
    skip, calm = (state_name(number, verb, step.id) for verb in ("skip", "calm"))
    return {
        **_asked(number, step, calm, skip, next_),
        **_calm(order, number, step),
        **_allowed(order, number, step, held),
        **_run(order, number, step, held),
        **_ended(order, number, step, held, next_),
    }


def first_state(number: int, step: PlannedStep) -> str:
    """Where a step begins."""
    verb = "needed" if step.needs else "begin" if step.kind == "wait" else "calm"
    return state_name(number, verb, step.id)


def _asked(number: int, step: PlannedStep, begin: str, skip: str, next_: str) -> States:
    """Skips a step of which one that it needs did not pass."""
    if not step.needs:
        return {}
    failed = " or ".join(f"{quoted(need)} in $bad" for need in step.needs)
    skipped = {"steps": _with(step.id, quoted("skipped")), "bad": _also("bad", step.step)}
    return {
        state_name(number, "needed", step.id): choice(begin, (failed, skip)),
        skip: keep(next_, **skipped),
    }


def _calm(order: MachineOrder, number: int, step: PlannedStep) -> States:
    """The cool-down, and then no alarm that rings."""
    calm, pause, kept, ask, quiet, halt = (
        state_name(number, verb, step.id) for verb in ("calm", "wait", "keep turn", "alarms", "quiet", "halt")
    )
    patience = max(order.suite.cool_down_minutes * 60, PATIENCE_SECONDS) * 1000
    found = ("$states.result.MetricAlarms", "$states.result.CompositeAlarms")
    known = " + ".join(f"$count({held})" for held in found) + f" = {len(order.alarms)}"
    ringing = f'"ALARM" in [{", ".join(f"{held}.StateValue" for held in found)}]'
    asked = {
        "AlarmNames": list(order.alarms),
        "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
        "MaxRecords": 100,
    }
    late = f"{step.id}: an alarm rings, or is not there, after the cool-down"
    return {
        calm: choice(ask, (f"{NOW} < $calmAt", pause)),
        pause: wait(EVERY_SECONDS, kept),
        kept: renew(order.table, calm, catch(CLOSE, "the turn was lost")),
        ask: task(
            "cloudwatch:describeAlarms",
            asked,
            quiet,
            [catch(CLOSE, f"{step.id}: alarms could not be asked")],
            {"quiet": expression(f"{known} and $not({ringing})")},
        ),
        quiet: choice(
            pause,
            ("$quiet", halt),
            (
                f"{NOW} >= $max([$calmAt, $toMillis($states.context.Execution.StartTime)]) + {patience}",
                CLOSE,
                _why(late),
            ),
        ),
    }


def _allowed(order: MachineOrder, number: int, step: PlannedStep, held: Experiment) -> States:
    """Nobody has halted it, and the month's amount is not spent."""
    halt, halted, reserve, spent, within, back, start = (
        state_name(number, verb, step.id)
        for verb in ("halt", "halted", "reserve", "spent", "within", "give back", "start")
    )
    usd, name = held.usd_per_run, held.name
    unsure = catch(CLOSE, f"{step.id}: the table of records could not be asked")
    dear = (
        f"{step.id}: it costs up to {usd} USD, and {order.budget} USD a month are spent; raise ial:chaos monthlyBudget"
    )
    return {
        halt: table.look_for_halt(order, number, halted, unsure),
        halted: choice(reserve, ("$halted", CLOSE, _why(f"{step.id}: chaos is halted"))),
        reserve: table.reserve(order, name, usd, spent, unsure),
        spent: table.spent(order, within, catch(back, f"{step.id}: the month's runs could not be read")),
        within: choice(start, ("$not($affordable)", back, _why(dear))),
        back: table.give_back(order, name, CLOSE, unsure),
    }


def _run(order: MachineOrder, number: int, step: PlannedStep, held: Experiment) -> States:
    """Starts FIS and asks until it is over. The token is the execution's own, so that a retry finds what began."""
    start, pause, kept, look, over, record, back = (
        state_name(number, verb, step.id)
        for verb in ("start", "run", "hold turn", "look", "ended", "record", "give back")
    )
    begun = {
        "ExperimentTemplateId": order.templates[held.name],
        "ClientToken": expression(f"$states.context.Execution.Id & {quoted(f'-{number}')}"),
        "Tags": {RUN_OWNER_TAG: order.owner},
    }
    assigned = {
        "experiment": expression("$states.result.Experiment.Id"),
        "startedAt": expression(table.STAMP),
        "deadline": expression(f"{NOW} + {(held.duration_seconds + GRACE_SECONDS) * 1000}"),
        "current": step.id,
        "stepUsd": held.usd_per_run,
    }
    known = [f"Fis.{name}Exception" for name in ("Conflict", "ResourceNotFound", "ServiceQuotaExceeded", "Validation")]
    refused = catch(back, f"{step.id}: FIS refused to start it", *known)
    # Whether it began is not known: what it may cost stays taken out of the month, and the turn while it may last.
    doubt = state_name(number, "doubt", step.id)
    unsure = catch(doubt, f"{step.id}: whether FIS began it is not known, `ial chaos halt` stops all of the stack's")
    late = f"{step.id}: FIS has not ended it in time"
    failed = catch(STOP, f"{step.id}: FIS could not be asked")
    status = {"status": expression("$states.result.Experiment.State.Status")}
    return {
        start: task("fis:startExperiment", begun, pause, [refused, unsure], assigned),
        **_doubted(order, number, step, held),
        pause: wait(EVERY_SECONDS, kept),
        kept: renew(order.table, look, catch(STOP, "the turn was lost")),
        look: task("fis:getExperiment", {"Id": expression("$experiment")}, over, [failed], status),
        over: choice(pause, (is_final("$status"), record), (f"{NOW} > $deadline", STOP, _why(late))),
    }


def _doubted(order: MachineOrder, number: int, step: PlannedStep, held: Experiment) -> States:
    """Nothing else begins while a fault may be there that nobody can name: the turn is kept as long as it may last."""
    doubt, pause, kept, over = (
        state_name(number, verb, step.id) for verb in ("doubt", "doubt waits", "doubt keeps turn", "doubt over")
    )
    until = expression(f"{NOW} + {(held.duration_seconds + GRACE_SECONDS) * 1000}")
    return {
        doubt: keep(pause, until=until),
        pause: wait(EVERY_SECONDS, kept),
        kept: renew(order.table, over, catch(CLOSE, "the turn was lost")),
        over: choice(pause, (f"{NOW} >= $until", CLOSE)),
    }


def _ended(order: MachineOrder, number: int, step: PlannedStep, held: Experiment, next_: str) -> States:
    """The record of the run, and what its end means for the rest."""
    record, archived, note, after, bad = (
        state_name(number, verb, step.id) for verb in ("record", "archive", "note", "after", "failed")
    )
    unkept = catch(CLOSE, f"{step.id}: its record could not be written")
    note_state = keep(
        after,
        steps=_with(step.id, "$status", "$stepRun", "$stepUsd"),
        calmAt=expression(f"{NOW} + {order.suite.cool_down_minutes * 60_000}"),
        experiment="",
    )
    why = {"reasons": expression(f"[$reasons, {quoted(step.id + ': FIS ended it as ')} & $status]")}
    goes_on = step.on_failure in ("continue", "skip-dependents")
    states = {
        record: table.record_run(order, held.name, held.usd_per_run, archived, unkept),
        archived: archive_run(order, held.name, held.usd_per_run, note),
        note: note_state,
        after: choice(bad, ('$status = "completed"', next_)),
    }
    # As a runner has it: what goes on whatever happens stands in nobody's way.
    stands = {"bad": _also("bad", step.step)} if step.on_failure == "skip-dependents" else {}
    states[bad] = keep(next_, **why, **stands) if goes_on else keep(CLOSE, **why, outcome="stopped")
    return states


def stop_states(order: MachineOrder) -> States:
    """Whatever went wrong while a fault was there: it is stopped, waited for, and recorded before the turn goes."""
    pause, kept, look, over, record = (f"{STOP}: {part}" for part in ("wait", "keep turn", "look", "ended", "record"))
    by_id = {"Id": expression("$experiment")}
    # A turn that was lost does not come back, and the fault must end all the same.
    on = {"ErrorEquals": ["States.ALL"]}
    status = {"status": expression("$states.result.Experiment.State.Status")}
    left = '[$reasons, $current & ": FIS has not ended it after a stop, `ial chaos halt` tries again"]'
    gone = {"status": "unknown", "reasons": expression(left)}
    # One of the experiments of the suite, by the step that is under way.
    states: States = {
        STOP: {
            **task("fis:stopExperiment", by_id, pause, [{**on, "Next": pause}]),
            "Comment": "What is over already cannot be stopped; whether it is over is asked below.",
        },
        pause: wait(EVERY_SECONDS, kept),
        kept: renew(order.table, look, {**on, "Next": look}),
        look: task("fis:getExperiment", by_id, over, [{**on, "Next": over, "Assign": {"status": "unknown"}}], status),
        over: choice(
            STOP, (is_final("$status"), record), (f"{NOW} > $deadline + {GRACE_SECONDS * 1000}", record, gone)
        ),
    }
    experiments = {step.id: order.claimed.experiments[step.name] for step in order.claimed.steps if step.name}
    cases = []
    for number, (id_, held) in enumerate(experiments.items(), 1):
        name = f"{record} {number}"
        cases.append((f"$current = {quoted(id_)}", name))
        unkept = catch(CLOSE, f"{id_}: its record could not be written")
        archived = f"{STOP}: archive {number}"
        states[name] = table.record_run(order, held.name, held.usd_per_run, archived, unkept)
        states[archived] = archive_run(order, held.name, held.usd_per_run, f"{STOP}: note")
    states[record] = choice(CLOSE, *cases)
    states[f"{STOP}: note"] = keep(
        CLOSE, outcome="stopped", steps=_added("$current", "$status", "$stepRun", "$stepUsd")
    )
    return states


def _why(text: str) -> dict[str, str]:
    return {"reasons": expression(f"[$reasons, {quoted(text)}]"), "outcome": "stopped"}


def _also(name: str, value: str) -> str:
    return expression(f"[${name}, {quoted(value)}]")


def _with(id_: str, status: str, run: str = "null", usd: str = "null") -> str:
    return _added(quoted(id_), status, run, usd)


def _added(id_: str, status: str, run: str, usd: str) -> str:
    return expression(f"[$steps, {table.written({'id': id_, 'status': status, 'run': run, 'usd': usd})}]")
