"""What every kind must do, each against the local cloud through the production adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from runners.aws.session import AwsClients
from runners.rollback.kind import Change, ForeignDeploymentError, Stage, all_kinds
from runners.rollback.version import Version
from tests.runners.rollback.conftest import Alias, Configuration, Group, Own, Rolled, Service, Weights

pytestmark = pytest.mark.cloud
KINDS: dict[str, Callable[[AwsClients], Any]] = {
    "ecs-service": Service,
    "auto-scaling-group": Group,
    "lambda-alias": Alias,
    "listener-weights": Weights,
    "app-config": Configuration,
    "automation": Own,
}


@pytest.fixture(params=sorted(KINDS))
def rolled(request: pytest.FixtureRequest, clients: AwsClients, knobs: Callable[..., None]) -> Iterator[Any]:
    made = KINDS[request.param](clients)
    yield made
    made.remove()


def change_of(rolled: Rolled) -> Change:
    """From its second version back to its first, as both were read."""
    good = rolled.kind.version()
    rolled.rolled_out(rolled.versions[1])  # type: ignore[attr-defined]
    return Change(good=good, bad=rolled.kind.version(), token="run")


def test_it_is_read_taken_back_and_seen_to_be_back(rolled: Any) -> None:
    change = change_of(rolled)
    assert [change.good.running, change.bad.running] == rolled.versions
    assert change.good.same_as(change.bad) is False
    assert rolled.kind.obstacles(change) == []
    assert rolled.kind.lost(change)
    begun = rolled.kind.begin(change)
    assert rolled.settled(change, begun).stage is Stage.DONE
    assert rolled.kind.version().same_as(change.good) is True


def test_asked_again_it_finds_its_own_work(rolled: Any) -> None:
    change = change_of(rolled)
    rolled.kind.begin(change)
    again = rolled.kind.begin(change)
    assert rolled.settled(change, again).stage is Stage.DONE
    assert "already" in rolled.kind.begin(change)["how"]


def test_a_version_of_somebody_else_is_left_alone(rolled: Any) -> None:
    change = change_of(rolled)
    other = Version(**{**change.bad.document(), "running": "a third one"})
    with pytest.raises(ForeignDeploymentError, match="somebody else's, and is left alone"):
        rolled.kind.begin(Change(good=change.good, bad=other))
    assert rolled.kind.version().same_as(change.bad) is True


def test_what_cannot_be_read_is_unknown_and_says_why(rolled: Any) -> None:
    made = type(rolled.kind)(rolled.kind.part, rolled.kind._calls)
    if made.part.parameter:
        made.part = replace(made.part, parameter="/gone")
    made.name = made.name.replace("rolled", "gone") if "rolled" in made.name else made.name[:-4] + "0000"
    found = made.version()
    assert (found.running, bool(found.unread)) == (None, True)


def test_every_kind_of_the_contract_is_there() -> None:
    from typing import get_args

    from contract.rollback import VersionKind

    assert set(all_kinds()) == set(get_args(VersionKind))
