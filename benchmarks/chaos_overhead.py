"""What `ial chaos run` adds around an experiment of FIS, against Chaos Toolkit around the same template.

Both run as their users run them, each as a fresh process, against one local cloud on which one stack is up: `ial chaos
run` from the program's folder, and `chaos run` (with chaostoolkit-aws) on what `ial chaos export` wrote. The fault is
the shipped network latency of five minutes, with the same two probes of CloudWatch on both sides.

Counted: everything from the start of the process to its end, so imports, preflight, lock, journal, records and signals
of the one, and validation, journal and log of the other.

Not counted: waiting. Both wait in the local cloud's rehearsed time, `ial` by its clock and Chaos Toolkit by an action
that posts to the same address, ten seconds at a time; it would sleep otherwise. The cloud needs processor time to let a
second pass, so what passed during a command is let pass once more with nobody but the benchmark looking, with the same
experiment in it, and those seconds are taken off. `ial` watches the recovery for some minutes after the fault; that
wait is not counted, the calls during it are. On AWS that wait is real: a run of `ial` ends minutes later.

Chaos Toolkit is measured in three ways. "watching": it looks as often as `ial` does: every ten seconds of the fault it
asks FIS for the experiment and looks through the probes, and goes on with the probes for as long as the hypothesis
wants the workload to be steady. So both know what happened during the fault, that it ended, and what came after.
"looking alike": it also asks before the fault what `ial` asks then, as far as chaostoolkit-aws has functions for it:
which instances could be hit, whether their group is whole, the state of each alarm, and the cluster's settings. What it
has none for (Systems Manager, lock, budget, record, the template's fingerprint) stays out. "as exported": it starts the
experiment, waits as long as it takes, and looks once before and once after. It asks nobody for its newest version
(`--no-version-check`).

Memory is the peak of the process less that of a Python that does nothing. Where other work shares the machine, the
process's own processor time says more than its wall time.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.timing import ROOT

EXPERIMENT: Final = "network-latency"
# The stack's budget of a month has room for one run more than that.
ROUNDS: Final = 7
# As often as a run looks.
EVERY_SECONDS: Final = 10
# The first experiment of a rehearsal has this name; Chaos Toolkit cannot hand it from one step to the next.
FIRST: Final = "EXP0000000000000001"
_COMMANDS: Final = Path(sys.executable).parent
_OURS: Final = "ial chaos run"
_WATCHING: Final = "chaos run, watching"
_ALIKE: Final = "chaos run, looking alike"
_EXPORTED: Final = "chaos run, as exported"
_NOTHING: Final = "python -c pass"


@dataclass(frozen=True)
class Run:
    """Seconds without waiting, seconds of the processor, and peak megabytes, of one process."""

    seconds: float
    processor: float
    megabytes: float


@dataclass(frozen=True)
class Cloud:
    """The local cloud's side: time, rehearsals, and FIS."""

    url: str
    template: str

    def ask(self, method: str, path: str, **document: object) -> dict[str, Any]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, json.dumps(document).encode(), headers, method=method)
        with opener.open(request, timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def begin(self) -> float:
        """A new rehearsal of a workload that stands the fault; its time."""
        return float(self.ask("PUT", "/ial/rehearsal", design={"seed": 2}, faults={}, namespace="ial/dev")["now"])

    def now(self) -> float:
        return float(self.ask("GET", "/ial/clock")["now"])

    def waiting(self, seconds: float) -> float:
        """How long the cloud takes to let so many seconds pass, with the experiment in them."""
        from runners.aws.session import AwsClients

        fis = AwsClients("us-east-1", endpoint=self.url, keys=("local", "local", None)).client("fis")
        self.begin()
        fis.start_experiment(clientToken="benchmark", experimentTemplateId=self.template)
        began = time.perf_counter()
        for _ in range(round(seconds / EVERY_SECONDS)):
            self.ask("POST", "/ial/clock", advance=EVERY_SECONDS)
        return time.perf_counter() - began


def measure() -> list[str]:
    """Medians, and what each adds as a share of what Chaos Toolkit adds."""
    if not (_COMMANDS / "chaos").is_file():
        return ["not measured: `chaos` is not installed; `make install` installs it"]
    from local.deployment import LocalStack, local_server, start_with_workload
    from preview.project import Project

    with tempfile.TemporaryDirectory(prefix="ial-bench-") as held:
        folder = Path(held)
        for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
            shutil.copy(ROOT / name, folder / name)
        server = local_server(folder)
        try:
            running, _ = start_with_workload(server, stay=False)
            outputs = LocalStack(Project.load(folder, "dev")).up().outputs["ial"]
            return _told(_measured(folder, running.endpoint.url, outputs))
        finally:
            server.stop()


def _measured(folder: Path, url: str, outputs: Mapping[str, Any]) -> dict[str, list[Run]]:
    [experiment] = [held for held in outputs["chaos"]["experiments"] if held["name"] == EXPERIMENT]
    steady = int(experiment["hypothesis"]["stability_seconds"])
    before = _looks_before(experiment, outputs)
    environment = _environment(url)
    ial = [str(_COMMANDS / "ial"), "chaos"]
    stack = [EXPERIMENT, "--stack", "dev", "--engine", "local"]
    exported = json.loads(
        subprocess.run(
            [*ial, "export", *stack], cwd=folder, env=environment, capture_output=True, text=True, check=True
        ).stdout
    )
    template = exported["method"][0]["provider"]["arguments"]["experiment_template_id"]
    cloud, document = Cloud(url, template), folder / "experiment.json"
    toolkit = [str(_COMMANDS / "chaos"), "--no-version-check", "run", str(document)]
    commands = {
        _NOTHING: [sys.executable, "-c", "pass"],
        _OURS: [*ial, "run", *stack],
        _WATCHING: toolkit,
        _ALIKE: toolkit,
        _EXPORTED: toolkit,
    }
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(ROUNDS + 1):
        for name, command in commands.items():
            began = cloud.begin()
            made = _rehearsed(exported, cloud, began, None if name == _EXPORTED else steady)
            if name == _ALIKE:
                made["method"] = [*before, *made["method"]]
            document.write_text(json.dumps(made))
            found = _ran(command, folder, environment)
            passed = cloud.now() - began
            # The first round warms caches, the cloud's too.
            if number:
                runs[name].append(replace(found, seconds=found.seconds - cloud.waiting(passed)))
    return runs


def _rehearsed(exported: Mapping[str, Any], cloud: Cloud, now: float, after: int | None) -> dict[str, Any]:
    """The exported experiment with waits in rehearsed time, and with looks if it watches so many seconds `after` it."""
    document: dict[str, Any] = json.loads(json.dumps(exported))
    probes = document["steady-state-hypothesis"]["probes"]
    for probe in probes:
        # Chaos Toolkit counts back from this machine's time, which is not the rehearsal's.
        probe["provider"]["arguments"]["offset"] += round(time.time() - now)
    [start] = document["method"]
    # FIS takes a moment to begin: the last wait sees the end.
    steps = round(start.pop("pauses")["after"] / EVERY_SECONDS) + 1
    wait = _step("action", "wait", type="http", method="POST", url=f"{cloud.url}/ial/clock")
    wait["provider"] |= {
        "headers": {"Content-Type": "application/json"},
        "arguments": {"advance": EVERY_SECONDS},
    }
    state = _step("probe", "state", type="python", module="chaosaws.fis.probes", func="get_experiment")
    state["provider"]["arguments"] = {"experiment_id": FIRST}
    if after is None:
        document["method"] = [start, *[wait] * steps]
    else:
        looks = [wait, state, *probes] * steps + [wait, *probes] * round(after / EVERY_SECONDS)
        document["method"] = [start, *looks]
    return document


def _looks_before(experiment: Mapping[str, Any], outputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What `ial` asks before it starts a fault, in functions of chaostoolkit-aws."""
    reach, seen = experiment["blast_radius"], outputs["observability"]
    running = {"Name": "instance-state-name", "Values": ["running"]}
    tagged = [{"Name": f"tag:{key}", "Values": [value]} for key, value in reach["tags"].items()]
    asked: list[tuple[str, dict[str, Any]]] = [
        ("ec2.probes.count_instances", {"filters": [*tagged, running]}),
        ("asg.probes.desired_equals_healthy", {"asg_names": [reach["group"]]}),
        ("ecs.probes.describe_cluster", {"cluster": seen["container_insights"]["cluster"]}),
    ]
    alarms = {*experiment["stop_alarms"], *(alarm["name"] for alarm in seen["alarms"])}
    asked += [("cloudwatch.probes.get_alarm_state_value", {"alarm_name": name}) for name in sorted(alarms)]
    looks = []
    for number, (function, arguments) in enumerate(asked):
        module, _, name = f"chaosaws.{function}".rpartition(".")
        looks.append(_step("probe", f"before-{number}", type="python", module=module, func=name))
        looks[-1]["provider"]["arguments"] = arguments
    return looks


def _step(kind: str, name: str, **provider: str) -> dict[str, Any]:
    return {"type": kind, "name": name, "provider": dict(provider)}


def _ran(command: list[str], folder: Path, environment: Mapping[str, str]) -> Run:
    launcher = [sys.executable, str(ROOT / "benchmarks" / "measured_process.py")]
    done = subprocess.run(
        [*launcher, *command], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    seconds, processor, code, kibibytes = done.stdout.splitlines()[-1].split()
    if int(code):
        msg = f"{' '.join(command)} ended with {code}: {done.stdout}{done.stderr}"
        raise RuntimeError(msg)
    return Run(float(seconds), float(processor), int(kibibytes) / 1024)


def _environment(url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "NO_PROXY": "127.0.0.1",
    }


def _told(runs: Mapping[str, list[Run]]) -> list[str]:
    middle = {name: _middle(found) for name, found in runs.items()}
    bare = middle.pop(_NOTHING)
    added = {name: replace(run, megabytes=run.megabytes - bare.megabytes) for name, run in middle.items()}
    lines = [
        f"{name:<26}adds {run.seconds:.2f} s ({run.processor:.2f} s of the processor) and {run.megabytes:.0f} MB"
        for name, run in added.items()
    ]
    ours = added.pop(_OURS)
    for name, run in added.items():
        shares = ours.seconds / run.seconds, ours.processor / run.processor, ours.megabytes / run.megabytes
        lines.append(
            "ial / {:<26}{:.2f} of the time, {:.2f} of the processor time, {:.2f} of the memory".format(name, *shares)
        )
    return lines


def _middle(runs: list[Run]) -> Run:
    return Run(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.processor for run in runs),
        statistics.median(run.megabytes for run in runs),
    )
