"""The log of a run: what is in it, what is not, and that a run never ends because of it."""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.json import decode

from contract.redaction import MASK, SECRETS
from contract.run_log import LogLine, Noted, Step, Told, Waiting
from contract.schema import FOLDER
from runners.errors import AwsError
from runners.runs import run_log as log
from runners.runs.clock import note_wait, wait_for
from runners.runs.journal import read_entries
from runners.runs.run_log import LOGGER, TOLD, Backlog
from tests.runners.runs.fake_kind import Workshop

AWAY = AwsError("dynamodb:PutItem on records: 500", operation="dynamodb:PutItem", code="500")


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def lines(shop: Workshop) -> list[Any]:
    """Every line of the newest run's log, as the contract and its schema have it."""
    schema = jsonschema.Draft202012Validator(json.loads((FOLDER / "run-log.schema.json").read_text()))
    texts = shop.runs.attachment(shop.run, "log.jsonl").read_bytes().splitlines()
    for text in texts:
        schema.validate(json.loads(text))
    return [decode(text, type=LogLine) for text in texts]


def during(shop: Workshop, *happens: Any) -> None:
    """A run in whose middle that happens."""

    def all_of_it() -> None:
        for one in happens:
            one()

    shop.fault = all_of_it
    shop.begin()


def test_it_has_the_steps_of_the_journal(shop: Workshop) -> None:
    shop.begin()
    steps = [(line.number, line.step) for line in lines(shop) if isinstance(line, Step)]
    assert steps == [(entry.number, entry.step) for entry in read_entries(shop.runs.journal(shop.run))]
    # Before it may be what was asked earlier in this process.
    first = next(line for line in lines(shop) if isinstance(line, Step))
    assert (first.level, first.process, first.thread) == ("info", os.getpid(), "MainThread")
    file = shop.runs.attachment(shop.run, "log.jsonl")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert shop.runs.all() == [shop.run], "it is no journal"


def test_a_run_that_is_resumed_goes_on_in_its_log(shop: Workshop) -> None:
    shop.store_fault = AWAY
    shop.begin()
    before = lines(shop)
    shop.store_fault = None
    shop.resume()
    assert lines(shop)[: len(before)] == before
    assert [line.step for line in lines(shop)[len(before) :] if isinstance(line, Step)] == ["stored"]


def test_it_has_what_people_are_told_what_is_waited_for_and_what_others_say(shop: Workshop) -> None:
    def waits() -> None:
        wait_for(shop.clock, "the end of x", lambda: True, within=timedelta(hours=1), every=timedelta(seconds=5))
        note_wait("nothing to speak of", shop.clock.now(), timedelta(seconds=0.2))

    during(
        shop,
        lambda: LOGGER.info("%s", "100 % done", extra={TOLD: True}),
        waits,
        lambda: logging.getLogger("urllib3").warning("pool of %s", "x"),
    )
    assert [line.text for line in lines(shop) if isinstance(line, Told)] == ["100 % done"]
    [wait] = [line for line in lines(shop) if isinstance(line, Waiting)]
    assert (wait.what, wait.until > shop.clock.now() + timedelta(minutes=59)) == ("the end of x", True)
    assert [(line.logger, line.text) for line in lines(shop) if isinstance(line, Noted)] == [("urllib3", "pool of x")]


def test_a_fault_is_there_with_its_place_and_people_are_told_where(shop: Workshop) -> None:
    def fails() -> None:
        raise AWAY

    during(shop, fails)
    [line] = [line for line in lines(shop) if isinstance(line, Noted)]
    assert (line.level, line.text) == ("error", str(AWAY))
    assert "in fails\n" in str(line.trace)
    assert [text for text in shop.told if str(shop.runs.attachment(shop.run, "log.jsonl")) in text]


def test_nobody_who_interrupts_a_run_is_sent_to_its_log(shop: Workshop) -> None:
    def interrupts() -> None:
        raise KeyboardInterrupt

    during(shop, interrupts)
    assert [text for text in shop.told if "log.jsonl" in text] == []


def test_what_was_logged_before_the_run_is_its_beginning(shop: Workshop) -> None:
    backlog = Backlog()
    logging.getLogger().addHandler(backlog)
    try:
        LOGGER.info("%s", "engine: local", extra={TOLD: True})
        shop.begin()
        assert lines(shop)[0].text == "engine: local"
        shop.clock.sleep(60)
        shop.begin()
        assert isinstance(lines(shop)[0], Step), "a second run has what came after the first"
    finally:
        logging.getLogger().removeHandler(backlog)


@pytest.fixture
def secret() -> Iterator[str]:
    SECRETS.note("planted/secret+1")
    yield "planted/secret+1"
    SECRETS.clear()


def test_no_secret_is_in_it(shop: Workshop, secret: str) -> None:
    def fails() -> None:
        raise AwsError(f"refused {secret}", operation="x", code=secret)

    during(shop, lambda: LOGGER.warning("%s of %s", secret, "x"), lambda: shop.told.append(secret), fails)
    text = shop.runs.attachment(shop.run, "log.jsonl").read_text()
    assert secret not in text
    assert f"{MASK} of x" in text
    assert f"refused {MASK}" in text


def full(*_: object) -> int:
    raise OSError(28, "No space left on device")


def test_a_full_disk_ends_no_run_and_is_told_once(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        record = shop.begin()
    assert (record.verdict, record.cleaned, record.stored) == ("passed", True, True)
    [told] = [text for text in shop.told if "log.jsonl" in text]
    assert told.endswith(": the run's log cannot be written: No space left on device; free some space; the run goes on")


def test_a_folder_that_takes_no_file_ends_no_run(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "private_file", full)
    assert shop.begin().verdict == "passed"
    assert len([text for text in shop.told if "log.jsonl" in text]) == 1


def test_half_a_line_does_not_stay(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk takes half of a line, and later there is room again."""
    write, short = os.write, [3]

    def writes(handle: int, text: bytes) -> int:
        short[0] -= 1
        return write(handle, text[: len(text) // 2] if short[0] == 0 else text)

    monkeypatch.setattr(os, "write", writes)
    assert shop.begin().verdict == "passed"
    steps = [line.number for line in lines(shop) if isinstance(line, Step)]
    assert steps == [1, 2, 4, 5, 6, 7, 8, 9]


def test_a_line_that_cannot_be_written_ends_no_run(shop: Workshop) -> None:
    during(
        shop,
        lambda: log.note(logging.INFO, Told(text="half a \ud800"), "half a character"),
        lambda: LOGGER.warning("%s", "after"),
    )
    assert [line.text for line in lines(shop) if isinstance(line, Noted)] == ["after"]


def test_it_does_not_fill_the_disk(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "LONGEST", 1000)
    during(shop, *[lambda number=number: LOGGER.info("%s", number) for number in range(40)])
    newest, older = (shop.runs.attachment(shop.run, name) for name in ("log.jsonl", "log.old.jsonl"))
    assert 0 < newest.stat().st_size <= 1000
    assert 0 < older.stat().st_size <= 1000
    assert lines(shop)[-1].step == "stored"
    for text in older.read_bytes().splitlines():
        decode(text, type=LogLine)
