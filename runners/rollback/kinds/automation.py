"""Something else, by an automation of the team's own: it gets the version as `Version`, and a parameter says what runs.

Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from contract.rollback import VersionKind
from runners.rollback.kind import Change, Kind, Progress, Stage
from runners.rollback.version import Version

_SUCCEEDED: Final = ("Success", "CompletedWithSuccess")
_FAILED: Final = (
    *("Failed", "TimedOut", "Cancelled", "CompletedWithFailure", "Rejected", "Exited"),
    "ChangeCalendarOverrideRejected",
)


class _Automation(Kind):
    """`name` is the document; a version is what the parameter holds."""

    kind: ClassVar[VersionKind] = "automation"

    def running(self) -> Version:
        name = self.part.parameter
        return self.known(str(self._calls.ask("ssm:GetParameter", str(name), Name=name)["Parameter"]["Value"]))

    def obstacles(self, _: Change, /) -> list[str]:
        return []

    def lost(self, _: Change, /) -> list[str]:
        return [f"what automation {self.name} does not take back, which only its owner knows"]

    def begin(self, change: Change, /) -> Mapping[str, Any]:
        if self._is_back(change):
            return {"how": "it runs already", "execution": None}
        answer = self._calls.ask(
            "ssm:StartAutomationExecution",
            self.name,
            DocumentName=self.name,
            Parameters={"Version": [change.good.running]},
            # The same token gives the same execution, so that asking again starts nothing.
            ClientToken=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{change.token}/{self.name}")),
        )
        return {"how": "the automation was started", "execution": str(answer["AutomationExecutionId"])}

    def progress(self, change: Change, begun: Mapping[str, Any], /) -> Progress:
        execution = begun["execution"]
        if execution is None:
            return self._arrived(change.good, str(begun["how"]))
        answer = self._calls.ask("ssm:GetAutomationExecution", self.name, AutomationExecutionId=execution)
        found = answer["AutomationExecution"]
        status = str(found["AutomationExecutionStatus"])
        said = f"execution {execution}: {status}"
        said += f", {found['FailureMessage']}" if found.get("FailureMessage") else ""
        if status in _SUCCEEDED:
            return self._arrived(change.good, said)
        # One that is not known, too, is looked at again.
        return Progress(Stage.FAILED if status in _FAILED else Stage.WAITING, said)
