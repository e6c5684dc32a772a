"""Composite alarms, which moto can hold and describe but not be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moto.cloudwatch.responses import CloudWatchResponse
    from moto.core.responses import ActionResult


def accept_composite_alarms() -> None:
    """Adds `PutCompositeAlarm` to moto's CloudWatch."""
    from moto.cloudwatch.responses import CloudWatchResponse

    CloudWatchResponse.put_composite_alarm = _put_composite_alarm  # type: ignore[attr-defined]


def _put_composite_alarm(response: CloudWatchResponse) -> ActionResult:
    # moto reads `AlarmRule` there as well, "to re-use this method for composite alarms".
    made = response.put_metric_alarm()
    alarm = response.cloudwatch_backend.alarms[response._get_param("AlarmName")]
    alarm.actions_suppressor = response._get_param("ActionsSuppressor")  # type: ignore[attr-defined]
    alarm.actions_suppressor_wait_period = response._get_param("ActionsSuppressorWaitPeriod")  # type: ignore[attr-defined]
    alarm.actions_suppressor_extension_period = response._get_param(  # type: ignore[attr-defined]
        "ActionsSuppressorExtensionPeriod"
    )
    return made
