"""What a program may know of the run it is part of, and what it reports of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pricing.resource import Plain


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What a program may know of the run it is part of.

    `config` maps full keys to strings, objects as JSON; `stack_references` maps other stacks to their outputs.
    """

    project: str
    stack: str
    config: Mapping[str, str] = field(default_factory=dict)
    secret_keys: tuple[str, ...] = ()
    organization: str = "organization"
    dry_run: bool = True
    stack_references: Mapping[str, Mapping[str, Plain]] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """One line that the program, or the monitor on its behalf, reported."""

    severity: str
    text: str
    urn: str = ""
