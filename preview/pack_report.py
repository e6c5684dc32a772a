"""The report that the pack writes of its own run: where it goes, and how it is read back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contract.names import PACK_REPORT, PACK_RUN
from contract.reading.errors import ReadingError
from contract.reading.files import read_json_file
from contract.targets import Targets
from preview.errors import PackError


@dataclass(frozen=True)
class PackReport:
    """A file that only this run's pack is told of, under an id that only this run has; and what the run is about."""

    directory: Path
    targets: Targets = field(default_factory=Targets)
    run_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def path(self) -> Path:
        """Where the pack writes."""
        return self.directory.resolve() / "pack-report.json"

    def environment(self) -> dict[str, str]:
        """What the pack's process is told."""
        return {PACK_REPORT: str(self.path), PACK_RUN: self.run_id, **self.targets.environment()}

    def forget(self) -> None:
        """Takes away what is there: only what is written from now on counts."""
        self.path.unlink(missing_ok=True)

    def read(self) -> Mapping[str, object] | None:
        """What the pack wrote, or None if it wrote nothing.

        Raises:
            PackError: the file is not a JSON object.
        """
        if not self.path.exists():
            return None
        try:
            data = read_json_file(self.path, "the policy pack's report").data
        except ReadingError as error:
            msg = f"the policy pack's report cannot be read: {error}"
            raise PackError(msg) from None
        if not isinstance(data, dict):
            msg = f"{self.path}: the policy pack's report is not a JSON object"
            raise PackError(msg)
        return data
