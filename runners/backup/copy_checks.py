"""Whether the copies that there are could be used: whole, recent, encrypted, readable, kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from contract.cron import At, CronError, read_schedule
from contract.parts import plain
from runners.backup.copier import Copier, Vault
from runners.backup.copies_document import CopiedResource, CopiesCheckDocument, VerifyExit
from runners.backup.evidence import Check
from runners.exit_codes import ExitCode

_DAY: Final = timedelta(days=1)
_MONTH: Final = timedelta(days=31)


@dataclass(frozen=True, kw_only=True)
class CopiesCheck:
    """What looking at the copies showed, by resource."""

    checks: Mapping[str, tuple[Check, ...]]

    @property
    def exit_code(self) -> ExitCode:
        """Whether every check is true."""
        every = [check.ok for checks in self.checks.values() for check in checks]
        return ExitCode.OK if all(ok is True for ok in every) else ExitCode.REFUSED

    def document(self) -> dict[str, Any]:
        """For machines."""
        return plain(
            CopiesCheckDocument(
                resources=tuple(
                    CopiedResource(resource=resource, checks=checks) for resource, checks in self.checks.items()
                ),
                exit_code=cast("VerifyExit", int(self.exit_code)),
            )
        )


def checks_of(copier: Copier, vault: Vault, arn: str, now: datetime) -> Iterator[Check]:
    """Whether the newest copy of a resource could be used.

    Raises:
        AwsError: the copies could not be listed.
    """
    points = copier.points(arn, vault.name)
    newest = points[0] if points else None
    yield Check(
        name="exists",
        ok=newest is not None,
        expected="a copy",
        observed="none" if newest is None else f"{len(points)} copies",
    )
    if newest is None:
        return
    age, oldest = now - newest.created, expected_interval(vault.schedule, now.date()) + _DAY
    yield Check(name="complete", ok=newest.status == "COMPLETED", expected="COMPLETED", observed=newest.status)
    yield Check(name="recent", ok=age <= oldest, expected=f"at most {_days(oldest)} old", observed=f"{_days(age)} old")
    yield Check(
        name="encrypted", ok=newest.encrypted, expected="encrypted", observed="yes" if newest.encrypted else "no"
    )
    # A table may be empty; one that was not, and of which nothing is in the newest copy, was not copied whole.
    largest = max(point.size for point in points)
    yield Check(
        name="size",
        ok=newest.size > 0 or largest == 0,
        expected="more than nothing" if largest else "anything",
        observed=f"{newest.size} bytes",
    )
    kept = None if newest.deleted_at is None else newest.deleted_at - newest.created
    yield Check(
        name="kept",
        ok=kept is None or kept >= timedelta(days=vault.days),
        expected=f"for {vault.days} days",
        observed="for ever" if kept is None else f"for {_days(kept)}",
    )
    readable = copier.readable(newest, vault.name)
    yield Check(name="readable", ok=readable, expected="AWS can restore it", observed="yes" if readable else "no")


def expected_interval(schedule: str, today: date) -> timedelta:
    """The longest time between two runs of a schedule from today on; a month for one that cannot be read."""
    try:
        found = read_schedule(schedule)
    except CronError:
        return _MONTH
    gap = timedelta.max if isinstance(found, At) else found.longest_gap(today)
    return _MONTH if gap == timedelta.max else gap


def _days(span: timedelta) -> str:
    return f"{span.total_seconds() / 86400:.1f} days"
