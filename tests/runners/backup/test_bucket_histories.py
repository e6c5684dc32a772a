"""Random histories of a bucket, rolled back to random moments: always what was acknowledged by then, and nothing else.

The log is kept by the writer: what S3 said yes to, and when S3 says that it was. It shares no code with the rollback.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pricing.price_book import PriceBook
from runners.aws.objects import AwsObjects
from runners.aws.session import AwsClients
from runners.backup.buckets.bucket_restore import BucketRestore
from runners.backup.restore_result import Restored
from runners.backup.restoring import Restoring
from runners.runs.clock import SystemClock
from runners.runs.run_folder import Runs
from tests.runners.backup.owned_buckets import bucket
from tests.runners.rehearsal import MemoryLeases, MemoryRecords

pytestmark = pytest.mark.cloud
KEYS = (
    *("a", "a b+c%2Fd", "é", "e\u0301", "\U0001f600", "\uffee", "x//y//", "tab\tx", "\x01\x1f", "&<>\"'"),
    *("restored-x", "ial-restored-x/y", "ial-drill-x", "..", " ends ", "k" * 1000),
)


@dataclass
class Writer:
    """Writes and deletes at random, several times a second, and keeps a log of what was acknowledged."""

    s3: Any
    name: str
    chance: random.Random
    log: list[tuple[datetime, str, str | None]] = field(default_factory=list)

    def write(self, number: int) -> None:
        for count in range(number):
            key = self.chance.choice(KEYS)
            # Deleting what was never there makes no marker in the local cloud, as it would at AWS.
            known = any(entry[1] == key for entry in self.log)
            if known and self.chance.random() < 0.4:
                made = self.s3.delete_object(Bucket=self.name, Key=key)
                self._note(key, None, made["VersionId"])
            else:
                body = f"{count} {self.chance.random()}"
                made = self.s3.put_object(Bucket=self.name, Key=key, Body=body.encode())
                self._note(key, body, made["VersionId"])
            time.sleep(self.chance.random() * 0.03)

    def _note(self, key: str, body: str | None, version: str) -> None:
        """With the second that S3 gives it: the clock that counts is S3's."""
        held = self.s3.list_object_versions(Bucket=self.name, Prefix=key)
        entries = [*held.get("Versions", []), *held.get("DeleteMarkers", [])]
        at = next(entry["LastModified"] for entry in entries if entry["VersionId"] == version)
        self.log.append((at, key, body))

    def as_of(self, at: datetime) -> dict[str, str]:
        """A replay of the log."""
        found: dict[str, str] = {}
        for when, key, body in self.log:
            if when <= at:
                found.pop(key, None)
                if body is not None:
                    found[key] = body
        return found

    def moments(self, number: int) -> list[datetime]:
        """Some between the first write and the last, in no order: each rollback leaves every other within reach."""
        first, last = self.log[0][0], self.log[-1][0]
        seconds = int((last - first).total_seconds())
        return [first + timedelta(seconds=self.chance.randint(-1, seconds)) for _ in range(number)]

    def objects(self, prefix: str = "") -> dict[str, str]:
        found: dict[str, str] = {}
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix):
            for held in page.get("Contents", []):
                body = self.s3.get_object(Bucket=self.name, Key=held["Key"])["Body"].read().decode()
                found[held["Key"].removeprefix(prefix)] = body
        return found


Run = Callable[[datetime, str | None], Restored]


@pytest.fixture
def places(clients: AwsClients, tmp_path: Path) -> Iterator[tuple[Writer, Run]]:
    s3 = clients.client("s3")
    with bucket(s3) as name:
        restore = BucketRestore(
            stack="dev",
            bucket=name,
            into=None,
            objects=AwsObjects(clients),
            prices=PriceBook.load(),
            region="us-east-1",
            clock=SystemClock(),
        )
        restoring = Restoring(
            stack="dev",
            runs=Runs(tmp_path, "dev"),
            records=MemoryRecords(),
            leases=MemoryLeases(SystemClock()),
            clock=SystemClock(),
            say=lambda _: None,
        )

        def run(at: datetime, into: str | None) -> Restored:
            chosen = replace(restore, into=into)
            return restoring.start(chosen, chosen.plan(at), "dev")

        yield Writer(s3, name, random.Random(0)), run


def prove(writer: Writer, run: Run, at: datetime) -> None:
    """Aside first, then in place: each is what the log says, and each says of itself that it is."""
    aside = run(at, f"aside-{at:%H%M%S}-{writer.chance.random()}/")
    # A key of 1,000 bytes may be too long with the prefix: then it is left out, and that is told.
    left = {check.name: check for check in aside.checks}["left-out"].observed
    wanted = writer.as_of(at)
    prefix = aside.plan.target.partition("/")[2]
    fits = {key: body for key, body in wanted.items() if len((prefix + key).encode()) <= 1024}
    assert writer.objects(prefix) == fits, at
    assert (left == "none") == (fits == wanted)
    for key in writer.objects(prefix):
        writer.s3.delete_object(Bucket=writer.name, Key=prefix + key)
    done = run(at, None)
    assert (done.verdict, writer.objects()) == ("restored", wanted), at


def test_a_short_history(places: tuple[Writer, Run]) -> None:
    writer, run = places
    writer.write(50)
    for at in writer.moments(3):
        prove(writer, run, at)


@pytest.mark.rare
@pytest.mark.parametrize("seed", range(5))
def test_long_histories(places: tuple[Writer, Run], seed: int) -> None:
    writer, run = places
    writer.chance.seed(seed)
    writer.write(250)
    for at in writer.moments(15):
        prove(writer, run, at)
