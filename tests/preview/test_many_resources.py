"""How much a large program leaves behind while it runs: counted, not timed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from preview.errors import ProgramError
from preview.program import record
from preview.project import Project

# A program of 600 resources has two breaks.
MANY = """
    import asyncio, gc
    import pulumi
    from pulumi.runtime import settings

    most = 0
    for number in range(600):
        pulumi.CustomResource("t:i:T", f"r{number}", {"a": number, "b": None})
        most = max(most, len(settings._get_rpc_manager().rpcs))
    print(most, len(asyncio.get_event_loop()._ready), gc.get_freeze_count() > 0)
"""
WAITING = """
    import asyncio
    import pulumi

    later = asyncio.Future()
    for number in range(600):
        pulumi.CustomResource("t:i:T", f"r{number}", {"a": later if number < 300 else number})
    later.set_result("now")
"""
FAILING = """
    import pulumi

    def fail(value):
        raise ValueError("not this one")

    for number in range(600):
        pulumi.CustomResource("t:i:T", f"r{number}", {"a": pulumi.Output.from_input(number).apply(fail)})
"""


def test_calls_end_while_a_large_program_runs(load: Callable[..., Project]) -> None:
    recording = record(load(MANY))
    assert len(recording.registrations) == 602
    most, ready, frozen = recording.stdout.split()
    assert int(most) <= 2 * 250
    # What is left after the last break, and not what all breaks before it put there.
    assert int(ready) < 300 * 4
    assert frozen == "True"


def test_a_break_does_not_wait_for_what_the_program_has_yet_to_say(load: Callable[..., Project]) -> None:
    recording = record(load(WAITING))
    values = {entry.name: entry.properties.get("a") for entry in recording.registrations}
    assert (values["r0"], values["r299"], values["r599"]) == ("now", "now", 599)


def test_a_failure_before_a_break_ends_the_program(load: Callable[..., Project]) -> None:
    with pytest.raises(ProgramError, match="not this one"):
        record(load(FAILING))
