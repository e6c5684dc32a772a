"""The S3 adapter over HTTP: the order of listings, copies in parts, and what is one object's trouble alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from runners.aws.object_properties import access_of, grants_of
from runners.aws.objects import AwsObjects
from runners.aws.session import AwsClients
from runners.aws.version_order import ORDER, in_order
from runners.backup.buckets.objects import Keep, ObjectRefused, Version
from runners.errors import AwsError
from tests.runners.aws.test_session import Answering
from tests.runners.backup.owned_buckets import bucket

ALL = Keep(storage=True, access=True)
MIB = 1024**2


@pytest.fixture
def own(clients: AwsClients) -> AwsClients:
    """Clients of a test's own, whose calls it may let fail."""
    return AwsClients("us-east-1", endpoint=clients._endpoint, keys=("local", "local", None))


@pytest.fixture
def name(clients: AwsClients) -> Iterator[str]:
    with bucket(clients.client("s3")) as found:
        yield found


@pytest.mark.cloud
def test_versions_come_in_the_order_in_which_they_were_stored(own: AwsClients, name: str) -> None:
    s3, ids = own.client("s3"), list[tuple[str, bool]]()
    for act in "x-x--xx-x":
        made = (
            s3.put_object(Bucket=name, Key="a b", Body=b"x") if act == "x" else s3.delete_object(Bucket=name, Key="a b")
        )
        ids.append((made["VersionId"], act == "-"))
    found = list(AwsObjects(own).versions(name))
    assert [(version.id, version.marker) for version in found] == ids[::-1]
    assert [version.latest for version in found] == [True, *[False] * 8]
    assert {version.key for version in found} == {"a b"}


@pytest.mark.cloud
@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_keep_the_order(own: AwsClients, name: str, size: int) -> None:
    s3 = own.client("s3")
    for act in "xx-x-":
        for key in ("a", "é &+"):
            s3.put_object(Bucket=name, Key=key, Body=b"") if act == "x" else s3.delete_object(Bucket=name, Key=key)
    whole = list(AwsObjects(own).versions(name))
    asked = list[int]()

    def small(params: dict[str, Any], **_: Any) -> None:
        params["MaxKeys"] = size
        asked.append(size)

    s3.meta.events.register("before-parameter-build.s3.ListObjectVersions", small)
    assert list(AwsObjects(own).versions(name)) == whole
    assert [version.marker for version in whole] == [True, False, True, False, False] * 2
    assert len(asked) == 10 // size


def test_an_answer_whose_order_cannot_be_told_is_refused() -> None:
    held = {"Versions": [{"Key": "a"}], "DeleteMarkers": [{"Key": "a"}]}
    assert [marker for _, marker in in_order({**held, ORDER: [True, False]})] == [True, False]
    assert list(in_order({ORDER: []})) == []
    for order in (None, [True], [True, True]):
        with pytest.raises(AwsError, match="ListObjectVersions"):
            list(in_order({**held, ORDER: order}))


def _large(s3: Any, name: str) -> tuple[Version, dict[str, Any]]:
    given: dict[str, Any] = {
        "ContentType": "video/mp4",
        "CacheControl": "max-age=60",
        "ContentLanguage": "de",
        "StorageClass": "STANDARD_IA",
        "Metadata": {"by": "team"},
    }
    made = s3.put_object(
        Bucket=name, Key="large", Body=b"x" * (11 * MIB), Tagging="team=web&a%20b=c%3Dd", ACL="public-read", **given
    )
    size = 11 * MIB
    return Version(key="large", id=made["VersionId"], modified=datetime.now(UTC), size=size), given


@pytest.mark.cloud
def test_a_copy_in_parts_keeps_what_one_in_a_piece_keeps(own: AwsClients, name: str) -> None:
    s3, objects = own.client("s3"), AwsObjects(own, largest_copy=10 * MIB, part=5 * MIB)
    version, given = _large(s3, name)
    assert objects.copy(name, version, name, "copy", ALL) == ()
    assert AwsObjects(own).copy(name, version, name, "whole", ALL) == ()
    head = s3.head_object(Bucket=name, Key="copy")
    assert head["ETag"].endswith('-3"')
    assert {name: head.get(name) for name in given} == given
    then = objects.content(name, "large", version.id)
    assert objects.content(name, "copy") == then == objects.content(name, "whole")
    assert dict(then.properties)["tag:a b"] == "c=d"
    assert dict(then.properties)["ACL"] != "private"


