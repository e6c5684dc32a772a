"""Which environment file judges a stack, at which stage, in which region, on which day."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from policies.adapter import stack_config, stack_name
from pricing.environment import Environment, Terms
from pricing.errors import UsageError

DIRECTORY: Final = Path(__file__).parent / "environments"
AS_OF: Final = "IAL_AS_OF"


def terms_of(urn: str, environment: str = "") -> Terms:
    """The terms of the stack that a URN is of; `environment` overrides the stack's name.

    Raises:
        UsageError: there is no environment file, it is malformed, or the configuration contradicts it.
    """
    return _environment(environment or stack_name(urn)).terms(stack_config())


@lru_cache(maxsize=4)
def _environment(name: str) -> Environment:
    return Environment.for_stack(name, DIRECTORY)


def today() -> date:
    """The day that prices and waivers are judged at: `IAL_AS_OF`, else today in UTC.

    Raises:
        UsageError: `IAL_AS_OF` is not a date.
    """
    text = os.environ.get(AS_OF)
    if not text:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"{AS_OF}={text!r} is not a date; accepted: YYYY-MM-DD"
        raise UsageError(msg) from None
