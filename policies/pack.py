"""All policies of the pack, in the order in which they run."""

from __future__ import annotations

import contextlib
import threading
from typing import Final

from pulumi_policy import Policy, PolicyPack

from policies import alarms, chaos, cost, data, schedules, tags, trust
from policies.adapter import watch_configuration, watch_secrets
from policies.environments import terms_of
from policies.fis_catalogue import catalogue
from policies.memory import MEMORY
from policies.request import read_once
from pricing.dynamic_code import known_code
from pricing.price_book import PriceBook
from pricing.registry import usage_keys

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
    read_once()
    # The engine runs the program meanwhile: what every stack is judged by is there when it has one.
    threading.Thread(target=_read_ahead, name="read-ahead", daemon=True).start()
    PolicyPack(NAME, policies())


def _read_ahead() -> None:
    """Reads what is the same for all stacks. What cannot be read is told by the policy that needs it."""
    for read in (known_code, usage_keys, PriceBook.load, catalogue, lambda: terms_of("")):
        with contextlib.suppress(Exception):
            read()
