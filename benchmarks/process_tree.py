"""What a command and all that it starts take: seconds, processor seconds, and the most memory at one time.

Memory is the sum of the resident sizes of all its processes, looked at twenty times a second; pages that several of
them share count for each. Linux only, since it reads /proc.
"""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.timing import ROOT

_BETWEEN_SECONDS = 0.05
_PARENT, _RESIDENT = 1, 21


@dataclass(frozen=True)
class Cost:
    """Wall seconds, processor seconds, MiB at the most, and the exit code."""

    seconds: float
    processor: float
    mebibytes: float
    code: int


def cost_of(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Runs a command whose output nobody reads."""
    before, began = _processor(), time.perf_counter()
    process = subprocess.Popen(
        arguments,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    most = 0
    while process.poll() is None:
        most = max(most, _resident(process.pid))
        time.sleep(_BETWEEN_SECONDS)
    return Cost(time.perf_counter() - began, _processor() - before, most / 2**20, process.returncode)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _resident(root: int) -> int:
    """Bytes of a process and its descendants (proc_pid_stat(5): fields 4 and 24)."""
    children: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 (as quick as can be)
        try:
            fields = Path(f"/proc/{entry}/stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[_PARENT]), []).append(int(entry))
        sizes[int(entry)] = int(fields[_RESIDENT]) * resource.getpagesize()
    found, left = 0, [root]
    while left:
        process = left.pop()
        found += sizes.get(process, 0)
        left += children.get(process, [])
    return found
