"""The runner's clock beside the cloud's: FIS says when a fault began, the runner when the workload was steady again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

# The Date of an answer is cut to whole seconds.
_RESOLUTION: Final = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class TimeComparison:
    """One answer: when the runner asked, the time that the cloud gave, and when the runner had it."""

    asked: datetime
    cloud: datetime
    answered: datetime

    @property
    def apart(self) -> timedelta:
        """By how much the clocks differ at least; what the way there and back can explain is no difference."""
        ahead, behind = self.asked - (self.cloud + _RESOLUTION), self.cloud - self.answered
        return max(ahead, behind, timedelta(0))


class CloudTime(Protocol):
    """Knows what time it is in the cloud."""

    def compared(self) -> TimeComparison:
        """The newest comparison.

        Raises:
            AwsError: no answer of the cloud had a time that can be read.
        """
