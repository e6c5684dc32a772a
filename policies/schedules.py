"""Schedules that AWS would take and that run: refused at preview, not by AWS when half of an update is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from pulumi_policy import Policy

from contract.cron import At, CronError, read_schedule
from policies.edge import About, resource_policy
from pricing.clock import judged_on
from pricing.resource import UNKNOWN, Resource

BACKUP_PLAN: Final = "aws:backup/plan:Plan"
_EXPRESSIONS: Final = {
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": "scheduleExpression",
    "aws:cloudwatch/eventRule:EventRule": "scheduleExpression",
    "aws:scheduler/schedule:Schedule": "scheduleExpression",
}
# Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
_COPIES_APART_MINUTES: Final = 60


def runs(resource: Resource) -> Iterator[str]:
    """AWS takes the schedule, and it runs; copies of AWS Backup are an hour apart or more."""
    if resource.type != BACKUP_PLAN:
        path = _EXPRESSIONS[resource.type]
        # One that is unknown at preview has no price, unless its runs are declared.
        yield from _faults(f"`{path}` of {resource.name}", resource.get(path), apart=0)
        return
    rules = resource.get("rules", [])
    if not isinstance(rules, list):
        yield f"`rules` of {resource.name} are unknown at preview; set them to known values"
        return
    for number in range(len(rules)):
        path = f"rules.{number}.schedule"
        where, expression = f"`{path}` of {resource.name}", resource.get(path)
        if expression is UNKNOWN:
            yield f"{where} is unknown at preview; set it to a known value"
        yield from _faults(where, expression, apart=_COPIES_APART_MINUTES)
        yield from _outlived(where, expression, resource.get(f"rules.{number}.lifecycle.deleteAfter"))


def _faults(where: str, expression: object, *, apart: int) -> Iterator[str]:
    if not isinstance(expression, str) or not expression:
        # Rules may go by events, and copies may be made by hand.
        return
    try:
        found = read_schedule(expression, judged_on())
    except CronError as error:
        yield f"{where}: {error}"
        return
    if not isinstance(found, At) and found.shortest_gap() < apart:
        yield (
            f"{where}: {expression!r} makes copies every {found.shortest_gap()} minutes, and AWS Backup wants at least "
            f"{apart} between two; make them rarer"
        )


def _outlived(where: str, expression: object, days: object) -> Iterator[str]:
    """Copies that are gone before the next one is made leave times without any."""
    if not isinstance(expression, str) or not isinstance(days, Decimal):
        return
    try:
        found = read_schedule(expression, judged_on())
    except CronError:
        return
    longest = timedelta(0) if isinstance(found, At) else found.longest_gap(judged_on())
    if longest > timedelta(days=int(days)):
        yield (
            f"{where}: {expression!r} makes copies up to {longest.days} days apart and keeps each for {days:f}, so "
            "there are times without any; keep them longer, or make them more often"
        )


def policies() -> list[Policy]:
    """The policies of this group."""
    about = About(
        name="schedule-runs",
        description="AWS takes each schedule, and it runs.",
        remedy="Write the schedule as AWS documents it: rate(1 day), cron(0 5 ? * SUN *), at(2027-01-01T10:00:00).",
    )
    return [resource_policy(about, runs, frozenset({BACKUP_PLAN, *_EXPRESSIONS}))]
