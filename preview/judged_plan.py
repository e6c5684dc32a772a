"""What was judged is what is applied: a run for real registers what the preview registered, and nothing else.

As with the real engine's plan, a value that was unknown at preview may be anything; all others stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from preview.errors import ProgramError, ProvisionError
from preview.registration import Provisioned, Provisioner, Registration
from pricing.resource import UNKNOWN, Plain

if TYPE_CHECKING:
    from preview.recording import Recording

_OPTIONS: Final = ("type", "custom", "external", "import_id", "protect", "retain_on_delete", "ignore_changes")
_MOST_NAMED: Final = 5


@dataclass
class JudgedPlan:
    """A provisioner that lets through what was judged, and refuses everything else before anything is done."""

    judged: Recording
    inner: Provisioner
    _by_urn: dict[str, Registration] = field(init=False)

    def __post_init__(self) -> None:
        self._by_urn = {record.urn: record for record in self.judged.registrations}

    def create(self, request: Registration) -> Provisioned:
        """Creates what was judged.

        Raises:
            ProvisionError: the preview had no such resource, or had it with other inputs.
        """
        self._check(request)
        return self.inner.create(request)

    def read(self, request: Registration, resource_id: str) -> Provisioned:
        """Reads what was looked up at preview too.

        Raises:
            ProvisionError: the preview did not look it up.
        """
        self._check(request)
        return self.inner.read(request, resource_id)

    def invoke(self, token: str, args: Mapping[str, Plain]) -> Mapping[str, Plain]:
        """Asks a data source: what it says shows in the inputs, which are compared."""
        return self.inner.invoke(token, args)

    def require_all(self, applied: Recording) -> None:
        """Refuses a run that left out what was judged: what it left out would be deleted.

        Raises:
            ProgramError: URNs are missing, or there are more of them.
        """
        seen = {record.urn for record in applied.registrations}
        for urns, what in ((self._by_urn.keys() - seen, "did not register"), (seen - self._by_urn.keys(), "added")):
            if urns:
                shown = ", ".join(sorted(urns)[:_MOST_NAMED])
                raise ProgramError(f"the program {what} {shown} when it was applied: its preview was judged otherwise")

    def _check(self, request: Registration) -> None:
        name = f"{request.name} ({request.type})"
        judged = self._by_urn.get(request.urn)
        if judged is None:
            msg = f"{name} was not in the preview that was judged, so it is not made: create it in previews as well"
            raise ProvisionError(msg)
        differing = list(_differing(judged, request))
        if differing:
            msg = f"{name} is not what was judged: {', '.join(differing[:_MOST_NAMED])} differ; nothing is made of it"
            raise ProvisionError(msg)


def _differing(judged: Registration, request: Registration) -> Iterator[str]:
    """The options and inputs in which two registrations differ."""
    yield from (name for name in _OPTIONS if getattr(judged, name) != getattr(request, name))
    before, now = judged.properties, request.properties
    for key in sorted(before.keys() | now.keys()):
        # An unknown value may turn out to be nothing, and then the SDK leaves it out.
        if not _fits(before.get(key), now.get(key)):
            yield key


def _fits(judged: Plain, value: Plain) -> bool:
    if judged is UNKNOWN:
        return True
    if isinstance(judged, Mapping) and isinstance(value, Mapping):
        return all(_fits(judged.get(key), value.get(key)) for key in judged.keys() | value.keys())
    if isinstance(judged, list) and isinstance(value, list):
        return len(judged) == len(value) and all(map(_fits, judged, value))
    return judged == value and isinstance(judged, bool) == isinstance(value, bool)
