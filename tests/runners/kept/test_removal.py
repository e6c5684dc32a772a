"""What a stack keeps is listed, or deleted with all that is in it, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runners.aws import session
from runners.aws.session import AwsClients
from runners.errors import JournalError
from runners.exit_codes import ExitCode
from runners.kept.holders import Holders
from runners.kept.kept import OTHER, Kept
from runners.kept.notes import Notes
from runners.kept.outcome import Outcome, TakenDown
from runners.kept.removal import Removal
from runners.runs.clock import SystemClock
from tests.runners.kept.conftest import ACCOUNT, Filled

pytestmark = pytest.mark.cloud
# With one of each kind, this many calls change something.
CALLS = 11
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'


class Killed(BaseException):
    """No handler catches it, as none runs in a process that was killed."""


def states(outcomes: tuple[Outcome, ...]) -> dict[str, str]:
    return {outcome.held.kind: outcome.state for outcome in outcomes}


def test_what_is_there_is_told_and_stays(removal: Removal, filled: Filled) -> None:
    told = removal.tell(filled.kept)
    assert {outcome.held.kind: outcome.holds for outcome in told} == {
        "table": "about 1 item",
        "bucket": "5 versions",
        "log group": "log events",
        "vault": "2 recovery points",
        "role": "copies expire in its name",
    }
    assert {outcome.state for outcome in told} == {"kept"}
    assert len(filled.there()) == len(filled.kept)
    lines = TakenDown(stack="dev", engine="local", deleted=3, outcomes=told).summary()
    assert lines[-1].endswith("ial down --stack dev --delete-data dev")


def test_all_of_it_is_deleted_in_an_order_that_aws_takes(removal: Removal, filled: Filled) -> None:
    removal.notes.found(filled.kept)
    outcomes = removal.delete(filled.kept)
    assert set(states(outcomes).values()) == {"deleted"}
    assert filled.there() == []
    assert removal.notes.left() == set()
    assert removal.delete(filled.kept) == ()


def _killing(patch: pytest.MonkeyPatch, at: int, *, before: bool) -> list[str]:
    """The process ends at one of the calls that change something: before it reaches AWS, or after."""
    call, seen = session.call, list[str]()

    def once(operation: str, resource: str, method: Any, **arguments: Any) -> Any:
        changing = operation.split(":")[1].startswith(("Delete", "Update", "Abort"))
        if changing:
            seen.append(operation)
        if changing and len(seen) == at and before:
            raise Killed
        answer = call(operation, resource, method, **arguments)
        if changing and len(seen) == at:
            raise Killed
        return answer

    for kind in ("tables", "buckets", "vaults", "log_groups", "roles"):
        patch.setattr(f"runners.aws.holders.{kind}.call", once)
    return seen


def _some(every: int) -> list[Any]:
    rare = pytest.mark.rare
    return [pytest.param(at, marks=() if at % every == 3 else rare) for at in range(1, CALLS + 1)]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("at", _some(5))
def test_a_kill_at_any_call_is_resumed(
    holders: Holders, filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, before: bool
) -> None:
    def go() -> set[Kept]:
        with Notes.open(tmp_path, "dev", SystemClock()) as notes:
            notes.found(filled.kept)
            Removal(holders=holders, notes=notes, say=lambda _: None).delete(
                sorted(notes.left(), key=filled.kept.index)
            )
            return notes.left()

    with monkeypatch.context() as patch:
        seen = _killing(patch, at, before=before)
        with pytest.raises(Killed):
            go()
    assert len(seen) == at
    assert go() == set()
    assert filled.there() == []


def test_the_number_of_calls_is_known(removal: Removal, filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        seen = _killing(patch, 1000, before=True)
        removal.delete(filled.kept)
    assert len(seen) == CALLS


def test_what_does_not_carry_the_stacks_tags_is_left(
    removal: Removal, filled: Filled, client: Callable[[str], Any]
) -> None:
    arn = client("dynamodb").describe_table(TableName=filled.name("table"))["Table"]["TableArn"]
    client("dynamodb").untag_resource(ResourceArn=arn, TagKeys=["managed-by"])
    client("s3").delete_bucket_tagging(Bucket=filled.name("bucket"))
    outcomes = removal.delete(filled.kept)
    assert states(outcomes) == {
        "table": "not-deleted", "bucket": "not-deleted", "log group": "deleted", "vault": "deleted", "role": "deleted"
    }  # fmt: skip
    assert "managed-by ial" in outcomes[0].why
    assert sorted(filled.there()) == sorted([filled.name("table"), filled.name("bucket")])
    assert TakenDown(stack="dev", engine="local", deleted=0, outcomes=outcomes).exit_code is ExitCode.LEFT_BEHIND


def test_another_environments_is_left(removal: Removal, filled: Filled) -> None:
    other = [Kept(kind=held.kind, name=held.name, environment="prod") for held in filled.kept]
    unknown = [Kept(kind=held.kind, name=held.name) for held in filled.kept]
    for kept in (other, unknown):
        assert set(states(removal.delete(kept)).values()) == {"not-deleted"}
    assert len(filled.there()) == len(filled.kept)


def test_a_vault_with_copies_of_others_stays_whole_and_so_does_the_role(
    removal: Removal, filled: Filled, client: Callable[[str], Any]
) -> None:
    point = filled.copy("owners-role")
    outcomes = removal.delete(filled.kept)
    left = {outcome.held.kind: outcome.why for outcome in outcomes if outcome.state == "not-deleted"}
    assert set(left) == {"vault", "role"}
    assert "1 recovery point in it not made by the stack" in left["vault"]
    assert "still needs it" in left["role"]
    backup = client("backup")
    vault = filled.name("vault")
    assert len(backup.list_recovery_points_by_backup_vault(BackupVaultName=vault)["RecoveryPoints"]) == 3
    backup.delete_recovery_point(BackupVaultName=vault, RecoveryPointArn=point)


def test_what_fails_is_named_and_the_rest_goes_on(
    removal: Removal, filled: Filled, client: Callable[[str], Any]
) -> None:
    iam, role = client("iam"), filled.name("role")
    policy = iam.create_policy(PolicyName=filled.prefix, PolicyDocument=POLICY)
    iam.attach_role_policy(RoleName=role, PolicyArn=policy["Policy"]["Arn"])
    outcomes = removal.delete([filled.of("role"), filled.of("table")])
    assert states(outcomes) == {"role": "not-deleted", "table": "deleted"}
    assert "DeleteConflict" in outcomes[0].why
    iam.detach_role_policy(RoleName=role, PolicyArn=policy["Policy"]["Arn"])
    iam.delete_policy(PolicyArn=policy["Policy"]["Arn"])
    assert states(removal.delete([filled.of("role")])) == {"role": "deleted"}


def test_a_bucket_whose_objects_are_locked_says_so(
    removal: Removal, filled: Filled, monkeypatch: pytest.MonkeyPatch, client: Callable[[str], Any]
) -> None:
    s3 = client("s3")

    def locked(**asked: Any) -> dict[str, Any]:
        return {
            "Errors": [{**entry, "Code": "AccessDenied", "Message": "locked"} for entry in asked["Delete"]["Objects"]]
        }

    holder: Any = removal.holders["bucket"]
    with monkeypatch.context() as patch:
        patch.setattr(holder._s3, "delete_objects", locked)
        (outcome,) = removal.delete([filled.of("bucket")])
    assert (outcome.state, "(AccessDenied: locked)" in outcome.why) == ("not-deleted", True)
    assert len(s3.list_object_versions(Bucket=filled.name("bucket"))["Versions"]) == 4


def test_what_no_command_deletes_is_named(removal: Removal) -> None:
    other = Kept(kind=OTHER, name="versioning (aws:s3/bucketVersioning:BucketVersioning)")
    for outcomes in (removal.tell([other]), removal.delete([other])):
        assert [(outcome.state, bool(outcome.why)) for outcome in outcomes] == [("kept", True)]


def test_what_cannot_be_looked_at_is_listed_all_the_same(
    removal: Removal, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: Any, name: str) -> None:
        raise session._failed("dynamodb:DescribeTable", name, "AccessDenied", "no")

    monkeypatch.setattr("runners.aws.holders.tables.TableHolder.look", denied)
    (told,) = removal.tell([filled.of("table")])
    assert (told.state, "AccessDenied" in told.why) == ("kept", True)
    (outcome,) = removal.delete([filled.of("table")])
    assert outcome.state == "not-deleted"


def test_two_cannot_take_one_stack_down(removal: Removal, tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="another process"), Notes.open(tmp_path, "dev", SystemClock()):
        pass


def test_each_call_to_s3_says_whose_bucket_is_meant(removal: Removal, filled: Filled, clients: AwsClients) -> None:
    owners: list[Any] = []

    def asked(params: dict[str, Any], **_: Any) -> None:
        owners.append(params.get("ExpectedBucketOwner"))

    events = clients.client("s3").meta.events
    events.register("provide-client-params.s3", asked)
    removal.delete([filled.of("bucket")])
    events.unregister("provide-client-params.s3", asked)
    assert len(owners) > 5
    assert set(owners) == {ACCOUNT}
