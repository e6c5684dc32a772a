from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from contract.terms import Freeze, Window
from runners.chaos.before.terms import allowed, excused_until, terms_text

# A Wednesday.
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
OFFICE = Window(timezone="UTC", days=("MON", "TUE", "WED", "THU", "FRI"), opens="09:00", closes="17:00")


def window(**changes: object) -> Window:
    return replace(OFFICE, **changes)


@pytest.mark.parametrize(
    ("held", "now", "expected"),
    [
        (None, NOON, True),
        (OFFICE, NOON, True),
        (OFFICE, NOON.replace(hour=9), True),
        (OFFICE, NOON.replace(hour=8, minute=59), False),
        (OFFICE, NOON.replace(hour=17), False),
        (OFFICE, NOON.replace(day=28), False),
        (window(timezone="Asia/Tokyo"), NOON, False),
        (window(timezone="Asia/Tokyo", closes="22:00"), NOON, True),
        (window(timezone="Asia/Tokyo", days=("THU",), opens="00:00"), NOON.replace(hour=16), True),
        (window(timezone="Mars/Base"), NOON, None),
        (window(opens="nine"), NOON, None),
        (window(days=()), NOON, False),
    ],
)
def test_the_window(held: Window | None, now: datetime, expected: bool | None) -> None:
    assert allowed(held, (), now, "UTC") is expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-11-25", "2026-11-25", False),
        ("2026-11-26", "2026-12-01", True),
        ("2026-11-01", "2026-11-24", True),
        ("soon", "later", None),
    ],
)
def test_freezes(first: str, last: str, expected: bool | None) -> None:
    assert allowed(None, (Freeze(first=first, last=last),), NOON, "UTC") is expected


@pytest.mark.parametrize(
    ("held", "zone", "now", "expected"),
    [
        # Nine in the evening of the last day in Sao Paulo is the first of January in UTC.
        (None, "America/Sao_Paulo", datetime(2027, 1, 1, 0, 30, tzinfo=UTC), False),
        (None, "America/Sao_Paulo", datetime(2027, 1, 1, 3, 0, tzinfo=UTC), True),
        (None, "Asia/Tokyo", datetime(2026, 12, 23, 15, 30, tzinfo=UTC), False),
        (None, "UTC", datetime(2027, 1, 1, 0, 30, tzinfo=UTC), True),
        # A window has a time zone of its own.
        (
            window(days=("THU", "FRI"), opens="00:00"),
            "America/Sao_Paulo",
            datetime(2027, 1, 1, 0, 30, tzinfo=UTC),
            True,
        ),
        (None, "Mars/Base", NOON, None),
    ],
)
def test_days_on_which_nothing_may_run_are_those_of_the_team(
    held: Window | None, zone: str, now: datetime, expected: bool | None
) -> None:
    assert allowed(held, (Freeze(first="2026-12-24", last="2026-12-31"),), now, zone) is expected


@pytest.mark.parametrize(
    ("now", "zone", "ended"),
    [
        (datetime(2026, 12, 23, 12, tzinfo=UTC), "UTC", None),
        (datetime(2026, 12, 25, 12, tzinfo=UTC), "UTC", datetime(2026, 12, 25, 12, tzinfo=UTC)),
        (datetime(2027, 1, 20, tzinfo=UTC), "UTC", datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2027, 1, 20, tzinfo=UTC), "America/Sao_Paulo", datetime(2027, 1, 1, 3, tzinfo=UTC)),
        (datetime(2027, 1, 20, tzinfo=UTC), "Mars/Base", None),
    ],
)
def test_until_when_a_freeze_excuses(now: datetime, zone: str, ended: datetime | None) -> None:
    freezes = (Freeze(first="2026-11-01", last="2026-11-02"), Freeze(first="2026-12-24", last="2026-12-31"))
    expected = ended if ended or zone != "UTC" else datetime(2026, 11, 3, tzinfo=UTC)
    assert excused_until(None, freezes, now, zone) == expected
    assert excused_until(None, (), now, zone) is None


def test_in_words() -> None:
    assert terms_text(None, ()) == "at any time"
    told = terms_text(OFFICE, (Freeze(first="2026-12-24", last="2026-12-26"),))
    assert told == "on MON, TUE, WED, THU, FRI from 09:00 to 17:00 (UTC), not from 2026-12-24 to 2026-12-26"
