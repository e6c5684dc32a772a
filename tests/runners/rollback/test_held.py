"""Who deploys meets a hold: told by every command, and stopped only from undoing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contract.rollback import holds_path
from preview.engines import Engine
from runners.aws.holds import AwsHolds
from runners.aws.session import AwsClients
from runners.cli.health import Health
from runners.cli.stack_health import examine_stack
from runners.errors import AwsError
from runners.rollback.hold import Hold
from runners.wiring.applying import Result
from runners.wiring.held import NOT_ASKED, Held, held_versions, rolls_back, tell_holds
from runners.wiring.opening import Ground, stack_settings
from tests.runners.rollback.conftest import Deployed
from tests.runners.rollback.test_held_back import BAD, hold, service

pytestmark = pytest.mark.cloud


def put(deployed: Deployed, until: str = "2999-01-01T00:00:00Z") -> None:
    clients = AwsClients("us-east-1", endpoint=deployed.running.endpoint.url, keys=("local", "local", None))
    AwsHolds(clients, holds_path("dev"), "dev").put(Hold.read(hold().document() | {"until": until}))


def found(deployed: Deployed, *resources: Any) -> Held:
    ground = Ground.of("dev", deployed.folder, Engine.LOCAL)
    return held_versions(ground, stack_settings("dev", deployed.folder, Engine.LOCAL), resources)


def test_an_update_that_would_undo_it_is_stopped(deployed: Deployed) -> None:
    put(deployed)
    held = found(deployed, service(BAD))
    assert len(held.warnings) == 1
    [said] = held.obstacles
    assert "--release-hold" in said
    report: Any = {"exitCode": 0, "headline": "within"}
    stopped = Result(report=report, held=held)
    assert (stopped.exit_code, stopped.reason) == (3, said)
    released = Result(report=report, held=held.without_obstacles())
    assert (released.exit_code, released.reasons_against) == (0, [])
    held.release()
    assert found(deployed, service(BAD)).warnings == ()


def test_an_update_that_leaves_it_alone_is_only_warned(deployed: Deployed) -> None:
    put(deployed)
    for resources in ((), (service("shop-web:3"),)):
        held = found(deployed, *resources)
        assert (len(held.warnings), held.obstacles) == (1, ())


def test_one_that_has_ended_says_nothing(deployed: Deployed) -> None:
    put(deployed, until="2020-01-01T00:00:00Z")
    assert found(deployed, service(BAD)).warnings == ()


def test_the_doctor_tells_it(deployed: Deployed) -> None:
    def told() -> dict[str, Health]:
        return {entry.check: entry.health for entry in examine_stack("dev", deployed.folder, Engine.LOCAL)}

    assert told()["rollback"] is Health.OK
    put(deployed)
    assert told()["rollback"] is Health.NOTE


def test_an_offline_preview_asks_nobody_and_says_so(deployed: Deployed) -> None:
    ran = deployed.ial("preview", "--stack", "dev", "--engine", "local", "--json", folder=deployed.folder)
    assert ran.code == 0, ran.err
    assert NOT_ASKED in ran.err
    assert "hold" not in ran.document


def test_a_preview_that_cannot_ask_goes_on_with_a_word() -> None:
    said: list[str] = []

    def unsigned() -> Ground:
        raise AwsError("no credentials", operation="sts:GetCallerIdentity", code="NoCredentials")

    tell_holds(unsigned, {"ial:chaos": '{"rollback": {"targets": []}}'}, said.append)
    assert said == [f"{NOT_ASKED} (no credentials)"]


@pytest.mark.parametrize(
    ("settings", "asks"),
    [
        ({}, False),
        ({"ial:chaos": "{}"}, False),
        ({"ial:chaos": "no JSON"}, False),
        ({"ial:chaos": '{"rollback": {"targets": [{}]}}'}, True),
    ],
)
def test_only_who_has_switched_it_on_is_asked(settings: dict[str, str], asks: bool, tmp_path: Path) -> None:
    assert rolls_back(settings) is asks
    if not asks:
        # Without asking anybody: there is no stack here.
        assert held_versions(Ground("dev", Engine.LOCAL, "us-east-1", None, None, None), settings) == Held()  # type: ignore[arg-type]
