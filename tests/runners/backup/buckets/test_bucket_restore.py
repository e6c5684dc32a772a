"""Rollbacks of buckets through the production adapter: what comes back, with what, and what is told of the rest."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pricing.price_book import PriceBook
from runners.aws.objects import AwsObjects
from runners.aws.session import AwsClients
from runners.backup.buckets.bucket_restore import BucketRestore
from runners.backup.buckets.objects import Keep, Version
from runners.backup.evidence import Check
from runners.backup.restore_result import Restored
from runners.backup.restoring import Restoring
from runners.errors import AwsError, InputError
from runners.runs.clock import SystemClock
from runners.runs.run_folder import Runs
from tests.runners.backup.owned_buckets import bucket, locked_bucket
from tests.runners.journal_lines import assert_fits
from tests.runners.rehearsal import MemoryLeases, MemoryRecords

pytestmark = pytest.mark.cloud


@dataclass
class Site:
    """A bucket and what restores it."""

    s3: Any
    name: str
    restore: BucketRestore
    restoring: Restoring

    def put(self, key: str, body: str, **more: Any) -> None:
        self.s3.put_object(Bucket=self.name, Key=key, Body=body.encode(), **more)

    def objects(self) -> dict[str, str]:
        found = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        keys = [held["Key"] for page in found for held in page.get("Contents", [])]
        return {key: self.s3.get_object(Bucket=self.name, Key=key)["Body"].read().decode() for key in keys}

    def objects_under(self, prefix: str) -> set[str]:
        found = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        return {held["Key"] for page in found for held in page.get("Contents", [])}

    def run(self, at: datetime, into: str | None = None, **more: Any) -> Restored:
        chosen = replace(self.restore, into=into, **more)
        done = self.restoring.start(chosen, chosen.plan(at), "dev")
        assert done.run is not None
        assert_fits(self.restoring.runs.journal(done.run), "a restore of a bucket")
        return done


def moment(quiet: int = 0) -> datetime:
    """The second of now, or one in which nothing changes: what is written from now on came after it."""
    at = int(time.time()) + quiet
    time.sleep(at + 1.05 - time.time())
    return datetime.fromtimestamp(at, UTC)


def check(done: Restored, name: str) -> Check:
    return next(check for check in done.checks if check.name == name)


@pytest.fixture
def site(clients: AwsClients, tmp_path: Path) -> Iterator[Site]:
    s3, clock = clients.client("s3"), SystemClock()
    restoring = Restoring(
        stack="dev",
        runs=Runs(tmp_path, "dev"),
        records=MemoryRecords(),
        leases=MemoryLeases(clock),
        clock=clock,
        say=lambda _: None,
    )
    with bucket(s3) as name:
        restore = BucketRestore(
            stack="dev",
            bucket=name,
            into=None,
            objects=AwsObjects(clients),
            prices=PriceBook.load(),
            region="us-east-1",
            clock=clock,
        )
        yield Site(s3, name, restore, restoring)


def test_every_key_is_rolled_back_whatever_it_is_called(site: Site) -> None:
    for key in ("restored-paintings/mona", "ial-restored-old/x", "ial-drill-mine", "paintings/mona"):
        site.put(key, "v1")
    before, at = site.objects(), moment()
    for key in before:
        site.put(key, "ransom")
    site.put("restored-new", "x")
    done = site.run(at)
    assert done.verdict == "restored"
    assert check(done, "state").observed == "exactly that: 4 objects"
    assert site.objects() == before


def test_a_copy_keeps_all_that_the_object_had(site: Site) -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    given: dict[str, Any] = {
        "ContentType": "text/javascript",
        "CacheControl": "max-age=60",
        "ContentEncoding": "gzip",
        "ContentDisposition": "inline",
        "ContentLanguage": "de",
        "StorageClass": "STANDARD_IA",
        "WebsiteRedirectLocation": "/x",
        "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": key,
        "Metadata": {"owner": "web"},
    }
    site.put("app.js", "good", Tagging="team=web&pii=no", ACL="public-read", **given)
    at = moment(quiet=1)
    site.put("app.js", "bad")
    done = site.run(at)
    assert (done.verdict, done.notes) == ("restored", ())
    head = site.s3.head_object(Bucket=site.name, Key="app.js")
    assert {name: head.get(name) for name in given} == given
    tags = site.s3.get_object_tagging(Bucket=site.name, Key="app.js")["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "web", "pii": "no"}
    assert len(site.s3.get_object_acl(Bucket=site.name, Key="app.js")["Grants"]) == 2


@dataclass(frozen=True)
class Forgetting(AwsObjects):
    """Copies as CopyObject makes them when nobody asks for more."""

    def copy(self, source: str, version: Version, target: str, target_key: str, keep: Keep) -> tuple[str, ...]:
        which: Any = {"Bucket": source, "Key": version.key, "VersionId": version.id}
        self.clients.client("s3").copy_object(Bucket=target, Key=target_key, CopySource=which)
        return ()


def test_what_a_copy_lost_is_found_by_the_check(site: Site, clients: AwsClients) -> None:
    site.put("app.js", "good", StorageClass="STANDARD_IA", ACL="public-read", WebsiteRedirectLocation="/x")
    at = moment()
    site.put("app.js", "bad")
    done = site.run(at, objects=Forgetting(clients))
    assert done.verdict == "incomplete"
    assert check(done, "state").detail == "app.js: has another ACL, StorageClass, WebsiteRedirectLocation"


def test_each_object_has_an_outcome_of_its_own(site: Site) -> None:
    site.put("archived", "x", StorageClass="DEEP_ARCHIVE")
    site.put("retrieved", "x", StorageClass="GLACIER")
    site.put("secret", "x", SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32)
    site.put("k" * 1024, "x")
    site.put("plain", "x")
    site.s3.restore_object(Bucket=site.name, Key="retrieved", RestoreRequest={"Days": 1})
    site.s3.head_object(Bucket=site.name, Key="retrieved")
    at = moment()
    done = site.run(at, "")
    assert done.verdict == "incomplete"
    left = check(done, "left-out")
    assert left.observed == "3 objects were left out"
    assert [why.partition(":")[2].strip()[:24] for why in left.detail.split("; ")[:1]] == ["it is archived"]
    assert "secret: it needs the key that it was encrypted with" in left.detail
    assert "longer than 1,024 bytes" in left.detail
    assert check(done, "count").observed.startswith("2 objects")
    [prefix] = {key.split("/")[0] for key in site.objects_under("ial-restored-")}
    assert site.objects_under("ial-restored-") == {f"{prefix}/plain", f"{prefix}/retrieved"}
    assert "retrieved: StorageClass: GLACIER became STANDARD" in done.notes[0]


def test_an_aside_copy_never_lands_on_the_owner(site: Site) -> None:
    site.put("mona", "v1")
    site.put("paintings/mona", "v1")
    site.put("gone/x", "v1")
    site.s3.delete_object(Bucket=site.name, Key="gone/x")
    at = moment()
    for taken in ("paintings/", "paint", "gone/"):
        with pytest.raises(InputError, match=r"prefix-taken: .* has objects or versions there"):
            site.run(at, taken)
    first, second = site.run(at, ""), site.run(at, "")
    assert (first.verdict, second.verdict) == ("restored", "restored")
    assert first.plan.target != second.plan.target
    assert check(second, "count").observed.startswith("2 objects")
    assert site.run(at, "mine").verdict == "restored"
    assert site.objects()["minepaintings/mona"] == "v1"


def test_a_locked_bucket_is_given_no_copy(site: Site) -> None:
    locked = locked_bucket(site.s3)
    site.s3.put_object(Bucket=locked, Key="gone.txt", Body=b"x")
    at = moment()
    site.s3.put_object(Bucket=locked, Key="case-1.txt", Body=b"overwritten")
    site.s3.put_object(Bucket=locked, Key="new", Body=b"x")
    site.s3.delete_object(Bucket=locked, Key="gone.txt")
    before = [version for version in site.restore.objects.versions(locked) if not version.marker]
    with pytest.raises(InputError, match=r"copies-would-stay: .* could not be removed again"):
        site.run(at, "", bucket=locked)
    done = site.run(at, bucket=locked)
    assert done.verdict == "incomplete"
    for key in ("case-1.txt", "gone.txt"):
        assert f"{key}: Object Lock keeps every new version for 30 days (COMPLIANCE)" in check(done, "left-out").detail
    after = [version for version in site.restore.objects.versions(locked) if not version.marker]
    assert {version.id for version in after} == {version.id for version in before}


def test_what_changed_in_the_second_of_the_moment_is_told(site: Site) -> None:
    site.put("before", "v1")
    moment()
    site.put("within", "v1")
    at = moment()
    site.put("within", "v2")
    plan = site.restore.plan(at)
    assert any(word.startswith("uncertain: 1 objects: each changed in the second of the moment") for word in plan.steps)
    done = site.run(at)
    assert done.verdict == "restored"
    assert "within: changed in the second of the moment" in done.notes[0]
    assert site.objects() == {"before": "v1", "within": "v1"}


def test_an_upload_in_parts_is_told(site: Site) -> None:
    upload = site.s3.create_multipart_upload(Bucket=site.name, Key="large")["UploadId"]
    where = {"Bucket": site.name, "Key": "large", "UploadId": upload}
    part = site.s3.upload_part(**where, PartNumber=1, Body=b"x")
    moment()
    at = moment()
    site.s3.complete_multipart_upload(**where, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    done = site.run(at)
    assert "large: was uploaded in parts that were begun less than a day before the moment" in done.notes[0]


@pytest.mark.parametrize("into", [None, ""])
def test_a_run_that_was_cut_off_goes_on_where_it_was(
    site: Site, clients: AwsClients, monkeypatch: pytest.MonkeyPatch, into: str | None
) -> None:
    monkeypatch.setattr("runners.backup.buckets.bucket_restore._EACH", 4)
    for number in range(10):
        site.put(f"k{number}", "v1")
    at = moment()
    for number in range(10):
        site.put(f"k{number}", "v2")

    @dataclass(frozen=True)
    class Failing(AwsObjects):
        def copy(self, source: str, version: Version, target: str, target_key: str, keep: Keep) -> tuple[str, ...]:
            if version.key == "k6":
                msg = "s3:CopyObject: 503"
                raise AwsError(msg, operation="s3:CopyObject", code="SlowDown")
            return super().copy(source, version, target, target_key, keep)

    with pytest.raises(AwsError, match="503"):
        site.run(at, into, objects=Failing(clients))
    [run] = site.restoring.runs.all()
    done = site.restoring.resume(site.restore, run)
    assert done.verdict == "restored"
    assert check(done, "state").observed == "exactly that: 10 objects"
    copies = [version.key for version in site.restore.objects.versions(site.name) if version.key.endswith("k0")]
    # What the journal has as done is not copied again.
    assert len(copies) == 3


def test_what_it_costs(site: Site) -> None:
    for number in range(3):
        site.put(str(number), "x")
    plan = site.restore.plan(moment(quiet=1))
    assert plan.steps == ("nothing: the bucket is as it was then",)
    assert plan.cost_usd == Decimal(0)
    assert plan.notes == ()
    aside = replace(site.restore, into="").plan(moment())
    # A write at 0.005 and six reads at 0.0004 a thousand, for each object, and three bytes.
    assert aside.cost_usd == Decimal("0.0001")
    assert "the cost has a month" in aside.notes[0]


def test_nothing_is_restored_without_versions_or_to_a_time_to_come(site: Site) -> None:
    with pytest.raises(InputError, match="is to come"):
        site.restore.plan(datetime(2999, 1, 1, tzinfo=UTC))
    site.s3.put_bucket_versioning(Bucket=site.name, VersioningConfiguration={"Status": "Suspended"})
    with pytest.raises(InputError, match=r"nothing-to-bring-back: .* does not keep versions"):
        site.restore.plan(moment())


def test_what_was_deleted_comes_back_with_all_it_had_and_its_marker_stays(site: Site) -> None:
    site.put("gone", "v1", StorageClass="STANDARD_IA", Tagging="team=web", ContentType="text/x")
    there = moment()
    site.s3.delete_object(Bucket=site.name, Key="gone")
    [marker] = site.s3.list_object_versions(Bucket=site.name)["DeleteMarkers"]
    deleted = moment()
    for at, wanted in ((there, {"gone": "v1"}), (deleted, {}), (there, {"gone": "v1"})):
        done = site.run(at)
        assert (done.verdict, site.objects()) == ("restored", wanted)
        markers = site.s3.list_object_versions(Bucket=site.name)["DeleteMarkers"]
        assert marker["VersionId"] in [held["VersionId"] for held in markers]
    head = site.s3.head_object(Bucket=site.name, Key="gone")
    assert (head["StorageClass"], head["ContentType"]) == ("STANDARD_IA", "text/x")
    assert site.s3.get_object_tagging(Bucket=site.name, Key="gone")["TagSet"] == [{"Key": "team", "Value": "web"}]


def test_a_deleted_object_that_cannot_be_copied_is_named_and_stays_deleted(site: Site) -> None:
    site.put("archived", "x", StorageClass="DEEP_ARCHIVE")
    site.put("secret", "x", SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32)
    site.put("plain", "x")
    at = moment()
    for key in ("archived", "secret", "plain"):
        site.s3.delete_object(Bucket=site.name, Key=key)
    plan = site.restore.plan(at)
    assert {"  retrieve-first archived", "  copy plain", "  copy secret"} <= set(plan.steps)
    done = site.run(at)
    assert (done.verdict, site.objects()) == ("incomplete", {"plain": "x"})
    left = check(done, "left-out")
    assert left.observed == "2 objects were left out"
    assert "archived: it is archived; retrieve it first" in left.detail
    assert "secret: it needs the key that it was encrypted with" in left.detail
    assert check(done, "state").detail == "archived: is missing; secret: is missing"


@pytest.mark.parametrize("into", [None, ""])
def test_an_unknown_price_stands_in_nobody_s_way(site: Site, into: str | None) -> None:
    site.put("plain", "x")
    at = moment(quiet=1)
    site.put("plain", "y")
    done = site.run(at, into, region="mars-1")
    assert (done.verdict, done.plan.cost_usd) == ("restored", None)
    assert any("the price of writes is unknown (s3.requests.write in mars-1)" in note for note in done.plan.notes)
    known = replace(site.restore, into=into).plan(at)
    assert known.cost_usd is not None
    assert not [note for note in known.notes if "price" in note]
