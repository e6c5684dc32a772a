"""Copies of versions and their comparison: the one way in which drills and restores bring objects back.

Each object has its own outcome: what S3 refuses about one of them never ends the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from runners.backup.buckets.objects import ARCHIVED, LONGEST_KEY, Content, Keep, ObjectRefused, Objects, Version
from runners.backup.buckets.worker_pool import in_parallel

_STORAGE: Final = "StorageClass"
_ENCRYPTION: Final = "ServerSideEncryption"
# What a comparison tells instead of failing for it, each with its reason.
STAYS_BEHIND: Final = {
    "ObjectLockMode": "a lock stays on the version that has it: nobody could remove a locked copy",
    "ObjectLockRetainUntilDate": "a lock stays on the version that has it",
    "ObjectLockLegalHoldStatus": "a legal hold stays on the version that has it",
    "ArchiveStatus": "a copy is not archived",
}


@dataclass(frozen=True, kw_only=True)
class Job:
    """One version and where its copy goes."""

    version: Version
    target: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one object. `problem` is why it was left out or what is wrong with it.

    `lost` is what a copy could not keep, `doubt` why it is not certain what the object was at the moment. `judged` is
    False when the original itself could not be read, so that nothing can be said about its copy.
    """

    key: str
    problem: str | None = None
    lost: tuple[str, ...] = ()
    doubt: str | None = None
    judged: bool = True


@dataclass(frozen=True, kw_only=True)
class ObjectCopies:
    """Copies from one bucket into a bucket. `aside` are properties that copies need not keep, with a reason each."""

    objects: Objects
    source: str
    target: str
    keep: Keep
    aside: Mapping[str, str]

    def copy_all(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Copies each.

        Raises:
            AwsError: something failed that concerns all of them.
        """
        return in_parallel(self.copy, jobs)

    def compare_all(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Compares each copy with its version: bytes, and everything that S3 says about them.

        Raises:
            AwsError: something failed that concerns all of them.
        """
        return in_parallel(self.compare, jobs)

    def copy(self, job: Job) -> Outcome:
        """Copies one.

        Raises:
            AwsError: something failed that concerns all of them.
        """
        version = job.version
        if version.archived:
            return Outcome(key=version.key, problem="it is archived; retrieve it first (s3:RestoreObject)")
        if len(job.target.encode()) > LONGEST_KEY:
            return Outcome(key=version.key, problem="its key with the prefix is longer than 1,024 bytes")
        try:
            lost = self.objects.copy(self.source, version, self.target, job.target, self.keep)
        except ObjectRefused as error:
            return Outcome(key=version.key, problem=str(error))
        return Outcome(key=version.key, lost=lost)

    def compare(self, job: Job) -> Outcome:
        """Compares one.

        Raises:
            AwsError: something failed that concerns all of them.
        """
        version = job.version
        try:
            then = self.objects.content(self.source, version.key, version.id)
        except ObjectRefused as error:
            return Outcome(key=version.key, problem=f"cannot be compared: {error}", judged=False)
        try:
            now = self.objects.content(self.target, job.target)
        except ObjectRefused as error:
            return Outcome(key=version.key, problem=f"is missing: {error}")
        if (then.sha256, then.size) != (now.sha256, now.size):
            return Outcome(key=version.key, problem="is changed")
        wrong = [name for name in differing(then, now) if name not in self.aside]
        return Outcome(key=version.key, problem=f"has another {', '.join(wrong)}" if wrong else None)


def differing(then: Content, now: Content) -> list[str]:
    """The properties that a copy has not kept, in the order of their names."""
    before, after = dict(then.properties), dict(now.properties)
    found = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if before.get(_STORAGE) in ARCHIVED:
        # The copy of a retrieved object is one that can be read.
        found.discard(_STORAGE)
    if _ENCRYPTION not in before:
        # S3 encrypts every new object; one of before 2023 may not be.
        found.discard(_ENCRYPTION)
    return sorted(found)
