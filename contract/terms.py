"""When something may run: the terms of experiments and suites."""

from __future__ import annotations

from contract.parts import Part


class Window(Part, frozen=True, kw_only=True):
    """When something may run.

    Attributes:
        timezone: Time zone of the IANA list.
        days: Days of the week, MON to SUN.
        opens: First time of the day, HH:MM.
        closes: Last time of the day, HH:MM.
    """

    timezone: str
    days: tuple[str, ...]
    opens: str
    closes: str


class Freeze(Part, frozen=True, kw_only=True):
    """Days, both included, on which nothing may run.

    Attributes:
        first: First day, YYYY-MM-DD.
        last: Last day, YYYY-MM-DD.
    """

    first: str
    last: str
