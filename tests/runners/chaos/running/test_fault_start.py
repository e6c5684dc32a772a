"""The fault begins once, with the lock held at that moment, and never when chaos was halted in the meantime."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from contract.experiments import Experiment
from contract.names import RUN_OWNER_TAG
from runners.aws.injection import AwsInjection
from runners.aws.probes import AwsProbes
from runners.chaos.injection import RUN_TAG
from runners.chaos.judging.verdict import Verdict
from runners.chaos.record.chaos_record import ChaosRecord
from runners.chaos.record.steps import STARTING
from runners.chaos.running import life_cycle
from runners.chaos.running.fault_start import token_of
from runners.errors import AwsError
from runners.runs.run_folder import Runs
from tests.runners.chaos.conftest import Rehearsal
from tests.runners.chaos.four_kinds import KINDS
from tests.runners.chaos.halts import halting_of
from tests.runners.killing import die_after

pytestmark = pytest.mark.cloud


def made(rehearsal: Rehearsal, kind: str = "latency") -> Experiment:
    experiment, action = KINDS[kind]
    experiment = rehearsal.template(experiment, action)
    rehearsal.begin()
    return experiment


def statuses(rehearsal: Rehearsal) -> list[str]:
    """Of every experiment of FIS."""
    return [held["state"]["status"] for held in rehearsal.clients.client("fis").list_experiments()["experiments"]]


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Something happens while the steady state is looked at."""
    series = AwsProbes.series

    def slow(probes: AwsProbes, *given: Any) -> Any:
        happens()
        return series(probes, *given)

    monkeypatch.setattr(AwsProbes, "series", slow)


def assert_nothing_is_left(rehearsal: Rehearsal, record: ChaosRecord) -> None:
    kit = rehearsal.cycle().kit
    assert statuses(rehearsal) == []
    assert kit.insights is not None
    assert kit.insights.value() == "disabled"
    assert record.cleaned
    assert record.usd == 0


def test_a_lock_that_was_lost_while_looking_starts_nothing(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment, cycle = made(rehearsal), rehearsal.cycle()
    leases, held = rehearsal.cycle().kit.leases, []

    def taken() -> None:
        cycle.kit.clock.sleep(120)
        rehearsed = rehearsal.cycle().kit.leases
        held.append(rehearsed.acquire("chaos", "another run"))

    meanwhile(monkeypatch, taken)
    record = cycle.run(experiment)
    leases.release(leases.renew(held[-1]))
    assert (record.judgement.verdict, record.exit_code) == (Verdict.REFUSED, 3), record.judgement
    assert record.judgement.reasons[0].startswith("lock-lost: ")
    assert record.times["started"] is None
    assert_nothing_is_left(rehearsal, record)


@pytest.mark.parametrize("seconds", [20, 120])
def test_the_fault_starts_with_the_locks_whole_time_ahead(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    experiment, cycle = made(rehearsal, "termination"), rehearsal.cycle()
    until, start = [], AwsInjection.start

    def noted(held: AwsInjection, *given: Any) -> Any:
        item = rehearsal.clients.client("dynamodb").get_item(
            TableName="chaos-records", Key={"run": {"S": "lease#chaos"}, "step": {"S": "lease"}}
        )["Item"]
        until.append(float(item["until"]["N"]) - cycle.kit.clock.now().timestamp())
        return start(held, *given)

    meanwhile(monkeypatch, lambda: cycle.kit.clock.sleep(seconds))
    monkeypatch.setattr(AwsInjection, "start", noted)
    assert cycle.run(experiment).judgement.verdict is Verdict.PASSED
    assert until == [pytest.approx(90, abs=1)]


def test_a_halt_while_looking_starts_nothing(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, cycle = made(rehearsal), rehearsal.cycle()
    meanwhile(monkeypatch, lambda: halting_of(cycle.kit).halt("a deployment", "somebody", lever=False))
    try:
        record = cycle.run(experiment)
    finally:
        halting_of(cycle.kit).release("tests")
    assert (record.judgement.verdict, record.exit_code) == (Verdict.REFUSED, 3), record.judgement
    assert record.judgement.reasons[0].startswith("halted: somebody halted chaos since preflight: a deployment")
    assert_nothing_is_left(rehearsal, record)
    kit = rehearsal.cycle().kit
    kit.leases.release(kit.leases.acquire("chaos", "the next run"))


def test_a_resume_starts_nothing_that_was_not_started(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = made(rehearsal)
    die_after(monkeypatch, STARTING, life_cycle, lambda: rehearsal.cycle().run(experiment))
    [run] = Runs(rehearsal.folder, "dev").all()
    cycle = rehearsal.cycle()
    before = cycle.kit.clock.now()
    record = cycle.resume(run)
    assert (record.judgement.verdict, record.exit_code) == (Verdict.ERROR, 6), record.judgement
    assert record.judgement.reasons == (
        "the fault was never started: FIS knows no experiment of this run; nothing was injected",
    )
    assert timedelta(minutes=1) <= cycle.kit.clock.now() - before < timedelta(minutes=2)
    assert_nothing_is_left(rehearsal, record)
    cycle.kit.leases.release(cycle.kit.leases.acquire("chaos", "the next run"))


def late(monkeypatch: pytest.MonkeyPatch, looks: int) -> None:
    """FIS lists what was started only after so many looks."""
    of_run, left = AwsInjection.of_run, looks

    def listed(held: AwsInjection, run: str) -> Any:
        nonlocal left
        left -= 1
        return None if left >= 0 else of_run(held, run)

    monkeypatch.setattr(AwsInjection, "of_run", listed)


def test_a_resume_finds_what_fis_lists_late(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = made(rehearsal)
    die_after(monkeypatch, STARTING, life_cycle, lambda: rehearsal.cycle().run(experiment))
    [run] = Runs(rehearsal.folder, "dev").all()
    tags = {RUN_OWNER_TAG: "ial-dev", RUN_TAG: run}
    rehearsal.cycle().kit.injection.start(experiment.template_id, token_of(run), tags)
    late(monkeypatch, 4)
    record = rehearsal.cycle().resume(run)
    assert statuses(rehearsal) == ["completed"]
    assert record.evidence.status == "completed"
    assert record.cleaned


def test_a_start_whose_answer_is_lost_is_found_and_stopped(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment, start = made(rehearsal), AwsInjection.start

    def lost(held: AwsInjection, *given: Any) -> Any:
        start(held, *given)
        raise AwsError("no answer", operation="fis:StartExperiment", code="ReadTimeoutError")

    monkeypatch.setattr(AwsInjection, "start", lost)
    late(monkeypatch, 3)
    record = rehearsal.cycle().run(experiment)
    assert statuses(rehearsal) == ["stopped"]
    assert record.cleaned
    assert record.judgement.verdict is Verdict.ERROR


def test_a_resume_that_another_run_keeps_out_is_no_refusal(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = made(rehearsal)
    die_after(monkeypatch, 8, life_cycle, lambda: rehearsal.cycle().run(experiment))
    [run] = Runs(rehearsal.folder, "dev").all()
    kit = rehearsal.cycle().kit
    kit.clock.sleep(120)
    lease = rehearsal.cycle().kit.leases.acquire("chaos", "another run")
    record = rehearsal.cycle().resume(run)
    kit.leases.release(lease)
    assert record.judgement.verdict is not Verdict.REFUSED
    assert record.evidence.fault is not None
    assert record.evidence.fault.startswith("locked: ")
    assert statuses(rehearsal) == ["stopped"]
