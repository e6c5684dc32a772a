"""The kill switch of the tests' stack."""

from __future__ import annotations

from runners.chaos.equipment import Equipment
from runners.chaos.running.halting import Halting


def halting_of(kit: Equipment, *templates: str) -> Halting:
    """That of a stack with these templates; what it tells goes where the run's lines go."""
    return Halting(
        owner="ial-dev",
        templates=templates,
        injection=kit.injection,
        records=kit.records,
        clock=kit.clock,
        say=kit.say,
    )
