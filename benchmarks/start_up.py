"""How long the command takes to say something."""

from __future__ import annotations

from benchmarks.timing import IAL, command, median


def measure() -> list[str]:
    return [
        f"ial --help               {median(command([*IAL, '--help']), 9):.2f} s",
        f"ial cost usage TYPE      {median(command([*IAL, 'cost', 'usage', 'aws:sqs/queue:Queue']), 5):.2f} s",
    ]
