"""The day on which prices are judged."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import Final

from pricing.errors import UsageError

AS_OF: Final = "IAL_AS_OF"


def judged_on() -> date:
    """The day named by `IAL_AS_OF`, else today in UTC.

    Raises:
        UsageError: `IAL_AS_OF` is not a date.
    """
    text = os.environ.get(AS_OF)
    if not text:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"{AS_OF}={text!r} is not a date; accepted: YYYY-MM-DD"
        raise UsageError(msg) from None
