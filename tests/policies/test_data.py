from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract import borrowed_types
from policies import data, environments
from policies.environments import terms_of
from policies.stack import Stack
from pricing.errors import UsageError
from pricing.resource import Resource
from tests.policies.conftest import ENVIRONMENT, UNKNOWN_TEXT, Declared, Servicer, configure, made

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


VOLUME, FILES = "aws:ebs/volume:Volume", "aws:efs/fileSystem:FileSystem"
BACKUPS, PROTECTION = borrowed_types.CONTINUOUS_BACKUPS, borrowed_types.DELETION_PROTECTION
HELD, EXPIRES = borrowed_types.BUCKET_VERSIONING, borrowed_types.BUCKET_LIFECYCLE
HINT = "which is unknown at preview; set it to a known value"
NO_PITR = "table it has no point-in-time recovery: set `pointInTimeRecovery.enabled` to true"
NO_BACKUPS = "it of table orders has no point-in-time recovery: set `pitr` of the table in ial:workload to true"
NO_VERSIONS = "it does not keep versions of the bucket's objects; set"
LATE = "it expires overwritten versions after `noncurrentDays`, " + HINT


def expires(days: int) -> str:
    return (
        f"it expires overwritten versions after {days} days, so the bucket cannot be rolled back over its recovery "
        "window of 14; raise `noncurrentDays` to 14 or more"
    )


def flag(policy: str, token: str, path: str, text: str) -> list[tuple[str, str, dict[str, Any], list[str]]]:
    """A setting that must be true: as a value and as a text, and everything else refused."""

    def given(value: Any) -> dict[str, Any]:
        *outer, last = path.split(".")
        return {outer[0]: {last: value}} if outer else {last: value}

    unknown = f"{text} (`{path}` is unknown at preview)"
    right: list[Any] = [(policy, token, given(value), []) for value in (True, "true")]
    wrong: list[Any] = [False, "false", "True", "yes", 1, None]
    refused = [(policy, token, given(value), [text]) for value in wrong]
    return [*right, *refused, (policy, token, given(UNKNOWN_TEXT), [unknown]), (policy, token, {}, [text])]


SAID: list[tuple[str, str, dict[str, Any], list[str]]] = [
    *flag("recovery", data.TABLE, "pointInTimeRecovery.enabled", NO_PITR),
    ("recovery", data.TABLE, pitr(True, recoveryPeriodInDays=35), []),
    (
        "recovery",
        data.TABLE,
        pitr(True, recoveryPeriodInDays=13),
        [
            "table it reaches back 13 days and the recovery window is 14: raise "
            "`pointInTimeRecovery.recoveryPeriodInDays` to 14"
        ],
    ),
    (
        "recovery",
        data.TABLE,
        pitr(True, recoveryPeriodInDays=UNKNOWN_TEXT),
        [f"table it reaches back `pointInTimeRecovery.recoveryPeriodInDays` days, {HINT}"],
    ),
    ("recovery", BACKUPS, {"table": "orders", "enabled": True}, []),
    ("recovery", BACKUPS, {"table": "orders", "enabled": "true", "recoveryPeriodInDays": 14}, []),
    ("recovery", BACKUPS, {"table": "orders"}, [NO_BACKUPS]),
    (
        "recovery",
        BACKUPS,
        {"table": "orders", "enabled": UNKNOWN_TEXT},
        [NO_BACKUPS + " (`enabled` is unknown at preview)"],
    ),
    ("recovery", BACKUPS, {"table": UNKNOWN_TEXT}, [NO_BACKUPS.replace("orders", "(unknown at preview)")]),
    (
        "recovery",
        BACKUPS,
        {"table": "orders", "enabled": True, "recoveryPeriodInDays": 1},
        ["it of table orders reaches back 1 days and the recovery window is 14: raise `recoveryPeriodInDays` to 14"],
    ),
    *flag("versions_kept", HELD, "enabled", f"{NO_VERSIONS} `versioning` to true"),
    ("versions_kept", EXPIRES, {"noncurrentDays": 14}, []),
    ("versions_kept", EXPIRES, {"noncurrentDays": 13}, [expires(13)]),
    ("versions_kept", EXPIRES, {"noncurrentDays": "14"}, [LATE]),
    ("versions_kept", EXPIRES, {}, [LATE]),
    *(
        ("versions_kept", token, {"versioningConfiguration": {"status": status}}, found)
        for token in data.VERSIONING
        for status, found in (
            ("Enabled", []),
            ("Suspended", [f"{NO_VERSIONS} its status to Enabled"]),
            ("enabled", [f"{NO_VERSIONS} its status to Enabled"]),
            (UNKNOWN_TEXT, [f"{NO_VERSIONS} its status to Enabled"]),
        )
    ),
    *(
        ("versions_kept", token, inputs, found)
        for token in data.LIFECYCLE
        for inputs, found in (
            ({}, []),
            (expiry(14), []),
            (expiry(13), [expires(13)]),
            (expiry(UNKNOWN_TEXT), [LATE]),
            (expiry(None), [LATE]),
            (expiry(1, status="Disabled"), []),
            (expiry(1, status="disabled"), [expires(1)]),
            (expiry(1, noncurrentVersionExpiration=None), []),
            (expiry(1, noncurrentVersionExpiration=UNKNOWN_TEXT), [LATE]),
            ({"rules": UNKNOWN_TEXT}, [f"it has lifecycle `rules` {HINT}"]),
            ({"rules": "none"}, []),
            ({"rules": [UNKNOWN_TEXT, *expiry(1)["rules"]]}, [f"it has a lifecycle rule {HINT}", expires(1)]),
        )
    ),
    *(
        case
        for token, path in (
            (data.TABLE, "deletionProtectionEnabled"),
            (PROTECTION, "enabled"),
            (data.DATABASE, "deletionProtection"),
            (data.CLUSTER, "deletionProtection"),
        )
        for case in flag(
            "deletion_protected", token, path, f"it ({token}) can be deleted by one call: set `{path}` to true"
        )
    ),
    *(
        case
        for token, path in (
            (data.DATABASE, "storageEncrypted"),
            (data.CLUSTER, "storageEncrypted"),
            (VOLUME, "encrypted"),
            (FILES, "encrypted"),
        )
        for case in flag("encrypted", token, path, f"it ({token}) is not encrypted: set `{path}` to true")
    ),
    *(
        (policy, token, ALL_BLOCKED | inputs, found)
        for path in ALL_BLOCKED
        for policy, token, inputs, found in flag(
            "private", data.ACCESS_BLOCK, path, f"it leaves the bucket open to the public: set `{path}` to true"
        )
        if inputs
    ),
    *(
        ("private", data.DATABASE, {"publiclyAccessible": value}, found)
        for value, found in (
            (False, []),
            ("false", []),
            (None, []),
            *(
                (other, ["database it may be reached from the internet: set `publiclyAccessible` to false"])
                for other in (True, "true", UNKNOWN_TEXT, "False")
            ),
        )
    ),
    *(
        ("private", token, {"acl": acl}, found)
        for token in (*data.BUCKETS, *data.ACLS)
        for acl, found in (
            (None, []),
            ("private", []),
            ("bucket-owner-full-control", []),
            *(
                (open_to, ["it has an `acl` that is not known to be private; remove it"])
                for open_to in ("public-read", "public-read-write", "authenticated-read", UNKNOWN_TEXT)
            ),
        )
    ),
]


