"""The main job on the local cloud, with the command as users run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from local.deployment import local_server
from local.endpoint import Endpoint
from tests.clouds import Clouds
from tests.runners.conftest import ROOT, Ial
from tests.runners.everything import everything
from tests.runners.signers import Watch, by_the_watch, watched

pytestmark = pytest.mark.cloud
# Whoever is logged in elsewhere does not sign here.
ELSEWHERE = {"AWS_ACCESS_KEY_ID": "AKIAINTRUDER", "AWS_SECRET_ACCESS_KEY": "x"}
LOCAL = ("--stack", "dev", "--engine", "local")


def schema(name: str) -> Any:
    return json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text())


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program in a folder of the test's own, and with it a local cloud of its own."""
    folder = tmp_path / "program"
    folder.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def cloud(ial: Ial, program: Path) -> Iterator[Path]:
    """The folder of a program whose local cloud runs."""
    started = ial("local", "start", "--json", folder=program)
    assert started.code == 0, started.err
    jsonschema.validate(started.document, schema("local-status"))
    yield program
    assert ial("local", "stop", folder=program).code == 0


@pytest.fixture
def copied(clouds: Clouds, program: Path) -> Iterator[Path]:
    """As `cloud`, with a cloud that no command started."""
    with clouds.seeded(program):
        yield program


@pytest.fixture
def watch(cloud: Path) -> Iterator[Watch]:
    """Who signs what on the way to the cloud."""
    running = local_server(cloud).status()
    assert running is not None
    with watched(running.port) as found, by_the_watch(cloud, found):
        yield found


def signed_by_the_cloud_s_keys(watch: Watch) -> None:
    """Nobody else signs, and the account is asked for before the first write."""
    seen = [request for request in watch.taken() if request.operation != "GET /moto-api/"]
    assert {request.key for request in seen} == {"local"}
    first = next(number for number, request in enumerate(seen) if not request.reads)
    assert "GetCallerIdentity" in [request.operation for request in seen[:first]]


def test_up_outputs_down_and_nothing_is_left(ial: Ial, cloud: Path, watch: Watch) -> None:
    before = everything(endpoint_of(cloud))
    watch.taken()
    up = ial("up", *LOCAL, "--yes", "--json", folder=cloud, environment=ELSEWHERE)
    assert up.code == 0, up.err
    signed_by_the_cloud_s_keys(watch)
    jsonschema.validate(up.document, schema("up"))
    assert up.document["created"] > 20
    outputs = ial("outputs", *LOCAL, "--json", folder=cloud)
    assert outputs.code == 0, outputs.err
    jsonschema.validate(outputs.document, schema("outputs"))
    assert outputs.document == up.document["outputs"]
    assert "alarm" in ial("outputs", *LOCAL, folder=cloud).out
    assert "dev" in ial("local", "status", "--json", folder=cloud).document["stacks"]
    assert ial("backup", "config", *LOCAL, folder=cloud).code == 0
    assert ial("backup", "run", *LOCAL, folder=cloud).code == 0
    watch.taken()
    down = ial("down", *LOCAL, "--yes", "--json", folder=cloud, environment=ELSEWHERE)
    assert down.code == 0, down.err
    signed_by_the_cloud_s_keys(watch)
    jsonschema.validate(down.document, schema("down"))
    kept = {(held["kind"], held["name"]) for held in down.document["kept"] if held["kind"] != "other"}
    assert kept == {
        ("table", "ial-dev-records"),
        ("table", "sessions"),
        ("bucket", "ial-dev-configuration-123456789012"),
        ("vault", "ial-dev-vault"),
        ("role", "ial-dev-backup"),
    }
    assert {held["state"] for held in down.document["kept"]} == {"kept"}
    gone = ial("outputs", *LOCAL, folder=cloud)
    assert (gone.code, gone.err.count("\n")) == (2, 1)
    assert items(cloud, "ial-dev-records")

    again = ial("up", *LOCAL, "--yes", "--json", folder=cloud)
    assert again.code == 0, again.err
    jsonschema.validate(again.document, schema("up"))
    assert len(again.document["adopted"]) == len(kept)
    assert again.document["created"] + len(kept) == up.document["created"]
    assert items(cloud, "ial-dev-records")

    refused = ial("down", *LOCAL, "--delete-data", "prod", folder=cloud)
    assert (refused.code, "does not repeat the name" in refused.err) == (2, True)
    ended = ial("down", *LOCAL, "--delete-data", "dev", "--json", folder=cloud)
    assert ended.code == 0, ended.err
    jsonschema.validate(ended.document, schema("down"))
    assert {(held["kind"], held["name"]) for held in ended.document["kept"] if held["state"] == "deleted"} == kept
    after = everything(endpoint_of(cloud))
    assert {call: after.get(call) for call in before | after if before.get(call) != after.get(call)} == {}
    repeated = ial("down", *LOCAL, "--delete-data", "dev", "--json", folder=cloud)
    assert (repeated.code, repeated.document["deleted"], repeated.document["kept"]) == (0, 0, [])


