"""Copies on demand, over HTTP."""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from local.seed import DATABASE, TABLE
from local.server import Running
from runners.aws.copies import AwsCopier
from runners.aws.session import AwsClients
from runners.backup.copier import Job, RecoveryPoint, Vault
from runners.backup.copies import Copies
from runners.backup.copy_checks import expected_interval
from runners.errors import AwsError, InputError
from runners.exit_codes import ExitCode
from runners.runs.clock import SystemClock
from runners.runs.journal import Journal, read_entries
from runners.runs.run_folder import Runs
from tests.runners.backup.tables.test_tables import set_knobs
from tests.runners.conftest import ROOT
from tests.runners.deployed import forget_copies
from tests.runners.rehearsal import MemoryRecords

ARNS = {
    TABLE: f"arn:aws:dynamodb:us-east-1:123456789012:table/{TABLE}",
    DATABASE: f"arn:aws:rds:us-east-1:123456789012:db:{DATABASE}",
}


def valid(document: dict[str, Any], name: str) -> None:
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


@pytest.fixture
def copies(clients: AwsClients, cloud: Running, tmp_path: Path) -> Iterator[Copies]:
    set_knobs(cloud, backup_job_seconds=0.2, backup_jobs_fail=False)
    vault = Vault(
        name=f"vault-{secrets.token_hex(4)}",
        role="arn:aws:iam::123456789012:role/ial-dev-backup",
        days=14,
        schedule="cron(0 5 ? * SUN *)",
    )
    clients.client("backup").create_backup_vault(BackupVaultName=vault.name)
    yield Copies(
        copier=AwsCopier(clients),
        vault=vault,
        runs=Runs(tmp_path, "dev"),
        records=MemoryRecords(),
        clock=SystemClock(),
        say=print,
        within=timedelta(seconds=5),
        every=timedelta(seconds=0.05),
    )
    set_knobs(cloud, backup_jobs_fail=False, backup_job_seconds=0.3)
    leave(clients.client("backup"), vault.name)


def leave(backup: Any, vault: str) -> None:
    """Deletes a vault with its copies, unless a test left a job under way in it: such a vault cannot be deleted."""
    forget_copies(backup, vault)
    with contextlib.suppress(backup.exceptions.InvalidRequestException):
        backup.delete_backup_vault(BackupVaultName=vault)


@pytest.mark.cloud
def test_everything_is_copied_waited_for_and_recorded(copies: Copies) -> None:
    result = copies.run(ARNS)
    assert result.exit_code is ExitCode.OK
    assert [job.state for job in result.jobs.values()] == ["COMPLETED", "COMPLETED"]
    assert all(job.size for job in result.jobs.values())
    valid(result.document(), "backup-run")
    assert copies.records.get(result.run, "copies") == result.document()


@pytest.mark.cloud
def test_what_was_copied_can_be_used(copies: Copies) -> None:
    copies.run(ARNS)
    found = copies.verify(ARNS)
    assert found.exit_code is ExitCode.OK
    assert {check.name for check in found.checks[TABLE]} == {
        *("exists", "complete", "recent", "encrypted", "size", "kept", "readable"),
    }
    valid(found.document(), "backup-verify")


@pytest.mark.cloud
def test_what_was_never_copied_is_told(copies: Copies) -> None:
    found = copies.verify(ARNS)
    assert found.exit_code is ExitCode.REFUSED
    assert [(check.name, check.ok) for check in found.checks[TABLE]] == [("exists", False)]
    valid(found.document(), "backup-verify")


@pytest.mark.cloud
def test_a_job_that_fails_is_told(copies: Copies, cloud: Running) -> None:
    set_knobs(cloud, backup_jobs_fail=True)
    result = copies.run(ARNS)
    assert result.exit_code is ExitCode.REFUSED
    assert result.jobs[TABLE] == replace(result.jobs[TABLE], state="FAILED", message="rehearsed failure", point=None)
    valid(result.document(), "backup-run")
    assert copies.verify(ARNS).exit_code is ExitCode.REFUSED


@pytest.mark.cloud
def test_a_job_that_is_not_over_is_not_called_good(copies: Copies, cloud: Running) -> None:
    set_knobs(cloud, backup_job_seconds=3600)
    result = replace(copies, within=timedelta(seconds=0.2)).run({TABLE: ARNS[TABLE]})
    assert (result.jobs[TABLE].state, result.exit_code) == ("RUNNING", ExitCode.NOT_PROVEN)


@pytest.mark.cloud
def test_what_does_not_exist_cannot_be_copied(copies: Copies) -> None:
    with pytest.raises(AwsError, match=r"backup:StartBackupJob on .*gone: ResourceNotFoundException"):
        copies.run({"gone": ARNS[TABLE].replace(TABLE, "gone")})


@pytest.mark.cloud
def test_more_than_a_page_of_copies(copies: Copies, clients: AwsClients) -> None:
    for number in range(120):
        copies.copier.start(ARNS[TABLE], copies.vault.name, copies.vault.role, 14, f"{copies.vault.name}-{number}")
    time.sleep(0.3)
    points = copies.copier.points(ARNS[TABLE], copies.vault.name)
    assert len(points) == 120
    assert points[0].created >= points[-1].created