@pytest.mark.cloud
@pytest.mark.parametrize("abort_fails", [False, True])
def test_a_copy_in_parts_that_fails_leaves_no_parts_or_says_so(
    own: AwsClients, name: str, abort_fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    s3, objects = own.client("s3"), AwsObjects(own, largest_copy=10 * MIB, part=5 * MIB)
    version, _ = _large(s3, name)
    broken = [(500, "InternalError")] * 50
    s3.meta.events.register("before-send.s3.UploadPartCopy", Answering(*broken, service="s3"))
    if abort_fails:
        s3.meta.events.register("before-send.s3.AbortMultipartUpload", Answering(*broken, service="s3"))
    with pytest.raises(AwsError, match="s3:UploadPartCopy") as raised:
        objects.copy(name, version, name, "copy", ALL)
    assert bool(s3.list_multipart_uploads(Bucket=name).get("Uploads")) is abort_fails
    notes = getattr(raised.value, "__notes__", [])
    assert [note.startswith("its parts are left behind: s3:AbortMultipartUpload") for note in notes] == [
        True
    ] * abort_fails


@pytest.mark.cloud
@pytest.mark.parametrize(
    ("status", "code", "one"),
    [
        (403, "AccessDenied", True),
        (403, "InvalidObjectState", True),
        (400, "KMS.DisabledException", True),
        (400, "SomethingNew", True),
        (400, "ExpiredToken", False),
        (404, "NoSuchBucket", False),
        (503, "SlowDown", False),
        (500, "InternalError", False),
    ],
)
def test_what_is_one_objects_trouble_and_what_is_everybodys(
    own: AwsClients, name: str, monkeypatch: pytest.MonkeyPatch, status: int, code: str, one: bool
) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    s3 = own.client("s3")
    made = s3.put_object(Bucket=name, Key="a", Body=b"x")
    version = Version(key="a", id=made["VersionId"], modified=datetime.now(UTC))
    s3.meta.events.register("before-send.s3.CopyObject", Answering(*[(status, code)] * 50, service="s3"))
    with pytest.raises(AwsError, match=code) as raised:
        AwsObjects(own).copy(name, version, name, "b", ALL)
    assert isinstance(raised.value, ObjectRefused) is one


@pytest.mark.cloud
def test_an_acl_that_may_not_be_read_is_named(own: AwsClients, name: str) -> None:
    s3 = own.client("s3")
    made = s3.put_object(Bucket=name, Key="a", Body=b"x")
    version = Version(key="a", id=made["VersionId"], modified=datetime.now(UTC))
    s3.meta.events.register("before-send.s3.GetObjectAcl", Answering(*[(403, "AccessDenied")] * 9, service="s3"))
    assert AwsObjects(own).copy(name, version, name, "b", ALL) == ("ACL: s3:GetObjectAcl is denied",)


@pytest.mark.cloud
def test_buckets_without_acls_are_not_asked_for_any(own: AwsClients, name: str) -> None:
    s3, asked = own.client("s3"), list[str]()
    s3.put_bucket_ownership_controls(
        Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    s3.put_object(Bucket=name, Key="a", Body=b"x")
    s3.meta.events.register("before-call.s3.GetObjectAcl", lambda **_: asked.append("x"))
    assert dict(AwsObjects(own).content(name, "a").properties)["ACL"] == "private"
    assert asked == []


def test_acls_in_words_and_as_parameters() -> None:
    def acl(*grants: tuple[str, str, str]) -> dict[str, Any]:
        return {
            "Owner": {"ID": "me"},
            "Grants": [{"Permission": permission, "Grantee": {kind: who}} for permission, kind, who in grants],
        }

    private = acl(("FULL_CONTROL", "ID", "me"))
    assert (access_of(private), grants_of(private)) == ("private", {})
    shared = acl(("FULL_CONTROL", "ID", "me"), ("READ", "URI", "all"), ("READ", "ID", "you"))
    assert grants_of(shared) == {"GrantFullControl": 'id="me"', "GrantRead": 'uri="all", id="you"'}
    assert access_of(shared) == 'FULL_CONTROL to id="me", READ to id="you", READ to uri="all"'