@pytest.mark.parametrize(("check", "token", "inputs", "found"), SAID)
def test_what_is_said_of_a_resource(check: str, token: str, inputs: dict[str, Any], found: list[str]) -> None:
    resource = made(token, inputs)
    needs_terms = check in {"recovery", "versions_kept"}
    assert list(getattr(data, check)(resource, *([lambda: terms_of(resource.urn)] if needs_terms else []))) == found


def test_every_setting_of_an_access_block_is_named() -> None:
    named = [text.split("`")[1] for text in data.private(made(data.ACCESS_BLOCK, {}))]
    assert sorted(named) == sorted(ALL_BLOCKED)


def window(monkeypatch: pytest.MonkeyPatch, folder: Path, configured: str, declared: int | None) -> int:
    text = ENVIRONMENT.replace("recoveryWindowDays: 14", f"recoveryWindowDays: {declared}" if declared else "")
    (folder / "dev.yaml").write_text(text, encoding="utf-8")
    environments._terms.cache_clear()
    configure(monkeypatch, {"ial:recoveryWindowDays": configured})
    return data.recovery_window(terms_of("", "dev"))


@pytest.mark.parametrize(
    ("configured", "declared", "days"),
    [("", None, 14), ("", 7, 7), ("7", None, 7), ("7", 9, 9), ("9", 7, 9), ("0", None, 0), ("40", 14, 40)],
)
def test_the_recovery_window(
    monkeypatch: pytest.MonkeyPatch, surroundings: Path, configured: str, declared: int | None, days: int
) -> None:
    assert window(monkeypatch, surroundings, configured, declared) == days


@pytest.mark.parametrize("configured", ["a week", "1.5", "-1", "7d", "\u0667", " "])
def test_a_recovery_window_that_is_no_number(
    monkeypatch: pytest.MonkeyPatch, surroundings: Path, configured: str
) -> None:
    with pytest.raises(UsageError) as raised:
        window(monkeypatch, surroundings, configured, 14)
    assert str(raised.value) == f"ial:recoveryWindowDays: {configured!r} is not a number of days"


def test_a_table_reaches_back_no_further_than_aws_lets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, {"ial:recoveryWindowDays": "40"})
    short, longest, unsaid = (made(data.TABLE, pitr(True, **days)) for days in (of(34), of(35), {}))
    assert list(data.recovery(short, lambda: terms_of(short.urn))) == [
        "table it reaches back 34 days and the recovery window is 40: raise `pointInTimeRecovery.recoveryPeriodInDays` "
        "to 35"
    ]
    for table in (longest, unsaid):
        assert list(data.recovery(table, lambda: terms_of(short.urn))) == []


