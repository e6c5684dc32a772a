from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import Stubber

from runners.aws.fis_actions import FisActions
from runners.aws.session import AwsClients
from runners.chaos.action_refresh import ListedAction
from runners.errors import AwsError


def action(id_: str) -> dict[str, Any]:
    return {"id": id_, "arn": f"arn:aws:fis:us-east-1:123456789012:action/{id_}"}


@pytest.fixture
def stub() -> Any:
    clients = AwsClients("us-east-1", keys=("a", "b", None))
    with Stubber(clients.client("fis")) as stubber:
        yield clients, stubber
        stubber.assert_no_pending_responses()


def test_every_page_is_read(stub: Any) -> None:
    clients, stubber = stub
    stubber.add_response("list_actions", {"actions": [action("aws:fis:wait")], "nextToken": "more"}, {})
    stubber.add_response("list_actions", {"actions": [action("aws:ec2:stop-instances")]}, {"nextToken": "more"})
    waits = action("aws:fis:wait") | {"parameters": {"duration": {"required": True}}}
    stubber.add_response("get_action", {"action": waits}, {"id": "aws:fis:wait"})
    stops = action("aws:ec2:stop-instances") | {
        "targets": {"Instances": {"resourceType": "aws:ec2:instance"}},
        "parameters": {"startInstancesAfterDuration": {"required": False}},
    }
    stubber.add_response("get_action", {"action": stops}, {"id": "aws:ec2:stop-instances"})
    waiting, stopping = FisActions(clients).actions()
    assert waiting == ListedAction(
        id="aws:fis:wait", targets={}, required=frozenset({"duration"}), optional=frozenset()
    )
    assert stopping == ListedAction(
        id="aws:ec2:stop-instances",
        targets={"Instances": "aws:ec2:instance"},
        required=frozenset(),
        optional=frozenset({"startInstancesAfterDuration"}),
    )


def test_a_refusal_is_told(stub: Any) -> None:
    clients, stubber = stub
    stubber.add_client_error("list_actions", "AccessDeniedException", "no")
    with pytest.raises(AwsError, match="fis:ListActions on the region: AccessDeniedException"):
        list(FisActions(clients).actions())
