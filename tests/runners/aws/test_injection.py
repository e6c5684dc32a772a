"""FIS through boto3: what is started is found by its run, what is over or stopping is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from contract.names import RUN_OWNER_TAG
from runners.aws.injection import AwsInjection
from runners.aws.session import AwsClients
from runners.chaos.injection import RUN_TAG, InjectionState
from runners.errors import AwsError

pytestmark = pytest.mark.cloud


@pytest.fixture
def template(clients: AwsClients) -> Iterator[str]:
    fis = clients.client("fis")
    made = fis.create_experiment_template(
        clientToken="t",
        description="waits",
        stopConditions=[{"source": "none"}],
        targets={},
        actions={"wait": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT10M"}}},
        roleArn="arn:aws:iam::123456789012:role/fis",
    )["experimentTemplate"]["id"]
    yield made
    fis.delete_experiment_template(id=made)


def refusing(clients: AwsClients, code: str) -> Any:
    """Makes FIS refuse to stop; what ends that."""

    event = "after-call.fis.StopExperiment"

    def raising(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "StopExperiment")

    events = clients.client("fis").meta.events
    events.register(event, raising)
    return lambda: events.unregister(event, raising)


def test_one_token_is_one_experiment_which_its_run_finds(clients: AwsClients, template: str) -> None:
    injection = AwsInjection(clients)
    assert injection.of_run("adapter-1") is None
    tags = {RUN_OWNER_TAG: "ial-dev", RUN_TAG: "adapter-1"}
    begun = injection.start(template, "token-1", tags)
    assert injection.start(template, "token-1", tags).id == begun.id
    found = injection.of_run("adapter-1")
    assert found is not None
    assert (found.id, found.template, dict(found.tags)) == (begun.id, template, tags)
    assert begun.id in [held.id for held in injection.unfinished()]
    injection.stop(begun.id)


def test_what_is_stopping_or_over_is_left_alone(clients: AwsClients, template: str) -> None:
    injection = AwsInjection(clients)
    begun = injection.start(template, "token-2", {RUN_TAG: "adapter-2"})
    injection.stop(begun.id)
    again = refusing(clients, "ValidationException")
    try:
        injection.stop(begun.id)
    finally:
        again()
    assert injection.state(begun.id).status in ("stopping", "stopped")


@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException"])
def test_another_refusal_to_stop_is_heard(clients: AwsClients, template: str, code: str) -> None:
    injection = AwsInjection(clients)
    begun = injection.start(template, f"token-{code}", {RUN_TAG: f"adapter-{code}"})
    again = refusing(clients, code)
    try:
        with pytest.raises(AwsError, match=code):
            # The request itself came through, so that what FIS says of the experiment must be what it said before.
            injection_of(clients, begun.status).stop(begun.id)
    finally:
        again()
        injection.stop(begun.id)


def injection_of(clients: AwsClients, status: str) -> AwsInjection:
    """FIS that says this status of every experiment."""

    class Saying(AwsInjection):
        def state(self, id_: str) -> InjectionState:
            return InjectionState(id=id_, status=status)

    return Saying(clients)


@pytest.mark.parametrize(
    ("tags", "template", "ours"),
    [
        ({RUN_OWNER_TAG: "ial-dev"}, "EXTother", True),
        ({}, "EXTown", True),
        ({RUN_OWNER_TAG: "ial-prod"}, "EXTown", True),
        ({RUN_OWNER_TAG: "ial-prod"}, "EXTother", False),
        ({}, "", False),
    ],
)
def test_what_belongs_to_a_stack(tags: dict[str, str], template: str, ours: bool) -> None:
    state = InjectionState(id="EXP1", status="running", tags=tags, template=template)
    assert state.belongs_to("ial-dev", ["EXTown"]) is ours
