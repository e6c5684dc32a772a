from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from contract.writing.errors import WritingError
from local.dynamic_provider import DynamicProvider
from local.endpoint import Endpoint
from local.provisioner import LocalProvisioner
from local.state import StackState
from preview.errors import ProvisionError
from preview.registration import Registration

pytestmark = pytest.mark.cloud

_NOWHERE = Endpoint("http://127.0.0.1:1")
_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def _provisioner(endpoint: Endpoint, state: StackState) -> LocalProvisioner:
    return LocalProvisioner(state, endpoint, cast(DynamicProvider, None), lambda *_: None)


def _asked(type_: str, **properties: Any) -> Registration:
    urn = f"urn:pulumi:t::p::{type_}::it"
    return Registration(urn=urn, type=type_, name="it", custom=True, properties=properties)


@pytest.fixture
def state(endpoint: Endpoint, tmp_path: Path) -> Iterator[StackState]:
    found = StackState(tmp_path / "state.json")
    yield found
    _provisioner(endpoint, found).remove_unvisited()


def _groups(endpoint: Endpoint) -> list[str]:
    found = endpoint.client("logs").describe_log_groups(logGroupNamePrefix="/it")["logGroups"]
    return [f"{group['logGroupName']} {group.get('retentionInDays')}" for group in found]


def test_the_same_is_left_alone_without_a_request(endpoint: Endpoint, state: StackState) -> None:
    first = _provisioner(endpoint, state)
    first.create(_asked(_GROUP, name="/it", retentionInDays=7))
    again = _provisioner(_NOWHERE, state)
    again.create(_asked(_GROUP, name="/it", retentionInDays=7))
    assert (first.changes.created, again.changes.same) == (["it"], ["it"])


def test_a_change_is_made_in_place_and_another_name_is_another_resource(endpoint: Endpoint, state: StackState) -> None:
    _provisioner(endpoint, state).create(_asked(_GROUP, name="/it", retentionInDays=7))
    changed = _provisioner(endpoint, state)
    changed.create(_asked(_GROUP, name="/it", retentionInDays=14))
    assert (changed.changes.updated, _groups(endpoint)) == (["it"], ["/it 14"])
    other = _provisioner(endpoint, state)
    other.create(_asked(_GROUP, name="/it2", retentionInDays=14))
    assert (other.changes.replaced, _groups(endpoint)) == (["it"], ["/it2 14"])


def test_what_is_gone_already_is_deleted(endpoint: Endpoint, state: StackState) -> None:
    _provisioner(endpoint, state).create(_asked(_GROUP, name="/it"))
    endpoint.client("logs").delete_log_group(logGroupName="/it")
    last = _provisioner(endpoint, state)
    last.remove_unvisited()
    assert last.changes.deleted == ["it"]


def test_a_refused_request_is_one_line_that_names_the_resource(endpoint: Endpoint, state: StackState) -> None:
    with pytest.raises(ProvisionError, match=r"^it \(aws:cloudwatch/logGroup:LogGroup\): .*retentionInDays") as caught:
        _provisioner(endpoint, state).create(_asked(_GROUP, name="/it", retentionInDays="soon"))
    assert "\n" not in str(caught.value)


def test_a_state_that_cannot_be_written_is_told_to_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: StackState) -> None:
        raise WritingError("state.json: No space left on device; free some space")

    monkeypatch.setattr(StackState, "save", full)
    provisioner = _provisioner(_NOWHERE, StackState(tmp_path / "state.json"))
    with pytest.raises(ProvisionError, match="No space left on device; free some space"):
        provisioner.create(_asked("aws:x/unknown:Unknown"))
