"""The drill of a versioned bucket: its objects of a moment are copied aside, and compared byte by byte."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_UP, Decimal
from typing import Any, Final

from pricing.price_book import PriceBook
from runners.backup.drill import Cost, DrillLimits, DrillRun
from runners.backup.drill_record import RECOVERY
from runners.backup.evidence import Check, Finding, Kind
from runners.backup.objects import Objects, Version
from runners.backup.rollback_plan import ARCHIVED, state_at
from runners.backup.sentinel import PREFIX
from runners.clock import parse_rfc3339, rfc3339

COPIES: Final = "drills"
_GB: Final = Decimal(1024**3)
_THREADS: Final = 8
_MOST_NAMED: Final = 20


@dataclass(frozen=True, kw_only=True)
class Sample:
    """How much of a bucket is brought back at most; what is more is drawn evenly, and the same way each time."""

    objects: int = 1000
    bytes: int = 1024**3


@dataclass(frozen=True, kw_only=True)
class BucketDrill:
    """One bucket. The only thing it writes there is one object, which it takes away again."""

    resource: str
    copies: str
    window_days: int
    objects: Objects
    prices: PriceBook
    region: str
    limits: DrillLimits
    sample: Sample = Sample()

    kind = Kind.BUCKET
    required = frozenset({"versioning", "lifecycle", "count", "content", "sentinel", "recovery-time"})

    def cost(self) -> Cost:
        """What a run costs at most: the whole sample, whatever is in the bucket.

        Raises:
            CatalogError: a price is missing.
        """
        number, size = Decimal(self.sample.objects + 1), Decimal(self.sample.bytes) / _GB
        lines = (
            ("writes and listings", number * 2, "s3.requests.write"),
            ("reads", number * 2, "s3.requests.read"),
            ("GB-months, copies for a day", size / 30, "s3.storage.standard"),
        )
        total, shown = Decimal(0), []
        for what, quantity, key in lines:
            price = self.prices.price(key, self.region)
            usd = price.cost(quantity / 1000 if price.unit.startswith(("1K", "1k", "1,000")) else quantity)
            total += usd
            shown.append(f"{quantity:.4f} {what} at {price.unit_price} USD a {price.unit} = {usd:.6f}")
        return Cost(usd=total.quantize(Decimal("0.0001"), ROUND_UP), lines=tuple(shown))

    def obstacles(self) -> list[str]:
        """Why the bucket cannot be drilled now."""
        if not self.objects.rules(self.resource).versioning:
            return [f"bucket {self.resource} does not keep versions; apply the stack again, or enable versioning"]
        return []

    def carry_out(self, run: DrillRun) -> None:
        """Copies the objects of a moment aside and compares; may be called again for the same run."""
        self._check_rules(run)
        run.step("sentinel", lambda: self._write_sentinel(run), "writing the sentinel")
        moment = run.step("moment", lambda: self._moment(run))
        at = parse_rfc3339(str(moment["at"]))
        chosen, total = self._chosen(at)
        restored = run.step("restore", lambda: self._copy(run, chosen, total), f"copying {len(chosen)} objects")
        seen = run.step("content", lambda: self._compare(run, chosen), "comparing them byte by byte")
        self._judge(run, chosen, restored, seen)
        began, done = run.began("restore"), run.result_at("content")
        assert began is not None
        assert done is not None
        rto = round((done - began).total_seconds(), 3)
        # A versioned bucket keeps every write from the moment that it is acknowledged.
        run.step(RECOVERY, lambda: {"restored_to": rfc3339(at), "rto_seconds": rto, "rpo_seconds": 0.0})
        run.check(self.limits.objective_check(rto))

    def clean_up(self, run: DrillRun) -> list[str]:
        """Removes the copies and the sentinel with all their versions."""
        left = []
        if run.began("sentinel") is not None:
            left += self.objects.remove(self.resource, list(self.objects.versions(self.resource, PREFIX + run.id)))
        if run.began("restore") is not None:
            prefix = f"{COPIES}/{run.id}/"
            left += self.objects.remove(self.copies, list(self.objects.versions(self.copies, prefix)))
        return left

    def _check_rules(self, run: DrillRun) -> None:
        rules = self.objects.rules(self.resource)
        days = rules.noncurrent_days
        kept = "for ever" if days is None else f"{days} days"
        run.check(
            Check(name="versioning", ok=rules.versioning, expected="on", observed="on" if rules.versioning else "off")
        )
        run.check(
            Check(
                name="lifecycle",
                ok=days is None or days >= self.window_days,
                expected=f"overwritten objects kept for {self.window_days} days or more",
                observed=f"kept {kept}",
            )
        )
        if days is None:
            advice = "set noncurrent expiry, or every overwritten version is billed for ever"
            run.finding(Finding(what=f"bucket {self.resource} never expires overwritten versions", advice=advice))

    def _write_sentinel(self, run: DrillRun) -> Mapping[str, Any]:
        body = f"{run.id} {rfc3339(run.clock.now())}".encode()
        self.objects.put(self.resource, PREFIX + run.id, body)
        return {"sha256": hashlib.sha256(body).hexdigest()}

    def _moment(self, run: DrillRun) -> Mapping[str, Any]:
        """The second of now, once it has passed: a moment includes all of its second."""
        now = run.clock.now().astimezone(UTC)
        at = now.replace(microsecond=0)
        run.clock.sleep((at + timedelta(seconds=1.05) - now).total_seconds())
        return {"at": rfc3339(at)}

    def _chosen(self, at: datetime) -> tuple[list[Version], int]:
        """The sentinel and an even share of the rest, in the order of a hash of the key; and how many there are."""
        ranked: list[tuple[str, Version]] = []
        total = 0
        for version in state_at(self.objects.versions(self.resource), at):
            total += 1
            rank = "" if version.key.startswith(PREFIX) else hashlib.sha256(version.key.encode()).hexdigest()
            ranked.append((rank, version))
            if len(ranked) > 2 * self.sample.objects:
                ranked = sorted(ranked, key=lambda pair: pair[0])[: self.sample.objects + 1]
        ranked.sort(key=lambda pair: pair[0])
        chosen, size = [], 0
        for rank, version in ranked[: self.sample.objects + 1]:
            if rank and size + version.size > self.sample.bytes:
                continue
            chosen.append(version)
            size += version.size
        return chosen, total

    def _target(self, run: DrillRun, version: Version) -> str:
        return f"{COPIES}/{run.id}/{self.resource}/{version.key}"

    def _copy(self, run: DrillRun, chosen: Sequence[Version], total: int) -> Mapping[str, Any]:
        ready = [version for version in chosen if version.storage not in ARCHIVED]

        def copy(version: Version) -> None:
            self.objects.copy(
                self.resource, version.key, version.id, self.copies, self._target(run, version), version.size
            )

        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(copy, ready))
        return {"objects": total, "copied": len(ready), "archived": len(chosen) - len(ready)}

    def _compare(self, run: DrillRun, chosen: Sequence[Version]) -> Mapping[str, Any]:
        held = {version.key for version in self.objects.versions(self.copies, f"{COPIES}/{run.id}/{self.resource}/")}

        def differs(version: Version) -> str | None:
            target = self._target(run, version)
            if target not in held:
                return f"{version.key} is missing"
            before = self.objects.content(self.resource, version.key, version.id)
            return None if before == self.objects.content(self.copies, target) else f"{version.key} is changed"

        ready = [version for version in chosen if version.storage not in ARCHIVED]
        with ThreadPoolExecutor(_THREADS) as pool:
            wrong = [found for found in pool.map(differs, ready) if found]
        return {"compared": len(ready), "held": len(held), "wrong": len(wrong), "named": wrong[:_MOST_NAMED]}

    def _judge(
        self, run: DrillRun, chosen: Sequence[Version], restored: Mapping[str, Any], seen: Mapping[str, Any]
    ) -> None:
        total, copied = int(restored["objects"]), int(restored["copied"])
        share = "" if copied == total else f" of {total}, drawn evenly"
        run.check(
            Check(
                name="count",
                ok=seen["held"] == copied,
                expected=f"{copied} objects{share}",
                observed=f"{seen['held']} objects",
            )
        )
        run.check(
            Check(
                name="content",
                ok=seen["wrong"] == 0,
                expected="the bytes, type and metadata of the moment",
                observed="exactly that" if seen["wrong"] == 0 else f"{seen['wrong']} objects differ",
                detail=", ".join(map(str, seen["named"])),
            )
        )
        sentinel = any(version.key == PREFIX + run.id for version in chosen)
        whole = sentinel and not any(str(name).startswith(PREFIX + run.id) for name in seen["named"])
        run.check(
            Check(
                name="sentinel",
                ok=whole,
                expected="the object written before the moment",
                observed="it, unchanged" if whole else "it is missing or changed",
            )
        )
        if restored["archived"]:
            advice = "retrieve them first (s3:RestoreObject), which takes hours; the objective cannot be met for them"
            run.finding(Finding(what=f"{restored['archived']} objects are archived and were not tried", advice=advice))
