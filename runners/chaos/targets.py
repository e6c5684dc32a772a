"""What an experiment would hit, and the group around it: a port."""

from __future__ import annotations

from typing import Protocol

from contract.experiments import BlastRadius
from runners.chaos.before.situation import TargetSituation


class Targets(Protocol):
    """Looks at what is there. Parts that could not be read are None, which preflight refuses."""

    def situation(self, reach: BlastRadius, *, through_agent: bool) -> TargetSituation:
        """The candidates and their group; `through_agent` asks whether Systems Manager reaches them, too."""

    def gone(self, arns: tuple[str, ...]) -> int:
        """How many of these instances do not run any more."""
