"""What the real engine tells while it destroys a stack: what is gone, what is not, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from preview.errors import EngineError
from preview.step_events import StepEvents

if TYPE_CHECKING:
    from pulumi.automation.events import StepEventMetadata

_DELETE: Final = "delete"
_SHOWN: Final = 5


@dataclass
class DestroyEvents(StepEvents):
    """Collects events while the engine runs; hand `take` to the Automation API."""

    deleted: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)

    def ended(self, metadata: StepEventMetadata) -> None:
        """Takes in that a step is done."""
        super().ended(metadata)
        old = metadata.old
        # Components and providers are the engine's own.
        if metadata.op != _DELETE or old is None or not old.custom or old.type.startswith("pulumi:providers:"):
            return
        (self.kept if old.retain_on_delete else self.deleted).add(old.urn)

    def not_destroyed(self, stack: str, failure: EngineError) -> EngineError:
        """The engine's failure with the resources and counts; as it is where it is about no resource."""
        if not self.failed:
            return failure
        named = [entry.told() for entry in self.named() if entry.urn in self.failed]
        more = f"; and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
        msg = f"stack {stack}: {len(self.deleted)} resources were deleted, {len(named)} could not be: "
        msg += "; ".join(named[:_SHOWN]) + more
        return EngineError(f"{msg}; mend that, and run the same command again", "\n".join([*named, failure.detail]))