@pytest.mark.rare
def test_the_readmes_order_ends_well_and_a_killed_end_is_resumed(ial: Ial, cloud: Path) -> None:
    before = everything(endpoint_of(cloud))
    for command in (
        ("up", "--yes"),
        ("backup", "config"),
        ("backup", "run"),
        ("backup", "drill", "--all", "--probe", "true"),
        ("down", "--yes"),
        ("up", "--yes"),
    ):
        ran = ial(*command, *LOCAL, folder=cloud)
        assert ran.code == 0, ran.err
    arguments = [sys.executable, "-m", "runners.cli", "down", *LOCAL, "--delete-data", "dev"]
    for lines in (5, 30, 60, 63):
        with subprocess.Popen(
            arguments, cwd=cloud, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL, text=True,
        ) as process:  # fmt: skip
            assert process.stderr is not None
            for _, _ in zip(range(lines), process.stderr, strict=False):
                pass
            process.kill()
    ended = ial("down", *LOCAL, "--delete-data", "dev", "--json", folder=cloud)
    assert ended.code == 0, ended.err
    after = everything(endpoint_of(cloud))
    assert {call: after.get(call) for call in before | after if before.get(call) != after.get(call)} == {}


def endpoint_of(folder: Path) -> Endpoint:
    running = local_server(folder).status()
    assert running is not None
    return running.endpoint


def items(folder: Path, table: str) -> int:
    count: int = endpoint_of(folder).client("dynamodb").scan(TableName=table, Select="COUNT")["Count"]
    return count


def test_what_is_not_within_budget_or_not_agreed_to_creates_nothing(ial: Ial, copied: Path) -> None:
    for settings, code in ((("-c", "teamDashboards=10"), 1), (("--as-of", "2027-06-30"), 2)):
        ran = ial("up", *LOCAL, "--yes", "--json", *settings, folder=copied)
        assert ran.code == code
        jsonschema.validate(ran.document, schema("up"))
        assert (ran.document["applied"], ran.document["created"], ran.document["outputs"]) == (False, 0, None)
    unasked = ial("up", *LOCAL, folder=copied)
    assert unasked.code == 2
    assert "give --yes" in unasked.err
    assert ial("local", "status", "--json", folder=copied).document["stacks"] == []


def test_without_a_cloud_each_command_says_how_to_start_it(ial: Ial, program: Path) -> None:
    for command in (("up", *LOCAL, "--yes"), ("outputs", *LOCAL), ("down", *LOCAL, "--yes")):
        ran = ial(*command, folder=program)
        assert ran.code == 2
        assert "ial local start" in ran.err
        assert ran.err.count("ial: ") == 1
    status = ial("local", "status", "--json", folder=program)
    assert (status.code, status.document["running"]) == (1, False)
    assert ial("local", "stop", folder=program).code == 0


@pytest.mark.rare
def test_the_demonstration(ial: Ial, program: Path) -> None:
    told = ial("demo", "--program", program, folder=program)
    assert told.code == 0, told.err
    words = ("observability", "Within budget", "Refused", "nothing was created", "ROLLED-BACK", "KEPT", "the page: ")
    assert [word for word in words if word not in told.out] == []
    assert ial("local", "status", "--json", folder=program).document["running"] is False
