"""A rollback from its first line to its record: what it does, and what it does when that goes wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contract.run_table import TURN
from local.server import Running
from runners.aws.session import AwsClients
from runners.errors import AwsError
from runners.exit_codes import ExitCode
from runners.rollback.history import rollbacks_of
from runners.rollback.kind import Progress, Stage
from runners.rollback.life_cycle import RollingBack
from runners.rollback.steps import CHANGING, HOLDING
from runners.runs.clock import SystemClock
from runners.runs.journal import Journal
from runners.runs.run_folder import Runs, new_run_id
from runners.wiring.run_source import StackRuns
from tests.runners.killing import Killed, die_after
from tests.runners.rollback.bench import CALM, Bench
from tests.runners.rollback.conftest import Service

pytestmark = pytest.mark.cloud
# The lines of a rollback that goes well.
LINES = 21
# With IAL_TEST_EVERY_LINE all of them; else around the re-run, the change, the proof and the end.
KILLS = range(1, LINES + 1) if os.environ.get("IAL_TEST_EVERY_LINE") else (4, 10, 11, 12, 16, 19)


@pytest.fixture
def bench(cloud: Running, clients: AwsClients, knobs: Callable[..., None], tmp_path: Path) -> Iterator[Bench]:
    made = Bench(Service(clients), cloud, clients, tmp_path)
    yield made
    made.close()


def test_it_goes_back_and_is_proven(bench: Bench) -> None:
    record = bench.run()
    assert (record.verdict, record.exit_code) == ("rolled-back", ExitCode.OK), (record.reasons, bench.said)
    assert bench.kind.version().running == bench.good
    assert bench.held() == [bench.bad]
    assert bench.item()["verdict"] == "rolled-back"
    assert bench.records.get(record.run, "record") == record.document()
    assert bench.records.get("archive#rollback", record.run) == record.document()
    assert (bench.alarms.pages, bench.alarms.halts) == ([], [])
    assert sorted(bench.trials.begun) == [f"rollback {record.run}, again", f"rollback {record.run}, validation"]
    runs, clock = Runs(bench.folder, "dev"), SystemClock()
    since = clock.now() - timedelta(days=1)
    assert dict(StackRuns(runs, None, clock).documents(since)) == {record.run: record.document()}
    found = [run for run, _ in StackRuns(runs, bench.records, clock).documents(since)]
    assert found.count(record.run) == 1


def test_users_who_are_still_hurt_do_not_wait_for_a_second_run(bench: Bench) -> None:
    bench.trials.around = replace(CALM, hurt=True)
    record = bench.run()
    assert (record.verdict, record.answer and record.answer["code"]) == ("rolled-back", "users-still-hurt")
    assert sorted(bench.trials.begun) == [f"rollback {record.run}, validation"]


@pytest.mark.parametrize("line", KILLS)
def test_killed_at_every_line_nothing_is_done_twice_or_left_untold(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, line: int
) -> None:
    die_after(monkeypatch, line, RollingBack, bench.run)
    runs = Runs(bench.folder, "dev")
    untold = rollbacks_of(runs, bench.records, SystemClock(), bench.said.append)["runs"]
    ended = line >= LINES - 1
    assert [held["verdict"] for held in untold] == ["rolled-back" if ended else None]
    if 1 < line < LINES - 1:
        # While one is half done, no other one begins.
        refused = bench.run()
        assert refused.verdict == "refused"
        assert "has not ended" in refused.reasons[0]
        runs.journal(refused.run).unlink()
    record = bench.cycle().resume(bench.name)
    assert (record.verdict, record.exit_code) == ("rolled-back", ExitCode.OK), (record.reasons, bench.said)
    assert bench.kind.version().running == bench.good
    assert bench.held() == [bench.bad]
    # The service's own first one, the bad one, and one back.
    listed = bench.rolled.ecs.list_service_deployments(cluster="shop", service=bench.rolled.name)  # type: ignore[attr-defined]
    assert len(listed["serviceDeployments"]) == 3
    assert len(bench.trials.begun) == 2
    assert bench.item()["verdict"] == "rolled-back"


def test_killed_between_the_call_and_its_line_it_is_made_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = bench.kind.begin

    def killed(*given: Any) -> Any:
        begin(*given)
        raise Killed

    def gone(_: RollingBack) -> list[str]:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(bench.kind, "begin", killed)
        patch.setattr(RollingBack, "clean_up", gone)
        with pytest.raises(Killed):
            bench.run()
    record = bench.cycle().resume(bench.name)
    assert (record.verdict, record.exit_code) == ("rolled-back", ExitCode.OK), record.reasons
    listed = bench.rolled.ecs.list_service_deployments(cluster="shop", service=bench.rolled.name)  # type: ignore[attr-defined]
    assert len(listed["serviceDeployments"]) == 3


def test_so_many_lines_it_has(bench: Bench) -> None:
    record = bench.run()
    assert len(Runs(bench.folder, "dev").journal(record.run).read_text().splitlines()) == LINES


def test_a_version_that_does_not_arrive_halts_everything_and_calls(bench: Bench, knobs: Callable[..., None]) -> None:
    knobs(deployments_fail=True)
    record = bench.run()
    assert (record.verdict, record.exit_code) == ("rollback-failed", ExitCode.LEFT_BEHIND)
    assert record.halted
    assert any("is not confirmed to run" in text for text in record.left)
    [halted], [page] = bench.alarms.halts, bench.alarms.pages
    assert "ROLLBACK_SUCCESSFUL" in " ".join(record.reasons)
    assert "a rollback FAILED" in page
    assert record.run in halted
    assert bench.item()["verdict"] == "rollback-failed"


@pytest.mark.parametrize("problem", ["not steady", "failed again"])
def test_a_version_that_does_not_help_halts_everything_and_calls(bench: Bench, problem: str) -> None:
    if problem == "not steady":
        bench.trials.is_steady = False
    else:
        bench.trials.verdicts["validation"] = "failed"
    record = bench.run()
    assert (record.verdict, record.exit_code) == ("rollback-failed", ExitCode.LEFT_BEHIND), record.reasons
    assert len(bench.alarms.halts) == len(bench.alarms.pages) == 1
    assert (record.validation is None) is (problem == "not steady")


def test_an_experiment_that_is_too_dear_is_not_run(bench: Bench) -> None:
    bench.trials.too_dear = "the month is spent"
    record = bench.run()
    assert (record.verdict, record.exit_code) == ("rolled-back", ExitCode.OK)
    assert record.validation == {"run": None, "verdict": None, "why": "the month is spent"}


def test_without_a_yes_nothing_is_done(bench: Bench) -> None:
    record = bench.run(confirm=None)
    assert (record.verdict, record.exit_code) == ("refused", ExitCode.NOT_STARTED)
    assert "--confirm dev" in record.reasons[0]
    assert bench.kind.version().running == bench.bad


def test_the_same_version_is_kept_and_a_person_called(bench: Bench) -> None:
    bench.trials.ran("passed")
    record = bench.run()
    assert (record.verdict, record.exit_code) == ("kept", ExitCode.NOT_STARTED)
    assert record.answer is not None
    assert record.answer["code"] == "same-version"
    assert record.paged
    assert bench.held() == []
    assert bench.kind.version().running == bench.bad


def test_one_that_passes_when_it_is_run_again_is_kept(bench: Bench) -> None:
    bench.trials.verdicts["again"] = "passed"
    record = bench.run()
    assert record.answer is not None
    assert (record.verdict, record.answer["code"], bench.alarms.pages) == ("kept", "not-reproduced", [])


def test_nobody_is_fought(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    third = bench.rolled.register("shop/web:3")  # type: ignore[attr-defined]
    plain = bench.trials.again

    def deploying(experiment: str, mark: str) -> object:
        found = plain(experiment, mark)
        bench.rolled.rolled_out(third)
        return found

    # Between the second run and the decision.
    monkeypatch.setattr(bench.trials, "again", deploying)
    record = bench.run()
    assert (record.verdict, record.answer and record.answer["code"]) == ("kept", "version-moved")
    assert bench.kind.version().running == third


def test_who_deploys_between_the_decision_and_the_change_is_left_alone(bench: Bench) -> None:
    third = bench.rolled.register("shop/web:3")  # type: ignore[attr-defined]
    put = bench.holds.put
    cycle = bench.cycle()

    class Deploying:
        all, release = bench.holds.all, bench.holds.release

        def put(self, hold: object) -> None:
            put(hold)  # type: ignore[arg-type]
            bench.rolled.rolled_out(third)

    record = replace(cycle, holds=Deploying()).run(bench.failed, confirm="dev")
    assert (record.verdict, record.exit_code) == ("refused", ExitCode.NOT_STARTED), record.reasons
    assert "somebody else's" in record.reasons[0]
    assert record.parts == ()
    assert bench.kind.version().running == third
    assert (bench.held(), bench.alarms.halts) == ([], [])


def test_one_rollback_in_a_suite(bench: Bench) -> None:
    assert bench.run(suite="suite-1").verdict == "rolled-back"
    for hold in bench.holds.all():
        bench.holds.release(hold)
    bench.rolled.rolled_out(bench.bad)
    bench.failed = bench.trials.ran("failed")
    record = bench.run(suite="suite-1")
    assert record.answer is not None
    assert (record.verdict, record.answer["code"]) == ("kept", "rolled-back-before")
    assert bench.run(suite="suite-2").verdict == "rolled-back"


def test_that_nobody_could_be_called_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def deaf(subject: str, text: str) -> None:
        raise AwsError("SNS refuses", operation="sns:Publish", code="AccessDenied")

    monkeypatch.setattr(bench.alarms, "page", deaf)
    bench.trials.is_steady = False
    record = bench.run()
    assert any("the call for help: SNS refuses" in text for text in record.left)
    assert record.exit_code is ExitCode.LEFT_BEHIND


def test_a_journal_of_another_kind_is_refused(bench: Bench) -> None:
    from runners.errors import JournalError
    from runners.rollback.record import record_of_rollback

    with pytest.raises(JournalError, match="not that of a rollback"):
        record_of_rollback([])


def cut_off_before(bench: Bench, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """Kills the run before the first line of this name."""
    write = Journal.write

    def dying(self: Journal, step: str, **data: Any) -> Any:
        if step.startswith(line):
            raise Killed
        return write(self, step, **data)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "write", dying)
        patch.setattr(RollingBack, "clean_up", lambda _: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            bench.run()


@pytest.mark.parametrize("line", [HOLDING, CHANGING])
def test_what_was_decided_before_a_pause_must_still_hold(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    cut_off_before(bench, monkeypatch, line)
    # Somebody has come meanwhile, and has halted everything.
    bench.trials.around = replace(CALM, halted=True)
    record = bench.cycle().resume(bench.name)
    assert (record.verdict, record.exit_code) == ("refused", ExitCode.NOT_STARTED), record.reasons
    assert record.reasons[0].startswith("no-longer: ")
    assert "halted" in record.reasons[0]
    assert bench.kind.version().running == bench.bad
    assert (bench.held(), bench.alarms.halts) == ([], [])


def test_one_of_last_month_that_has_not_ended_stands_against_it(bench: Bench) -> None:
    now = SystemClock().now()
    before = new_run_id(now.replace(day=1) - timedelta(days=1))
    item = {"run": before, "verdict": None, "cause": "c", "suite": None}
    bench.records.put(f"rollbacks#{before[:4]}-{before[4:6]}", before, item)
    record = bench.run()
    assert (record.verdict, before in record.reasons[0]) == ("refused", True)


def test_one_for_the_same_failure_is_found_in_any_month_since(bench: Bench) -> None:
    now = SystemClock().now()
    cause = new_run_id(now - timedelta(days=100))
    between = new_run_id(now - timedelta(days=50))
    bench.failed = {**bench.failed, "run": cause}
    item = {"run": between, "verdict": "rolled-back", "cause": cause, "suite": None}
    bench.records.put(f"rollbacks#{between[:4]}-{between[4:6]}", between, item)
    record = bench.run()
    assert (record.verdict, record.answer and record.answer["code"]) == ("kept", "rolled-back-before")


def test_while_another_run_has_the_turn_nothing_is_changed_and_a_person_is_called(bench: Bench) -> None:
    leases = bench.cycle().leases
    held = leases.acquire(TURN, "20261125-083000-a1b2, a drill of orders,")
    try:
        record = bench.run()
    finally:
        leases.release(held)
    assert (record.verdict, record.exit_code) == ("refused", ExitCode.NOT_STARTED), record.reasons
    assert "a drill of orders" in record.reasons[0]
    assert bench.kind.version().running == bench.bad
    [page] = bench.alarms.pages
    assert "a drill of orders" in page
    assert record.parts == ()
    assert (bench.alarms.halts, bench.held()) == ([], [])


@pytest.mark.parametrize(("looks", "verdict"), [(2, "rolled-back"), (10_000, "rollback-failed")])
def test_what_aws_does_not_show_yet_is_looked_at_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, looks: int, verdict: str
) -> None:
    """Reads may be older than what they come after; after a while they are what is so."""
    progress, seen = bench.kind.progress, list[Progress]()

    def stale(*given: Any) -> Progress:
        found = progress(*given)
        if found.stage is Stage.DONE and len(seen) < looks:
            found = Progress(Stage.UNSETTLED, "done, and the other one runs instead")
            seen.append(found)
        return found

    monkeypatch.setattr(bench.kind, "progress", stale)
    record = bench.run()
    assert record.verdict == verdict, record.reasons
    assert seen
