"""Which resources an update is about: Pulumi's `--target`, as its engine reads it.

https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/ (`--target`): URNs, with `*` for a part of one and `**` for
several parts. Providers and the stack itself always belong to the update.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

VARIABLE: Final = "IAL_TARGETS"
_ALWAYS: Final = ("pulumi:providers:", "pulumi:pulumi:Stack")


@dataclass(frozen=True)
class Targets:
    """What `--target` names; with `dependents` also what needs one of these. Without patterns all is meant."""

    patterns: tuple[str, ...] = ()
    dependents: bool = False

    def __bool__(self) -> bool:
        return bool(self.patterns)

    @cached_property
    def _matchers(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(_expression(pattern)) for pattern in self.patterns)

    def names(self, urn: str) -> bool:
        """Whether a resource is meant by itself: named, or a provider, or the stack."""
        if not self.patterns or urn.rpartition("::")[0].rpartition("::")[2].startswith(_ALWAYS):
            return True
        return any(matcher.fullmatch(urn) for matcher in self._matchers)

    def environment(self) -> dict[str, str]:
        """What the policy pack's process is told."""
        return {VARIABLE: json.dumps(list(self.patterns)) if self.patterns else ""}

    @classmethod
    def told(cls, environment: Mapping[str, str]) -> Self:
        """The targets that a process was told of."""
        text = environment.get(VARIABLE)
        return cls(tuple(map(str, json.loads(text)))) if text else cls()


def _expression(pattern: str) -> str:
    """As Pulumi: `*` stands for anything but a colon, `**` for anything."""
    parts = ("[^:]*".join(map(re.escape, part.split("*"))) for part in pattern.split("**"))
    return ".*".join(parts)
