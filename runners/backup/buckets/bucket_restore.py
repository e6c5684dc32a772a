"""A real rollback of a bucket: shown first; aside into a prefix, or in place without removing any version or marker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from pricing.price_book import PriceBook
from runners.backup.buckets.bucket_cost import rescue_cost
from runners.backup.buckets.bucket_restore_plan import steps_aside, steps_in_place
from runners.backup.buckets.lines import RollingBack, Tallied
from runners.backup.buckets.object_copies import STAYS_BEHIND, Job, ObjectCopies, Outcome
from runners.backup.buckets.objects import Keep, ObjectRefused, Objects
from runners.backup.buckets.rollback_check import RollbackCheck
from runners.backup.buckets.rollback_plan import Act, Reading, Step, plan_rollback, readings
from runners.backup.buckets.tally import Tally
from runners.backup.buckets.worker_pool import in_parallel
from runners.backup.drill import DrillRun
from runners.backup.evidence import Check
from runners.backup.reasons import RestoreReason
from runners.backup.restore_result import Restored, RestorePlan
from runners.backup.restoring import prefix_of
from runners.errors import InputError
from runners.runs.clock import Clock, parse_rfc3339, pause, rfc3339
from runners.runs.reason import NotNowError

# Restores of the same moment get a number each; nothing of the owner's is ever under a prefix that is taken.
ASIDE: Final = "ial-restored-"
_EACH: Final = 500
_BILLED: Final = "every copy is stored, and billed, until it is removed or expires; the cost has a month of that"
_DONE, _LEFT_OUT, _LOST, _DOUBT, _WRONG = "done", "left-out", "not-kept", "uncertain", "wrong"


@dataclass(frozen=True, kw_only=True)
class BucketRestore:
    """Rolls one bucket of a stack back.

    `into` is the prefix of an aside copy: empty for one of this run's own, None for a rollback in place.
    """

    stack: str
    bucket: str
    into: str | None
    objects: Objects
    prices: PriceBook
    region: str
    clock: Clock

    def plan(self, at: datetime, _: str | None = None) -> RestorePlan:
        """What would be done. Reads, changes nothing.

        Raises:
            InputError: the bucket keeps no versions, the time is to come, the prefix is taken, or copies beside the
                originals could never be removed.
            AwsError: it could not be read.
        """
        at = at.astimezone(UTC).replace(microsecond=0)
        self._refuse(at)
        fast = self.objects.held_fast(self.bucket)
        prefix = None if self.into is None else self._prefix(at, fast)
        versions = self.objects.versions(self.bucket)
        found = steps_in_place(versions, at, fast) if prefix is None else steps_aside(versions, at, prefix)
        cost = rescue_cost(found.copied, self.prices, self.region)
        return RestorePlan(
            stack=self.stack,
            kind="bucket",
            source=self.bucket,
            target=self.bucket if prefix is None else f"{self.bucket}/{prefix}",
            at=rfc3339(at),
            cost_usd=cost.usd,
            steps=found.words,
            afterwards=(
                "stop whatever still writes to the bucket before, and start it again after",
                "this can be rolled back in turn, to any moment: no version and no delete marker is removed",
            )
            if prefix is None
            else (f"compare what lies under {prefix}, copy back what is wanted, delete the rest",),
            duration="about a minute for some thousand small objects; all bytes are read back once",
            notes=(*((_BILLED,) if found.copied.number else ()), *cost.unknown),
        )

    def carry_out(self, run: DrillRun, plan: RestorePlan) -> Restored:
        """Does it. May be called again for the same run: it goes on where it was cut off.

        Raises:
            RunnerError: something failed; the run can be resumed.
        """
        at, prefix = parse_rfc3339(plan.at), prefix_of(plan)
        # The moment has all of its second: nothing may be done before that is over.
        pause(run.clock, max(timedelta(0), at + timedelta(seconds=1.05) - run.clock.now()), "the end of a second")
        done = run.step(Tallied, lambda: self._apply(run, at, prefix), f"rolling {self.bucket} back")
        tally = Tally.read(done.data(), run.attachment("objects"))
        checks = self._checks(run, at, prefix, plan.at)
        left = tally.count(_LEFT_OUT)
        checks.append(
            Check(
                name="left-out",
                ok=left == 0,
                expected="none",
                observed=f"{left} objects were left out" if left else "none",
                detail=tally.told(_LEFT_OUT),
            )
        )
        notes = [
            f"{tally.count(heading)} objects {words}: {tally.told(heading)}"
            for heading, words in ((_LOST, "could not keep everything"), (_DOUBT, "are uncertain"))
            if tally.count(heading)
        ]
        return Restored(run=run.id, plan=plan, checks=tuple(checks), notes=tuple(notes))

    def _refuse(self, at: datetime) -> None:
        if not self.objects.rules(self.bucket).versioning:
            raise NotNowError(RestoreReason.NOTHING_TO_BRING_BACK.against(bucket=self.bucket))
        if at > self.clock.now():
            msg = f"--at {rfc3339(at)} is to come; accepted: a time in the past"
            raise InputError(msg)

    def _prefix(self, at: datetime, fast: str | None) -> str:
        """Where the copies go: nothing may be there, not even an old version."""
        if fast is not None:
            raise NotNowError(RestoreReason.COPIES_WOULD_STAY.against(fast=fast, bucket=self.bucket))
        if self.into:
            if self._taken(self.into):
                raise NotNowError(RestoreReason.PREFIX_TAKEN.against(prefix=self.into, bucket=self.bucket))
            return self.into
        wanted = f"{ASIDE}{at:%Y%m%d-%H%M%S}"
        prefix, number = f"{wanted}/", 1
        while self._taken(prefix):
            number += 1
            prefix = f"{wanted}-{number}/"
        return prefix

    def _taken(self, prefix: str) -> bool:
        return next(self.objects.versions(self.bucket, prefix), None) is not None

    def _copies(self) -> ObjectCopies:
        return ObjectCopies(
            objects=self.objects,
            source=self.bucket,
            target=self.bucket,
            keep=Keep(storage=True, access=True),
            aside=STAYS_BEHIND,
        )

    def _apply(self, run: DrillRun, at: datetime, prefix: str | None) -> Tallied:
        """Outcomes come in the order of the keys: a run that is resumed goes on after the last one in the journal."""
        last = run.journal.last(RollingBack.step)
        tally = Tally(run.attachment("objects")) if last is None else Tally.read(last.data, run.attachment("objects"))
        after = None if last is None else str(last.data["key"])
        doing = self._in_place(at, after) if prefix is None else self._aside(at, prefix, after)
        for outcome in doing:
            self._note(tally, outcome)
            run.guard()
            if tally.count(_DONE) % _EACH == 0:
                run.journal.add(RollingBack(key=outcome.key, **tally.document()))
                run.say(f"{tally.count(_DONE)} objects")
        return Tallied(**tally.document())

    def _note(self, tally: Tally, outcome: Outcome) -> None:
        tally.counts[_DONE] = tally.count(_DONE) + 1
        if outcome.problem is not None:
            tally.note(_LEFT_OUT, outcome.key, outcome.problem)
        if outcome.lost:
            tally.note(_LOST, outcome.key, ", ".join(outcome.lost))
        if outcome.doubt is not None:
            tally.note(_DOUBT, outcome.key, outcome.doubt)

    def _aside(self, at: datetime, prefix: str, after: str | None) -> Iterator[Outcome]:
        copies = self._copies()

        def copy(reading: Reading) -> Outcome:
            done = Outcome(key=reading.key)
            if reading.held is not None:
                done = copies.copy(Job(version=reading.held, target=prefix + reading.key))
            return replace(done, doubt=reading.doubt)

        found = readings(self.objects.versions(self.bucket), at)
        # Nothing was under the prefix when the plan was made: what is there now is this run's own.
        others = (reading for reading in found if not reading.key.startswith(prefix))
        asked = (reading for reading in others if reading.held is not None or reading.doubt is not None)
        return in_parallel(copy, (reading for reading in asked if after is None or reading.key > after))

    def _in_place(self, at: datetime, after: str | None) -> Iterator[Outcome]:
        fast, copies = self.objects.held_fast(self.bucket), self._copies()
        steps = plan_rollback(self.objects.versions(self.bucket), at)

        def do(step: Step) -> Outcome:
            try:
                return replace(self._do(step, copies, fast), doubt=step.doubt)
            except ObjectRefused as error:
                return Outcome(key=step.key, problem=str(error), doubt=step.doubt)

        return in_parallel(do, (step for step in steps if after is None or step.key > after))

    def _do(self, step: Step, copies: ObjectCopies, fast: str | None) -> Outcome:
        version = step.version
        if step.act is Act.HIDE:
            self.objects.hide(self.bucket, step.key)
        elif step.act is not Act.LEAVE and version is not None:
            if fast is not None:
                return Outcome(key=step.key, problem=f"{fast}: a copy of version {version.id} could not be removed")
            return copies.copy(Job(version=version, target=step.key))
        return Outcome(key=step.key)

    def _checks(self, run: DrillRun, at: datetime, prefix: str | None, told: str) -> list[Check]:
        """Looks at every key anew, whatever was done or left out."""
        check, tally = RollbackCheck(copies=self._copies(), at=at, prefix=prefix or ""), Tally()
        number = 0
        for outcome in check.outcomes():
            number += 1
            if outcome.problem is not None:
                tally.note(_WRONG, outcome.key, outcome.problem)
            if number % _EACH == 0:
                run.say(f"{number} objects compared")
        wrong = tally.count(_WRONG)
        checks = [
            Check(
                name="state",
                ok=wrong == 0,
                expected=f"the objects of {told}",
                observed=f"{wrong} of {number} objects differ" if wrong else f"exactly that: {number} objects",
                detail=tally.told(_WRONG),
            )
        ]
        if prefix is not None:
            held = check.held()
            checks.append(
                Check(
                    name="count",
                    ok=held == number,
                    expected=f"{number} objects",
                    observed=f"{held} objects under {prefix}",
                )
            )
        return checks
