"""Runners as processes that begin at once, forked from one that has imported everything, and that can be killed.

`python -m tests.runners.runner_processes` is the process that forks: a request a line on stdin, an answer a line on
stdout. A runner that is to be killed kills itself, with SIGKILL, right after one line of its journal is on disk.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import runners

ROOT: Final = Path(__file__).resolve().parents[2]
# A run that hangs ends by SIGALRM.
LIMIT_SECONDS: Final = 180
SERVICES: Final = (
    *("sts", "dynamodb", "s3", "cloudwatch", "fis", "ecs", "ec2", "elbv2", "autoscaling", "rds", "logs"),
    *("ssm", "scheduler", "sns", "application-autoscaling"),
)


class RunnerProcesses:
    """The test's end. Each call is a process of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._forking = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._forking.communicate()

    def run(
        self,
        folder: Path,
        *arguments: str,
        kill_after: int | None = None,
        environment: Mapping[str, str] | None = None,
        bare: bool = False,
    ) -> tuple[int, str, str]:
        """Runs `ial` in a folder: its exit code, negative for a signal, and what it wrote to stdout and stderr.

        The environment comes on top of the tests' own, unless it is to be all that there is (`bare`).
        """
        request = {
            "folder": str(folder),
            "arguments": arguments,
            "kill_after": kill_after,
            "environment": dict(environment or {}),
            "bare": bare,
        }
        assert self._forking.stdin is not None
        assert self._forking.stdout is not None
        self._forking.stdin.write(json.dumps(request) + "\n")
        self._forking.stdin.flush()
        code, out, err = json.loads(self._forking.stdout.readline())
        return code, out, err


def _kill_after(line: int) -> None:
    from runners.runs.journal import Entry, Journal

    write = Journal.write

    def killing(journal: Journal, step: str, **data: Any) -> Entry:
        entry = write(journal, step, **data)
        if entry.number == line:
            os.kill(os.getpid(), signal.SIGKILL)
        return entry

    Journal.write = killing  # type: ignore[method-assign,assignment]


def _forked(request: dict[str, Any]) -> tuple[int, str, str]:
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = os.fork()
        if child == 0:
            _become_runner(request, out.fileno(), err.fileno())
        _, status = os.waitpid(child, 0)
        written = []
        for file in (out, err):
            file.seek(0)
            written.append(file.read())
        return os.waitstatus_to_exitcode(status), written[0], written[1]


def _become_runner(request: dict[str, Any], out: int, err: int) -> None:
    """Never returns."""
    from runners.cli.main import main

    code = 70
    try:
        for stream, number in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
            os.dup2(stream, number)
        os.chdir(request["folder"])
        signal.alarm(LIMIT_SECONDS)
        if request["bare"]:
            os.environ.clear()
        os.environ.update(request["environment"])
        if request["kill_after"] is not None:
            _kill_after(request["kill_after"])
        code = main(request["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _load_clients() -> None:
    """What a client needs of botocore is there before, too; it is asked for nothing."""
    from local.endpoint import Endpoint
    from runners.aws.session import AwsClients

    nowhere = "http://127.0.0.1:1"
    endpoint, clients = Endpoint(nowhere), AwsClients("us-east-1", endpoint=nowhere, keys=("none", "none", None))
    for service in SERVICES:
        clients.client(service)
        endpoint.client(service)


def _serve() -> None:
    from runners.cli import main

    # Commands import what they need when they are called; here all of it is there before.
    for module in pkgutil.walk_packages(runners.__path__, "runners."):
        importlib.import_module(module.name)
    main.command()
    _load_clients()
    # What no child may touch needs no copy in any of them.
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(_forked(json.loads(line))), flush=True)


if __name__ == "__main__":
    _serve()
