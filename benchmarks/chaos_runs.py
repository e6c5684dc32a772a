"""`ial chaos run` against Chaos Toolkit with chaostoolkit-aws, around the same template of FIS on the same local cloud.

Time on the local cloud passes when somebody waits, so both are measured without the fault's own minutes: what is left
is what each adds. Chaos Toolkit is given as many looks as `ial` takes: after each wait of ten seconds it asks FIS for
the experiment and reads both metrics of the hypothesis. It looks at averages: the local cloud gives its call no
percentiles. What `ial` does besides (preflight, lock, evidence, alarms' history, clean-up, record) is in its time, and
nothing of that kind is in Chaos Toolkit's. Each is a fresh process; memory is its peak, less a bare Python's.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.timing import IAL, ROOT

EXPERIMENT: Final = "network-latency"
STACK: Final = ("--stack", "dev", "--engine", "local")
ROUNDS: Final = 5
LOOKS: Final = 30
STEP_SECONDS: Final = 10
# The peak of a process counts what it was forked from, so it is forked from something small.
_MEASURING: Final = """
import resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
seconds = time.perf_counter() - began
if done.returncode:
    sys.exit(done.stdout.decode(errors="replace"))
print(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def wait(seconds: float) -> float:
    """An activity of Chaos Toolkit: lets the local cloud's time pass."""
    from runners.chaos.rehearsal import RehearsalClock

    clock = RehearsalClock(os.environ["AWS_ENDPOINT_URL"])
    clock.sleep(seconds)
    return clock.now().timestamp()


def is_over() -> str:
    """A probe of Chaos Toolkit: the status of the newest experiment, through the client that chaosaws makes."""
    from chaosaws import aws_client  # type: ignore[import-untyped]

    fis = aws_client("fis")
    newest = fis.list_experiments()["experiments"][-1]["id"]
    return str(fis.get_experiment(id=newest)["experiment"]["state"]["status"])


def with_looks(exported: dict[str, Any]) -> dict[str, Any]:
    """The exported experiment, which waits for the fault's end and looks meanwhile."""
    probes = exported["steady-state-hypothesis"]["probes"]
    for probe in probes:
        arguments = probe["provider"]["arguments"]
        if arguments.pop("extended_statistic", None):
            arguments["statistic"] = "Average"
    [start] = exported["method"]
    start.pop("pauses")
    unjudged = [{key: value for key, value in probe.items() if key != "tolerance"} for probe in probes]
    looks = [_python("action", "wait", {"seconds": STEP_SECONDS}), _python("probe", "is_over", {}), *unjudged]
    return {**exported, "method": [start, *looks * LOOKS]}


def _python(kind: str, function: str, arguments: dict[str, Any]) -> dict[str, Any]:
    provider = {"type": "python", "module": "benchmarks.chaos_runs", "func": function, "arguments": arguments}
    return {"type": kind, "name": function, "provider": provider}


@contextmanager
def deployed() -> Iterator[tuple[Path, str]]:
    """The program, applied to a local cloud of its own: its folder, and the cloud's address."""
    from local.deployment import LocalStack, local_server, start_with_workload
    from preview.project import Project

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
            shutil.copy(ROOT / file, folder / file)
        server = local_server(folder)
        running, _ = start_with_workload(server)
        try:
            LocalStack(Project.load(folder, "dev")).up()
            yield folder, running.endpoint.url
        finally:
            server.stop()


def cost_of(command: list[str], folder: Path, url: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a process.

    Raises:
        RuntimeError: it did not pass, so that its time means nothing.
    """
    keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1"}
    given = {**os.environ, **keys, "AWS_ENDPOINT_URL": url, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        [sys.executable, "-c", _MEASURING, *command], cwd=folder, env=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    seconds, kilobytes = done.stdout.split()
    return float(seconds), float(kilobytes) / 1024


def measure() -> list[str]:
    """Medians of both, and their ratio."""
    from runners.chaos.rehearsal import begin_rehearsal

    chaos = str(Path(sys.executable).with_name("chaos"))
    with deployed() as (folder, url):
        exported = subprocess.run(
            [*IAL, "chaos", "export", EXPERIMENT, *STACK],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        (folder / "experiment.json").write_text(json.dumps(with_looks(json.loads(exported.stdout))))
        ways = {
            "ial": [*IAL, "chaos", "run", EXPERIMENT, *STACK],
            "Chaos Toolkit": [chaos, "--no-version-check", "run", "experiment.json"],
        }
        nothing = cost_of([sys.executable, "-c", "pass"], folder, url)
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, command in ways.items():
                begin_rehearsal(url, ["design.seed=2"], "ial/dev")
                _forget(url)
                found[name].append(cost_of(command, folder, url))
    return _told({name: (_median(runs, 0), _median(runs, 1) - nothing[1]) for name, runs in found.items()})


def _forget(url: str) -> None:
    """The month's budget must not refuse a run."""
    from local.endpoint import Endpoint

    table = Endpoint(url).client("dynamodb")
    for item in table.scan(TableName="ial-dev-records")["Items"]:
        table.delete_item(TableName="ial-dev-records", Key={key: item[key] for key in ("run", "step")})


def _median(runs: list[tuple[float, float]], part: int) -> float:
    return statistics.median(run[part] for run in runs)


def _told(costs: dict[str, tuple[float, float]]) -> list[str]:
    lines = [f"{name:<14} {seconds:6.2f} s   {memory:5.0f} MB" for name, (seconds, memory) in costs.items()]
    (ours, our_memory), (theirs, their_memory) = costs["ial"], costs["Chaos Toolkit"]
    return [*lines, f"{'ratio':<14} {ours / theirs:6.2f}     {our_memory / their_memory:5.2f}"]
