"""The life of every run, with a kind in memory: what each kind has from it, each has tests of its own for."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from runners.errors import AwsError, JournalError
from runners.exit_codes import ExitCode
from runners.runs.journal import read_entries
from runners.runs.lease import LeaseHeldError, LeaseLostError
from runners.runs.lines import OF_EVERY_RUN, FirstLine, Line, Lines
from runners.runs.reasons import RunReason
from runners.runs.run_kind import RunKind
from runners.runs.run_lock import KeptLock
from runners.runs.steps import CARRIED_OUT, CLEANED, ENDED, FAULT, REFUSED, RESUMED, STARTED, STORED
from tests.runners.killing import die_after, disk_is_full
from tests.runners.runs.fake_kind import Making, Rescuing, Workshop

LINES = (STARTED, "first", "first.done", "second", "second.done", CARRIED_OUT, CLEANED, ENDED, STORED)
BOTH = pytest.mark.parametrize("ended_by_fault", [True, False])
AWAY = AwsError("dynamodb:PutItem on records: 500", operation="dynamodb:PutItem", code="500")


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def fails(error: BaseException) -> object:
    def fault() -> None:
        raise error

    return fault


def steps(shop: Workshop) -> list[str]:
    return [entry.step for entry in read_entries(shop.runs.journal(shop.run))]


def test_a_run_that_goes_well(shop: Workshop) -> None:
    record = shop.begin()
    assert (record.exit_code, record.left, record.stored) == (ExitCode.OK, (), True)
    assert steps(shop) == list(LINES)
    assert read_entries(shop.runs.journal(shop.run))[0].data == {"run": shop.run, "what": "a table"}
    assert shop.records.get(shop.run, "record") == {"verdict": "passed"}
    assert shop.records.archived == {shop.run: ("fake", {"verdict": "passed"})}
    assert (shop.made, shop.told[-1], shop.leases.holder("chaos")) == (set(), "nothing is left", None)


@BOTH
@pytest.mark.parametrize("line", range(1, len(LINES) + 1))
def test_killed_after_each_line_and_resumed(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, ended_by_fault: bool, line: int
) -> None:
    shop.ended_by_fault = ended_by_fault
    die_after(monkeypatch, line, Making if ended_by_fault else Rescuing, shop.begin)
    assert steps(shop) == list(LINES[:line])
    record = shop.resume()
    assert (record.verdict, record.exit_code) == ("passed", ExitCode.OK)
    assert steps(shop)[-2:] == [ENDED, STORED]
    assert steps(shop).count(CARRIED_OUT) == 1
    assert (RESUMED in steps(shop)) == (line < LINES.index(ENDED) + 1)


@BOTH
@pytest.mark.parametrize("step", LINES[1:-1])
def test_a_full_disk_leaves_nothing_untold(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, ended_by_fault: bool, step: str
) -> None:
    shop.ended_by_fault = ended_by_fault
    with monkeypatch.context() as patch:
        disk_is_full(patch, step)
        record = shop.begin()
    assert (record.exit_code, record.cleaned, record.stored) == (ExitCode.LEFT_BEHIND, False, False)
    assert record.left[-1].startswith("the journal: ")
    assert "No space left" in record.left[-1]
    # What a rescue has made whole is not left behind: it was asked for.
    assert set(record.left[:-1]) == (set() if step in (CLEANED, ENDED) else shop.made)
    assert shop.resume().exit_code is ExitCode.OK


def test_a_full_disk_before_the_first_line_starts_nothing(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    disk_is_full(monkeypatch, STARTED)
    with pytest.raises(JournalError, match="No space left"):
        shop.begin()
    assert (shop.made, shop.told) == (set(), [])


def test_a_full_disk_when_it_goes_on_keeps_nothing_from_being_removed(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_after(monkeypatch, "first.done", Making, shop.begin)
    assert shop.made == {"first"}
    with monkeypatch.context() as patch:
        disk_is_full(patch, RESUMED)
        record = shop.resume()
    assert (record.exit_code, shop.made) == (ExitCode.LEFT_BEHIND, set())
    assert shop.resume().cleaned


@pytest.mark.parametrize(
    ("error", "verdict", "code", "told"),
    [
        (AWAY, "error", ExitCode.AWS_FAILED, "dynamodb:PutItem on records: 500"),
        (KeyboardInterrupt(), "interrupted", ExitCode.INTERRUPTED, "interrupted by the operator"),
        (OSError(28, "No space left on device", "/tmp/x"), "error", ExitCode.AWS_FAILED, "/tmp/x: No space left"),
    ],
)
def test_a_fault_ends_it_and_is_recorded(
    shop: Workshop, error: BaseException, verdict: str, code: ExitCode, told: str
) -> None:
    shop.fault = fails(error)  # type: ignore[assignment]
    record = shop.begin()
    assert (record.verdict, record.exit_code, shop.made) == (verdict, code, set())
    [line] = [entry for entry in read_entries(shop.runs.journal(shop.run)) if entry.step == FAULT]
    assert line.data["message"].startswith(told)
    assert steps(shop)[-2:] == [ENDED, STORED]


@pytest.mark.parametrize("error", [AWAY, KeyboardInterrupt(), ZeroDivisionError("by three")])
def test_a_fault_is_raised_and_the_run_goes_on(shop: Workshop, error: BaseException) -> None:
    shop.ended_by_fault, shop.fault = False, fails(error)  # type: ignore[assignment]
    with pytest.raises(type(error)):
        shop.begin()
    assert shop.told[-1] == "left behind: first"
    assert steps(shop)[-2:] == [FAULT, CLEANED]
    assert shop.records.get(shop.run, "record") is None
    shop.fault = lambda: None
    assert shop.resume().cleaned
    assert steps(shop)[-2:] == [ENDED, STORED]


def test_a_defect_is_raised_after_the_clean_up(shop: Workshop) -> None:
    shop.fault = fails(ZeroDivisionError("by three"))  # type: ignore[assignment]
    with pytest.raises(ZeroDivisionError):
        shop.begin()
    assert shop.made == set()
    assert shop.records.get(shop.run, "record") == {"verdict": "error"}


@BOTH
@pytest.mark.parametrize(("error", "told"), [(KeyError("Name"), "defect: KeyError: 'Name'"), (AWAY, str(AWAY))])
def test_what_goes_wrong_in_the_clean_up_is_told_and_needs_somebody(
    shop: Workshop, ended_by_fault: bool, error: Exception, told: str
) -> None:
    shop.ended_by_fault, shop.clean_up_fault = ended_by_fault, error
    record = shop.begin()
    assert (record.exit_code, record.left) == (ExitCode.LEFT_BEHIND, (f"clean-up of a fake failed: {told}",))
    assert any(told in line for line in shop.told)


def test_signals_wait_for_the_clean_up(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    clean_up = Making.clean_up

    def slow(kind: Making) -> list[str]:
        os.kill(os.getpid(), signal.SIGTERM)
        return clean_up(kind)

    monkeypatch.setattr(Making, "clean_up", slow)
    assert shop.begin().cleaned
    assert "cleaning up; this does not stop before it is done" in shop.told


@pytest.mark.parametrize("error", [AWAY, ConnectionResetError(104, "Connection reset by peer")])
def test_what_could_not_be_stored_is_told_and_stored_by_resuming(shop: Workshop, error: Exception) -> None:
    shop.store_fault = error
    record = shop.begin()
    assert (record.stored, record.exit_code) == (False, ExitCode.OK)
    assert shop.told[-1].endswith(f"`ial fake --resume {shop.run}`")
    shop.store_fault = None
    assert shop.resume().stored
    lines = steps(shop)
    assert lines == list(LINES)
    shop.store_fault = ZeroDivisionError()
    assert shop.resume().stored, "what is stored is not stored again"
    assert steps(shop) == lines


@pytest.mark.parametrize("part", ["against", "refused"])
def test_a_refusal_changes_nothing_also_when_it_is_resumed(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    setattr(shop, part, [RunReason.LOCKED.against(held=held) for held in ("too dear", "too late")])
    record = shop.begin()
    assert (record.verdict, record.exit_code, shop.made) == ("refused", ExitCode.NOT_STARTED, set())
    assert read_entries(shop.runs.journal(shop.run))[1].data == {
        "reasons": [f"locked: too {held}; wait for its end, then start this again" for held in ("dear", "late")],
        "codes": ["locked", "locked"],
    }
    shop.clock.sleep(60)
    die_after(monkeypatch, REFUSED, Making, shop.begin)
    shop.against, shop.refused = [], []
    assert shop.resume().verdict == "refused"
    assert "first" not in steps(shop)


def test_a_run_that_a_fault_ended_is_not_carried_out_again(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its clean-up may have begun to remove what it would look at."""
    shop.fault = fails(AWAY)  # type: ignore[assignment]
    die_after(monkeypatch, FAULT, Making, shop.begin)
    shop.fault = lambda: None
    assert (shop.resume().verdict, shop.made) == ("error", set())
    assert "second" not in steps(shop)


