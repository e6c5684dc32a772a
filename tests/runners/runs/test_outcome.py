from __future__ import annotations

from typing import get_args

import pytest

from contract.control_record import ControlVerdict
from contract.suite_record import SuiteVerdict
from runners.backup import evidence
from runners.chaos.judging import verdict
from runners.exit_codes import ExitCode
from runners.runs.outcome import EXITS, exit_code

KINDS = {
    "drills": {str(held) for held in evidence.Verdict},
    "experiments": {str(held) for held in verdict.Verdict},
    "restores": {"planned", "restored", "incomplete"},
    "control runs": set(get_args(ControlVerdict)),
    "suites": set(get_args(SuiteVerdict)),
    "copies": {"copied", "incomplete", "unfinished"},
}


def test_every_verdict_has_its_code_and_no_other_has_one() -> None:
    assert set(EXITS) == set().union(*KINDS.values())


@pytest.mark.parametrize("told", EXITS)
def test_one_word_is_good_news_for_each_kind_and_what_is_left_outranks_it(told: str) -> None:
    assert (exit_code(told, confirmed=True) is ExitCode.OK) == (told in ("passed", "restored", "copied"))
    assert exit_code(told, confirmed=False) is ExitCode.LEFT_BEHIND
