"""What the real engine tells while it destroys a stack: what is gone, what is not, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from preview.errors import EngineError
from pricing.resource import urn_name

if TYPE_CHECKING:
    from pulumi.automation.events import DiagnosticEvent, EngineEvent, StepEventMetadata

_COLOUR: Final = re.compile(r"<\{%.*?%\}>")
_DELETE: Final = "delete"
_SHOWN: Final = 5


@dataclass
class DestroyEvents:
    """Collects events while the engine runs; hand `take` to the Automation API."""

    deleted: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)

    def take(self, event: EngineEvent) -> None:
        """Takes in one event."""
        if event.res_outputs_event is not None:
            self._ended(event.res_outputs_event.metadata)
        elif event.res_op_failed_event is not None:
            urn = event.res_op_failed_event.metadata.urn
            self.failed[urn] = self._said.get(urn, "")
        elif event.diagnostic_event is not None:
            self._told(event.diagnostic_event)

    def error(self, stack: str, failure: EngineError) -> EngineError:
        """The engine's failure with the resources and counts; as it is where it is about no resource."""
        if not self.failed:
            return failure
        named = [f"{urn_name(urn)} ({_type(urn)}): {why or 'no reason given'}" for urn, why in self.failed.items()]
        more = f"; and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
        msg = f"stack {stack}: {len(self.deleted)} resources were deleted, {len(named)} could not be: "
        msg += "; ".join(named[:_SHOWN]) + more
        return EngineError(f"{msg}; mend that, and run the same command again", "\n".join([*named, failure.detail]))

    def _ended(self, metadata: StepEventMetadata) -> None:
        old = metadata.old
        # Components and providers are the engine's own.
        if metadata.op != _DELETE or old is None or not old.custom or old.type.startswith("pulumi:providers:"):
            return
        (self.kept if old.retain_on_delete else self.deleted).add(old.urn)

    def _told(self, event: DiagnosticEvent) -> None:
        if event.severity != "error" or not event.urn:
            return
        text = _COLOUR.sub("", event.message)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        # A dynamic provider's traceback ends with what went wrong; the provider's own error begins with it.
        said = lines[-1] if any(line.startswith("Traceback") for line in lines) else " ".join(lines)
        self._said.setdefault(event.urn, said)
        if event.urn in self.failed:
            self.failed[event.urn] = self.failed[event.urn] or said


def _type(urn: str) -> str:
    return urn.split("::")[-2].rsplit("$", 1)[-1]
