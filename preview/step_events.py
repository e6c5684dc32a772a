"""What the real engine did, as it tells while it works: what is done, what failed and why."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from preview.changes import counted, is_default_provider
from preview.engine_failures import Diagnostic, half_way

if TYPE_CHECKING:
    from pulumi.automation.events import DiagnosticEvent, EngineEvent, StepEventMetadata

    from preview.errors import EngineError

COLOUR: Final = re.compile(r"<\{%.*?%\}>")
_DONE: Final = (("create", "created"), ("import", "imported"), ("update", "changed"), ("replace", "replaced"))
_NOT_SEEN: Final = "but none were seen"
# A warning that asks for something to be done; the others are on the screen already.
_PENDING: Final = "pending operations from previous deployment"


def done_in_words(counts: Mapping[str, int]) -> str:
    """What was done to how many, as people say it."""
    said = [f"{counts[step]} {word}" for step, word in (*_DONE, ("delete", "deleted")) if counts.get(step)]
    return ", ".join(said) or "nothing was done"


@dataclass
class StepEvents:
    """Collects the events of an update or a destroy; hand `take` to the Automation API."""

    failed: dict[str, str] = field(default_factory=dict)
    errors: list[Diagnostic] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    _done: Counter[str] = field(default_factory=Counter)
    _summary: dict[str, int] | None = None

    @property
    def changes(self) -> dict[str, int]:
        """How many steps of which kind: the engine's own sum, or what was seen where it did not come to one."""
        return counted(self._done if self._summary is None else self._summary)

    def take(self, event: EngineEvent) -> None:
        """Takes in one event."""
        if event.res_outputs_event is not None:
            self.ended(event.res_outputs_event.metadata)
        elif event.res_op_failed_event is not None:
            self.failed.setdefault(event.res_op_failed_event.metadata.urn, "")
        elif event.diagnostic_event is not None:
            self._told(event.diagnostic_event)
        elif event.summary_event is not None:
            self._summary = {str(step): count for step, count in (event.summary_event.resource_changes or {}).items()}

    def ended(self, metadata: StepEventMetadata) -> None:
        """Takes in that a step is done."""
        # As the engine counts: its own default providers do not, nor do the parts of a replacement.
        if metadata.logical and not is_default_provider(metadata.urn, metadata.type):
            self._done[metadata.op.value] += 1

    def named(self) -> list[Diagnostic]:
        """What failed with its reason, resources first."""
        reasons = {entry.urn: entry.text for entry in reversed(self.errors) if entry.urn}
        known = [Diagnostic(reasons.pop(urn, ""), urn) for urn in self.failed]
        others = [Diagnostic(text, urn) for urn, text in reasons.items()]
        # What a plan expected and did not see, because something failed before it, is no failure of its own.
        return [*known, *(entry for entry in others if not (known and _NOT_SEEN in entry.text))]

    def error(self, failure: EngineError) -> EngineError:
        """The failure with counts and resources."""
        return half_way(done_in_words(self.changes), self.named(), failure)

    def _told(self, event: DiagnosticEvent) -> None:
        text = COLOUR.sub("", event.message).strip()
        if event.severity == "error":
            self.errors.append(Diagnostic(text, event.urn or ""))
        elif event.severity == "warning" and _PENDING in text:
            self.notes = (f"warning: {' '.join(text.split())}",)


def read_events(log: Path, take: Callable[[EngineEvent], object], *, done: bool = False) -> None:
    """Hands over the events of a log that the engine wrote; a last line that it could not finish is left out.

    With `done` only what was done counts: an update previews first, and tells of both alike.
    """
    from pulumi.automation.events import EngineEvent

    if not log.exists():
        return
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            said = json.loads(line)
            if not (done and _is_only_planned(said)):
                take(EngineEvent.from_json(said))
        except ValueError:
            continue


def _is_only_planned(said: Mapping[str, Any]) -> bool:
    ended, summary = said.get("resOutputsEvent") or {}, said.get("summaryEvent") or {}
    return bool(ended.get("planning") or summary.get("isPreview"))
