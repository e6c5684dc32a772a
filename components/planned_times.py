"""Schedules of a stack's settings: read as AWS will read them, and held against what they are for."""

from datetime import UTC, date, datetime, timedelta

from components.reading import Reader
from contract.cron import At, Cron, CronError, Rate, read_schedule

# Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
_COPIES_APART_MINUTES = 60


def schedule_text(reader: Reader, key: str, default: str) -> str:
    """A schedule that repeats, as it was written.

    Raises:
        SettingsError: AWS would not take it, or it would never run again.
    """
    text = reader.text(key, r"(cron|rate)\(.+\)", "cron(...) or rate(...)", default)
    check_schedule(reader, key, text)
    return text


def check_schedule(reader: Reader, key: str, text: str) -> None:
    """Refuses what AWS would refuse.

    Raises:
        SettingsError: AWS would not take it, or it would never run again.
    """
    try:
        read_schedule(text, _today())
    except CronError as error:
        raise reader.refuse(key, f"a schedule that AWS takes: {error}", text) from None


def check_copies(reader: Reader, schedule: str, kept_days: int) -> None:
    """Refuses copies that AWS Backup would not make, and times without any copy.

    Raises:
        SettingsError: two copies are less than an hour apart, or one is gone before the next one is made.
    """
    found = _read(schedule)
    if found.shortest_gap() < _COPIES_APART_MINUTES:
        raise reader.refuse("schedule", "copies at least an hour apart, as AWS Backup wants them", schedule)
    longest = found.longest_gap(_today())
    if longest > timedelta(days=kept_days):
        accepted = f"{_days(longest)} or more: with schedule {schedule} a copy must outlive the time to the next one"
        raise reader.refuse("retentionDays", accepted, kept_days)


def check_overdue(reader: Reader, schedule: str, overdue_days: int) -> None:
    """Refuses an alarm that would ring although every drill is in time.

    Raises:
        SettingsError: the next drill comes later than the alarm.
    """
    longest = _read(schedule).longest_gap(_today())
    if longest > timedelta(days=overdue_days):
        accepted = f"{_days(longest)} or more: with schedule {schedule} no drill is due before"
        raise reader.refuse("overdueDays", accepted, overdue_days)


def _read(schedule: str) -> Rate | Cron:
    found = read_schedule(schedule)
    assert not isinstance(found, At)
    return found


def _days(length: timedelta) -> str:
    return "more days than there are" if length == timedelta.max else f"{-(-length // timedelta(days=1))} days"


def _today() -> date:
    return datetime.now(UTC).date()