def test_it_takes_turns(shop: Workshop) -> None:
    held = shop.leases.acquire("chaos", "somebody else")
    assert shop.begin().verdict == "refused"
    shop.ended_by_fault = False
    shop.clock.sleep(1)
    with pytest.raises(LeaseHeldError):
        shop.begin()
    assert steps(shop) == [STARTED]
    with pytest.raises(LeaseHeldError):
        shop.resume()
    assert steps(shop) == [STARTED]
    shop.leases.release(held)
    assert shop.resume().verdict == "passed"
    shop.takes_turns = False
    shop.leases.acquire("chaos", "somebody else")
    shop.clock.sleep(1)
    assert shop.begin().verdict == "passed"


@BOTH
def test_who_lost_the_lease_takes_no_step_and_cleans_up_nevertheless(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, ended_by_fault: bool
) -> None:
    def lost(_: KeptLock) -> None:
        raise LeaseLostError("the lease chaos was lost")

    def removing(kind: Making) -> list[str]:
        kind.run.step("removal", dict)
        return []

    shop.ended_by_fault = ended_by_fault
    monkeypatch.setattr(Making if ended_by_fault else Rescuing, "clean_up", removing)
    monkeypatch.setattr(KeptLock, "require", lost)
    if ended_by_fault:
        assert shop.begin().verdict == "error"
    else:
        with pytest.raises(LeaseLostError):
            shop.begin()
    assert "first" not in steps(shop)
    assert "removal.done" in steps(shop)


