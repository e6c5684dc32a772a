"""Programs of a few dashboards, each at 3.00 USD a month, judged by the shipped pack in an environment of their own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any, Final

from preview.state_export import read_state_export
from runners.gate.judging import Case
from tests.gate.conftest import ROOT, Pulumi, case_of

PROJECT: Final = "small"
STACK: Final = "small"
TYPE: Final = "aws:cloudwatch/dashboard:Dashboard"
ENVIRONMENT: Final = "recoveryWindowDays: 14\nbudget: {monthly: 14, caps: {other: 14}, resourceCap: 5}\n"
OPENING: Final = """
import pulumi, pulumi_aws as aws

def board(name, *needs, body='{"widgets":[]}', **options):
    options = pulumi.ResourceOptions(depends_on=list(needs), **options)
    return aws.cloudwatch.Dashboard(name, dashboard_name=name, dashboard_body=body, opts=options)

"""
CHAIN: Final = 'a = board("a")\nb = board("b", a)\nc = board("c", b)\n'


def shipped_pack(home: Path) -> Path:
    """The shipped pack in a folder of its own, with the environment of these programs."""
    shutil.copytree(ROOT / "policies", home / "policies", ignore=shutil.ignore_patterns("__pycache__", "*.yaml"))
    shutil.copy(ROOT / "policies" / "PulumiPolicy.yaml", home / "policies")
    (home / "policies" / "environments").mkdir(exist_ok=True)
    (home / "policies" / "environments" / f"{STACK}.yaml").write_text(ENVIRONMENT, encoding="utf-8")
    for name in ("pricing", "contract", "components"):
        (home / name).symlink_to(ROOT / name)
    (home / ".venv").symlink_to(sys.prefix)
    return home / "policies"


def written(folder: Path, body: str) -> Path:
    """The program's folder."""
    folder.mkdir(exist_ok=True)
    runtime = "{name: python, options: {virtualenv: .venv}}"
    (folder / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: {runtime}\n", encoding="utf-8")
    (folder / f"Pulumi.{STACK}.yaml").write_text("config: {aws:region: us-east-1}\n", encoding="utf-8")
    if not (folder / ".venv").exists():
        (folder / ".venv").symlink_to(sys.prefix)
    (folder / "__main__.py").write_text(OPENING + body, encoding="utf-8")
    return folder


def small_case(folder: Path, pack: Path, **order: Any) -> Case:
    """The order for a preview of it."""
    return case_of(folder, stack=STACK, pack=pack, environments=pack / "environments", **order)


def urn(name: str, type_token: str = TYPE) -> str:
    """The URN of a resource of these programs."""
    return f"urn:pulumi:{STACK}::{PROJECT}::{type_token}::{name}"


def state_of(*names: str, body: str = '{"widgets":[]}') -> dict[str, Any]:
    """A state export with these dashboards."""
    root = urn(f"{PROJECT}-{STACK}", "pulumi:pulumi:Stack")
    boards = [
        {
            "urn": urn(name),
            "type": TYPE,
            "custom": True,
            "id": name,
            "parent": root,
            "inputs": {"dashboardName": name, "dashboardBody": body},
        }
        for name in names
    ]
    stack = {"urn": root, "type": "pulumi:pulumi:Stack", "custom": False}
    return {"version": 3, "deployment": {"resources": [stack, *boards]}}


def existing_of(*names: str, **state: str) -> Any:
    """What such an export says is there."""
    return read_state_export(state_of(*names, **state), "state.json").existing


def existing_of_cli(cli: Pulumi) -> Any:
    """What the real engine's stack has."""
    return read_state_export(cli.export(), "state.json").existing
