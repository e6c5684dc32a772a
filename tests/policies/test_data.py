from __future__ import annotations

import json
from typing import Any

import pytest

from contract import borrowed_types
from policies import data
from tests.policies.conftest import UNKNOWN_TEXT, Declared, Servicer, configure

BUCKET = data.BUCKETS[0]
VERSIONING = data.VERSIONING[0]
LIFECYCLE = data.LIFECYCLE[0]
ALL_BLOCKED = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}


def expiry(days: Any, **changes: Any) -> dict[str, Any]:
    return {"rules": [{"status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": days}, **changes}]}


def pitr(enabled: Any, **changes: Any) -> dict[str, Any]:
    return {"pointInTimeRecovery": {"enabled": enabled, **changes}}


@pytest.mark.parametrize(
    ("policy", "token", "inputs", "refused"),
    [
        ("table-recoverable", data.TABLE, {}, 1),
        ("table-recoverable", data.TABLE, pitr(False), 1),
        ("table-recoverable", data.TABLE, pitr(UNKNOWN_TEXT), 1),
        ("table-recoverable", data.TABLE, {"pointInTimeRecovery": UNKNOWN_TEXT}, 1),
        ("table-recoverable", data.TABLE, pitr(True), 0),
        ("table-recoverable", data.TABLE, pitr(True, recoveryPeriodInDays=13), 1),
        ("table-recoverable", data.TABLE, pitr(True, recoveryPeriodInDays=14), 0),
        ("table-recoverable", data.TABLE, pitr(True, recoveryPeriodInDays=UNKNOWN_TEXT), 1),
        ("table-recoverable", borrowed_types.CONTINUOUS_BACKUPS, {"table": "t", "enabled": False}, 1),
        ("table-recoverable", borrowed_types.CONTINUOUS_BACKUPS, {"table": "t", "enabled": True}, 0),
        ("versions-kept", VERSIONING, {"versioningConfiguration": {"status": "Suspended"}}, 1),
        ("versions-kept", VERSIONING, {"versioningConfiguration": {"status": UNKNOWN_TEXT}}, 1),
        ("versions-kept", VERSIONING, {"versioningConfiguration": {"status": "Enabled"}}, 0),
        ("versions-kept", borrowed_types.BUCKET_VERSIONING, {"bucket": "b", "enabled": False}, 1),
        ("versions-kept", borrowed_types.BUCKET_VERSIONING, {"bucket": "b", "enabled": UNKNOWN_TEXT}, 1),
        ("versions-kept", borrowed_types.BUCKET_VERSIONING, {"bucket": "b", "enabled": True}, 0),
        ("versions-kept", borrowed_types.BUCKET_LIFECYCLE, {"bucket": "b", "noncurrentDays": 13}, 1),
        ("versions-kept", borrowed_types.BUCKET_LIFECYCLE, {"bucket": "b", "noncurrentDays": UNKNOWN_TEXT}, 1),
        ("versions-kept", borrowed_types.BUCKET_LIFECYCLE, {"bucket": "b", "noncurrentDays": 14}, 0),
        ("versions-kept", LIFECYCLE, expiry(13), 1),
        ("versions-kept", LIFECYCLE, expiry(14), 0),
        ("versions-kept", LIFECYCLE, expiry(UNKNOWN_TEXT), 1),
        ("versions-kept", LIFECYCLE, expiry(1, status="Disabled"), 0),
        ("versions-kept", LIFECYCLE, expiry(1, status=UNKNOWN_TEXT), 1),
        ("versions-kept", LIFECYCLE, {"rules": UNKNOWN_TEXT}, 1),
        ("versions-kept", LIFECYCLE, {"rules": [UNKNOWN_TEXT]}, 1),
        ("deletion-protected", data.TABLE, {}, 1),
        ("deletion-protected", data.TABLE, {"deletionProtectionEnabled": True}, 0),
        ("deletion-protected", data.TABLE, {"deletionProtectionEnabled": UNKNOWN_TEXT}, 1),
        ("deletion-protected", borrowed_types.DELETION_PROTECTION, {"enabled": False}, 1),
        ("deletion-protected", borrowed_types.DELETION_PROTECTION, {"enabled": True}, 0),
        ("deletion-protected", data.DATABASE, {}, 1),
        ("deletion-protected", data.DATABASE, {"deletionProtection": True}, 0),
        ("data-encrypted", data.DATABASE, {}, 1),
        ("data-encrypted", data.DATABASE, {"storageEncrypted": True}, 0),
        ("data-encrypted", "aws:ebs/volume:Volume", {"encrypted": UNKNOWN_TEXT}, 1),
        ("no-public-access", data.ACCESS_BLOCK, {**ALL_BLOCKED, "blockPublicPolicy": False}, 1),
        ("no-public-access", data.ACCESS_BLOCK, {**ALL_BLOCKED, "blockPublicPolicy": UNKNOWN_TEXT}, 1),
        ("no-public-access", data.ACCESS_BLOCK, ALL_BLOCKED, 0),
        ("no-public-access", data.DATABASE, {"publiclyAccessible": True}, 1),
        ("no-public-access", data.DATABASE, {"publiclyAccessible": UNKNOWN_TEXT}, 1),
        ("no-public-access", data.DATABASE, {}, 0),
        ("no-public-access", BUCKET, {"acl": "public-read"}, 1),
        ("no-public-access", BUCKET, {"acl": "private"}, 0),
        ("no-public-access", data.ACLS[0], {"acl": UNKNOWN_TEXT}, 1),
    ],
)
def test_a_resource(pack: Servicer, policy: str, token: str, inputs: dict[str, Any], refused: int) -> None:
    found = [said for said in pack.resource(Declared(token, inputs=inputs)) if said.policy == policy]
    assert [said.level for said in found] == [1] * refused
    assert all("it" in said.message for said in found)


