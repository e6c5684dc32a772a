"""The instances that were hit: how many of them do not run any more."""

from __future__ import annotations

from collections.abc import Sequence

from runners.aws.look import Looking, look
from runners.aws.targets import AwsTargets


@look("instances")
def instances(at: Looking, _name: str, hit: Sequence[str]) -> float:
    """Those that are gone."""
    return float(AwsTargets(at.clients).gone(tuple(hit)))
