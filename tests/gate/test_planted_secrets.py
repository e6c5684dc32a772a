"""Secrets are planted wherever a command may meet one, and looked for in all that it leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.gate.conftest import ROOT, Program
from tests.planted import ENVIRONMENT, KEY, TOKEN, found_in, left_in

INPUT: Final = "hunter2/secret+in put"
CLASS: Final = "db.r5.24xlargehunter2"
OUTPUT: Final = "an-output-that-is-secret"
CONFIG: Final = "config-value-in-clear-1"
PLANTED: Final = (INPUT, CLASS, OUTPUT, TOKEN, KEY, CONFIG)

SECRETIVE: Final = f"""
import base64
import pulumi
secret = {INPUT!r}
tags = {{"owner": "a", "environment": "dev", "stage": "8", "managed-by": "pulumi"}}
aws.ec2.Instance("box", ami="ami-1", instance_type=pulumi.Output.secret(secret), tags=tags)
aws.rds.Instance("db", instance_class=pulumi.Output.secret({CLASS!r}), engine="postgres", allocated_storage=20)
aws.ebs.Volume("disk", availability_zone="a", type=pulumi.Output.secret(base64.b64encode(secret.encode()).decode()))
pulumi.export("hidden", pulumi.Output.secret({OUTPUT!r}))
pulumi.log.warn("saying " + secret)
"""
FAILING: Final = f"""
import pulumi
secret = {INPUT!r}
aws.ec2.Instance("box", ami="ami-1", instance_type=pulumi.Output.secret(secret))
aws.ec2.Instance("other", ami="ami-1", instance_type="t3.micro")
import time
time.sleep(1)
raise ValueError("no such password: " + secret)
"""


def everywhere(text: str) -> list[str]:
    """The planted secrets that a text holds, in clear or coded."""
    return found_in(text, PLANTED)


def ran(folder: Path, *arguments: str, environment: Mapping[str, str] = ENVIRONMENT) -> tuple[int, str]:
    """Runs a command; its code and all that it printed."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "runners.cli", "--debug", *arguments],
        cwd=folder,
        env={**kept, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "IAL_AS_OF": "2026-11-25", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("program_text", "code", "as_json"), [(SECRETIVE, 2, True), (FAILING, 2, False)])
def test_a_preview(program: Program, tmp_path: Path, program_text: str, code: int, *, as_json: bool) -> None:
    folder, out = program(program_text), tmp_path / "out"
    options = ["--json"] if as_json else []
    found, said = ran(tmp_path, "preview", "--stack", "dev", "--engine", "local", "--program", str(folder),
                      "--out", str(out), *options)  # fmt: skip
    assert found == code, said
    assert len(list(out.iterdir())) >= 4
    assert "[secret]" in said
    assert everywhere(said) == []
    assert everywhere(left_in(out)) == []


def test_files_of_resources(tmp_path: Path) -> None:
    urn = "urn:pulumi:dev::shop::aws:ec2/instance:Instance::box"
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps(CONFIG)}
    state = {"urn": urn, "type": "aws:ec2/instance:Instance", "custom": True, "id": "i", "provider": "",
             "inputs": {"instanceType": secret, "ami": "a"}}  # fmt: skip
    file = tmp_path / "export.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": [state]}}))
    for command in (["estimate"], ["estimate", "--json"], ["explain"], ["explain", "--json"]):
        code, said = ran(tmp_path, "cost", command[0], str(file), *command[1:])
        assert code in (0, 2), said
        assert "[secret]" in said, (command, said)
        assert everywhere(said) == [], command
