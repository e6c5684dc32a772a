"""How far each alarm can be believed."""

from __future__ import annotations

from collections.abc import Sequence

import htpy as h

from runners.analysis.alerts.model import AlarmAccuracy
from runners.analysis.published import Range
from runners.report.charts.figure import Table, numbers
from runners.report.charts.scale import written
from runners.report.page.section import Section
from runners.report.page.words import seconds


def alarms(accuracies: Sequence[AlarmAccuracy]) -> Section:
    """A row for each alarm."""
    if not accuracies:
        return Section(title="Alarms", body=[h.p["No run tells anything about an alarm yet."]])
    rows = [
        (
            one.alarm,
            f"{one.right} right, {one.missed} missed, {one.wrong} wrong, {one.quiet} quiet",
            _share(one.precision, one.precision_interval),
            _share(one.recall, one.recall_interval),
            seconds(one.detection_seconds),
            seconds(one.reset_seconds),
            str(one.flaps),
        )
        for one in accuracies
    ]
    columns = ("Alarm", "Counts", "Precision", "Recall", "Detection", "Reset", "Flaps")
    return Section(
        title="Alarms",
        body=[
            h.p["Precision: how often it was right when it rang. Recall: at how many of the expected faults it rang."],
            numbers(Table(columns=columns, rows=rows), "alarms"),
        ],
    )


def _share(share: float | None, interval: Range | None) -> str:
    if interval is None:
        return "nothing to divide by"
    low, high = ("any" if bound is None else written(round(bound, 1)) for bound in (interval.low, interval.high))
    return f"{low} to {high} %" if share is None else f"{written(round(share, 1))} % ({low} to {high} %)"
