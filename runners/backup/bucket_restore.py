"""A real rollback of a bucket: shown first; aside into a prefix, or in place without deleting any data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_UP, Decimal
from typing import Any, Final

from pricing.price_book import PriceBook
from runners.backup.drill import DrillRun
from runners.backup.evidence import Check
from runners.backup.objects import Objects, Version
from runners.backup.restore_result import Restored, RestorePlan
from runners.backup.rollback_plan import Act, Step, plan_rollback, state_at
from runners.backup.sentinel import PREFIX
from runners.clock import Clock, parse_rfc3339, rfc3339
from runners.errors import InputError

ASIDE: Final = "restored-"
_SHOWN: Final = 20
_WORDS: Final = {
    Act.HIDE: "hide {n} objects that are new since then",
    Act.UNCOVER: "bring {n} deleted objects back by removing their delete markers",
    Act.COPY: "copy {n} versions of then on top",
    Act.RETRIEVE_FIRST: "leave {n} archived objects as they are: retrieve them first, then run this again",
}


@dataclass(frozen=True, kw_only=True)
class BucketRestore:
    """Rolls one bucket of a stack back. `into` is the prefix of an aside copy, None is in place."""

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
            InputError: the bucket keeps no versions, or the time is to come.
            AwsError: it could not be read.
            CatalogError: a price is missing.
        """
        at = at.astimezone(UTC).replace(microsecond=0)
        if not self.objects.rules(self.bucket).versioning:
            msg = f"bucket {self.bucket} does not keep versions, so nothing can be brought back"
            raise InputError(msg)
        if at > self.clock.now():
            msg = f"--at {rfc3339(at)} is to come; accepted: a time in the past"
            raise InputError(msg)
        steps, number = self._words(at)
        price = self.prices.price("s3.requests.write", self.region)
        return RestorePlan(
            stack=self.stack,
            kind="bucket",
            source=self.bucket,
            target=self.bucket if self.into is None else f"{self.bucket}/{self.into}",
            at=rfc3339(at),
            cost_usd=price.cost(Decimal(number) / 1000).quantize(Decimal("0.0001"), ROUND_UP),
            steps=steps,
            afterwards=(
                "stop whatever still writes to the bucket before, and start it again after",
                "this can be rolled back in turn: no version of any object is deleted",
            )
            if self.into is None
            else (f"compare what lies under {self.into}, copy back what is wanted, delete the rest",),
            duration="about a minute for a thousand objects",
        )

    def carry_out(self, run: DrillRun, plan: RestorePlan) -> Restored:
        """Does it. May be called again for the same run: what is done needs no step any more.

        Raises:
            RunnerError: something failed; the run can be resumed.
        """
        at = parse_rfc3339(plan.at)
        done = run.step("roll-back", lambda: self._apply(run, at), f"rolling {self.bucket} back")
        wrong = self._wrong(at)
        checks = [
            Check(
                name="state",
                ok=not wrong,
                expected=f"the objects of {plan.at}",
                observed="exactly that" if not wrong else f"{len(wrong)} objects differ",
                detail=", ".join(wrong[:_SHOWN]),
            )
        ]
        if done["archived"]:
            observed = f"{done['archived']} objects must be retrieved first"
            checks.append(Check(name="archived", ok=False, expected="none", observed=observed))
        return Restored(run=run.id, plan=plan, checks=tuple(checks))

    def _versions(self) -> Iterator[Version]:
        """Everything but what drills and restores put there."""
        for version in self.objects.versions(self.bucket):
            if not version.key.startswith((ASIDE, PREFIX)):
                yield version

    def _words(self, at: datetime) -> tuple[tuple[str, ...], int]:
        if self.into is not None:
            chosen = list(state_at(self._versions(), at))
            size = sum(version.size for version in chosen)
            return (f"copy {len(chosen)} objects ({size} bytes) as of {rfc3339(at)} to {self.into}",), len(chosen)
        counted: Counter[Act] = Counter()
        names: list[str] = []
        for step in plan_rollback(self._versions(), at):
            counted[step.act] += 1
            if len(names) < _SHOWN:
                names.append(f"  {step.act} {step.key}")
        words = [_WORDS[act].format(n=number) for act, number in sorted(counted.items())]
        return tuple(words + names) or ("nothing: the bucket is as it was then",), sum(counted.values())

    def _apply(self, run: DrillRun, at: datetime) -> Mapping[str, Any]:
        if self.into is not None:
            number = 0
            for version in state_at(self._versions(), at):
                self.objects.copy(
                    self.bucket, version.key, version.id, self.bucket, self.into + version.key, version.size
                )
                number += 1
            return {"steps": number, "archived": 0}
        counted: Counter[Act] = Counter()
        for number, step in enumerate(plan_rollback(self._versions(), at), 1):
            self._do(step)
            counted[step.act] += 1
            if number % 100 == 0:
                run.say(f"{number} objects")
        return {"steps": counted.total(), "archived": counted[Act.RETRIEVE_FIRST]}

    def _do(self, step: Step) -> None:
        if step.act is Act.HIDE:
            self.objects.hide(self.bucket, step.key)
        elif step.act is Act.UNCOVER:
            self.objects.remove(self.bucket, step.markers)
        elif step.act is Act.COPY and step.version is not None:
            version = step.version
            self.objects.copy(self.bucket, version.key, version.id, self.bucket, version.key, version.size)

    def _wrong(self, at: datetime) -> list[str]:
        """The keys that are not as they were, by their bytes."""
        if self.into is not None:
            return [version.key for version in state_at(self._versions(), at) if not self._same(version, self.into)]
        wanted = {version.key: version for version in state_at(self._versions(), at)}
        now = {version.key: version for version in self._versions() if version.latest and not version.marker}
        differing = wanted.keys() ^ now.keys()
        changed = {key for key in wanted.keys() & now.keys() if wanted[key].id != now[key].id}
        return sorted(differing | {key for key in changed if not self._same(wanted[key], "")})

    def _same(self, version: Version, prefix: str) -> bool:
        then = self.objects.content(self.bucket, version.key, version.id)
        return then == self.objects.content(self.bucket, prefix + version.key)
