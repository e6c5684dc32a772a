"""Whatever happens to the runner or its disk: the fault is stopped first, and everything is put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runners.aws.game_day import ClusterInsights
from runners.aws.injection import AwsInjection
from runners.chaos.judging.verdict import Verdict
from runners.chaos.record.chaos_record import ChaosRecord
from runners.chaos.record.steps import INJECTING, INSIGHTS, OVER, SAMPLE, STOPPING
from runners.chaos.running import life_cycle
from runners.chaos.running.conduct import Conduct
from runners.chaos.running.rehearsal import RehearsedLoad
from runners.errors import AwsError
from runners.runs.journal import Journal, closing, read_entries
from runners.runs.lease import LeaseHeldError
from runners.runs.run_folder import Runs
from runners.runs.steps import CLEANED, ENDED
from tests.runners.chaos.conftest import Rehearsal
from tests.runners.chaos.four_kinds import KINDS
from tests.runners.killing import die_after, disk_is_full

pytestmark = pytest.mark.cloud


def run(rehearsal: Rehearsal, kind: str = "latency") -> ChaosRecord:
    experiment, action = KINDS[kind]
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    return rehearsal.cycle().run(made)


def statuses(rehearsal: Rehearsal) -> list[str]:
    """Of every experiment of FIS."""
    return [held["state"]["status"] for held in rehearsal.clients.client("fis").list_experiments()["experiments"]]


def assert_all_is_back(rehearsal: Rehearsal) -> None:
    kit = rehearsal.cycle().kit
    assert kit.insights is not None
    assert kit.insights.value() == "disabled"
    kit.leases.release(kit.leases.acquire("chaos", "the next run"))


@pytest.mark.parametrize(
    ("step", "status"),
    [(INJECTING, "stopped"), (SAMPLE, "stopped"), (OVER, "completed"), (CLEANED, "completed"), (ENDED, "completed")],
)
def test_a_full_disk_keeps_no_fault_running(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, step: str, status: str
) -> None:
    with monkeypatch.context() as patch:
        disk_is_full(patch, step)
        record = run(rehearsal)
    assert statuses(rehearsal) == [status], rehearsal.said
    assert (record.exit_code, record.cleaned, record.stored) == (7, False, False)
    assert any(told.startswith("the journal: ") and "No space left" in told for told in record.left)
    assert_all_is_back(rehearsal)
    again = rehearsal.cycle().resume(record.run)
    assert statuses(rehearsal) == [status]
    assert again.cleaned
    assert (again.judgement.verdict is Verdict.PASSED) <= (step in (CLEANED, ENDED, OVER))


@pytest.fixture
def halted(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], object]]:
    """Somebody halts chaos as soon as the fault is there; what ends that."""
    start, records = AwsInjection.start, rehearsal.cycle().kit.records

    def begun(held: AwsInjection, *given: Any) -> Any:
        records.put("chaos", "halt", {"halted": True, "reason": "test", "operator": "tests"})
        return start(held, *given)

    def release() -> None:
        records.put("chaos", "halt", {"halted": False})

    monkeypatch.setattr(AwsInjection, "start", begun)
    yield release
    release()


def test_a_full_disk_while_it_is_stopped(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, halted: object) -> None:
    disk_is_full(monkeypatch, STOPPING)
    record = run(rehearsal)
    assert statuses(rehearsal) == ["stopped"], rehearsal.said
    assert record.exit_code == 7


def test_a_stop_that_may_not_have_been_sent_is_sent_again(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, halted: Callable[[], object]
) -> None:
    experiment, action = KINDS["latency"]
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    die_after(monkeypatch, STOPPING, life_cycle, lambda: rehearsal.cycle().run(made))
    halted()
    rehearsal.cycle().kit.clock.sleep(60)
    [name] = Runs(rehearsal.folder, "dev").all()
    assert statuses(rehearsal) == ["running"]
    look, first = Conduct._look, []

    def looked(conduct: Conduct, *given: Any) -> None:
        first.append(statuses(rehearsal))
        look(conduct, *given)

    monkeypatch.setattr(Conduct, "_look", looked)
    record = rehearsal.cycle().resume(name)
    assert first[0] == ["stopping"], "it is stopped before anything is looked at"
    assert statuses(rehearsal) == ["stopped"]
    assert (record.judgement.verdict, record.exit_code) == (Verdict.ABORTED_BY_OPERATOR, 130), record.judgement
    steps = [entry.step for entry in read_entries(Runs(rehearsal.folder, "dev").journal(name))]
    assert steps.count(STOPPING) == 1


def test_a_stop_that_fis_does_not_hear_is_repeated(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, halted: object
) -> None:
    stop, deaf = AwsInjection.stop, 2

    def unheard(held: AwsInjection, id_: str) -> None:
        nonlocal deaf
        deaf -= 1
        if deaf >= 0:
            raise AwsError("FIS is away", operation="fis:StopExperiment", code="ServiceUnavailable")
        stop(held, id_)

    monkeypatch.setattr(AwsInjection, "stop", unheard)
    record = run(rehearsal)
    assert statuses(rehearsal) == ["stopped"]
    assert record.judgement.verdict is Verdict.ABORTED_BY_OPERATOR, (record.judgement, rehearsal.said)
    assert record.cleaned
    # It is no reason to give the run up: what comes after the fault is watched as ever.
    assert record.evidence.fault is None
    assert record.times["verified"] is not None


def test_the_fault_is_stopped_before_the_load_is_ended(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    stop, end = AwsInjection.stop, RehearsedLoad.end

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    def stopped(held: AwsInjection, id_: str) -> None:
        done.append("stop")
        stop(held, id_)

    def ended(held: RehearsedLoad) -> Any:
        done.append("end")
        return end(held)

    monkeypatch.setattr(Conduct, "_look", interrupted)
    monkeypatch.setattr(AwsInjection, "stop", stopped)
    monkeypatch.setattr(RehearsedLoad, "end", ended)
    run(rehearsal, "hidden")
    assert done == ["stop", "end"]
    assert statuses(rehearsal) == ["stopped"]


def test_a_defect_in_one_part_does_not_keep_the_others_from_being_put_back(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(RehearsedLoad, "end", broken)
    record = run(rehearsal)
    assert record.left == ("the load: defect: RuntimeError: no such luck",)
    assert record.exit_code == 7
    assert_all_is_back(rehearsal)


def _earlier(rehearsal: Rehearsal, run: str) -> str:
    entries = read_entries(Runs(rehearsal.folder, "dev").journal(run))
    return str(next(entry.data["earlier"] for entry in entries if entry.step == INSIGHTS))


@pytest.mark.parametrize("value", ["enabled", "enhanced"])
def test_a_setting_of_the_owners_is_put_back(rehearsal: Rehearsal, value: str) -> None:
    setting = ClusterInsights(rehearsal.clients, "shop")
    setting.switch(value)
    try:
        run(rehearsal)
        assert setting.value() == value
    finally:
        setting.switch("disabled")


def test_what_a_dead_run_left_on_is_switched_off_by_the_next(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its journal says what it had found; without it nobody can tell it from the owner's choice."""
    experiment, action = KINDS["latency"]
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    dead = Runs(rehearsal.folder, "dev").journal("20200101-000000-dead")
    with closing(Journal.create(dead, rehearsal.cycle().kit.clock)) as journal:
        journal.write(INSIGHTS, earlier="disabled")
    ClusterInsights(rehearsal.clients, "shop").switch("enhanced")
    record = rehearsal.cycle().run(made)
    assert record.judgement.verdict is Verdict.PASSED
    assert_all_is_back(rehearsal)
    assert _earlier(rehearsal, record.run) == "disabled"


def test_the_lock_is_kept_until_fis_has_stopped_it(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, halted: object
) -> None:
    taken: list[str] = []

    def slow(held: AwsInjection, id_: str) -> None:
        """FIS takes its time, and another run tries its luck."""
        kit = rehearsal.cycle().kit
        try:
            kit.leases.acquire("chaos", "another run")
            taken.append(id_)
        except LeaseHeldError:
            pass

    monkeypatch.setattr(AwsInjection, "stop", slow)
    record = run(rehearsal)
    assert taken == []
    assert record.cleaned
