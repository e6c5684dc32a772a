"""How an offline preview grows with its program: time and memory of all its processes, by number of resources.

`free` are roles, which cost nothing; in `mixed` half are queues and log groups, which have prices. The same program
goes through `pulumi preview` with the same pack where the Pulumi CLI is, under the conditions of `verdicts.py`. Sizes
may be given: `python -m benchmarks.preview_scale 100 3000`.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.process_tree import Cost, cost_of
from benchmarks.timing import IAL, ROOT

_SIZES = (1_000, 10_000)
_KINDS = ("free", "mixed")
_PROJECT = f"""
name: scale
runtime:
  name: python
  options: {{virtualenv: {ROOT / ".venv"}}}
"""
_PROGRAM = """
import json
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
tags = {"owner": "team", "environment": "dev", "stage": "8", "managed-by": "pulumi"}
trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
policy = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
for number in range(config.require_int("count")):
    kind = number % 4 if config.require("kind") == "mixed" else None
    if kind == 0:
        aws.sqs.Queue(f"queue-{number}", visibility_timeout_seconds=30, tags=tags)
    elif kind == 1:
        aws.cloudwatch.LogGroup(f"logs-{number}", retention_in_days=7, tags=tags)
    else:
        aws.iam.Role(f"role-{number}", assume_role_policy=policy, tags=tags)
"""


def measure(sizes: tuple[int, ...] = _SIZES) -> list[str]:
    lines = [f"{'resources':>10} {'kind':6} {'engine':7} {'seconds':>8} {'processor':>10} {'MiB':>6} {'exit':>5}"]
    for kind in _KINDS:
        costs = [_measured(kind, size, lines) for size in sizes]
        if len(sizes) > 1:
            times = costs[-1].seconds / costs[0].seconds
            lines.append(f"{kind}: {sizes[-1]} take {times:.1f} times as long as {sizes[0]}")
    return lines


def _measured(kind: str, size: int, lines: list[str]) -> Cost:
    with tempfile.TemporaryDirectory(prefix="ial-bench-") as name:
        folder = _project(Path(name), kind, size)
        preview = [*IAL, "preview", "--stack", "dev", "--engine", "local", "--program", str(folder)]
        ours = cost_of(preview)
        lines.append(_line(kind, size, "local", ours))
        if shutil.which("pulumi") is not None:
            lines.append(_line(kind, size, "pulumi", _engine(folder)))
    return ours


def _engine(folder: Path) -> Cost:
    environment = {
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "PULUMI_CONFIG_PASSPHRASE": "benchmark",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
    }
    pulumi = ["pulumi", "--non-interactive", "--cwd", str(folder)]
    cost_of([*pulumi, "stack", "init", "dev"], environment)
    return cost_of([*pulumi, "preview", "--stack", "dev", "--policy-pack", str(ROOT / "policies")], environment)


def _project(folder: Path, kind: str, size: int) -> Path:
    settings = f'config:\n  aws:region: us-east-1\n  scale:count: "{size}"\n  scale:kind: {kind}\n'
    for name, text in {"Pulumi.yaml": _PROJECT, "Pulumi.dev.yaml": settings, "__main__.py": _PROGRAM}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _line(kind: str, size: int, engine: str, cost: Cost) -> str:
    figures = f"{cost.seconds:>8.1f} {cost.processor:>10.1f} {cost.mebibytes:>6.0f} {cost.code:>5}"
    return f"{size:>10} {kind:6} {engine:7} {figures}"


if __name__ == "__main__":
    print("\n".join(measure(tuple(map(int, sys.argv[1:])) or _SIZES)))
