"""Lifecycle rules and policy statements of others are passed on as they are, wherever ours are among them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.borrowed.bucket_lifecycle import BucketLifecycleProvider
from components.borrowed.bucket_policy import BucketPolicyProvider
from components.borrowed.lifecycle_rules import LifecycleWish, answers
from components.borrowed.merged_entries import merged, taken, without
from tests.components.borrowed.conftest import BUCKET, PLACE, Calls, Killed, Owner, watched

MINE = ["ial-dev-a", "ial-dev-b"]
_theirs = st.fixed_dictionaries({"ID": st.text("xyz", min_size=1, max_size=3), "n": st.integers(0, 9)})
_ours = st.lists(st.sampled_from(MINE), unique=True).map(lambda ids: [{"ID": id_, "n": -1} for id_ in ids])
quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(theirs=st.lists(_theirs), there=_ours, wanted=_ours, data=st.data())
def test_others_are_kept_in_order_and_ours_are_as_wanted(
    theirs: list[Any], there: list[Any], wanted: list[Any], data: st.DataObject
) -> None:
    entries = list(theirs)
    for entry in there:
        entries.insert(data.draw(st.integers(0, len(entries))), {**entry, "n": -2})
    found = merged(entries, "ID", MINE, wanted)
    assert without(found, "ID", MINE) == theirs
    ours = [entry for entry in found if entry["ID"] in MINE]
    assert sorted(map(str, ours)) == sorted(map(str, wanted))
    assert merged(found, "ID", MINE, wanted) == found


def test_a_name_of_ours_that_somebody_uses_is_seen() -> None:
    assert taken([{"ID": "ial-dev-a"}, {"ID": "x"}, {}], "ID", MINE, []) == ["ial-dev-a"]
    assert taken([{"ID": "ial-dev-a"}], "ID", MINE, MINE) == []


def _wish(**changed: Any) -> LifecycleWish:
    given: dict[str, Any] = {
        "prefix": "ial-dev-", "noncurrent_days": 14, "newer_versions": 3, "multipart_days": None, "shorten": False,
    }  # fmt: skip
    return LifecycleWish(**given | changed)


_EXPIRES: dict[str, Any] = {
    "ID": "t",
    "Status": "Enabled",
    "Filter": {},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 2555},
}
_MOVES: dict[str, Any] = {
    "ID": "t",
    "Status": "Enabled",
    "Filter": {},
    "NoncurrentVersionTransitions": [{"NoncurrentDays": 1}],
}
_ABORTS: dict[str, Any] = {
    "ID": "t",
    "Status": "Enabled",
    "Filter": {},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 9},
}


@pytest.mark.parametrize(
    ("wish", "theirs", "was_versioned", "decision", "why"),
    [
        ({}, [], False, "merge", "were not kept before"),
        ({}, [], True, "leave", "keeps overwritten versions for ever"),
        ({"shorten": True}, [], True, "merge", "its owner wrote `shorten`"),
        ({}, [_EXPIRES], False, "leave", "rule t of its owner covers"),
        ({"shorten": True}, [_EXPIRES], True, "leave", "rule t of its owner covers"),
        ({}, [_MOVES], False, "leave", "rule t of its owner covers"),
        ({"noncurrent_days": 3000}, [_EXPIRES], False, "leave", "for 2555 days only"),
        ({}, [{**_EXPIRES, "Status": "Disabled"}], False, "merge", "were not kept before"),
        ({}, [_ABORTS], False, "merge", "were not kept before"),
        ({}, [{"ID": "t", "Status": "Enabled", "Prefix": "tmp/"}], False, "leave", "Prefix without Filter"),
    ],
)
def test_versions_expire_only_where_they_were_not_kept_before(
    wish: dict[str, Any], theirs: list[Any], was_versioned: bool, decision: str, why: str
) -> None:
    versions, _ = answers(_wish(**wish), theirs, was_versioned=was_versioned)
    assert (versions.decision, versions.rule is not None) == (decision, decision == "merge")
    assert why in versions.why


@pytest.mark.parametrize(
    ("days", "theirs", "decision", "why"),
    [
        (None, [], "leave", "not asked for"),
        (7, [], "merge", "asked for it"),
        (7, [_ABORTS], "leave", "rule t of its owner covers"),
        (7, [{"ID": "t", "Status": "Enabled", "Prefix": ""}], "leave", "Prefix without Filter"),
    ],
)
def test_uploads_are_aborted_only_where_it_is_asked_for(
    days: int | None, theirs: list[Any], decision: str, why: str
) -> None:
    _, uploads = answers(_wish(multipart_days=days), theirs, was_versioned=False)
    assert uploads.decision == decision
    assert why in uploads.why


_RULES = st.lists(
    st.sampled_from([_EXPIRES, _MOVES, _ABORTS, {**_EXPIRES, "Status": "Disabled"}]), unique_by=str, max_size=3
).map(
    # What moto does not keep is kept by the local cloud, and looked at there.
    lambda rules: [
        {**rule, "ID": f"theirs-{number}", "Filter": {"Prefix": f"p{number}/"}}
        | ({"NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "GLACIER"}]}
           if "NoncurrentVersionTransitions" in rule else {})
        for number, rule in enumerate(rules)
    ]
)  # fmt: skip


@quick
@given(
    rules=_RULES,
    status=st.sampled_from([None, "Suspended", "Enabled"]),
    uploads=st.none() | st.integers(1, 30),
    shorten=st.booleans(),
    dies_at=st.integers(0, 6),
    after=st.booleans(),
)
def test_rules_of_others_are_as_they_were_wherever_the_process_ends(
    owner: Owner, rules: list[Any], status: str | None, uploads: int | None, shorten: bool, dies_at: int, after: bool
) -> None:
    owner.new_bucket()
    owner.set_rules(rules)
    owner.set_versioning(status)
    before = owner.rules()

    def look(operation: str) -> None:
        assert [rule for rule in owner.rules() if not rule["ID"].startswith("ial-dev-")] == before, operation

    wish = {**PLACE, "bucket": BUCKET, "noncurrentDays": 14.0, "newerVersions": 3.0, "shorten": shorten}
    props = wish | ({} if uploads is None else {"multipartDays": uploads})
    _through_its_life(BucketLifecycleProvider(), props, wish, Calls(look, dies_at, after))
    assert owner.rules() == before
    assert owner.notes() == []


def _statement(**changed: Any) -> dict[str, Any]:
    arn = f"arn:aws:s3:::{BUCKET}"
    ours = {
        "Sid": "ial-dev-only-over-tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }  # fmt: skip
    return {**ours, **changed}


_READ = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
_FRONT = {"Sid": "Öffentlich", **_READ, "Principal": {"Service": "cloudfront.amazonaws.com"}}
_POLICIES: list[Any] = [
    None,
    {"Version": "2008-10-17", "Statement": _FRONT},
    {"Version": "2012-10-17", "Id": "shop", "Statement": [_READ, _FRONT]},
    {"Version": "2012-10-17", "Statement": [_statement(Sid="TlsOnly", Principal={"AWS": "*"}), _READ]},
]


@quick
@given(policy=st.sampled_from(_POLICIES), dies_at=st.integers(0, 6), after=st.booleans())
def test_statements_of_others_are_as_they_were_wherever_the_process_ends(
    owner: Owner, policy: Any, dies_at: int, after: bool
) -> None:
    owner.new_bucket()
    owner.set_policy(policy)

    def look(operation: str) -> None:
        held = (owner.policy() or {}).get("Statement", [])
        there = [s for s in ([held] if isinstance(held, dict) else held) if s.get("Sid") != "ial-dev-only-over-tls"]
        theirs = (policy or {}).get("Statement", [])
        assert there == ([theirs] if isinstance(theirs, dict) else theirs), operation

    props = {**PLACE, "bucket": BUCKET, "statement": json.dumps(_statement())}
    _through_its_life(BucketPolicyProvider(), props, props, Calls(look, dies_at, after))
    assert owner.policy() == policy
    assert owner.notes() == []


def _through_its_life(provider: Any, props: dict[str, Any], later: dict[str, Any], calls: Calls) -> None:
    with watched(calls):
        outs = _again(lambda: provider.create(props)).outs
        assert not provider.diff("id", provider.read("id", outs).outs, props).changes
        outs = _again(lambda: provider.update("id", outs, later)).outs
        _again(lambda: provider.delete("id", outs))


def _again(act: Any) -> Any:
    try:
        return act()
    except Killed:
        return act()


def test_our_sid_in_somebody_else_s_policy_is_refused(owner: Owner) -> None:
    owner.new_bucket()
    owner.set_policy({"Version": "2012-10-17", "Statement": [_statement(Effect="Allow")]})
    props = {**PLACE, "bucket": BUCKET, "statement": json.dumps(_statement())}
    assert [line.decision for line in BucketPolicyProvider().inspect(props)] == ["refuse"]
    with pytest.raises(
        PermissionError, match="a statement ial-dev-only-over-tls is there that this stack did not make"
    ):
        BucketPolicyProvider().create(props)
    assert owner.policy()["Statement"] == [_statement(Effect="Allow")]


def test_our_id_in_somebody_else_s_rules_is_refused(owner: Owner) -> None:
    owner.new_bucket()
    owner.set_rules([{**_EXPIRES, "ID": "ial-dev-expire-old-versions", "Filter": {"Prefix": ""}}])
    props = {**PLACE, "bucket": BUCKET, "noncurrentDays": 14, "newerVersions": 3, "shorten": False}
    with pytest.raises(
        PermissionError, match="a rule ial-dev-expire-old-versions is there that this stack did not make"
    ):
        BucketLifecycleProvider().create(props)
    assert owner.rules()[0]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 2555}


def test_a_statement_that_says_the_same_makes_ours_needless(owner: Owner) -> None:
    owner.new_bucket()
    owner.set_policy(_POLICIES[3])
    props = {**PLACE, "bucket": BUCKET, "statement": json.dumps(_statement())}
    (line,) = BucketPolicyProvider().inspect(props)
    assert (line.decision, line.why) == ("keep", "a statement of its owner says the same, so ours is left out")
