"""Each long command, ended at many moments with SIGTERM and SIGKILL: it says so, leaves nothing, and can be repeated.

The normal suite ends a few at one moment; `make test-all` all of them at `IAL_TEST_MOMENTS` moments each, else 50.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from local.deployment import LocalStack, local_server
from preview.project import Project
from runners.runs.journal import read_entries
from runners.runs.run_folder import Runs
from tests.clouds import Clouds
from tests.kills.killing import ROOT, Ended, command

pytestmark = [pytest.mark.cloud, pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")]
STACK: Final = ("--stack", "dev", "--engine", "local")
MOMENTS: Final = int(os.environ.get("IAL_TEST_MOMENTS", "50"))
SIGNALS: Final = (signal.SIGTERM, signal.SIGKILL)
BUCKET: Final = "shop-assets-123456789012"
RECORDS: Final = "ial-dev-records"
LEASE: Final = {"run": {"S": "lease#chaos"}, "step": {"S": "lease"}}


@dataclass
class Site:
    """A program's folder; `seconds` is how long each command takes when nobody ends it."""

    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)

    def ial(self, *arguments: str, **ending: Any) -> Ended:
        return command(self.folder, *arguments, **ending)

    def done(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> Ended:
        """A command that nobody ends, and that must do its work."""
        ended = self.ial(*arguments)
        ended.require_clean(None, *codes)
        return ended

    def client(self, service: str) -> Any:
        running = local_server(self.folder).status()
        assert running is not None
        return running.endpoint.client(service)

    def newest_run(self, before: list[str]) -> str | None:
        new = [run for run in Runs(self.folder, "dev").all() if run not in before]
        return new[-1] if new else None

    def lease_is_free_or_ends(self) -> None:
        item = self.client("dynamodb").get_item(TableName=RECORDS, Key=LEASE).get("Item", {})
        left = float(item.get("until", {}).get("N", "0")) - datetime.now(UTC).timestamp()
        assert left <= 90

    def free_the_lease(self) -> None:
        """Instead of waiting for its end."""
        self.client("dynamodb").delete_item(TableName=RECORDS, Key=LEASE)

    def forget_the_month(self) -> None:
        """The month's budget is not what is tried here."""
        table = self.client("dynamodb")
        for item in table.scan(TableName=RECORDS)["Items"]:
            if item["run"]["S"].startswith(("chaos#", "drills#")):
                table.delete_item(TableName=RECORDS, Key={key: item[key] for key in ("run", "step")})


After = Callable[[Site, list[str]], None]


@dataclass(frozen=True)
class Long:
    """A long command: what it needs before, and what must hold and work afterwards."""

    arguments: tuple[str, ...]
    after: After
    before: Callable[[Site], object] = lambda _: None


def _repeated(*arguments: str, codes: tuple[int, ...] = (0,)) -> After:
    def after(site: Site, _: list[str]) -> None:
        site.done(*arguments, codes=codes)

    return after


def _started(site: Site, _: list[str]) -> None:
    assert site.done("local", "status", "--json", codes=(0, 1)).document["busy"] is None
    site.done("local", "start")
    assert site.client("dynamodb").scan(TableName="orders")["Count"] == 200
    site.done("local", "stop")


def _demonstrated(site: Site, _: list[str]) -> None:
    assert site.done("local", "status", "--json", codes=(1,)).document["running"] is False


def _applied(site: Site, _: list[str]) -> None:
    site.done("up", *STACK, "--yes")
    held = LocalStack(Project.load(site.folder, "dev")).state().resources
    assert not [urn for urn, one in held.items() if one.pending]
    site.done("outputs", *STACK)


def _taken_down(site: Site, _: list[str]) -> None:
    site.done("down", *STACK, "--yes")
    site.done("up", *STACK, "--yes")


def _drilled(site: Site, runs: list[str]) -> None:
    run = site.newest_run(runs)
    site.lease_is_free_or_ends()
    if run is not None and read_entries(Runs(site.folder, "dev").journal(run)):
        site.done("backup", "drill", "--resume", run, *STACK, codes=(0, 130))
        assert read_entries(Runs(site.folder, "dev").journal(run))[-1].step == "stored"
    site.free_the_lease()
    site.forget_the_month()
    tables = site.client("dynamodb").list_tables()["TableNames"]
    assert [name for name in tables if "-drill-" in name] == []
    assert site.client("dynamodb").scan(TableName="orders")["Count"] == 200


def _restored(site: Site, runs: list[str]) -> None:
    run = site.newest_run(runs)
    if run is not None and read_entries(Runs(site.folder, "dev").journal(run)):
        site.done("backup", "restore", "--resume", run, *STACK)
    site.free_the_lease()


def _copied(site: Site, runs: list[str]) -> None:
    run = site.newest_run(runs)
    if run is not None and read_entries(Runs(site.folder, "dev").journal(run)):
        site.done("backup", "run", "--resume", run, *STACK)
    site.done("backup", "status", *STACK, codes=(0, 1))


def _experimented(site: Site, runs: list[str]) -> None:
    run, history = site.newest_run(runs), Runs(site.folder, "dev")
    site.lease_is_free_or_ends()
    if run is not None and read_entries(history.journal(run)):
        before = [entry.step for entry in read_entries(history.journal(run))]
        site.done("chaos", "resume", run, *STACK, codes=(0, 3, 5, 6, 130))
        steps = [entry.step for entry in read_entries(history.journal(run))]
        assert steps[-1] == "stored"
        assert steps.count("starting") <= 1
        assert steps.count("starting") == before.count("starting")
        fis = site.client("fis").list_experiments()["experiments"]
        assert len([held for held in fis if held.get("tags", {}).get("ial:run") == run]) <= 1
        assert all(held["state"]["status"] in ("completed", "stopped", "failed", "cancelled") for held in fis)
    insights = site.client("ecs").describe_clusters(clusters=["shop"], include=["SETTINGS"])["clusters"][0]["settings"]
    assert insights == [{"name": "containerInsights", "value": "disabled"}]
    site.free_the_lease()
    site.forget_the_month()


# On a folder without a cloud.
ALONE: Final = {
    "preview": Long(("preview", *STACK), _repeated("preview", *STACK)),
    "local start": Long(("local", "start"), _started, lambda site: local_server(site.folder).stop()),
    "demo": Long(("demo",), _demonstrated),
    "refresh-prices": Long(
        ("cost", "refresh-prices", "--offers", "offers", "--catalog", "catalog", "--write"),
        _repeated("cost", "refresh-prices", "--offers", "offers", "--catalog", "catalog", codes=(0, 2)),
    ),
}
# On a stack that is up.
APPLIED: Final = {
    "up": Long(("up", *STACK, "--yes"), _applied, lambda site: site.done("down", *STACK, "--yes")),
    "down": Long(("down", *STACK, "--yes"), _taken_down),
    "backup run": Long(("backup", "run", "orders", *STACK), _copied),
    "backup drill": Long(("backup", "drill", "orders", *STACK), _drilled),
    "backup restore": Long(("backup", "restore", BUCKET, "--in-place", "--confirm", "dev", *STACK), _restored),
    "backup verify": Long(("backup", "verify", *STACK), _repeated("backup", "status", *STACK, codes=(0, 1))),
    "chaos run": Long(("chaos", "run", "instance-termination", "--rehearsal", "design.seed=1", *STACK), _experimented),
    "chaos resume": Long(("chaos", "resume", "RUN", *STACK), _experimented),
}


def _program(folder: Path) -> Path:
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "pricing" / "catalog", folder / "catalog")
    (folder / "offers").mkdir()
    return folder


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(_program(tmp_path_factory.mktemp("alone")))
    yield site
    local_server(site.folder).stop()