def test_a_defect_in_storing_is_told_and_raised(shop: Workshop) -> None:
    shop.store_fault = ZeroDivisionError("by three")
    with pytest.raises(ZeroDivisionError):
        shop.begin()
    assert "the record is in" in shop.told[-1]
    shop.store_fault = None
    assert shop.resume().stored


@BOTH
@pytest.mark.parametrize("error", [AWAY, OSError(28, "No space left on device", "/tmp/x"), ZeroDivisionError("by")])
def test_an_archive_that_cannot_be_written_ends_no_run(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, ended_by_fault: bool, error: Exception
) -> None:
    shop.ended_by_fault = ended_by_fault
    with monkeypatch.context() as patch:
        patch.setattr(shop.records, "archive", lambda *_: fails(error)())  # type: ignore[operator]
        record = shop.begin()
        assert (record.exit_code, record.stored, record.left) == (ExitCode.OK, True, ())
        assert shop.told[-1].startswith(f"the archive lacks the record of {shop.run}: ")
        assert shop.told[-1].endswith(f"; `ial fake --resume {shop.run}` adds it")
        assert "\n" not in shop.told[-1]
        assert shop.resume().stored
    assert (shop.records.archived, steps(shop)[-3:]) == ({}, [ENDED, STORED, STORED])
    assert shop.records.get(shop.run, "record") == {"verdict": "passed"}
    shop.store_fault = AWAY  # What the table has is not stored again.
    assert shop.resume().stored
    assert shop.records.archived == {shop.run: ("fake", {"verdict": "passed"})}
    lines = read_entries(shop.runs.journal(shop.run))
    assert lines[-1].data == {"archived": True}
    assert shop.resume().stored
    assert len(read_entries(shop.runs.journal(shop.run))) == len(lines)


def test_what_is_not_in_the_table_is_not_archived_either(shop: Workshop) -> None:
    shop.store_fault = AWAY
    assert not shop.begin().stored
    assert shop.records.archived == {}
    shop.store_fault = None
    assert shop.resume().stored
    assert shop.records.archived == {shop.run: ("fake", {"verdict": "passed"})}


def test_a_run_of_before_there_was_an_archive_gets_its_line(shop: Workshop) -> None:
    shop.begin()
    journal = shop.runs.journal(shop.run)
    journal.write_bytes(journal.read_bytes().replace(b'{"archived":true}', b"{}"))
    shop.records.archived.clear()
    shop.resume()
    assert list(shop.records.archived) == [shop.run]


def test_a_kind_that_does_not_say_what_it_is() -> None:
    with pytest.raises(TypeError, match="Nameless has no `type`"):
        type("Nameless", (RunKind,), {})


def test_a_run_with_a_step_that_is_not_known_is_not_gone_on_with(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_after(monkeypatch, "first.done", Making, shop.begin)
    before = steps(shop)
    monkeypatch.setattr(Making, "lines", Lines("a fake", (*OF_EVERY_RUN,)))
    with pytest.raises(JournalError, match=r"line 1: step 'started' of a fake is not known to this version of ial"):
        shop.resume()
    assert (steps(shop), shop.made) == (before, {"first"})
    monkeypatch.setattr(Making, "lines", Lines("a fake", (Begun, First, Second, *OF_EVERY_RUN)))
    assert shop.resume().verdict == "passed"


class Begun(FirstLine, frozen=True, kw_only=True):
    """What is made."""

    step = STARTED
    what: str


class First(Line, frozen=True, kw_only=True):
    """The first thing."""

    step = "first.done"
    name: str


class Second(First, frozen=True, kw_only=True):
    """The second."""

    step = "second.done"
