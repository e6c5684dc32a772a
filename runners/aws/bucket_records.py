"""What came of a stack's runs, from the archive in its configuration bucket: month by month, oldest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from contract.names import RUNS_PREFIX
from contract.writing.files import private_folder, write_whole
from runners.aws.session import Clients, calling
from runners.runs.run_folder import month_of, name_at
from runners.runs.run_line import RunLine, read_line

# Somebody asked for them, and they measure nothing.
_NOT_ANALYSED: Final = frozenset({"restore", "copies"})
# A stack's month, or one run of a state machine in it: see `lone_runs` in contract/names.py.
_KEY: Final = re.compile(rf"{RUNS_PREFIX}dt=(\d{{4}}-\d{{2}})-01/([^/]+)(?:/(\d{{8}}-\d{{6}}-[0-9a-f]{{4}}))?\.jsonl")


@dataclass(frozen=True)
class _Object:
    """A month's lines, or the one of a `run`, which is empty for a month."""

    month: str
    run: str
    key: str
    tag: str


@dataclass(frozen=True, kw_only=True)
class BucketRecords:
    """The archive of one stack. `cache` is a folder with the objects that were read, each until it has changed.

    A month that is over changes only when one of its runs is resumed, and its tag tells that.
    """

    clients: Clients
    bucket: str
    account: str
    stack: str
    cache: Path
    say: Callable[[str], object]

    def since(self, moment: datetime) -> Iterator[RunLine]:
        """The runs that began at or after a moment, in the order of months and lines; one month is in memory at a time.

        Lines that are not of a version that is known are counted and told.

        Raises:
            AwsError: the bucket could not be read.
            WritingError: the cache could not be written.
        """
        first = name_at(moment)
        for held in self._objects:
            if held.month >= month_of(first) and (not held.run or held.run[: len(first)] >= first):
                yield from (line for line in self._lines(held) if line.run[: len(first)] >= first)

    def documents(self, since: datetime) -> Iterator[tuple[str, bytes]]:
        """The records that analysis takes, each with its run; restores and copies are not among them.

        Raises:
            AwsError: the bucket could not be read.
            WritingError: the cache could not be written.
        """
        return ((held.run, bytes(held.document)) for held in self.since(since) if held.type not in _NOT_ANALYSED)

    @cached_property
    def _objects(self) -> list[_Object]:
        """Oldest first; they are asked for once, so that whoever reads twice reads the same."""
        return sorted(self._listed(), key=lambda held: (held.month, held.run))

    def _listed(self) -> Iterator[_Object]:
        pages = self.clients.client("s3").get_paginator("list_objects_v2")
        with calling("s3:ListObjectsV2", f"{self.bucket}/{RUNS_PREFIX}"):
            for page in pages.paginate(Bucket=self.bucket, Prefix=RUNS_PREFIX, ExpectedBucketOwner=self.account):
                for held in page.get("Contents", []):
                    found = _KEY.fullmatch(held["Key"])
                    if found is not None and found[2] == self.stack:
                        yield _Object(found[1], found[3] or "", held["Key"], re.sub(r"\W", "", held["ETag"]))

    def _lines(self, found: _Object) -> Iterator[RunLine]:
        unread = 0
        with self._file(found).open("rb") as file:
            for text in file:
                line = read_line(text)
                if line is None:
                    unread += 1
                else:
                    yield line
        if unread:
            self.say(f"{self.bucket}/{found.key}: {unread} lines of a version that is not known are left out")

    def _file(self, found: _Object) -> Path:
        """The object on this machine: as it was read before, if it has not changed since."""
        name = found.run or found.month
        file = private_folder(self.cache) / f"{name}.{found.tag}.jsonl"
        if not file.is_file():
            with calling("s3:GetObject", f"{self.bucket}/{found.key}"):
                answer = self.clients.client("s3").get_object(
                    Bucket=self.bucket, Key=found.key, ExpectedBucketOwner=self.account
                )
                content = answer["Body"].read()
            write_whole(file, content)
            for older in self.cache.glob(f"{name}.*.jsonl"):
                if older != file:
                    older.unlink(missing_ok=True)
        return file