@pytest.fixture(scope="module")
def applied(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(_program(tmp_path_factory.mktemp("applied")))
    with clouds.deployed(site.folder):
        yield site


def _arguments(site: Site, long: Long, number: int) -> tuple[str, ...]:
    """With a run to go on with, and the moment of a restore."""
    given = list(long.arguments)
    if "restore" in given:
        given += ["--at", datetime.now(UTC).isoformat(timespec="seconds")]
    if "RUN" in given:
        runs = Runs(site.folder, "dev").all()
        after = site.seconds.get("chaos run", 8.0) * 0.8
        site.ial(*APPLIED["chaos run"].arguments, number=signal.SIGKILL, after=after)
        given[given.index("RUN")] = site.newest_run(runs) or "20261125-083000-0000"
    return tuple(given)


def end_at(site: Site, name: str, long: Long, number: int, share: float) -> Ended:
    """Ends one run of a command after a share of its time, and looks at what it left."""
    if name not in site.seconds:
        long.before(site)
        runs = Runs(site.folder, "dev").all()
        whole = site.ial(*_arguments(site, long, number))
        whole.require_clean(None, 0, 1, 2, 3, 5, 6)
        site.seconds[name] = whole.seconds
        long.after(site, runs)
    long.before(site)
    runs = Runs(site.folder, "dev").all()
    given = _arguments(site, long, number)
    ended = site.ial(*given, number=number, after=site.seconds[name] * share)
    ended.require_clean(number, 0, 1, 2, 3, 5, 6)
    long.after(site, runs)
    return ended


def _moments() -> list[float]:
    return [(moment + 0.5) / MOMENTS for moment in range(MOMENTS)]


@pytest.mark.parametrize(("number", "share"), [(signal.SIGTERM, 0.6), (signal.SIGKILL, 0.7)])
def test_a_preview_that_is_ended_leaves_nothing(alone: Site, number: int, share: float) -> None:
    end_at(alone, "preview", Long(ALONE["preview"].arguments, lambda *_: None), number, share)


def test_a_start_that_is_ended_leaves_no_cloud(alone: Site) -> None:
    ended = alone.ial("local", "start", number=signal.SIGKILL, after=1.5)
    ended.require_clean(signal.SIGKILL, 0)
    assert alone.done("local", "status", "--json", codes=(0, 1)).document["busy"] is None
    local_server(alone.folder).stop()


@pytest.mark.rare
@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("name", ALONE)
def test_alone(alone: Site, name: str, number: int) -> None:
    for share in _moments():
        end_at(alone, name, ALONE[name], number, share)


@pytest.mark.rare
@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("name", APPLIED)
def test_on_a_stack(applied: Site, name: str, number: int) -> None:
    for share in _moments():
        end_at(applied, name, APPLIED[name], number, share)