@pytest.mark.parametrize(("configured", "kept", "refused"), [("14", 20, 0), ("21", 20, 1), ("7", 14, 0), ("7", 10, 1)])
def test_the_longer_recovery_window_counts(
    pack: Servicer, monkeypatch: pytest.MonkeyPatch, configured: str, kept: int, refused: int
) -> None:
    configure(monkeypatch, {"ial:recoveryWindowDays": configured})
    found = pack.resource(Declared(LIFECYCLE, inputs=expiry(kept)))
    assert [said.level for said in found if said.policy == "versions-kept"] == [1] * refused


def test_a_bucket_without_its_settings_is_refused(pack: Servicer) -> None:
    bucket = Declared(BUCKET, "store", {"bucket": "store-1"})
    others = [
        Declared(VERSIONING, "v", {"bucket": "store-2", "versioningConfiguration": {"status": "Enabled"}}),
        Declared(data.ACCESS_BLOCK, "p", {"bucket": UNKNOWN_TEXT, **ALL_BLOCKED}),
    ]
    found = pack.of("buckets-complete", bucket, *others)
    assert [said.message for said in found] == [
        "bucket store has no versioning; add a BucketVersioning for it",
        "bucket store has no public access block; add a BucketPublicAccessBlock for it",
    ]
    assert {said.level for said in found} == {1}


def test_a_bucket_with_its_settings_passes(pack: Servicer) -> None:
    bucket = Declared(BUCKET, "store", {"bucket": "store-1"})
    others = [
        Declared(VERSIONING, "v", {"bucket": "store-1", "versioningConfiguration": {"status": "Enabled"}}),
        Declared(data.ACCESS_BLOCK, "p", {"bucket": UNKNOWN_TEXT, **ALL_BLOCKED}, dependencies=(bucket.urn,)),
    ]
    assert pack.of("buckets-complete", bucket, *others) == []


WORKLOAD = {"tables": [{"name": "orders"}], "buckets": [{"name": "store-1"}, {"name": "own", "leave": ["versioning"]}]}
SWITCHED = Declared(borrowed_types.CONTINUOUS_BACKUPS, "r", {"table": "orders", "enabled": True})
VERSIONED = Declared(VERSIONING, "v", {"bucket": "store-1", "versioningConfiguration": {"status": "Enabled"}})
NOTE = Declared("aws:cloudwatch/queryDefinition:QueryDefinition", "q")


@pytest.mark.parametrize(
    ("stage", "declared", "named"),
    [
        ("2", (SWITCHED, VERSIONED), []),
        ("2", (VERSIONED,), ["orders"]),
        ("2", (SWITCHED,), ["store-1"]),
        ("2", (Declared(data.TABLE, "t", {"name": "orders", **pitr(True)}), VERSIONED), []),
        ("1", (NOTE,), []),
    ],
)
def test_what_the_configuration_names_is_protected(
    pack: Servicer, monkeypatch: pytest.MonkeyPatch, stage: str, declared: tuple[Declared, ...], named: list[str]
) -> None:
    configure(monkeypatch, {"ial:stage": stage, "ial:workload": json.dumps(WORKLOAD)})
    found = pack.of("workload-protected", *declared)
    assert [said.message.split()[1] for said in found] == named
    assert all(said.level == 1 for said in found)


@pytest.mark.parametrize("text", ["[1]", "{", '{"tables": [{"nam": "x"}]}'])
def test_a_workload_that_cannot_be_read_cannot_be_judged(
    pack: Servicer, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    configure(monkeypatch, {"ial:stage": "2", "ial:workload": text})
    found = pack.of("cost-gate-could-judge", NOTE)
    assert [said.level for said in found] == [1]
    assert "ial:workload" in found[0].message
