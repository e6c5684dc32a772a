"""Every command of the procedures, in their order, on a stack that is up."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.clouds import Clouds
from tests.runners.backup.tables.test_tables import set_knobs
from tests.runners.conftest import ROOT, Ial, ial, processes

__all__ = ["ial", "processes"]
pytestmark = pytest.mark.cloud
PAGE = ROOT / "docs/RECOVERY_PROCEDURES.md"
# Commands that only plan say so with their exit code.
PLANNED = 3


def commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture
def folder(tmp_path: Path, clouds: Clouds) -> Iterator[Path]:
    with clouds.deployed(tmp_path) as running:
        # What AWS takes minutes for, and the local cloud seconds.
        set_knobs(running, restore_seconds=0.1, database_restore_seconds=0.1, latest_restorable_lag_seconds=0.0)
        yield tmp_path


def test_every_command_does_what_the_page_says(folder: Path, ial: Ial) -> None:
    at = int(time.time())
    time.sleep(2.1)
    moment = datetime.fromtimestamp(at + 1, UTC).isoformat()
    listed = commands()
    assert len(listed) > 15
    for command in listed:
        # Without a copy there is nothing to verify yet; the page takes one afterwards.
        if " verify " in command:
            assert ial("backup", "run", "--stack", "dev", "--engine", "local", folder=folder).code == 0
        arguments = shlex.split(command.replace("$T", moment))
        assert arguments[0] == "ial"
        ran = ial(*arguments[1:], folder=folder)
        planned = "restore" in arguments and "--confirm" not in arguments
        assert ran.code == (PLANNED if planned else 0), f"{command}: {ran.out}{ran.err}"


def test_the_page_is_named_where_people_look_for_it() -> None:
    alarm = (ROOT / "components/backup/drill_automation.py").read_text(encoding="utf-8")
    assert "docs/RECOVERY_PROCEDURES.md" in alarm
