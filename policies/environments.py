"""Which environment file judges a stack, at which stage, in which region."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from policies.adapter import stack_config, stack_name
from pricing.environment import Environment, Terms

DIRECTORY: Final = Path(__file__).parent / "environments"


def terms_of(urn: str, environment: str = "") -> Terms:
    """The terms of the stack that a URN is of; `environment` overrides the stack's name.

    Raises:
        UsageError: there is no environment file, it is malformed, or the configuration contradicts it.
    """
    # Every resource is asked for, and the answer is the same for all of a stack.
    return _terms(environment or stack_name(urn), frozenset(stack_config().items()))


@lru_cache(maxsize=4)
def _terms(name: str, config: frozenset[tuple[str, str]]) -> Terms:
    return Environment.for_stack(name, DIRECTORY).terms(dict(config))
