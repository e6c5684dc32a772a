"""Medians of repeated runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IAL = (sys.executable, "-m", "runners.cli")


def median(run: Callable[[], object], times: int) -> float:
    """Seconds of the middle run; the first one warms caches and doesn't count."""
    run()
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def command(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Callable[[], int]:
    """Runs a command whose output nobody reads, and gives its exit code."""

    def run() -> int:
        done = subprocess.run(
            arguments, cwd=ROOT, env={**os.environ, **(environment or {})}, capture_output=True, check=False
        )
        return done.returncode

    return run
