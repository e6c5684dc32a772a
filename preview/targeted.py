"""What an update of some resources alone leaves as it is: its inputs come from the state, or it is not made at all.

As the real engine does it (pulumi, `pkg/resource/deploy/step_generator.go`): what is not targeted keeps the inputs of
the state; what is not targeted and not there is not made, and it is an error if something targeted needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from contract.targets import Targets
from preview.errors import TargetError
from preview.registration import Registration
from pricing.placement import provider_urn
from pricing.resource import urn_name, urn_type


@dataclass
class Targeted:
    """Decides for one run of a program, whose resources come after those that they need."""

    targets: Targets
    _taken: set[str] = field(default_factory=set)
    _not_made: set[str] = field(default_factory=set)

    def takes(self, record: Registration) -> bool:
        """Whether the update is about this resource."""
        taken = self.targets.names(record.urn) or (
            self.targets.dependents and any(need in self._taken for need in _needs(record))
        )
        if taken and not record.type.startswith("pulumi:"):
            self._taken.add(record.urn)
        return taken

    def leave_out(self, record: Registration) -> None:
        """Notes that a resource is not made."""
        self._not_made.add(record.urn)

    def made(self, records: Iterable[Registration]) -> list[Registration]:
        """The resources without those that are not made.

        Raises:
            TargetError: a target needs one that is not made, or a target is nowhere to be found.
        """
        kept = [record for record in records if record.urn not in self._not_made]
        for record in kept:
            for need in _needs(record):
                if need in self._not_made:
                    msg = f"{_shown(record.urn)} is a target and needs {_shown(need)}, which is not there yet: "
                    raise TargetError(f"{msg}name it by --target too")
        return kept

    def require_found(self, urns: Iterable[str]) -> None:
        """Refuses a target that names nothing.

        Raises:
            TargetError: neither the program nor the state has it.
        """
        known = list(urns)
        for pattern in self.targets.patterns:
            # As the engine: a pattern may well fit nothing, a name may not.
            if "*" not in pattern and pattern not in known:
                msg = f"--target {pattern}: neither the program nor the state has it; accepted are URNs, with `*` and "
                raise TargetError(f"{msg}`**`")


def _needs(record: Registration) -> Iterable[str]:
    return filter(None, (record.parent, *record.dependencies, provider_urn(record.provider)))


def _shown(urn: str) -> str:
    return f"{urn_name(urn)} ({urn_type(urn)})"