def of(days: int) -> dict[str, int]:
    return {"recoveryPeriodInDays": days}


def complete(*resources: Resource) -> list[tuple[str, str | None]]:
    return [(found.message, found.urn) for found in data.buckets_complete(Stack(resources))]


@pytest.mark.parametrize("token", data.BUCKETS)
@pytest.mark.parametrize("versioning", data.VERSIONING)
def test_a_bucket_is_complete_with_settings_of_its_own(token: str, versioning: str) -> None:
    bucket, other = (made(token, {"bucket": name}, name) for name in ("store", "other"))
    own = [made(kind, {"bucket": "store"}) for kind in (versioning, data.ACCESS_BLOCK)]
    others = [made(kind, {"bucket": "other"}, "o") for kind in (versioning, data.ACCESS_BLOCK)]
    lacking = [
        ("bucket store has no versioning; add a BucketVersioning for it", bucket.urn),
        ("bucket store has no public access block; add a BucketPublicAccessBlock for it", bucket.urn),
    ]
    assert complete(bucket, other, *own, *others) == []
    assert complete(bucket, other, *others) == lacking
    assert complete(bucket, other, *others, own[0]) == lacking[1:]
    # One that names a bucket is that one's, whatever it depends on; one that does not know its name yet is told by it.
    depending = (bucket.urn,)
    assert complete(bucket, *(made(one.type, {"bucket": "x"}, dependencies=depending) for one in own)) == lacking
    assert complete(bucket, *(made(one.type, {}, dependencies=depending) for one in own)) == []
    assert complete(bucket, *(made(one.type, {}) for one in own)) == lacking


def protected(monkeypatch: pytest.MonkeyPatch, workload: object, *resources: Resource) -> list[str]:
    text = workload if isinstance(workload, str) else json.dumps(workload)
    configure(monkeypatch, {"ial:stage": "2", "ial:workload": text})
    found = list(data.workload_protected(Stack(resources or (made(NOTE.type, {}),))))
    assert {one.urn for one in found} <= {None}
    return [one.message for one in found]


def test_what_the_workload_names_and_the_stack_does_not_protect(monkeypatch: pytest.MonkeyPatch) -> None:
    table = "table orders of the workload has no point-in-time recovery in this stack; protect it"
    bucket = "bucket store-1 of the workload has no versioning in this stack; protect it"
    assert protected(monkeypatch, WORKLOAD) == [table, bucket]
    # One entry may stand without a list.
    assert protected(monkeypatch, {"tables": {"name": "orders"}, "buckets": {"name": "store-1"}}) == [table, bucket]
    others = [made(BACKUPS, {"table": "other"}), made(HELD, {"bucket": "other"})]
    assert protected(monkeypatch, WORKLOAD, *others) == [table, bucket]
    for token, path in ((BACKUPS, "table"), (data.TABLE, "name")):
        assert protected(monkeypatch, WORKLOAD, *others, made(token, {path: "orders"}, "own")) == [bucket]
    for token in (HELD, *data.VERSIONING):
        assert protected(monkeypatch, WORKLOAD, *others, made(token, {"bucket": "store-1"}, "own")) == [table]


@pytest.mark.parametrize(
    ("leave", "left"),
    [(["versioning"], True), (["lifecycle", "versioning"], True), (["lifecycle"], False), ([], False), (None, False)],
)
def test_a_bucket_s_versioning_may_be_left(monkeypatch: pytest.MonkeyPatch, leave: Any, left: bool) -> None:
    buckets = [{"name": "own", "leave": leave}, {"name": "next"}]
    found = protected(monkeypatch, {"buckets": buckets})
    assert [text.split()[1] for text in found] == (["next"] if left else ["own", "next"])


@pytest.mark.parametrize("workload", ["", "{}", {"tables": None}, {"tables": []}, {"notes": [1]}])
def test_a_workload_without_data(monkeypatch: pytest.MonkeyPatch, workload: object) -> None:
    assert protected(monkeypatch, workload) == []


@pytest.mark.parametrize("key", ["tables", "buckets"])
@pytest.mark.parametrize("entry", ["orders", ["orders"], [{}], [{"name": 1}], [{"name": None}], {"names": "x"}])
def test_an_entry_without_a_name(monkeypatch: pytest.MonkeyPatch, key: str, entry: object) -> None:
    with pytest.raises(UsageError) as raised:
        protected(monkeypatch, {key: entry})
    assert str(raised.value) == f"ial:workload.{key}: an entry has no name, so what must be protected is not known"


@pytest.mark.parametrize("text", ["[]", "{", '"text"', "null", "0"])
def test_a_workload_that_is_no_object(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    with pytest.raises(UsageError) as raised:
        protected(monkeypatch, text)
    assert str(raised.value) == "ial:workload: not an object, so what must be protected is not known"
