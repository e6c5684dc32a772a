"""Whether a bucket is as it was at a moment: every key is looked at, whatever the rollback did or left out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from runners.backup.buckets.object_copies import Job, ObjectCopies, Outcome
from runners.backup.buckets.objects import Version
from runners.backup.buckets.worker_pool import in_parallel


def object_of(history: Sequence[Version], at: datetime) -> Version | None:
    """The object that a key was at a moment: the first from above that had come by then with everything under it.

    Worked out apart from the plan, which goes from below: a check must not repeat the error of what it checks.
    """
    for place, version in enumerate(history):
        if all(under.modified <= at for under in history[place:]):
            return None if version.marker else version
    return None


def objects_of(versions: Iterable[Version], at: datetime) -> Iterator[Version]:
    """The objects of a moment, in the order of their keys."""
    for _, held in itertools.groupby(versions, key=lambda version: version.key):
        found = object_of(list(held), at)
        if found is not None:
            yield found


@dataclass(frozen=True, kw_only=True)
class Pair:
    """What one key was at the moment and what it is now; None is no object."""

    key: str
    then: Version | None
    now: Version | None


@dataclass(frozen=True, kw_only=True)
class RollbackCheck:
    """Reads the bucket anew. `prefix` is that of an aside copy, empty in place."""

    copies: ObjectCopies
    at: datetime
    prefix: str

    def outcomes(self) -> Iterator[Outcome]:
        """One for each object of the moment, and for each that is too much.

        Raises:
            AwsError: something could not be read.
        """
        return (found for found in in_parallel(self._outcome, self._pairs()) if found is not None)

    def held(self) -> int:
        """How many objects there are now under the prefix.

        Raises:
            AwsError: they could not be listed.
        """
        listed = self.copies.objects.versions(self.copies.target, self.prefix)
        return sum(version.latest and not version.marker for version in listed)

    def _pairs(self) -> Iterator[Pair]:
        listed = self.copies.objects.versions(self.copies.source)
        for key, held in itertools.groupby(listed, key=lambda version: version.key):
            history = list(held)
            now = next((version for version in history if version.latest and not version.marker), None)
            yield Pair(key=key, then=object_of(history, self.at), now=now)

    def _outcome(self, pair: Pair) -> Outcome | None:
        then = pair.then
        if then is None:
            extra = pair.now is not None and not self.prefix
            return Outcome(key=pair.key, problem="is too much") if extra else None
        if self.prefix:
            return self.copies.compare(Job(version=then, target=self.prefix + pair.key))
        if pair.now is None:
            return Outcome(key=pair.key, problem="is missing")
        if pair.now.id == then.id:
            return Outcome(key=pair.key)
        return self.copies.compare(Job(version=then, target=pair.key))
