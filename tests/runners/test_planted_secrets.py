"""Secrets are planted in settings, resources, outputs and the environment; no command leaves one anywhere.

One local cloud for all commands: what a later one leaves lies beside what the earlier ones left.
"""

from __future__ import annotations

import json
import shutil
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from local.deployment import local_server
from local.endpoint import Endpoint
from tests.planted import ENVIRONMENT, KEY, TOKEN, found_in
from tests.preview.test_passphrase import SALT_TEXT, WORDS, encrypted
from tests.runners.conftest import ROOT, Ial

pytestmark = pytest.mark.cloud

SETTING: Final = "setting/planted+in the file"
ADDRESS: Final = "planted.address@example.com"
OUTPUT: Final = "an-output-that-is-secret"
PLANTED: Final = (SETTING, ADDRESS, OUTPUT, TOKEN, KEY, WORDS)
PROGRAM: Final = f"""
import pulumi_aws as aws
secret = pulumi.Config("team").require_secret("planted")
tags = {{"owner": "a", "environment": "dev", "stage": "8", "managed-by": "pulumi"}}
aws.cloudwatch.EventRule("own", name="own", description=secret, schedule_expression="rate(1 day)", tags=tags)
pulumi.export("hidden", pulumi.Output.secret({OUTPUT!r}))
pulumi.export("setting", secret)
secret.apply(lambda text: pulumi.log.warn("saying " + text))
print(pulumi.Config("team").require("planted"))
"""
# What the simulated cloud holds: it has to know what it was given, and only the owner reads it.
IN_CLEAR: Final = "state.json"
STACK: Final = ("--stack", "dev", "--engine", "local")
COMMANDS: Final = [
    ("doctor",),
    ("preview", *STACK, "--json", "--out", "out"),
    ("preview", *STACK),
    ("cost", "explain", "--stack", "dev"),
    ("local", "start"),
    ("up", *STACK, "--yes", "--json"),
    ("up", *STACK, "--yes"),
    ("preview", *STACK, "--against", "out/report.json"),
    ("local", "status", "--json"),
    ("outputs", *STACK),
    ("outputs", *STACK, "--json"),
    ("inspect", *STACK),
    ("backup", "config", *STACK),
    ("backup", "config", *STACK, "--verify", "--json"),
    ("backup", "run", *STACK),
    ("backup", "status", *STACK, "--json"),
    ("backup", "verify", *STACK),
    ("backup", "drill", *STACK, "configuration", "orders", "--json"),
    ("backup", "reap", *STACK),
    ("chaos", "list", *STACK),
    ("chaos", "plan", "network-latency", *STACK),
    ("chaos", "run", "network-latency", *STACK, "--json"),
    ("chaos", "history", *STACK, "--json"),
    ("chaos", "export", "network-latency", *STACK),
    ("chaos", "halt", *STACK),
    ("gate", "comment", "--event", "out/report.json", "--judged", "out/report.json"),
    ("down", *STACK, "--yes", "--json"),
]  # fmt: skip


# The share of the normal suite: each kind of place is written once.
SHORT: Final = (
    ("local", "start"),
    ("up", "--stack"),
    ("outputs", "--stack"),
    ("backup", "config"),
    ("backup", "run"),
    ("down", "--stack"),
)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The shipped program with secrets in its settings, resources and outputs."""
    folder = tmp_path / "program"
    folder.mkdir()
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "components").symlink_to(ROOT / "components")
    settings = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    settings["encryptionsalt"] = SALT_TEXT
    settings["config"]["team:planted"] = {"secure": encrypted(SETTING)}
    settings["config"]["ial:notifyEmails"] = [{"secure": encrypted(ADDRESS)}]
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    own = (ROOT / "__main__.py").read_text(encoding="utf-8")
    (folder / "__main__.py").write_text(f"{own}\n{PROGRAM}", encoding="utf-8")
    return folder


@pytest.fixture
def stopped(ial: Ial, program: Path) -> Iterator[None]:
    """No cloud runs afterwards."""
    yield
    ial("local", "stop", folder=program)


def kept_in(endpoint: Endpoint) -> str:
    """What the stack's own table and bucket hold."""
    items = endpoint.client("dynamodb").scan(TableName="ial-dev-records")["Items"]
    bucket, s3 = "ial-dev-configuration-123456789012", endpoint.client("s3")
    objects: list[Any] = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    assert items
    assert objects
    # The program's own text is copied as it is.
    keys = [held["Key"] for held in objects if not held["Key"].endswith("__main__.py")]
    bodies = [s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys]
    return "\n".join([json.dumps(items), *bodies])


def leaks(ial: Ial, program: Path, commands: Sequence[tuple[str, ...]]) -> dict[str, list[str]]:
    """Which command printed or wrote which secret; before the stack goes, its table and bucket are looked at."""
    environment = {**ENVIRONMENT, "PULUMI_CONFIG_PASSPHRASE": WORDS}
    found: dict[str, list[str]] = {}
    for command in commands:
        if command[0] == "down":
            running = local_server(program).status()
            assert running is not None
            assert stat.S_IMODE((program / ".ial" / "dev" / IN_CLEAR).stat().st_mode) == 0o600
            found["records and copies"] = found_in(kept_in(running.endpoint), PLANTED)
        ran = ial("--debug", *command, folder=program, environment=environment)
        assert ran.code == (2 if command[0] == "gate" else 0), ran.err
        found[" ".join(command)] = found_in(f"{ran.out}\n{ran.err}\n{written(program)}", PLANTED)
    return {place: forms for place, forms in found.items() if forms}


def written(program: Path) -> str:
    """All that lies in the program's folder and is not meant to be in clear."""
    folders = [path for path in program.iterdir() if path.is_dir() and not path.is_symlink()]
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return "\n".join(path.read_text(errors="replace") for path in files if path.name != IN_CLEAR)


@pytest.mark.usefixtures("stopped")
def test_a_round_leaves_no_secret(ial: Ial, program: Path) -> None:
    assert leaks(ial, program, [next(one for one in COMMANDS if one[:2] == name) for name in SHORT]) == {}


@pytest.mark.rare
@pytest.mark.usefixtures("stopped")
def test_no_command_leaves_a_secret(ial: Ial, program: Path) -> None:
    assert leaks(ial, program, COMMANDS) == {}


def test_a_secret_that_is_left_is_found(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.json").write_text(json.dumps({"a": SETTING}))
    assert found_in(written(tmp_path), PLANTED)
