"""All policies of the pack, in the order in which they run."""

from __future__ import annotations

from typing import Final

from pulumi_policy import Policy, PolicyPack

from policies import alarms, chaos, cost, data, schedules, tags, trust
from policies.adapter import watch_configuration, watch_secrets
from policies.memory import MEMORY

NAME: Final = "ial"


def policies() -> list[Policy]:
    """Every policy. The last one must stay last: it reports what went wrong in those before it."""
    return [
        *cost.resource_policies(),
        *alarms.policies(),
        *data.policies(),
        *schedules.policies(),
        *chaos.policies(),
        *trust.policies(),
        *tags.policies(),
        *cost.stack_policies(),
        cost.last_policy(),
    ]


def serve() -> None:
    """Serves the pack until the engine ends the process."""
    watch_secrets()
    watch_configuration(MEMORY.begin)
    PolicyPack(NAME, policies())
