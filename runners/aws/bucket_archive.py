"""The archive of runs: one object of JSON lines for each stack and month, in the stack's configuration bucket.

S3 has no append. The object is read, the line added, and the whole written on condition that it is still the one that
was read: whoever loses to another writer is answered 412, or 409 when both wrote at once, and tries again.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from contract.names import runs_folder
from contract.redaction import SECRETS
from runners.aws.session import Clients, calling
from runners.errors import AwsError, RunnerError
from runners.runs.clock import Clock
from runners.runs.run_folder import month_of
from runners.runs.run_line import line_of, with_line

# As many as may well write at once: each loss is somebody else's line.
ATTEMPTS: Final = 10
# What is read and written whole for each run must stay small. A month of 3,000 runs has about as much.
LARGEST: Final = 64 * 1024 * 1024
_LOST: Final = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")
_TYPE: Final = "application/x-ndjson"


@dataclass(frozen=True, kw_only=True)
class BucketArchive:
    """The archive of one stack. The bucket must be of `account`: names of buckets that are gone are anybody's."""

    clients: Clients
    bucket: str
    account: str
    stack: str
    clock: Clock

    def archive(self, run: str, kind: str, document: Mapping[str, Any]) -> None:
        """Adds a run's line to its month; one that is there already is left as it is.

        Raises:
            AwsError: the month could not be read or written, or others won each time.
            ForeignLinesError: a newer version wrote it, or somebody else.
            RunnerError: the month is full.
        """
        key = f"{runs_folder(f'{month_of(run)}-01')}{self.stack}.jsonl"
        line = line_of(run, kind, self.stack, SECRETS.redacted_data(document))
        for attempt in range(1, ATTEMPTS + 1):
            held, tag = self._read(key)
            content = with_line(held, run, line, self._place(key))
            if content is None or self._written(key, self._fitting(key, content), tag):
                return
            # Two that lost to each other must not meet again.
            self.clock.sleep(random.uniform(0, 0.1 * attempt))
        msg = f"{self._place(key)}: other runs wrote it {ATTEMPTS} times in between"
        raise AwsError(msg, operation="s3:PutObject", code=_LOST[1])

    def _read(self, key: str) -> tuple[bytes, str | None]:
        """The content and its tag, both empty if there is none: who may list is told so, others get 403 instead."""
        s3, place = self.clients.client("s3"), self._place(key)
        with calling("s3:ListObjectsV2", place):
            page = s3.list_objects_v2(Bucket=self.bucket, Prefix=key, MaxKeys=1, ExpectedBucketOwner=self.account)
        if key not in [held["Key"] for held in page.get("Contents", [])]:
            return b"", None
        self._require_small(key, page["Contents"][0]["Size"])
        try:
            with calling("s3:GetObject", place):
                answer = s3.get_object(Bucket=self.bucket, Key=key, ExpectedBucketOwner=self.account)
                return answer["Body"].read(), answer["ETag"]
        except AwsError as error:
            if error.code != "NoSuchKey":
                raise
            return b"", None

    def _written(self, key: str, content: bytes, tag: str | None) -> bool:
        """Whether it was still what was read; nothing is written if not."""
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        try:
            with calling("s3:PutObject", self._place(key)):
                self.clients.client("s3").put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=content,
                    ContentType=_TYPE,
                    ExpectedBucketOwner=self.account,
                    **condition,
                )
        except AwsError as error:
            if error.code not in _LOST:
                raise
            return False
        return True

    def _fitting(self, key: str, content: bytes) -> bytes:
        self._require_small(key, len(content))
        return content

    def _require_small(self, key: str, size: int) -> None:
        if size > LARGEST:
            msg = f"{self._place(key)}: {size} bytes are more than the {LARGEST} that a month may have"
            raise RunnerError(msg)

    def _place(self, key: str) -> str:
        return f"{self.bucket}/{key}"
