"""What a team wants to reach, from `ial:goals`: the program passes it on, analysis compares with it."""

from components.reading import Reader
from contract.goals import Goals

_PERCENT = (r"(100|[1-9]?[0-9])(\.[0-9]+)?", 'a percentage in quotes, such as "99.9"')
_DEFAULT = Goals()


def read_goals(reader: Reader) -> Goals:
    """The goals; what is not set has its default."""
    return Goals(
        availability_percent=reader.text("availabilityPercent", *_PERCENT, _DEFAULT.availability_percent),
        detection_seconds=reader.whole("detectionSeconds", 1, 86_400, _DEFAULT.detection_seconds),
        on_time_percent=reader.text("onTimePercent", *_PERCENT, _DEFAULT.on_time_percent),
        chaos_success_percent=reader.text("chaosSuccessPercent", *_PERCENT, _DEFAULT.chaos_success_percent),
        alert_precision_percent=reader.text("alertPrecisionPercent", *_PERCENT, _DEFAULT.alert_precision_percent),
        alert_recall_percent=reader.text("alertRecallPercent", *_PERCENT, _DEFAULT.alert_recall_percent),
        monthly_usd=reader.amount("monthlyUsd") or _DEFAULT.monthly_usd,
        workload_usd=reader.amount("workloadUsd") or _DEFAULT.workload_usd,
        bill_is_workload=reader.flag("billIsWorkload", default=_DEFAULT.bill_is_workload),
        score_below=reader.maybe_whole("scoreBelow", 1, 100),
    )
