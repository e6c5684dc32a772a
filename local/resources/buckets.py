"""S3 buckets and the settings that stand beside them."""

from __future__ import annotations

import contextlib
from typing import Any

from local.endpoint import REGION, Endpoint
from local.resources.kind import Kind, Made, Properties, pascal, tag_list, upsert


def _create_bucket(endpoint: Endpoint, properties: Properties) -> Made:
    s3, name = endpoint.client("s3"), properties["bucket"]
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
        s3.create_bucket(Bucket=name)
    if properties.get("tags"):
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(properties)})
    outputs = {
        "arn": f"arn:aws:s3:::{name}", "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{name}.s3.{REGION}.amazonaws.com",
    }  # fmt: skip
    return Made(name, outputs)


def _delete_bucket(endpoint: Endpoint, name: str, properties: Properties) -> None:
    s3 = endpoint.client("s3")
    if properties.get("forceDestroy"):
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                s3.delete_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])
    s3.delete_bucket(Bucket=name)


def _there(endpoint: Endpoint, name: str) -> bool:
    # S3 creates a bucket twice in us-east-1; it is the provider that looks first, and refuses.
    return name in {bucket["Name"] for bucket in endpoint.client("s3").list_buckets()["Buckets"]}


def _versioning(endpoint: Endpoint, properties: Properties) -> Made:
    status = properties["versioningConfiguration"]["status"]
    if status != "Disabled":
        setting = {"Status": status}
        endpoint.client("s3").put_bucket_versioning(Bucket=properties["bucket"], VersioningConfiguration=setting)
    return Made(properties["bucket"])


def _stop_versioning(endpoint: Endpoint, bucket: str, _: Properties) -> None:
    endpoint.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def _rule(rule: Properties) -> dict[str, Any]:
    found: dict[str, Any] = pascal({key: value for key, value in rule.items() if key != "id"})
    found["ID"] = rule["id"]
    found.setdefault("Filter", {"Prefix": ""})
    for transition in found.pop("Transitions", None) or []:
        found.setdefault("Transitions", []).append(transition)
    return found


def _lifecycle(endpoint: Endpoint, properties: Properties) -> Made:
    rules = {"Rules": [_rule(rule) for rule in properties["rules"]]}
    endpoint.client("s3").put_bucket_lifecycle_configuration(Bucket=properties["bucket"], LifecycleConfiguration=rules)
    return Made(properties["bucket"])


def _no_lifecycle(endpoint: Endpoint, bucket: str, _: Properties) -> None:
    endpoint.client("s3").delete_bucket_lifecycle(Bucket=bucket)


def _policy(endpoint: Endpoint, properties: Properties) -> Made:
    endpoint.client("s3").put_bucket_policy(Bucket=properties["bucket"], Policy=properties["policy"])
    return Made(properties["bucket"])


def _no_policy(endpoint: Endpoint, bucket: str, _: Properties) -> None:
    endpoint.client("s3").delete_bucket_policy(Bucket=bucket)


def _private(endpoint: Endpoint, properties: Properties) -> Made:
    kept = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    setting = pascal({key: bool(properties.get(key)) for key in kept})
    endpoint.client("s3").put_public_access_block(Bucket=properties["bucket"], PublicAccessBlockConfiguration=setting)
    return Made(properties["bucket"])


def _public(endpoint: Endpoint, bucket: str, _: Properties) -> None:
    endpoint.client("s3").delete_public_access_block(Bucket=bucket)


def _encryption(endpoint: Endpoint, properties: Properties) -> Made:
    rules = []
    for rule in properties["rules"]:
        default = rule["applyServerSideEncryptionByDefault"]
        chosen = {"SSEAlgorithm": default["sseAlgorithm"]}
        if default.get("kmsMasterKeyId"):
            chosen["KMSMasterKeyID"] = default["kmsMasterKeyId"]
        rules.append(
            {"ApplyServerSideEncryptionByDefault": chosen, "BucketKeyEnabled": bool(rule.get("bucketKeyEnabled"))}
        )
    endpoint.client("s3").put_bucket_encryption(
        Bucket=properties["bucket"], ServerSideEncryptionConfiguration={"Rules": rules}
    )
    return Made(properties["bucket"])


def _no_encryption(endpoint: Endpoint, bucket: str, _: Properties) -> None:
    endpoint.client("s3").delete_bucket_encryption(Bucket=bucket)


KINDS: dict[str, Kind] = {
    "aws:s3/bucket:Bucket": upsert(_create_bucket, _delete_bucket, "bucket", there=_there),
    "aws:s3/bucketVersioning:BucketVersioning": upsert(_versioning, _stop_versioning, "bucket"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": upsert(_lifecycle, _no_lifecycle, "bucket"),
    "aws:s3/bucketPolicy:BucketPolicy": upsert(_policy, _no_policy, "bucket"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": upsert(_private, _public, "bucket"),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": upsert(
        _encryption, _no_encryption, "bucket"
    ),
}
