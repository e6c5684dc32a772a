"""Alarm mute rules, which moto lacks: kept with its alarms, and judged as AWS says that it judges them.

Nothing in the local cloud notifies anyone, so a rule is SCHEDULED or EXPIRED here, and never ACTIVE.
Source of the syntax: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from contract.cron import MONTHS, WEEKDAYS, field_values

if TYPE_CHECKING:
    from moto.cloudwatch.responses import CloudWatchResponse
    from moto.core.responses import ActionResult

_FIELDS: Final[tuple[tuple[int, int, Sequence[str]], ...]] = (
    (0, 59, ()),
    (0, 23, ()),
    (1, 31, ()),
    (1, 12, MONTHS),
    (0, 7, WEEKDAYS),
)
_DURATION: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", re.ASCII)
_MOST_ALARMS: Final = 100
_PAGE: Final = 50


class MuteRuleRefusedError(ValueError):
    """A rule that AWS would not take; the message says what of it is wrong."""


def accept_mute_rules() -> None:
    """Adds the four operations of mute rules to moto's CloudWatch."""
    from moto.cloudwatch.responses import CloudWatchResponse

    vars_of: Any = CloudWatchResponse
    vars_of.put_alarm_mute_rule = _put
    vars_of.get_alarm_mute_rule = _get
    vars_of.list_alarm_mute_rules = _list
    vars_of.delete_alarm_mute_rule = _delete


def check_schedule(schedule: Mapping[str, Any]) -> None:
    """Whether AWS would take the schedule of a rule.

    Raises:
        MuteRuleRefusedError: its expression, duration or time zone is none.
    """
    expression, timezone = str(schedule["Expression"]), str(schedule.get("Timezone", "UTC"))
    match = _DURATION.fullmatch(str(schedule["Duration"]))
    days, hours, minutes = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    if not timedelta(minutes=1) <= timedelta(days=days, hours=hours, minutes=minutes) <= timedelta(days=15):
        msg = f"duration {schedule['Duration']} is not between PT1M and P15D"
        raise MuteRuleRefusedError(msg)
    try:
        ZoneInfo(timezone)
        _check_expression(expression)
    except (LookupError, ValueError, OSError) as error:
        msg = f"schedule {expression} in {timezone}: {error}"
        raise MuteRuleRefusedError(msg) from error


def _check_expression(expression: str) -> None:
    kind, _, inside = expression.removesuffix(")").partition("(")
    if kind == "at" and expression.endswith(")"):
        datetime.strptime(f"{inside}+0000", "%Y-%m-%dT%H:%M%z")
        return
    fields = inside.split(" ")
    if kind != "cron" or not expression.endswith(")") or len(fields) != len(_FIELDS):
        msg = "neither cron(minute hour day month weekday) nor at(yyyy-MM-ddThh:mm)"
        raise ValueError(msg)
    for field, (low, high, names) in zip(fields, _FIELDS, strict=True):
        field_values(field, low, high, names, plain=True)


def _rules(response: CloudWatchResponse) -> dict[str, dict[str, Any]]:
    """The rules of the backend, which forgets them with its alarms when it is reset."""
    found: dict[str, dict[str, Any]] = response.cloudwatch_backend.__dict__.setdefault("alarm_mute_rules", {})
    return found


def _put(response: CloudWatchResponse) -> ActionResult:
    from moto.cloudwatch.exceptions import ValidationError
    from moto.core.responses import EmptyResult

    asked = {
        key: value
        for key in ("Name", "Description", "Rule", "MuteTargets", "StartDate", "ExpireDate")
        if (value := response._get_param(key)) is not None
    }
    backend, name = response.cloudwatch_backend, str(asked["Name"])
    try:
        _check(asked, backend.alarms)
    except MuteRuleRefusedError as error:
        raise ValidationError(str(error)) from error
    arn = f"arn:aws:cloudwatch:{backend.region_name}:{backend.account_id}:alarm-mute-rule:{name}"
    at = str(asked["Rule"]["Schedule"]["Expression"]).startswith("at(")
    _rules(response)[name] = asked | {
        "AlarmMuteRuleArn": arn,
        "MuteType": "ONE_TIME" if at else "RECURRING",
        "LastUpdatedTimestamp": datetime.now(UTC),
    }
    backend.tagger.tag_resource(arn, response._get_param("Tags") or [])
    return EmptyResult()


def _check(asked: Mapping[str, Any], alarms: Mapping[str, Any]) -> None:
    schedule, targets = asked["Rule"]["Schedule"], asked.get("MuteTargets", {}).get("AlarmNames", [])
    check_schedule(schedule)
    if schedule["Expression"].startswith("at(") and ("StartDate" in asked or "ExpireDate" in asked):
        msg = "a rule that begins once has neither StartDate nor ExpireDate"
        raise MuteRuleRefusedError(msg)
    if len(targets) > _MOST_ALARMS:
        msg = f"{len(targets)} alarms are more than {_MOST_ALARMS}"
        raise MuteRuleRefusedError(msg)
    lacking = [name for name in targets if name not in alarms]
    if lacking:
        msg = f"no such alarm: {', '.join(lacking)}"
        raise MuteRuleRefusedError(msg)


def _get(response: CloudWatchResponse) -> ActionResult:
    from moto.cloudwatch.exceptions import ResourceNotFoundException
    from moto.core.responses import ActionResult

    name = str(response._get_param("AlarmMuteRuleName"))
    rule = _rules(response).get(name)
    if rule is None:
        raise ResourceNotFoundException(f"no such mute rule: {name}")
    return ActionResult(rule | {"Status": _status(rule)})


def _list(response: CloudWatchResponse) -> ActionResult:
    from moto.core.responses import ActionResult

    alarm, statuses = response._get_param("AlarmName"), response._get_param("Statuses") or []
    page, start = int(response._get_param("MaxRecords") or _PAGE), int(response._get_param("NextToken") or 0)
    found = [
        {
            key: value
            for key, value in (rule | {"Status": _status(rule)}).items()
            if key in ("AlarmMuteRuleArn", "ExpireDate", "Status", "MuteType", "LastUpdatedTimestamp")
        }
        for _, rule in sorted(_rules(response).items())
        if (alarm is None or alarm in rule.get("MuteTargets", {}).get("AlarmNames", []))
        and (not statuses or _status(rule) in statuses)
    ]
    more = {"NextToken": str(start + page)} if start + page < len(found) else {}
    return ActionResult({"AlarmMuteRuleSummaries": found[start : start + page], **more})


def _delete(response: CloudWatchResponse) -> ActionResult:
    from moto.core.responses import EmptyResult

    rule = _rules(response).pop(str(response._get_param("AlarmMuteRuleName")), None)
    if rule is not None:
        response.cloudwatch_backend.tagger.delete_all_tags_for_resource(rule["AlarmMuteRuleArn"])
    return EmptyResult()


def _status(rule: Mapping[str, Any]) -> str:
    ends = rule.get("ExpireDate")
    # moto reads times without their zone, which is always UTC.
    return "EXPIRED" if ends is not None and ends.replace(tzinfo=UTC) <= datetime.now(UTC) else "SCHEDULED"
