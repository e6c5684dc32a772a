"""The drill of a versioned bucket: its objects of a moment are copied aside, and compared byte by byte."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

from msgspec import structs

from pricing.price_book import PriceBook
from runners.backup.buckets.bucket_cost import drill_cost
from runners.backup.buckets.bucket_evidence import judge_copies, judge_rules, judge_sentinel, recovery_check
from runners.backup.buckets.bucket_sample import DEFAULT_SAMPLE, Drawn, Sample, draw
from runners.backup.buckets.bucket_sentinel import BucketSentinel
from runners.backup.buckets.lines import Compared, Copied, SentinelsChanged, SentinelsWritten
from runners.backup.buckets.object_copies import STAYS_BEHIND, Job, ObjectCopies, Outcome
from runners.backup.buckets.objects import LONGEST_KEY, Keep, Objects, Version
from runners.backup.buckets.rollback_check import objects_of
from runners.backup.buckets.rollback_plan import state_at
from runners.backup.buckets.tally import Tally
from runners.backup.drill import Cost, DrillLimits, DrillRun
from runners.backup.evidence import Finding, Kind
from runners.backup.lines import Moment, Recovered
from runners.backup.reasons import DrillReason
from runners.runs.clock import parse_rfc3339, pause, rfc3339
from runners.runs.reason import Obstacle

COPIES: Final = "drills"
# Copies of a drill live for minutes in a bucket of ours: cheap, private, and free to be removed.
_ASIDE: Final = {
    **STAYS_BEHIND,
    "StorageClass": "a drill's copy is in the standard class: the cheap ones bill at least a month",
    "ACL": "a drill's copy is read by the drill alone",
    "WebsiteRedirectLocation": "nobody visits a drill's copy",
}
_DONE, _LEFT_OUT, _ARCHIVED, _WRONG, _UNJUDGED = "done", "left-out", "archived", "wrong", "unjudged"
_NOT_PROVEN: Final = "not proven: that a restore heeds its moment, and that the newest write comes back"


@dataclass(frozen=True, kw_only=True)
class BucketDrill:
    """One bucket. All that it writes there are the two objects of its sentinel, which it takes away again."""

    resource: str
    copies: str
    window_days: int
    objects: Objects
    prices: PriceBook
    region: str
    limits: DrillLimits
    sentinel: bool = True
    sample: Sample = DEFAULT_SAMPLE

    kind = Kind.BUCKET

    @property
    def required(self) -> frozenset[str]:
        """The checks without which no drill has passed; that of the sentinel wherever it may be written.

        Raises:
            AwsError: it cannot be told whether it may.
        """
        always = frozenset({"versioning", "lifecycle", "count", "content", "left-out", "recovery-time"})
        return always | {"sentinel"} if self._why_no_sentinel is None else always

    def cost(self) -> Cost:
        """What a run costs at most: the whole sample and the sentinel's two objects, whatever is in the bucket."""
        return drill_cost(self.sample.objects + 2, self.sample.bytes, self.prices, self.region)

    def obstacles(self) -> list[Obstacle]:
        """Why the bucket cannot be drilled now."""
        if not self.objects.rules(self.resource).versioning:
            return [DrillReason.NO_VERSIONS.against(bucket=self.resource)]
        fast = self.objects.held_fast(self.copies)
        if fast is not None:
            return [DrillReason.COPIES_HELD_FAST.against(fast=fast, bucket=self.copies)]
        return []

    def carry_out(self, run: DrillRun) -> None:
        """Copies the objects of a moment aside and compares; may be called again for the same run."""
        judge_rules(run, self.resource, self.objects.rules(self.resource), self.window_days)
        written = run.step(SentinelsWritten, lambda: self._write_sentinel(run), "writing the sentinel")
        digests = written.digests
        at = parse_rfc3339(run.step(Moment, lambda: self._moment(run, bool(digests))).at)
        run.step(SentinelsChanged, lambda: self._change(run, bool(digests)), "changing the sentinel after the moment")
        drawn = draw(state_at(self.objects.versions(self.resource), at), self.sample, digests)
        told = f"copying {len(drawn.chosen)} of {drawn.objects} objects"
        restored = run.step(Copied, lambda: self._copy(run, drawn), told)
        seen = run.step(Compared, lambda: self._compare(run, drawn, at, digests), "comparing them byte by byte")
        judge_copies(run, restored, seen, whole=drawn.whole)
        if digests:
            judge_sentinel(run, self._sentinel(run).problem(digests, seen.sentinel))
        else:
            run.finding(Finding(what=written.why or "", advice=_NOT_PROVEN))
        self._conclude(run, drawn, at, restored.seconds + seen.seconds)

    def clean_up(self, run: DrillRun) -> list[str]:
        """Removes the copies and the sentinel with all their versions."""
        left = []
        if run.began("sentinel") is not None:
            left += self._sentinel(run).remove()
        if run.began("restore") is not None:
            prefix = f"{COPIES}/{run.id}/"
            left += self.objects.remove(self.copies, list(self.objects.versions(self.copies, prefix)))
        return left

    @cached_property
    def _why_no_sentinel(self) -> str | None:
        if not self.sentinel:
            return "the sentinel is left out by the setting `drills.sentinel`"
        fast = self.objects.held_fast(self.resource)
        return None if fast is None else f"the sentinel is left out, it could not be removed: {fast}"

    def _sentinel(self, run: DrillRun) -> BucketSentinel:
        return BucketSentinel(objects=self.objects, bucket=self.resource, run=run.id)

    def _write_sentinel(self, run: DrillRun) -> SentinelsWritten:
        why = self._why_no_sentinel
        if why is not None:
            return SentinelsWritten(digests={}, why=why)
        return SentinelsWritten(digests=self._sentinel(run).write(rfc3339(run.clock.now())))

    def _moment(self, run: DrillRun, written: bool) -> Moment:
        """The second in which S3 wrote the sentinel, else that of now, once it has passed: it includes all of it."""
        at = self._sentinel(run).written_at() if written else run.clock.now().astimezone(UTC).replace(microsecond=0)
        pause(run.clock, timedelta(seconds=1.05), "the end of a second")
        return Moment(at=rfc3339(at))

    def _change(self, run: DrillRun, written: bool) -> SentinelsChanged:
        if written:
            self._sentinel(run).change()
        return SentinelsChanged(changed=written)

    def _target(self, run: DrillRun, key: str) -> str:
        """Where a copy goes. A key that is too long with the prefix is told by its hash: nobody looks for it there."""
        prefix = f"{COPIES}/{run.id}/{self.resource}/"
        if len((prefix + key).encode()) <= LONGEST_KEY:
            return prefix + key
        return f"{prefix}{hashlib.sha256(key.encode()).hexdigest()}"

    def _job(self, run: DrillRun, version: Version) -> Job:
        return Job(version=version, target=self._target(run, version.key))

    @property
    def _copier(self) -> ObjectCopies:
        return ObjectCopies(
            objects=self.objects,
            source=self.resource,
            target=self.copies,
            keep=Keep(storage=False, access=False),
            aside=_ASIDE,
        )

    def _copy(self, run: DrillRun, drawn: Drawn) -> Copied:
        began, tally = run.clock.now(), Tally()
        archived = {version.key for version in drawn.chosen if version.archived}
        for outcome in self._copier.copy_all(self._job(run, version) for version in drawn.chosen):
            if outcome.problem is None:
                tally.counts[_DONE] = tally.count(_DONE) + 1
            else:
                tally.note(_ARCHIVED if outcome.key in archived else _LEFT_OUT, outcome.key, outcome.problem)
        seconds = (run.clock.now() - began).total_seconds()
        return Copied(objects=drawn.objects, drawn=len(drawn.chosen), seconds=seconds, **tally.document())

    def _compare(self, run: DrillRun, drawn: Drawn, at: datetime, digests: Mapping[str, str]) -> Compared:
        """What was drawn is looked up anew: the objects of the moment are worked out in another way than to copy."""
        prefix = f"{COPIES}/{run.id}/{self.resource}/"
        held = sum(not version.marker for version in self.objects.versions(self.copies, prefix) if version.latest)
        keys, wanted, objects = {version.key for version in drawn.chosen}, list[Version](), 0
        for version in objects_of(self.objects.versions(self.resource), at):
            objects += 1
            if version.key in keys:
                wanted.append(version)
        began, tally = run.clock.now(), Tally()
        for key in keys - {version.key for version in wanted}:
            tally.note(_WRONG, key, "was no object of the moment")
        archived = {version.key for version in wanted if version.archived}
        for outcome in self._copier.compare_all(self._job(run, version) for version in wanted):
            _note(tally, outcome, archived)
        seconds = (run.clock.now() - began).total_seconds()
        sentinel = {key: self._digest(run, key) for key in digests}
        return Compared(objects=objects, held=held, seconds=seconds, sentinel=sentinel, **tally.document())

    def _digest(self, run: DrillRun, key: str) -> str | None:
        body = self.objects.read(self.copies, self._target(run, key))
        return None if body is None else hashlib.sha256(body).hexdigest()

    def _conclude(self, run: DrillRun, drawn: Drawn, at: datetime, work: float) -> None:
        began, done = run.result_at("change"), run.result_at("content")
        assert began is not None
        assert done is not None
        measured = (done - began).total_seconds()
        # All objects are listed even for a sample; only what is done for each of them grows with their number.
        rto = round(measured + work * (drawn.factor - 1), 3)
        # A versioned bucket keeps every write from the moment that it is acknowledged.
        run.step(Recovered, lambda: Recovered(restored_to=rfc3339(at), rto_seconds=rto, rpo_seconds=0.0))
        check = self.limits.objective_check(rto)
        run.check(check if drawn.whole else structs.replace(check, observed=recovery_check(rto, measured, drawn)))


def _note(tally: Tally, outcome: Outcome, archived: set[str]) -> None:
    if outcome.problem is None:
        tally.counts[_DONE] = tally.count(_DONE) + 1
    elif outcome.key not in archived:
        tally.note(_WRONG if outcome.judged else _UNJUDGED, outcome.key, outcome.problem)
