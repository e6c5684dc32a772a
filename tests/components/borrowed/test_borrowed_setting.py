"""Settings with an order: whatever the owner has, whatever is wanted, wherever the process ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.dynamic.dynamic import serialize_provider

from components.borrowed.borrowed_setting import BorrowedSetting
from components.borrowed.bucket_access import BucketPublicAccessProvider
from components.borrowed.bucket_encryption import BucketEncryptionProvider
from components.borrowed.bucket_versioning import BucketVersioningProvider
from components.borrowed.cluster_insights import ClusterInsightsProvider
from components.borrowed.kinds import KINDS
from components.borrowed.log_retention import LogRetentionProvider
from components.borrowed.table_deletion import DeletionProtectionProvider
from components.borrowed.table_recovery import ContinuousBackupsProvider
from tests.components.borrowed.conftest import BUCKET, CLUSTER, GROUP, PLACE, TABLE, Calls, Killed, Owner, watched

_WISH = {"retentionInDays": 14, "enabled": True, "recoveryPeriodInDays": 14, "value": "enabled", "mode": "always"}
_FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@dataclass(frozen=True)
class Case:
    """One setting: how the owner sets and reads it, and how strong a value is (the test's own opinion)."""

    provider: BorrowedSetting
    found: st.SearchStrategy[Any]
    wish: st.SearchStrategy[dict[str, Any]]
    put: Callable[[Owner, Any], None]
    get: Callable[[Owner], Any]
    strength: Callable[[Any], Any]
    new_bucket: bool = False

    def prepare(self, owner: Owner, found: Any) -> None:
        if self.new_bucket:
            owner.new_bucket()
        self.put(owner, found)


def _days(value: int) -> float:
    return float("inf") if value == 0 else value


CASES = {
    "retention": Case(
        LogRetentionProvider(),
        st.sampled_from([0, 1, 7, 14, 30, 365]),
        st.sampled_from([0, 1, 14, 30, 365]).map(lambda days: {"logGroup": GROUP, "retentionInDays": days}),
        Owner.set_retention,
        Owner.retention,
        _days,
    ),
    "recovery": Case(
        ContinuousBackupsProvider(),
        st.integers(0, 35),
        st.tuples(st.booleans(), st.integers(1, 35)).map(
            lambda wish: {"table": TABLE, "enabled": wish[0], "recoveryPeriodInDays": wish[1]}
        ),
        Owner.set_recovery,
        Owner.recovery,
        int,
    ),
    "deletion": Case(
        DeletionProtectionProvider(),
        st.booleans(),
        st.booleans().map(lambda on: {"table": TABLE, "enabled": on}),
        Owner.set_deletion,
        Owner.deletion,
        int,
    ),
    "insights": Case(
        ClusterInsightsProvider(),
        st.sampled_from(["disabled", "enabled", "enhanced"]),
        st.sampled_from([("gameday", "disabled"), ("always", "enabled")]).map(
            lambda wish: {"cluster": CLUSTER, "mode": wish[0], "value": wish[1]}
        ),
        Owner.set_insights,
        Owner.insights,
        ["disabled", "enabled", "enhanced"].index,
    ),
    "versioning": Case(
        BucketVersioningProvider(),
        st.sampled_from([None, "Suspended", "Enabled"]),
        st.booleans().map(lambda on: {"bucket": BUCKET, "enabled": on}),
        Owner.set_versioning,
        Owner.versioning,
        [None, "Suspended", "Enabled"].index,
        new_bucket=True,
    ),
    "encryption": Case(
        BucketEncryptionProvider(),
        st.sampled_from(
            [None, {"SSEAlgorithm": "AES256"}, {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/shop"}]
        ),
        st.just({"bucket": BUCKET}),
        Owner.set_encryption,
        Owner.encryption,
        lambda value: 0 if value is None else 1 + ("aws:kms" in str(value)),
        new_bucket=True,
    ),
    "access": Case(
        BucketPublicAccessProvider(),
        st.none() | st.fixed_dictionaries({flag: st.booleans() for flag in _FLAGS}),
        st.just({"bucket": BUCKET}),
        Owner.set_access,
        Owner.access,
        lambda value: frozenset(flag for flag in _FLAGS if (value or {}).get(flag)),
        new_bucket=True,
    ),
}
each = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _not_weaker(case: Case, owner: Owner, found: Any) -> Callable[[str], None]:
    def look(operation: str) -> None:
        now, before = case.strength(case.get(owner)), case.strength(found)
        assert now >= before, f"{operation} left {now!r} where its owner had {before!r}"

    return look


def _given_back(case: Case, now: Any, before: Any) -> bool:
    # S3 knows no way back from a bucket that once was versioned.
    return bool(now == before or (case.new_bucket and before is None and now == "Suspended"))


@each
@quick
@given(data=st.data())
def test_nothing_is_weaker_at_any_moment_and_all_is_given_back(owner: Owner, case: Case, data: st.DataObject) -> None:
    """With the process killed before or after any call of `up`, of an update and of `down`."""
    found, wish, other = data.draw(case.found), data.draw(case.wish), data.draw(case.wish)
    case.prepare(owner, found)
    before = case.get(owner)
    calls = Calls(after_each=_not_weaker(case, owner, before))
    calls.dies_at, calls.after_effect = data.draw(st.integers(0, 8)), data.draw(st.booleans())
    props, later = {**PLACE, **wish}, {**PLACE, **other}
    with watched(calls):
        outs = _again(lambda: case.provider.create(props)).outs or {}
        assert case.strength(case.get(owner)) >= case.strength(before)
        outs = _again(lambda: case.provider.update("id", outs, later)).outs or {}
        _again(lambda: case.provider.delete("id", outs))
    assert _given_back(case, case.get(owner), before)
    assert owner.notes() == []


def _again(act: Callable[[], Any]) -> Any:
    """The engine loses what it had not noted, and the next run does the same again."""
    try:
        return act()
    except Killed:
        return act()


@each
@quick
@given(data=st.data())
def test_what_is_inspected_is_what_is_done(owner: Owner, case: Case, data: st.DataObject) -> None:
    found, props = data.draw(case.found), {**PLACE, **data.draw(case.wish)}
    case.prepare(owner, found)
    calls = Calls()
    with watched(calls):
        (line,) = case.provider.inspect(props)
        assert calls.made == []
        outs = case.provider.create(props).outs or {}
    assert (line.decision == "set") == bool(calls.made)
    assert case.provider.inspect(props)[0].found == line.result
    case.provider.delete("id", outs)


@each
@quick
@given(data=st.data())
def test_what_somebody_changed_meanwhile_stays(
    owner: Owner, case: Case, data: st.DataObject, capsys: pytest.CaptureFixture[str]
) -> None:
    found, changed = data.draw(case.found), data.draw(case.found)
    props = {**PLACE, **data.draw(case.wish)}
    case.prepare(owner, found)
    before = case.get(owner)
    outs = case.provider.create(props).outs or {}
    left = case.get(owner)
    if changed is not None:
        case.put(owner, changed)
    meanwhile = case.get(owner)
    capsys.readouterr()
    case.provider.delete("id", outs)
    told = capsys.readouterr().err
    if meanwhile == left or _given_back(case, meanwhile, before):
        assert _given_back(case, case.get(owner), before)
    else:
        assert case.get(owner) == meanwhile
        # Where `up` had not written, nothing was to be given back.
        assert ("changed meanwhile and stays" in told) == (left != before)


@each
def test_another_resource_is_a_replacement(case: Case) -> None:
    name = case.provider.identity[-1]
    found = case.provider.diff("id", {**PLACE, name: "one"}, {**PLACE, name: "other"})
    assert found.replaces == [name]
    assert found.delete_before_replace


@each
def test_what_is_gone_cannot_be_switched_and_need_not_be_given_back(owner: Owner, case: Case) -> None:
    gone = {**PLACE, **_WISH, case.provider.identity[-1]: "elsewhere-1"}
    with pytest.raises(LookupError, match="elsewhere-1 does not exist"):
        case.provider.create(gone)
    case.provider.delete("id", {**gone, "earlier": None, "ours": []})
    assert not case.provider.read("id", gone).id


@pytest.mark.parametrize("type_", KINDS)
def test_the_pickled_provider_is_a_reference(type_: str) -> None:
    assert len(serialize_provider(KINDS[type_]())) < 200


def test_shortening_is_for_what_its_owner_wrote_down(owner: Owner) -> None:
    provider, wish = LogRetentionProvider(), {**PLACE, "logGroup": GROUP, "retentionInDays": 14}
    owner.set_retention(365)
    assert provider.inspect(wish)[0].decision == "keep"
    (line,) = provider.inspect({**wish, "shorten": True})
    assert (line.decision, line.found, line.result) == ("set", "365 days", "14 days")
    assert line.why == "its owner wrote `shorten` for it"
    outs = provider.create({**wish, "shorten": True}).outs or {}
    assert owner.retention() == 14
    provider.delete("id", outs)
    assert owner.retention() == 365


def test_a_shorter_window_is_for_what_its_owner_wrote_down(owner: Owner) -> None:
    provider = ContinuousBackupsProvider()
    wish = {**PLACE, "table": TABLE, "enabled": True, "recoveryPeriodInDays": 14}
    owner.set_recovery(35)
    assert provider.inspect(wish)[0].result == "on, 35 days"
    assert provider.inspect({**wish, "shorten": True})[0].result == "on, 14 days"
    owner.set_recovery(0)


@pytest.mark.parametrize("value", ["enabled", "enhanced"])
def test_a_game_day_never_switches_off_what_the_owner_had_on(owner: Owner, value: str) -> None:
    provider = ClusterInsightsProvider()
    props = {**PLACE, "cluster": CLUSTER, "mode": "gameday", "value": "disabled"}
    owner.set_insights(value)
    outs = provider.create(props).outs or {}
    owner.set_insights("enhanced")
    assert "drift" not in (provider.read("id", outs).outs or {})
    provider.delete("id", outs)
    # The runner gives back what it found: the program does not do it for the runner.
    assert owner.insights() == "enhanced"
    owner.set_insights("disabled")


def test_a_refresh_sees_what_was_changed_by_hand(owner: Owner) -> None:
    provider, wish = LogRetentionProvider(), {**PLACE, "logGroup": GROUP, "retentionInDays": 14}
    owner.set_retention(7)
    outs = provider.create(wish).outs or {}
    assert not provider.diff("id", provider.read("id", outs).outs or {}, wish).changes
    owner.set_retention(3)
    seen = provider.read("id", outs).outs or {}
    assert seen["drift"] == "3 days"
    assert provider.diff("id", seen, wish).changes
    provider.delete("id", provider.update("id", seen, wish).outs or {})
    # The owner's last word counts, not the one before it.
    assert owner.retention() == 3


def test_numbers_come_back_from_the_engine_as_floats(owner: Owner) -> None:
    provider = ContinuousBackupsProvider()
    owner.set_recovery(7)
    props = {**PLACE, "table": TABLE, "enabled": True, "recoveryPeriodInDays": 14.0}
    outs = provider.create(props).outs or {}
    owner.ssm.delete_parameters(Names=owner.notes())
    floats = {**outs, "earlier": {"enabled": True, "days": 7.0}, "ours": [{"enabled": True, "days": 14.0}]}
    provider.delete("id", floats)
    assert owner.recovery() == 7


def test_aws_is_asked_again_while_another_change_is_under_way() -> None:
    from botocore.exceptions import ClientError

    from components.borrowed import patience

    waits: list[float] = []
    answers = [ClientError({"Error": {"Code": "OperationAbortedException"}}, "PutRetentionPolicy")] * 2
    done: list[str] = []

    def act() -> None:
        if answers:
            raise answers.pop()
        done.append("done")

    patience.patiently(act, sleep=waits.append)
    assert (done, waits) == (["done"], [0.5, 1])
    answers = [ClientError({"Error": {"Code": "AccessDenied"}}, "PutRetentionPolicy")]
    with pytest.raises(ClientError, match="AccessDenied"):
        patience.patiently(act, sleep=waits.append)
