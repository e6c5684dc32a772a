"""Analysis of 200,000 records of a kilobyte: CPU seconds (user and system) and peak memory of a whole process.

It reads them line by line. What others do on the machine at the time changes CPU seconds little, and waiting much.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.timing import ROOT

COUNTS: Final = (50_000, 100_000, 200_000)
# Samples are most of a record; these are as many as a record of a kilobyte has.
SAMPLES: Final = 1
DAYS: Final = 365


def documents(count: int) -> Iterator[dict[str, Any]]:
    """Runs of a year, of which each eight weeks are as the rehearsed ones, at other times."""
    from runners.analysis.eight_weeks.weeks import Weeks

    held = [document for seed in range(20) for document in Weeks(seed).documents()]
    for document in held:
        for probe in document.get("hypothesis", {}).get("probes", ()):
            probe["samples"] = probe["samples"][:SAMPLES]
    for number in range(count):
        document = held[number % len(held)]
        month, day, second = number * 12 // count, number % 28, number % 86_400
        clock = f"{second // 3600:02}{second // 60 % 60:02}{second % 60:02}"
        yield document | {"run": f"2025{month + 1:02}{day + 1:02}-{clock}-{number % 65536:04x}"}


def write(path: Path, count: int) -> int:
    """Writes them as lines; the bytes of one of them."""
    with path.open("w", encoding="utf-8") as file:
        for document in documents(count):
            file.write(json.dumps(document, separators=(",", ":")) + "\n")
    return path.stat().st_size // count


def analysed(path: Path) -> int:
    """Reads and analyses a file in this process; how many documents it was."""
    from datetime import UTC, datetime

    from contract.goals import Goals
    from runners.analysis.analysis import analyse
    from runners.analysis.eight_weeks.weeks import EXPERIMENTS
    from runners.analysis.inputs import Inputs
    from runners.analysis.score import Known

    known = [Known(held.name, held.category, 1.0, True, held.usd) for held in EXPERIMENTS]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with path.open("rb") as lines:
        found = analyse(
            "rehearsed",
            (("", line) for line in lines),
            known,
            Inputs(goals=Goals(), now=now, since=now - timedelta(days=DAYS)),
        )
    assert found.counted.read == found.counted.documents, found.counted
    return found.counted.read


def measure() -> list[str]:
    """Medians of three, each in a process of its own."""
    lines = []
    with TemporaryDirectory() as folder:
        for count in COUNTS:
            path = Path(folder) / f"{count}.jsonl"
            size = write(path, count)
            runs = [_timed(path) for _ in range(3)]
            seconds = statistics.median(second for second, _ in runs)
            most = max(megabytes for _, megabytes in runs)
            lines.append(f"{count} records of {size} bytes: {seconds:.2f} s of CPU, {most} MB at the most")
            path.unlink()
    return lines


def _timed(path: Path) -> tuple[float, int]:
    command = [sys.executable, "-m", "benchmarks.run_analysis", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, megabytes = done.stdout.split()
    return float(seconds), int(megabytes)


if __name__ == "__main__":
    import resource

    analysed(Path(sys.argv[1]))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)
