"""The archive of runs, written and read through S3's own protocol."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contract.redaction import MASK, SECRETS
from runners.aws import bucket_archive
from runners.aws.bucket_archive import BucketArchive
from runners.aws.bucket_records import BucketRecords
from runners.aws.session import AwsClients, Clients
from runners.errors import AwsError, RunnerError
from runners.runs.clock import SystemClock
from runners.runs.run_line import ForeignLinesError, line_of
from tests.runners.rehearsal import QuickClock

pytestmark = pytest.mark.cloud
KEY = "runs/dt=2026-11-01/dev.jsonl"
ACCOUNT = "123456789012"
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def run(number: int, day: str = "20261125") -> str:
    return f"{day}-083000-{number:04x}"


@pytest.fixture
def archive(clients: AwsClients) -> Iterator[BucketArchive]:
    s3, bucket = clients.client("s3"), f"archive-{secrets.token_hex(4)}"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    yield BucketArchive(clients=clients, bucket=bucket, account=ACCOUNT, stack="dev", clock=QuickClock())
    for held in versions(clients, bucket):
        s3.delete_object(Bucket=bucket, Key=held["Key"], VersionId=held["VersionId"])
    s3.delete_bucket(Bucket=bucket)


def versions(clients: Clients, bucket: str) -> list[dict[str, Any]]:
    answer: Any = clients.client("s3").list_object_versions(Bucket=bucket)
    return [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]


def content(archive: BucketArchive, key: str = KEY) -> bytes:
    body: bytes = archive.clients.client("s3").get_object(Bucket=archive.bucket, Key=key)["Body"].read()
    return body


def line(number: int, **document: Any) -> bytes:
    return line_of(run(number), "drill", "dev", document or {"n": number}) + b"\n"


def reader(archive: BucketArchive, folder: Path, say: Callable[[str], object] = print) -> BucketRecords:
    return BucketRecords(
        clients=archive.clients, bucket=archive.bucket, account=ACCOUNT, stack="dev", cache=folder, say=say
    )


def test_each_run_has_its_line_in_its_month(archive: BucketArchive) -> None:
    archive.archive(run(1), "drill", {"n": 1})
    archive.archive(run(2), "drill", {"n": 2})
    archive.archive(run(3, "20261201"), "experiment", {"n": 3})
    assert content(archive) == line(1) + line(2)
    december = line_of(run(3, "20261201"), "experiment", "dev", {"n": 3}) + b"\n"
    assert content(archive, "runs/dt=2026-12-01/dev.jsonl") == december


def test_a_run_with_an_object_of_its_own_is_read_beside_the_month(archive: BucketArchive, tmp_path: Path) -> None:
    archive.archive(run(1), "drill", {"n": 1})
    s3 = archive.clients.client("s3")
    lone = {run(2): "dev", run(3, "20261025"): "dev", run(4): "other", "not-a-run": "dev"}
    for name, stack in lone.items():
        day = f"{name[:4]}-{name[4:6]}-01" if name[0] == "2" else "2026-11-01"
        # As a state machine writes it: its own line, without an end.
        body = line_of(name, "unjudged-run", stack, {"n": 2})
        s3.put_object(Bucket=archive.bucket, Key=f"runs/dt={day}/{stack}/{name}.jsonl", Body=body)
    found = reader(archive, tmp_path)
    assert [held.run for held in found.since(FIRST)] == [run(3, "20261025"), run(1), run(2)]
    assert [held.run for held in found.since(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))] == [run(1), run(2)]
    kept = sorted(file.name.split(".")[0] for file in tmp_path.iterdir())
    assert kept == ["2026-11", run(3, "20261025"), run(2)]
    # The month's next line lets go of the month as it was, and of nothing else.
    archive.archive(run(5), "drill", {"n": 5})
    later = reader(archive, tmp_path).since(FIRST)
    assert [held.run for held in later] == [run(3, "20261025"), run(1), run(5), run(2)]
    assert sorted(file.name.split(".")[0] for file in tmp_path.iterdir()) == kept


def test_the_same_run_twice_writes_nothing(archive: BucketArchive) -> None:
    for _ in range(2):
        archive.archive(run(1), "drill", {"n": 1})
    assert content(archive) == line(1)
    assert len(versions(archive.clients, archive.bucket)) == 1


def test_a_run_that_was_resumed_has_its_new_line(archive: BucketArchive) -> None:
    archive.archive(run(1), "drill", {"n": 1})
    archive.archive(run(2), "drill", {"n": 2})
    archive.archive(run(1), "drill", {"n": 17})
    assert content(archive) == line(2) + line(1, n=17)


def test_no_secret_is_kept(archive: BucketArchive) -> None:
    SECRETS.note("correct-horse-battery")
    archive.archive(run(1), "drill", {"reasons": ["the password correct-horse-battery was refused"]})
    assert content(archive) == line(1, reasons=[f"the password {MASK} was refused"])


def test_stacks_of_one_bucket_do_not_meet(archive: BucketArchive) -> None:
    archive.archive(run(1), "drill", {"n": 1})
    replace(archive, stack="d").archive(run(2), "drill", {"n": 2})
    assert content(archive) == line(1)


def test_who_writes_at_once_loses_nobodys_line(archive: BucketArchive) -> None:
    waiting = replace(archive, clock=SystemClock())
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: waiting.archive(run(number), "drill", {"n": number}), range(12)))
    assert sorted(content(archive).splitlines(keepends=True)) == [line(number) for number in range(12)]


@pytest.mark.parametrize("there", [False, True])
def test_who_loses_reads_again(archive: BucketArchive, monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    if there:
        archive.archive(run(9), "drill", {"n": 9})
    before, others = BucketArchive._written, [run(2)]

    def late(held: BucketArchive, *given: Any) -> bool:
        if others:
            archive.archive(others.pop(), "drill", {"n": 2})
        return before(held, *given)

    monkeypatch.setattr(BucketArchive, "_written", late)
    archive.archive(run(1), "drill", {"n": 1})
    assert content(archive) == (line(9) if there else b"") + line(2) + line(1)


def test_what_is_deleted_in_between_is_begun_anew(archive: BucketArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.archive(run(2), "drill", {"n": 2})
    before, left = BucketArchive._written, [KEY]

    def late(held: BucketArchive, *given: Any) -> bool:
        if left:
            archive.clients.client("s3").delete_object(Bucket=archive.bucket, Key=left.pop())
        return before(held, *given)

    monkeypatch.setattr(BucketArchive, "_written", late)
    archive.archive(run(1), "drill", {"n": 1})
    assert content(archive) == line(1)


def test_who_never_wins_says_so(archive: BucketArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BucketArchive, "_written", lambda *_: False)
    with pytest.raises(AwsError, match=r"dt=2026-11-01/dev\.jsonl: other runs wrote it 10 times in between"):
        archive.archive(run(1), "drill", {"n": 1})


def test_lines_of_a_newer_version_are_left_as_they_are(archive: BucketArchive) -> None:
    newer = line(1).replace(b'"version":1', b'"version":2')
    archive.clients.client("s3").put_object(Bucket=archive.bucket, Key=KEY, Body=newer)
    with pytest.raises(ForeignLinesError, match="line 1 is not of version 1"):
        archive.archive(run(2), "drill", {"n": 2})
    assert content(archive) == newer


def test_a_month_does_not_grow_for_ever(archive: BucketArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.archive(run(1), "drill", {"n": 1})
    monkeypatch.setattr(bucket_archive, "LARGEST", len(line(1)))
    with pytest.raises(RunnerError, match="bytes are more than the"):
        archive.archive(run(2), "drill", {"n": 2})
    monkeypatch.setattr(bucket_archive, "LARGEST", 10)
    with pytest.raises(RunnerError, match="bytes are more than the 10"):
        archive.archive(run(2), "drill", {"n": 2})
    assert content(archive) == line(1)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"bucket": "archive-that-is-gone"}, "NoSuchBucket"), ({"account": "999999999999"}, "AccessDenied")],
)
def test_a_bucket_that_is_gone_or_somebody_elses(archive: BucketArchive, change: Mapping[str, Any], code: str) -> None:
    with pytest.raises(AwsError) as caught:
        replace(archive, **change).archive(run(1), "drill", {"n": 1})
    assert caught.value.code == code
    assert versions(archive.clients, archive.bucket) == []


def test_runs_are_read_from_a_moment_on(archive: BucketArchive, tmp_path: Path) -> None:
    for number, day in enumerate(("20260930", "20261002", "20261125", "20261201")):
        archive.archive(run(number, day), "drill", {"n": number})
    replace(archive, stack="other").archive(run(7), "drill", {"n": 7})
    found = reader(archive, tmp_path)
    assert [held.run[:8] for held in found.since(FIRST)] == ["20260930", "20261002", "20261125", "20261201"]
    assert [held.run[:8] for held in found.since(datetime(2026, 10, 2, 8, 30, 1, tzinfo=UTC))] == [
        "20261125",
        "20261201",
    ]
    [last] = found.since(datetime(2026, 12, 1, tzinfo=UTC))
    assert (last.type, last.stack, bytes(last.document)) == ("drill", "dev", b'{"n":3}')


def test_a_month_is_read_once_until_it_changes(archive: BucketArchive, tmp_path: Path) -> None:
    read: list[str] = []
    client = archive.clients.client("s3")
    client.meta.events.register("before-call.s3.GetObject", lambda params, **_: read.append(params["url_path"]), "t")
    try:
        archive.archive(run(1, "20261001"), "drill", {"n": 1})
        archive.archive(run(2), "drill", {"n": 2})
        read.clear()
        for _ in range(2):
            assert len(list(reader(archive, tmp_path).since(FIRST))) == 2
        assert len(read) == 2
        archive.archive(run(3), "drill", {"n": 3})
        read.clear()
        assert len(list(reader(archive, tmp_path).since(FIRST))) == 3
        assert len(read) == 1
    finally:
        client.meta.events.unregister("before-call.s3.GetObject", unique_id="t")
    files = sorted(tmp_path.iterdir())
    assert [file.name[:7] for file in files] == ["2026-10", "2026-11"]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]


def test_lines_that_are_not_known_are_told(archive: BucketArchive, tmp_path: Path) -> None:
    newer = line(1).replace(b'"version":1', b'"version":2')
    archive.clients.client("s3").put_object(Bucket=archive.bucket, Key=KEY, Body=newer + line(2) + b"x\n")
    told: list[str] = []
    assert [held.run for held in reader(archive, tmp_path, told.append).since(FIRST)] == [run(2)]
    assert told == [f"{archive.bucket}/{KEY}: 2 lines of a version that is not known are left out"]


def test_analysis_gets_what_measures_something(archive: BucketArchive, tmp_path: Path) -> None:
    kinds = ("experiment", "drill", "restore", "copies", "control", "suite")
    for number, kind in enumerate(kinds):
        archive.archive(run(number), kind, {"n": number})
    found = dict(reader(archive, tmp_path).documents(FIRST))
    assert found == {run(number): f'{{"n":{number}}}'.encode() for number in (0, 1, 4, 5)}
