"""What people see of the log: what they are told, and with `--log-level` the rest."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from runners.cli.main import _ordered
from runners.cli.terminal import Terminal, fault
from runners.cli.terminal_log import log_from
from runners.runs.run_log import LOGGER
from tests.runners.conftest import Ial

URLLIB = logging.getLogger("urllib3.connectionpool")
LEVELS = {"debug": 4, "info": 3, "warning": 2, "error": 1}


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    log_from(None)


def everything() -> None:
    LOGGER.debug("a call")
    LOGGER.info("a wait")
    LOGGER.warning("a retry")
    LOGGER.error("a fault")


def test_without_the_option_people_see_what_they_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    log_from(None)
    Terminal().say("100 % done")
    fault("not\n done")
    everything()
    URLLIB.debug("connecting")
    URLLIB.warning("pool is full")
    # As Python shows it where nobody logs.
    assert capsys.readouterr() == ("", "100 % done\nial: not done\npool is full\n")


@pytest.mark.parametrize("level", LEVELS)
def test_with_it_they_see_more(capsys: pytest.CaptureFixture[str], level: str) -> None:
    log_from(level)
    Terminal().say("told")
    everything()
    told, *rest = capsys.readouterr().err.splitlines()
    assert told == "told"
    texts = ("a call", "a wait", "a retry", "a fault")
    assert [line.split(maxsplit=2)[2] for line in rest] == list(texts[-LEVELS[level] :])


def test_libraries_speak_at_debug_alone_and_never_of_what_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    for level in LEVELS:
        log_from(level)
        URLLIB.debug("connecting at %s", level)
        logging.getLogger("botocore.endpoint").debug("a body")
        logging.getLogger("botocore.auth").debug("a signature")
        logging.getLogger("botocore.parsers").debug("an answer")
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("debug   connecting at debug")


def test_the_option_may_stand_anywhere() -> None:
    assert _ordered(["a", "--log-level=info", "--debug", "b"]) == ["--log-level=info", "a", "b"]
    assert _ordered(["a", "b", "--log-level"]) == ["--log-level", "a", "b"]


def test_a_level_that_there_is_not(ial: Ial) -> None:
    ran = ial("local", "status", "--log-level", "loud")
    assert (ran.code, ran.out) == (2, "")
    assert "'loud' is not one of 'debug', 'info', 'warning', 'error'" in ran.err


def test_results_stay_as_they_are(ial: Ial) -> None:
    plain, loud = (ial("local", "status", "--json", *more) for more in ((), ("--log-level", "debug")))
    assert (loud.code, loud.document) == (plain.code, plain.document)
