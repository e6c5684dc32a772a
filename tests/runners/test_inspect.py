"""`ial inspect` and the question of `ial up`: what becomes of what others have, a line each, by reading alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from local.server import Running
from tests.runners.conftest import ROOT, Ial, Ran
from tests.runners.signers import Watch, by_the_watch, watched
from tests.runners.test_schemas import valid

pytestmark = pytest.mark.cloud
GROUP: Final = "/ecs/shop-web"
DASHBOARD: Final = "ial-dev-overview"


@dataclass(frozen=True)
class Place:
    """The program in a folder of its own, on the cloud of all tests, behind a watch."""

    folder: Path
    watch: Watch
    ial: Ial
    running: Running

    def run(self, command: str, *arguments: str) -> Ran:
        """One command that must have changed nothing."""
        ran = self.ial(command, "--stack", "dev", "--engine", "local", *arguments, folder=self.folder)
        assert [request for request in self.watch.taken() if not request.reads] == []
        return ran

    def client(self, service: str) -> Any:
        """A client of the owner's."""
        return self.running.endpoint.client(service)


@pytest.fixture
def place(tmp_path: Path, cloud: Running, ial: Ial) -> Iterator[Place]:
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    home = tmp_path / ".ial" / "local"
    home.mkdir(parents=True)
    (home / "server.json").write_text(json.dumps(asdict(cloud)))
    with watched(cloud.port) as watch, by_the_watch(tmp_path, watch):
        yield Place(tmp_path, watch, ial, cloud)


@pytest.fixture
def owner(place: Place) -> Iterator[Place]:
    """The owner keeps logs for a year."""
    logs = place.client("logs")
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=365)
    yield place
    logs.delete_retention_policy(logGroupName=GROUP)


def test_the_owner_s_stronger_setting_is_kept_and_told_before_up_asks(owner: Place) -> None:
    ran = owner.run("inspect", "--json")
    assert ran.code == 0, ran.err
    document = valid(ran, "inspect")
    assert (document["account"], document["region"], document["obstacles"]) == ("123456789012", "us-east-1", [])
    assert document["identity"].startswith("arn:aws:sts::123456789012:")
    [retention] = [held for held in document["settings"] if held["resource"].endswith(GROUP)]
    assert (retention["found"], retention["wanted"], retention["decision"]) == ("365 days", "14 days", "keep")
    assert len(document["settings"]) >= 6
    asked = owner.run("up")
    assert asked.code == 2
    assert "give --yes" in asked.err
    assert f"account 123456789012, region us-east-1, signed by {document['identity']}" in asked.out
    assert_a_line_each(asked.out, document["settings"])


def test_up_does_not_begin_what_something_of_others_stands_against(place: Place) -> None:
    watch = place.client("cloudwatch")
    watch.put_dashboard(DashboardName=DASHBOARD, DashboardBody='{"widgets": []}')
    try:
        ran = place.run("up", "--yes", "--json")
    finally:
        watch.delete_dashboards(DashboardNames=[DASHBOARD])
    assert ran.code == 3, ran.err
    document = valid(ran, "up")
    assert (document["verdict"], document["applied"], document["created"]) == ("within", False, 0)
    [obstacle] = document["inspection"]["obstacles"]
    assert DASHBOARD in obstacle


def assert_a_line_each(shown: str, settings: list[dict[str, str]]) -> None:
    lines = shown.splitlines()
    for held in settings:
        words = [held[key] for key in ("resource", "setting", "found", "wanted", "decision", "result", "why")]
        assert [line for line in lines if all(word in line for word in words)], held
