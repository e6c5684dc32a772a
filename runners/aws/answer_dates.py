"""What time it is at AWS, from the Date of answers that are there anyway."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from runners.aws.session import Clients
from runners.chaos.running.cloud_time import TimeComparison
from runners.errors import AwsError
from runners.runs.clock import Clock

_SERVICE: Final = "fis"


@dataclass
class AnswerDates:
    """Listens to what FIS answers from now on: by its time a run is measured. Refusals have a Date, too."""

    clients: Clients
    clock: Clock
    _asked: datetime | None = field(default=None, init=False)
    _seen: TimeComparison | None = field(default=None, init=False)
    _said: str | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        events = self.clients.client(_SERVICE).meta.events
        events.register(f"before-send.{_SERVICE}", self._note_request)
        events.register(f"response-received.{_SERVICE}", self._note_answer)

    def compared(self) -> TimeComparison:
        """The newest answer's comparison.

        Raises:
            AwsError: there was no answer, or its Date cannot be read.
        """
        if self._seen is None:
            told = "there was no answer" if self._said is None else f"its Date is {self._said!r}"
            msg = f"the time at AWS is not known: {told}"
            raise AwsError(msg, operation=_SERVICE, code="NoDate")
        return self._seen

    def _note_request(self, **_: Any) -> None:
        self._asked = self.clock.now()

    def _note_answer(self, response_dict: dict[str, Any] | None, **_: Any) -> None:
        if response_dict is None or self._asked is None:
            return
        answered, self._said = self.clock.now(), str(response_dict["headers"].get("Date", ""))
        try:
            cloud = parsedate_to_datetime(self._said)
        except ValueError:
            self._seen = None
            return
        # A Date without a zone is in UTC.
        cloud = cloud.astimezone(UTC) if cloud.tzinfo else cloud.replace(tzinfo=UTC)
        self._seen = TimeComparison(asked=self._asked, cloud=cloud, answered=answered)
