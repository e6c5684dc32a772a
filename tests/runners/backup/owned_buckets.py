"""Versioned buckets on the local cloud, and what a team does with them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def create_bucket(s3: Any, name: str, days: int | None = 14, **given: Any) -> None:
    """A versioned bucket whose overwritten versions are kept for so many days."""
    s3.create_bucket(Bucket=name, **given)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    if days:
        rule = {
            "ID": "x",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {"NoncurrentDays": days},
        }
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})


def empty(s3: Any, name: str) -> None:
    """Removes a bucket with everything in it."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        for held in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=name, Key=held["Key"], VersionId=held["VersionId"])
    s3.delete_bucket(Bucket=name)


@contextmanager
def bucket(s3: Any, days: int | None = None, **given: Any) -> Iterator[str]:
    """A bucket for as long as it is needed."""
    name = f"bucket-{secrets.token_hex(6)}"
    create_bucket(s3, name, days, **given)
    try:
        yield name
    finally:
        empty(s3, name)


def locked_bucket(s3: Any, days: int = 30) -> str:
    """A bucket with one object, in which Object Lock keeps every new version: it stays until its cloud ends."""
    name = f"locked-{secrets.token_hex(6)}"
    create_bucket(s3, name, ObjectLockEnabledForBucket=True)
    retention = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": days}}
    s3.put_object_lock_configuration(
        Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": retention}
    )
    s3.put_object(Bucket=name, Key="case-1.txt", Body=b"x")
    return name
