"""Whose change of version is under way."""

from __future__ import annotations

import pytest

from runners.rollback.comparison import Part
from runners.rollback.decision import Underway
from runners.rollback.kind import Move
from runners.rollback.version import Version
from tests.runners.rollback.kinds.answers import Answer, kind_of


def version(running: str, deployment: str | None = None) -> Version:
    return Version(kind="ecs-service", name="shop/web", running=running, deployment=deployment)


@pytest.mark.parametrize(
    ("move", "failed", "found"),
    [
        (None, version("2"), Underway.NONE),
        (Move(id="d-2", to="2"), version("2", "d-2"), Underway.OWN),
        # The very version, but by somebody who deploys it again, or scales, or changes another setting.
        (Move(id="d-3", to="2"), version("2", "d-2"), Underway.FOREIGN),
        (Move(id="d-3", to="2"), version("2"), Underway.FOREIGN),
        (Move(id="d-3", to="2"), None, Underway.FOREIGN),
        (Move(id="d-2", to="3"), version("2", "d-2"), Underway.FOREIGN),
        (Move(id="d-2", to=None), version("2", "d-2"), Underway.FOREIGN),
    ],
)
def test_only_the_deployment_that_was_tested_is_its_own(
    move: Move | None, failed: Version | None, found: Underway
) -> None:
    kind, _ = kind_of("ecs-service", "shop/web", {})
    assert Part(kind, version("2"), failed, version("1"), move).underway is found


def test_a_shift_of_an_alias_is_somebody_elses() -> None:
    """CodeDeploy sets the next share when its time has come, whatever is set meanwhile."""
    alias: dict[str, Answer] = {
        "lambda:GetAlias": {"FunctionVersion": "7", "RoutingConfig": {"AdditionalVersionWeights": {"8": 0.1}}}
    }
    kind, _ = kind_of("lambda-alias", "orders:live", alias)
    now = kind.version()
    good = Version(kind="lambda-alias", name="orders:live", running="7")
    assert Part(kind, now, now, good, kind.move()).underway is Underway.FOREIGN
