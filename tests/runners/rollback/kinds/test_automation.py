"""An automation of the team's own: what it says does not count, what runs does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from runners.aws.session import AwsClients
from runners.rollback.kind import Change, Stage
from runners.rollback.version import Version
from tests.runners.rollback.conftest import Own

pytestmark = pytest.mark.cloud


@pytest.fixture
def own(clients: AwsClients, knobs: Callable[..., None]) -> Iterator[Own]:
    made = Own(clients)
    yield made
    made.remove()


def change(own: Own) -> Change:
    good = own.kind.version()
    own.deploy("green")
    return Change(good=good, bad=own.kind.version(), token="run")


def steps(own: Own, step: dict[str, object]) -> None:
    content = {"schemaVersion": "0.3", "mainSteps": [{"name": "back", **step}]}
    own.ssm.delete_document(Name=own.name)
    own.ssm.create_document(Name=own.name, DocumentType="Automation", Content=json.dumps(content))


def test_a_success_after_which_the_bad_version_runs_is_none(own: Own) -> None:
    wanted = change(own)
    elsewhere = {"Service": "ssm", "Api": "PutParameter", "Name": f"/{own.name}", "Value": "green"}
    steps(own, {"action": "aws:executeAwsApi", "inputs": elsewhere})
    found = own.settled(wanted, own.kind.begin(wanted))
    assert found.stage is Stage.UNSETTLED
    assert found.said.endswith("Success, and green runs instead of blue")


def test_one_that_fails_says_why(own: Own) -> None:
    wanted = change(own)
    steps(own, {"action": "aws:sleep"})
    found = own.settled(wanted, own.kind.begin(wanted))
    assert (found.stage, "is not emulated" in found.said) == (Stage.FAILED, True)


def test_the_same_change_starts_it_once(own: Own) -> None:
    wanted = change(own)
    steps(own, {"action": "aws:sleep"})
    assert own.kind.begin(wanted) == own.kind.begin(wanted)
    other = Change(good=wanted.good, bad=Version(**wanted.bad.document()), token="another run")
    assert own.kind.begin(other) != own.kind.begin(wanted)