class Killed(BaseException):
    """What a process that is killed leaves."""


@pytest.mark.cloud
@pytest.mark.parametrize("line", range(1, 7))
def test_killed_after_each_line_and_resumed(copies: Copies, monkeypatch: pytest.MonkeyPatch, line: int) -> None:
    write = Journal.write

    def killing(journal: Journal, step: str, **data: Any) -> Any:
        entry = write(journal, step, **data)
        if entry.number == line:
            raise Killed
        return entry

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "write", killing)
        with pytest.raises(Killed):
            copies.run(ARNS)
    [run] = copies.runs.all()
    assert copies.resume(run).exit_code is ExitCode.OK
    # Whatever was cut off, each resource was copied once.
    assert [len(copies.copier.points(arn, copies.vault.name)) for arn in ARNS.values()] == [1, 1]


@pytest.mark.cloud
def test_another_run_is_not_resumed(copies: Copies) -> None:
    journal = Journal.create(copies.runs.journal("20261125-083000-a1b2"), copies.clock)
    journal.write("started")
    journal.close()
    with pytest.raises(InputError, match="made no copies"):
        copies.resume("20261125-083000-a1b2")
    assert len(read_entries(copies.runs.journal("20261125-083000-a1b2"))) == 1


@dataclass(frozen=True)
class One:
    """A vault with one copy, as a test wants it."""

    point: RecoveryPoint
    is_readable: bool = True

    def start(self, resource: str, vault: str, role: str, days: int, token: str) -> str:
        raise NotImplementedError

    def job(self, id_: str) -> Job:
        raise NotImplementedError

    def points(self, resource: str, vault: str) -> list[RecoveryPoint]:
        return [self.point]

    def readable(self, point: RecoveryPoint, vault: str) -> bool:
        return self.is_readable


@pytest.mark.parametrize(
    ("change", "readable", "wrong"),
    [
        ({}, True, []),
        ({"status": "PARTIAL"}, True, ["complete"]),
        ({"created": -8.1}, True, ["recent"]),
        ({"created": -7.9}, True, []),
        ({"encrypted": False}, True, ["encrypted"]),
        ({"size": 0}, True, []),
        ({"deleted_at": 12.9}, True, ["kept"]),
        ({"deleted_at": None}, True, []),
        ({}, False, ["readable"]),
    ],
)
def test_each_fault_of_a_copy_has_its_check(
    tmp_path: Path, change: dict[str, Any], readable: bool, wrong: list[str]
) -> None:
    clock = SystemClock()
    now = clock.now()
    days = {key: now + timedelta(days=value) for key, value in change.items() if isinstance(value, float)}
    good = RecoveryPoint(
        arn="arn:point",
        status="COMPLETED",
        created=now - timedelta(hours=1),
        size=10,
        encrypted=True,
        deleted_at=now + timedelta(days=14),
    )
    point = replace(good, **{**change, **days})
    found = Copies(
        copier=One(point, readable),
        vault=Vault(name="v", role="r", days=14 if "created" not in change else 1, schedule="cron(0 5 ? * SUN *)"),
        runs=Runs(tmp_path, "dev"),
        records=MemoryRecords(),
        clock=clock,
        say=print,
    ).verify({"orders": "arn:orders"})
    assert [check.name for check in found.checks["orders"] if not check.ok] == wrong


def test_an_empty_copy_after_full_ones_is_a_fault(tmp_path: Path) -> None:
    clock = SystemClock()
    full = RecoveryPoint(
        arn="arn:old", status="COMPLETED", created=clock.now(), size=10, encrypted=True, deleted_at=None
    )

    @dataclass(frozen=True)
    class Two(One):
        def points(self, resource: str, vault: str) -> list[RecoveryPoint]:
            return [replace(full, size=0), full]

    found = Copies(
        copier=Two(full),
        vault=Vault(name="v", role="r", days=14, schedule="rate(1 day)"),
        runs=Runs(tmp_path, "dev"),
        records=MemoryRecords(),
        clock=clock,
        say=print,
    ).verify({"orders": "arn:orders"})
    assert [check.name for check in found.checks["orders"] if not check.ok] == ["size"]


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ("cron(0 5 * * ? *)", 1),
        ("cron(0 5 ? * * *)", 1),
        ("cron(0 5 ? * SUN *)", 7),
        ("cron(0 5 1 * ? *)", 31),
        ("rate(1 day)", 1),
        ("rate(12 hours)", 0.5),
        ("cron(0 5 L * ? *)", 31),
        ("cron(0 5 1 1,7 ? *)", 184),
        ("cron(0 5 1 12 ? 2026)", 31),
        ("nonsense", 31),
    ],
)
def test_how_often_a_schedule_runs(schedule: str, days: float) -> None:
    assert expected_interval(schedule, date(2026, 11, 25)) == timedelta(days=days)
