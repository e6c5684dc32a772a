from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import pytest

from contract.control_record import ControlVerdict
from contract.suite_record import SuiteVerdict
from runners.backup import evidence
from runners.backup.restore_document import RestoreVerdict
from runners.chaos.judging import verdict
from runners.exit_codes import ExitCode
from runners.rollback.rollback_document import RollbackVerdict
from runners.runs.journal import Entry
from runners.runs.outcome import EXITS, RunRecord, cleaned_in, exit_code
from runners.runs.steps import CLEANED


@dataclass(frozen=True, kw_only=True)
class Plain(RunRecord):
    def document(self) -> dict[str, Any]:
        return {}


KINDS = {
    "drills": {str(held) for held in evidence.Verdict},
    "experiments": {str(held) for held in verdict.Verdict},
    "restores": set(get_args(RestoreVerdict)),
    "control runs": set(get_args(ControlVerdict)),
    "suites": set(get_args(SuiteVerdict)),
    "rollbacks": set(get_args(RollbackVerdict)),
    "copies": {"copied", "incomplete", "unfinished"},
}


def test_every_verdict_has_its_code_and_no_other_has_one() -> None:
    assert set(EXITS) == set().union(*KINDS.values())


@pytest.mark.parametrize("told", EXITS)
def test_one_word_is_good_news_for_each_kind_and_what_is_left_outranks_it(told: str) -> None:
    assert (exit_code(told, confirmed=True) is ExitCode.OK) == (told in ("passed", "restored", "copied", "rolled-back"))
    assert exit_code(told, confirmed=False) is ExitCode.LEFT_BEHIND


# What scripts of users ask for.
CODES = {
    0: "passed restored copied rolled-back",
    1: "failed incomplete aborted-by-runner",
    3: "planned refused kept",
    4: "aborted-by-alarm aborted-by-safety-lever",
    5: "invalid inconclusive unfinished",
    6: "error",
    7: "rollback-failed",
    130: "interrupted aborted-by-operator",
}


@pytest.mark.parametrize(("code", "words"), CODES.items())
def test_the_code_of_each_word(code: int, words: str) -> None:
    for told in words.split():
        assert exit_code(told, confirmed=True) == code
        # Who interrupted it knows why nothing is proven; everything else is news to them.
        assert exit_code(told, confirmed=True, interrupted=True) == (130 if code == 5 else code)


def cleaned(confirmed: bool, *left: str) -> Entry:
    return Entry(1, "", CLEANED, {"confirmed": confirmed, "left": list(left)})


@pytest.mark.parametrize(
    ("entries", "clean", "left"),
    [
        ((), True, ()),
        ((Entry(1, "", "scan", {}),), True, ()),
        ((cleaned(False, "a table"),), False, ("a table",)),
        ((cleaned(True),), True, ()),
        # A resumed run looks again: the last look counts.
        ((cleaned(False, "a table"), Entry(2, "", "scan", {}), cleaned(True)), True, ()),
        ((cleaned(True), cleaned(False, "a", "b")), False, ("a", "b")),
    ],
)
def test_the_last_clean_up_is_what_a_record_says(
    entries: tuple[Entry, ...], clean: bool, left: tuple[str, ...]
) -> None:
    found = cleaned_in(Plain(stored=False), entries)
    assert found == Plain(stored=False, cleaned=clean, left=left)
