"""The drill of a bucket over HTTP, with everything that can go wrong with what was copied."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.names import SENTINEL_PREFIX
from pricing.price_book import PriceBook
from runners.aws.objects import AwsObjects
from runners.aws.session import AwsClients
from runners.backup.buckets.bucket_drill import BucketDrill
from runners.backup.buckets.bucket_sample import Sample
from runners.backup.buckets.objects import Content, Keep, Version
from runners.backup.drill import DrillLimits
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Check, Verdict
from runners.backup.life_cycle import DrillLifeCycle
from runners.errors import AwsError
from runners.runs.clock import SystemClock
from runners.runs.journal import read_entries
from tests.runners.backup.drill_cycles import drill_cycle
from tests.runners.backup.owned_buckets import bucket, create_bucket, empty, locked_bucket
from tests.runners.journal_lines import assert_fits
from tests.runners.killing import die_after

pytestmark = pytest.mark.cloud


@dataclass
class Site:
    """Two buckets, and what drills the first."""

    s3: Any
    drill: BucketDrill
    cycle: DrillLifeCycle

    def run(self, **change: Any) -> DrillRecord:
        return self.cycle.run(replace(self.drill, **change))

    def put(self, **bodies: str) -> None:
        for key, body in bodies.items():
            self.s3.put_object(
                Bucket=self.drill.resource,
                Key=key,
                Body=body.encode(),
                ContentType="text/plain",
                Metadata={"by": "team"},
            )

    def versions(self, bucket: str) -> list[tuple[str, str, bool]]:
        return [(version.key, version.id, version.marker) for version in self.drill.objects.versions(bucket)]


@pytest.fixture
def site(clients: AwsClients, tmp_path: Path) -> Iterator[Site]:
    s3, mark = clients.client("s3"), secrets.token_hex(4)
    source, copies = f"assets-{mark}", f"configuration-{mark}"
    create_bucket(s3, source)
    create_bucket(s3, copies)
    drill = BucketDrill(
        resource=source,
        copies=copies,
        window_days=14,
        objects=AwsObjects(clients),
        prices=PriceBook.load(),
        region="us-east-1",
        limits=DrillLimits(every=timedelta(seconds=0.1)),
    )
    cycle = drill_cycle(tmp_path, SystemClock())
    found = Site(s3, drill, cycle)
    found.put(**{f"images/{number:02}": f"<svg id='{number}'/>" for number in range(8)})
    yield found
    for name in (source, copies):
        empty(s3, name)


def test_the_objects_of_the_moment_come_back(site: Site) -> None:
    site.put(**{"images/00": "overwritten"})
    site.s3.delete_object(Bucket=site.drill.resource, Key="images/01")
    before = site.versions(site.drill.resource)
    record = site.run()
    assert (record.verdict, record.reasons) == (Verdict.PASSED, ())
    assert {check.name for check in record.checks} == site.drill.required
    assert check(record, "count").observed == "9 objects"
    assert record.rpo_seconds == 0
    assert record.rto_seconds is not None
    assert site.versions(site.drill.resource) == before
    assert site.versions(site.drill.copies) == []


def test_a_large_bucket_is_sampled_evenly_and_says_so(site: Site) -> None:
    record = site.run(sample=Sample(objects=3))
    assert record.verdict is Verdict.PASSED
    assert check(record, "count").observed == "5 objects of 10, drawn evenly"
    assert "for all 10 objects, scaled from" in check(record, "recovery-time").observed
    assert "5 of 10 objects were tried, drawn evenly" in [finding.what for finding in record.findings]


def check(record: DrillRecord, name: str) -> Check:
    return next(check for check in record.checks if check.name == name)


@dataclass(frozen=True)
class Timeless(AwsObjects):
    """Listings by which everything has always been as it is now: a restore from them ignores its moment."""

    source: str = ""

    def versions(self, bucket: str, prefix: str = "") -> Iterator[Version]:
        for version in super().versions(bucket, prefix):
            # Where the sentinel is looked for by its name, it has its time.
            yield (
                version
                if prefix or bucket != self.source
                else replace(version, modified=datetime(2020, 1, 1, tzinfo=UTC))
            )


def test_a_restore_that_ignores_the_moment_fails(site: Site, clients: AwsClients) -> None:
    record = site.run(objects=Timeless(clients, source=site.drill.resource))
    assert record.verdict is Verdict.FAILED
    assert [reason.split(":")[0] for reason in record.reasons] == ["sentinel"]
    told = "the overwritten object is not that of the moment; the deleted object is missing"
    assert check(record, "sentinel").observed == told


def test_without_a_sentinel_the_record_says_what_is_not_proven(site: Site) -> None:
    before = site.versions(site.drill.resource)
    record = site.run(sentinel=False)
    assert record.verdict is Verdict.PASSED
    assert "sentinel" not in {check.name for check in record.checks}
    [finding] = record.findings
    assert "left out by the setting" in finding.what
    assert "not proven" in finding.advice
    assert site.versions(site.drill.resource) == before


def test_a_locked_bucket_is_given_nothing(site: Site) -> None:
    locked = locked_bucket(site.s3)
    before = site.versions(locked)
    record = site.run(resource=locked)
    assert (record.verdict, record.cleaned) == (Verdict.PASSED, True)
    assert "Object Lock keeps every new version for 30 days (COMPLIANCE)" in record.findings[0].what
    assert site.versions(locked) == before
    refused = site.run(copies=locked)
    assert refused.verdict is Verdict.REFUSED
    assert refused.codes == ("copies-held-fast",)
    assert "could not be removed again" in refused.reasons[0]
    with bucket(site.s3, 14, ObjectLockEnabledForBucket=True) as free:
        # Object Lock without a default keeps nothing that does not ask for it.
        record = site.run(resource=free)
        assert (record.verdict, check(record, "sentinel").ok) == (Verdict.PASSED, True)
        assert site.versions(free) == []


def test_what_cannot_be_copied_does_not_end_the_others(site: Site) -> None:
    source = site.drill.resource
    site.s3.put_object(Bucket=source, Key="cold", Body=b"x", StorageClass="GLACIER")
    site.s3.put_object(Bucket=source, Key="k" * 1024, Body=b"x")
    record = site.run()
    assert record.verdict is Verdict.PASSED
    assert check(record, "count").observed == "11 objects"
    assert check(record, "left-out").observed == "1 archived objects"
    assert "cold: it is archived" in record.findings[0].what
    site.s3.put_object(Bucket=source, Key="secret", Body=b"x", SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32)
    record = site.run()
    assert record.verdict is Verdict.INCONCLUSIVE
    assert any(reason.startswith("left-out: ") and "secret: it needs the key" in reason for reason in record.reasons)
    assert check(record, "count").observed == "11 objects"


@dataclass(frozen=True)
class Wrong(AwsObjects):
    """Copies that go wrong without anybody saying so."""

    how: str = ""
    victim: str = "images/03"

    def copy(self, source: str, version: Version, target: str, target_key: str, keep: Keep) -> tuple[str, ...]:
        lost: tuple[str, ...] = ()
        if version.key != self.victim or self.how not in ("bytes", "lost"):
            lost = super().copy(source, version, target, target_key, keep)
        if version.key == self.victim and self.how == "bytes":
            self.put(target, target_key, b"something else")
        return lost

    def content(self, bucket: str, key: str, version: str | None = None) -> Content:
        found = super().content(bucket, key, version)
        if version is None and key.endswith(self.victim) and self.how == "metadata":
            return replace(found, properties=tuple(pair for pair in found.properties if pair[0] != "metadata:by"))
        return found


@pytest.mark.parametrize(
    ("how", "checks", "named"),
    [
        ("bytes", ["content"], "images/03: is changed"),
        ("lost", ["count", "content"], "images/03: is missing"),
        ("metadata", ["content"], "images/03: has another metadata:by"),
    ],
)
def test_a_bad_copy_fails_and_is_named(
    site: Site, clients: AwsClients, how: str, checks: list[str], named: str
) -> None:
    record = site.run(objects=Wrong(clients, how=how))
    assert record.verdict is Verdict.FAILED
    assert [reason.split(":")[0] for reason in record.reasons] == checks
    assert named in record.reasons[-1]
    assert site.versions(site.drill.copies) == []


def test_rules_that_are_too_short_fail(site: Site) -> None:
    record = site.run(window_days=15)
    assert record.verdict is Verdict.FAILED
    assert record.reasons == ("lifecycle: expected overwritten objects kept for 15 days or more, found kept 14 days",)


def test_a_bucket_that_never_expires_anything_is_told(site: Site) -> None:
    site.s3.delete_bucket_lifecycle(Bucket=site.drill.resource)
    record = site.run()
    assert record.verdict is Verdict.PASSED
    assert "never expires overwritten versions" in record.findings[0].what


def test_without_versions_nothing_is_tried(site: Site) -> None:
    site.s3.put_bucket_versioning(Bucket=site.drill.resource, VersioningConfiguration={"Status": "Suspended"})
    record = site.run()
    assert record.verdict is Verdict.REFUSED
    assert record.codes == ("no-versions",)
    assert "does not keep versions" in record.reasons[0]


def test_a_missing_bucket_is_named(site: Site) -> None:
    with pytest.raises(AwsError, match="s3:GetBucketVersioning on gone: NoSuchBucket"):
        site.run(resource="gone")


def test_what_it_costs(site: Site) -> None:
    # 10,004 writes at 0.005 and three times as many reads at 0.0004 a thousand, 1 GB for a day of thirty at 0.023.
    assert site.drill.cost().usd == Decimal("0.0628")


LINES = 24


def test_the_number_of_lines(site: Site) -> None:
    record = site.run()
    assert len(read_entries(site.cycle.runs.journal(record.run))) == LINES
    assert_fits(site.cycle.runs.journal(record.run), "a drill of a bucket")


@pytest.mark.parametrize("line", range(1, LINES + 1))
def test_killed_after_each_line_and_resumed(site: Site, monkeypatch: pytest.MonkeyPatch, line: int) -> None:
    before = site.versions(site.drill.resource)
    die_after(monkeypatch, line, BucketDrill, site.run)
    [run] = site.cycle.runs.all()
    assert site.cycle.resume(site.drill, run).verdict is Verdict.PASSED
    assert site.versions(site.drill.resource) == before
    assert site.versions(site.drill.copies) == []


def test_listings_come_in_the_order_of_s3(site: Site) -> None:
    site.put(b="1")
    site.s3.delete_object(Bucket=site.drill.resource, Key="b")
    site.put(a="1")
    found: list[Version] = [
        version for version in site.drill.objects.versions(site.drill.resource) if not version.key.startswith("images")
    ]
    assert [(version.key, version.marker, version.latest) for version in found] == [
        ("a", False, True),
        ("b", True, True),
        ("b", False, False),
    ]
    assert not any(version.key.startswith(SENTINEL_PREFIX) for version in found)
