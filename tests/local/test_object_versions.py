"""Listings of the local cloud against what S3 documents: order, pages, encoded keys, dates of uploads in parts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus
from urllib.request import ProxyHandler, build_opener
from xml.etree import ElementTree

import pytest

from local.endpoint import Endpoint
from tests.runners.backup.owned_buckets import bucket

pytestmark = pytest.mark.cloud
ODD = ["a b+c%2Fd", "é", "e\u0301", "\U0001f600", "\uffee", "x//y//", "tab\tx", "\x01", "&<>\"'", "back\\slash"]


@pytest.fixture
def s3(endpoint: Endpoint) -> Any:
    return endpoint.client("s3")


@pytest.fixture
def name(s3: Any) -> Iterator[str]:
    with bucket(s3) as found:
        yield found


def entries(endpoint: Endpoint, name: str, **asked: str) -> tuple[list[tuple[str, str, str]], dict[str, str]]:
    """Kind, decoded key and version of each entry as it stands in the answer, and the answer's other elements."""
    query = "&".join(["versions", "encoding-type=url", *(f"{key.replace('_', '-')}={asked[key]}" for key in asked)])
    opener = build_opener(ProxyHandler({}))
    with opener.open(f"{endpoint.url}/{name}?{query}") as answer:
        root = ElementTree.fromstring(answer.read())
    found, rest = [], {}
    for child in root:
        kind, texts = child.tag.rpartition("}")[2], {part.tag.rpartition("}")[2]: part.text or "" for part in child}
        if kind in ("Version", "DeleteMarker"):
            found.append((kind, unquote_plus(texts["Key"]), texts["VersionId"]))
        else:
            rest[kind] = child.text or ""
    return found, rest


def test_versions_and_markers_are_mixed_and_the_newest_is_first(endpoint: Endpoint, s3: Any, name: str) -> None:
    ids = []
    for act in "x-xx--x":
        if act == "x":
            ids.append(("Version", "k", s3.put_object(Bucket=name, Key="k", Body=b"")["VersionId"]))
        else:
            ids.append(("DeleteMarker", "k", s3.delete_object(Bucket=name, Key="k")["VersionId"]))
    found, _ = entries(endpoint, name)
    assert found == ids[::-1]
    listed = s3.list_object_versions(Bucket=name)
    assert [held["VersionId"] for held in listed["Versions"] if held["IsLatest"]] == [ids[-1][2]]


def test_odd_keys_come_back_as_they_are_in_the_order_of_their_bytes(endpoint: Endpoint, s3: Any, name: str) -> None:
    for key in ODD:
        s3.put_object(Bucket=name, Key=key, Body=b"")
    expected = sorted(ODD, key=str.encode)
    assert [key for _, key, _ in entries(endpoint, name)[0]] == expected
    assert [held["Key"] for held in s3.list_object_versions(Bucket=name)["Versions"]] == expected


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_meet_without_a_gap_inside_a_key_too(endpoint: Endpoint, s3: Any, name: str, size: int) -> None:
    for key in ("a", "b b", "c"):
        s3.put_object(Bucket=name, Key=key, Body=b"")
        s3.delete_object(Bucket=name, Key=key)
        s3.put_object(Bucket=name, Key=key, Body=b"")
    whole, _ = entries(endpoint, name)
    found: list[Any] = []
    asked: dict[str, str] = {}
    while True:
        page, rest = entries(endpoint, name, max_keys=str(size), **asked)
        found += page
        if rest["IsTruncated"] == "false":
            break
        assert len(page) == size
        asked = {"key_marker": rest["NextKeyMarker"], "version_id_marker": rest["NextVersionIdMarker"]}
    assert found == whole
    assert len(whole) == 9
    after, _ = entries(endpoint, name, key_marker="a")
    assert after == [entry for entry in whole if entry[1] > "a"]
    assert entries(endpoint, name, prefix="b")[0] == [entry for entry in whole if entry[1] == "b b"]


def test_an_upload_in_parts_is_dated_by_its_beginning(s3: Any, name: str) -> None:
    upload = s3.create_multipart_upload(Bucket=name, Key="large")["UploadId"]
    time.sleep(1.1)
    where = {"Bucket": name, "Key": "large", "UploadId": upload}
    part = s3.upload_part(**where, PartNumber=1, Body=b"x")
    small = s3.put_object(Bucket=name, Key="small", Body=b"x")
    s3.complete_multipart_upload(**where, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    large, other = s3.list_object_versions(Bucket=name)["Versions"]
    assert other["VersionId"] == small["VersionId"]
    assert large["LastModified"] < other["LastModified"]
    assert large["ETag"].endswith('-1"')


def test_whether_an_archived_version_can_be_read_is_listed(s3: Any, name: str) -> None:
    s3.put_object(Bucket=name, Key="cold", Body=b"x", StorageClass="GLACIER")
    asked = {"Bucket": name, "OptionalObjectAttributes": ["RestoreStatus"]}
    [held] = s3.list_object_versions(**asked)["Versions"]
    assert "RestoreStatus" not in held
    s3.restore_object(Bucket=name, Key="cold", RestoreRequest={"Days": 1})
    for _ in range(5):
        [held] = s3.list_object_versions(**asked)["Versions"]
    assert held["RestoreStatus"]["IsRestoreInProgress"] is False


def test_keys_that_are_too_long_are_refused(s3: Any, name: str) -> None:
    fits, long = "é" * 512, "é" * 512 + "x"
    s3.put_object(Bucket=name, Key=fits, Body=b"x")
    source = {"Bucket": name, "Key": fits}
    refused = pytest.raises(s3.exceptions.ClientError, match="KeyTooLongError")
    with refused:
        s3.put_object(Bucket=name, Key=long, Body=b"x")
    with refused:
        s3.copy_object(Bucket=name, Key=long, CopySource=source)
    with refused:
        s3.create_multipart_upload(Bucket=name, Key=long)


def test_what_a_customer_encrypted_needs_the_key_of_the_customer(s3: Any, name: str) -> None:
    key = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}
    s3.put_object(Bucket=name, Key="secret", Body=b"x", **key)
    s3.put_object(Bucket=name, Key="plain", Body=b"x")
    source = {"Bucket": name, "Key": "secret"}
    with pytest.raises(s3.exceptions.ClientError, match="InvalidRequest"):
        s3.get_object(Bucket=name, Key="secret")
    with pytest.raises(s3.exceptions.ClientError, match="400"):
        s3.head_object(Bucket=name, Key="secret")
    with pytest.raises(s3.exceptions.ClientError, match="InvalidRequest"):
        s3.copy_object(Bucket=name, Key="copy", CopySource=source)
    assert s3.get_object(Bucket=name, Key="secret", **key)["Body"].read() == b"x"
    assert s3.get_object(Bucket=name, Key="plain")["Body"].read() == b"x"
