"""How runs share the stack's table of run records: runners write it, and so do state machines that the program makes.

An item is keyed by `run` and `step`. A document is one JSON text in `document`; what may expire has `expires_at`. The
stack's turn is one item, which says who holds it, until when, and how often it changed hands.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

# The turn that experiments, drills and restores in place take.
TURN: Final = "chaos"
# So long a hold lasts unless it is renewed.
TURN_LENGTH: Final = timedelta(seconds=90)
LEASE_STEP: Final = "lease"
HOLD_NAMES: Final = {"#owner": "owner", "#until": "until", "#fence": "fence"}
TAKE: Final = "SET #owner = :owner, #until = :until ADD #fence :one"
TAKES_IF: Final = "attribute_not_exists(#until) OR #until <= :now OR #owner = :owner"
MOVE: Final = "SET #until = :until"
MOVES_IF: Final = "#owner = :owner AND #fence = :fence"

# A year and a month: a yearly report still finds last year's drill.
KEPT: Final = timedelta(days=396)
RECORD: Final = "record"
# The version of a line of the archive, which has one for each run.
LINE_VERSION: Final = 1
# Where it is said that nothing may start: run and step.
HALT: Final = ("chaos", "halt")

# The kinds of run that cost something, each with a month's amount of its own.
CHAOS: Final = "chaos"
DRILLS: Final = "drills"
# What state machines did.
EXECUTIONS: Final = "executions"
# A run of FIS that nobody judged, as the month's runs and its record have it.
NOT_JUDGED: Final = "not-judged"


def lease_run(name: str) -> str:
    """The `run` of the item in which a lease is."""
    return f"lease#{name}"


def collection(kind: str, month: str) -> str:
    """The collection of records in which a month, such as `2026-11`, has its runs."""
    return f"{kind}#{month}"
